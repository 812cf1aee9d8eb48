"""Odd payments by their names: where each ends, who has to look, and that all money is accounted for."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.functional.providers import buyers
from tests.functional.providers.buyers import PART, TOTAL, Buyer
from tests.functional.providers.conftest import PROVIDERS, SIDES
from tests.functional.providers.shop import Shop
from tests.functional.providers.sides import Record
from tests.functional.shop import level
from tests.functional.staff import show

pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True)
class End:
    """How the order stands, for what reasons it is held, what its provider has taken and given back."""

    lifecycle: str
    payment: str
    holds: tuple[str, ...] = ()
    taken: tuple[int, ...] = (TOTAL,)
    back: tuple[int, ...] = ()


PAID = End("placed", "paid")
NOTHING_TAKEN = End("cancelled", "voided", taken=())
PAID_TWICE = End("placed", "overpaid", ("payment_mismatch",), (TOTAL, TOTAL))
GIVEN_BACK = End("cancelled", "refunded", back=(TOTAL,))
FOREIGN = End("awaiting_verification", "pending", ("payment_mismatch",))
DISPUTED = End("placed", "refunded", ("dispute",), back=(PART, TOTAL - PART))
EVERYWHERE = {code: PAID for code in SIDES}
# What happens: how it ends at each provider. PayPal's customers only approve: we take the money, or not.
ENDS = {
    buyers.submits_twice: EVERYWHERE,
    buyers.two_tabs_one_payment: EVERYWHERE,
    buyers.two_tabs_at_once: EVERYWHERE | {"mercadopago": PAID_TWICE},
    buyers.two_tabs_two_payments: EVERYWHERE,
    buyers.two_payments_at_once: dict.fromkeys(SIDES, PAID_TWICE) | {"paypal": PAID, "stripe_page": PAID},
    buyers.paid_while_cancelled: dict.fromkeys(SIDES, GIVEN_BACK) | {"paypal": NOTHING_TAKEN},
    buyers.paid_while_cancelled_without_refund: dict.fromkeys(
        SIDES, End("cancelled", "paid", ("late_payment",))
    ) | {"paypal": NOTHING_TAKEN},
    buyers.paid_after_cancelled: dict.fromkeys(SIDES, NOTHING_TAKEN),
    buyers.paid_in_two_parts: dict.fromkeys(SIDES, End("placed", "paid", taken=(TOTAL - PART,))),
    buyers.paid_whole_after_a_part: dict.fromkeys(
        SIDES, End("placed", "overpaid", ("payment_mismatch",))
    ) | {"paypal": End("placed", "partially_paid", taken=())},
    buyers.paid_in_another_currency: dict.fromkeys(PROVIDERS, FOREIGN),
    buyers.chargeback_lost_after_refund: {
        "stripe": DISPUTED,
        "stripe_page": DISPUTED,
        "mercadopago": DISPUTED,  # PayPal's customers may dispute what they were given back, too
        "paypal": End("placed", "refunded", ("dispute", "payment_mismatch"), back=(PART, TOTAL)),
    },
    buyers.chargeback_won_after_refund: dict.fromkeys(
        SIDES, End("placed", "partially_refunded", back=(PART,))
    ),
    buyers.expiry_comes_second: EVERYWHERE | {"paypal": NOTHING_TAKEN},
    buyers.expiry_comes_first: dict.fromkeys(SIDES, NOTHING_TAKEN),
}  # fmt: skip
ROWS = [
    pytest.param(happening, code, ends[code], id=f"{happening.__name__}-{code}")
    for happening, ends in ENDS.items()
    for code in ends
]


def at_provider(buyer: Buyer) -> Record:
    """All payments that were begun for the order, as the provider has them."""
    found: Record = {}
    for ref in buyer.refs:
        found |= buyer.side.record(ref)
    return found


def sums(record: Record, *kinds: str) -> tuple[int, ...]:
    """Amounts that moved, the smallest first."""
    moved = (amount for (kind, _), (amount, status) in record.items() if kind in kinds and status == "ok")
    return tuple(sorted(moved))


@pytest.mark.capability("C17", "C19", "C28", "D05", "D07", "G02", "G03", "G04", "G05")
@pytest.mark.parametrize(("happening", "code", "end"), ROWS)
def test_every_odd_payment_has_its_end(
    shop: Shop, happening: Callable[[Buyer], None], code: str, end: End
) -> None:
    buyer = Buyer(shop, shop.side(code))
    happening(buyer)
    buyer.heard()
    shop.sweep(buyer.side.code)
    buyer.heard()
    order, record = shop.order(buyer.order_id), at_provider(buyer)
    found = End(
        order.lifecycle,
        order.payment,
        tuple(sorted(hold.reason for hold in order.open_holds)),
        sums(record, "capture"),
        sums(record, "refund", "dispute"),
    )
    assert found == end
    ours = shop.ledger(buyer.order_id)
    theirs = {key: amount for key, (amount, _) in record.items()}
    assert {key: amount for key, (amount, _) in ours.items() if key[1] != "paid-1"} == theirs
    keeps = 0 if end.lifecycle == "cancelled" else 2
    assert (level()["reserved"], shop.is_whole(buyer.order_id)) == (keeps, True)


@pytest.mark.capability("G03", "F05")
@pytest.mark.parametrize("code", ["stripe", "mercadopago"])
def test_what_was_paid_twice_goes_back_in_one_click(shop: Shop, code: str) -> None:
    """Where two charges could not be helped, what is too much is offered back."""
    buyer = Buyer(shop, shop.side(code))
    buyers.two_payments_at_once(buyer)
    buyer.heard()
    (offered,) = show(shop.call, buyer.order_id)["actions"]
    assert (offered["why"], offered["body"]["amount"]["amount"]) == ("overpaid", TOTAL)
    buyer.staff(offered["command"], **offered["body"])
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "paid"
    record = at_provider(buyer)
    assert (sum(sums(record, "capture")), sum(sums(record, "refund"))) == (2 * TOTAL, TOTAL)


@pytest.mark.capability("C19", "G05")
@pytest.mark.parametrize(("outcome", "taken", "payment"), [("pay", TOTAL, "paid"), ("decline", 0, "failed")])
def test_of_two_approvals_the_first_one_is_taken(shop: Shop, outcome: str, taken: int, payment: str) -> None:
    """Approved in two tabs: one is taken or its card declined, the other was given up by its customer."""
    side = shop.sides["paypal"]
    buyer = Buyer(shop, side)
    buyer.orders()
    buyer.pays_by("bank_transfer")
    buyer.pays_by("paypal")
    (side.pay if outcome == "pay" else side.decline)(buyer.refs[1])
    shop.arrive("paypal")
    shop.work()
    buyer.pays(0)
    buyer.heard()
    assert [sum(sums(side.record(ref), "capture")) for ref in buyer.refs] == [0, taken]
    assert shop.order(buyer.order_id).payment == payment


@pytest.mark.capability("C19", "G04")
def test_approved_money_is_not_taken_when_other_money_was_faster(shop: Shop) -> None:
    """The worker comes to the capture after staff have noted a transfer of the same amount."""
    buyer = Buyer(shop, shop.sides["paypal"])
    buyer.orders()
    buyer.pays()
    shop.arrive("paypal")
    shop.work()
    buyer.staff("mark-paid", reference="SPEI 7")
    capture, *_ = [e for e in shop.world.loaded(buyer.order_id).effects if e.kind == "payment.capture"]
    assert shop.world.settle(buyer.order_id, capture.effect_id)
    assert shop.world.effect(buyer.order_id, capture.effect_id).result == {"skipped": "not wanted any more"}
    buyer.heard()
    assert (at_provider(buyer), shop.order(buyer.order_id).payment) == ({}, "paid")
    assert [e.status for e in shop.order(buyer.order_id).ledger if e.kind == "intent"] == ["void"]


@pytest.mark.capability("G04", "G05")
def test_a_paid_page_takes_no_second_payment_and_its_open_voucher_ends(shop: Shop) -> None:
    """Mercado Pago's page takes any number of payments: once one has come, we close it."""
    side = shop.sides["mercadopago"]
    buyer = Buyer(shop, side)
    buyer.orders()
    shop.peers.control("POST", f"/mercadopago/preferences/{buyer.refs[0]}/voucher")
    buyer.pays()
    buyer.heard()
    buyer.pays()
    assert buyer.refused == ["pay"]
    statuses = [one["status"] for one in shop.peers.payments(buyer.refs[0])]
    assert sorted(statuses) == ["approved", "cancelled"]
    close, *_ = [e for e in shop.world.loaded(buyer.order_id).effects if e.kind == "payment.close"]
    assert (close.state, shop.order(buyer.order_id).payment) == ("done", "paid")
