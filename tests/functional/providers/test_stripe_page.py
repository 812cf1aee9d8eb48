"""Paying on Stripe's page: where it leads, what ends it, and that there is never a second one to pay on."""

from itertools import permutations
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from comanda.orders.decision import Loaded
from tests.functional.conftest import Answer
from tests.functional.histories import done
from tests.functional.providers.buyers import TOTAL, Buyer
from tests.functional.providers.conftest import Running
from tests.functional.providers.shop import Shop
from tests.functional.providers.sides import StripePageSide
from tests.functional.providers.signing import path, signature
from tests.functional.providers.test_only_the_record_pays import heard
from tests.functional.shop import set_section
from tests.functional.staff import approved
from tests.functional.tables import contents

pytestmark = pytest.mark.enable_socket

TOLD = ("charge.succeeded", "payment_intent.succeeded", "checkout.session.completed")


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    return Buyer(shop, shop.side("stripe_page"))


def page_of(buyer: Buyer) -> StripePageSide:
    assert isinstance(buyer.side, StripePageSide)
    return buyer.side


def sessions(buyer: Buyer) -> list[Any]:
    """Every session begun for the order, the oldest first."""
    found = page_of(buyer).sdk.v1.checkout.sessions.list({"limit": 100}).data
    return [one for one in found[::-1] if one.client_reference_id == buyer.order_id]


def statuses(buyer: Buyer) -> list[str]:
    return [one.status for one in sessions(buyer)]


def asks(buyer: Buyer, method: str = "stripe") -> Answer:
    """Pay again, or otherwise, without minding what comes of it."""
    headers = {"Authorization": f"Bearer {buyer.placed['access_token']}"}
    where = f"/orders/{buyer.order_id}/payments"
    return buyer.shop.call("customer_order", "POST", where, {"payment_method": method}, headers=headers)


def shown(buyer: Buyer) -> Any:
    """How the order's page says that it is paid."""
    headers = {"Authorization": f"Bearer {buyer.placed['access_token']}"}
    seen = buyer.shop.call("customer_order", "GET", f"/orders/{buyer.order_id}", None, headers=headers)
    return seen.body["payment_action"]


def loaded(buyer: Buyer) -> Loaded:
    return buyer.shop.world.loaded(buyer.order_id)


@pytest.mark.capability("C17", "D05")
def test_the_customer_is_sent_there_and_comes_back_to_the_order(buyer: Buyer) -> None:
    buyer.orders(locale="en")
    (session,) = sessions(buyer)
    assert buyer.placed["payment_action"] == {"type": "redirect", "url": session.url}
    assert (session.amount_total, session.currency, session.locale) == (TOTAL, "mxn", "en")
    contact = loaded(buyer).text("contact")
    assert session.customer_email == contact["email"]
    names = {"order_id": buyer.order_id, "effect_id": "pay-1", "number": buyer.placed["number"]}
    assert session.to_dict()["metadata"] == names
    back = urlsplit(session.cancel_url)
    assert back.path.endswith(f"/orders/{buyer.order_id}")
    assert parse_qs(back.query) == {"access": [buyer.placed["access_token"]]}
    assert session.success_url == f"{session.cancel_url}&redirect_status=succeeded"
    assert shown(buyer) == buyer.placed["payment_action"]


@pytest.mark.capability("C17")
def test_a_shop_with_pages_of_its_own_is_come_back_to(buyer: Buyer) -> None:
    set_section("shop", order_url="https://shop.example/o/{order_id}?lang=es")
    buyer.orders()
    (session,) = sessions(buyer)
    assert session.cancel_url.startswith(f"https://shop.example/o/{buyer.order_id}?lang=es&access=")


@pytest.mark.capability("C17", "D05")
def test_it_ends_with_the_hold_of_the_order(shop: Shop, buyer: Buyer) -> None:
    hours = {"hold_seconds": 7_200, "cancel_seconds": 10_800, "remind_seconds": None}
    set_section("payments.stripe", enabled=True, pay_on="provider", **hours)
    buyer.orders()
    (session,) = sessions(buyer)
    order = shop.order(buyer.order_id)
    assert session.expires_at == pytest.approx(session.created + 7_200, abs=5)
    assert order.reserved_until < order.terms.pay_by


@pytest.mark.capability("C19", "C20", "G04", "G05")
@pytest.mark.parametrize("turns", list(permutations(TOLD)))
def test_one_payment_comes_under_three_names_and_counts_once(
    shop: Shop, buyer: Buyer, turns: tuple[str, ...]
) -> None:
    buyer.orders()
    shop.hear("stripe", buyer.order_id)
    buyer.pays()
    shop.arrive("stripe")
    ids = {one.type: one.id for one in page_of(buyer).sdk.v1.events.list({"limit": 100}).data[::-1]}
    for event_type in turns:
        (note,) = [one for one in shop.notes if one[1].endswith(f"/{ids[event_type]}")]
        assert shop.applied(*note)
        assert shop.order(buyer.order_id).payment == "paid", "whichever is first: its record was read"
    order = shop.order(buyer.order_id)
    assert [(e.kind, e.amount) for e in order.ledger if e.kind != "intent"] == [("capture", TOTAL)]
    assert [(e.ref, e.status) for e in order.ledger if e.kind == "intent"] == [(buyer.refs[0], "ok")]
    assert shop.world.mails(buyer.order_id).count("payment_received") == 1


@pytest.mark.capability("C19", "C20", "D05", "G04")
def test_a_completed_session_pays_nothing_until_its_record_says_so(
    shop: Shop, buyer: Buyer, running: Running
) -> None:
    buyer.orders()
    before = contents()["OrdersTable"]
    unpaid = f'{{"id": "evt_1", "type": "checkout.session.completed", "data": {{"object": {{"object": \
"checkout.session", "id": "{buyer.refs[0]}", "payment_status": "paid", "status": "complete"}}}}}}'
    assert heard(shop, running, "stripe", unpaid.encode()) == ("already_applied", "")
    nobodys = unpaid.replace(buyer.refs[0], "cs_test_nobody").replace("evt_1", "evt_2")
    told = heard(shop, running, "stripe", nobodys.encode())
    assert told == ("ignored", "the provider has no such payment")
    assert contents()["OrdersTable"] == before
    body = unpaid.encode()
    assert shop.gateway(path("stripe", body), signature(running, "stripe", body, 1, "other"), body) == 401


@pytest.mark.capability("G03", "G05", "C17")
def test_the_page_is_ended_before_another_one_begins(buyer: Buyer) -> None:
    """By another method and back, while nobody has worked off the void: the old page takes no card."""
    buyer.orders()
    buyer.pays_by("bank_transfer")
    answer = buyer.pays_by("stripe")
    assert answer.body["payment_action"]["url"] == sessions(buyer)[1].url
    assert statuses(buyer) == ["expired", "open"]
    buyer.pays(0)
    assert buyer.refused == ["pay"]
    buyer.pays(1)
    buyer.heard()
    order = buyer.shop.order(buyer.order_id)
    assert (order.payment, [e.status for e in order.ledger if e.kind == "capture"]) == ("paid", ["ok"])


@pytest.mark.capability("G03", "G05", "C17")
def test_the_same_page_is_gone_on_with_while_it_is_open(buyer: Buyer) -> None:
    buyer.orders()
    again = buyer.pays_by("stripe")
    assert again.body["payment_action"] == buyer.placed["payment_action"]
    assert statuses(buyer) == ["open"]


@pytest.mark.capability("G03", "G05", "C17", "D07")
def test_a_page_that_was_paid_meanwhile_leaves_nothing_to_begin(buyer: Buyer) -> None:
    buyer.orders()
    buyer.pays()
    buyer.pays_by("bank_transfer")
    answer = asks(buyer)
    assert (answer.status, answer.body) == (201, {})
    assert buyer.shop.order(buyer.order_id).payment == "paid"
    assert statuses(buyer) == ["complete"]
    start = next(e for e in loaded(buyer).effects if e.effect_id == "pay-3")
    assert start.result == {"skipped": "not wanted any more"}
    buyer.heard()
    assert [e.status for e in buyer.shop.order(buyer.order_id).ledger if e.kind == "capture"] == ["ok"]


@pytest.mark.capability("C17", "D07")
def test_after_a_decline_another_page_begins_and_the_first_one_ends(buyer: Buyer) -> None:
    """Whoever stays on the page tries another card there; whoever goes back to the shop begins anew."""
    buyer.orders()
    buyer.side.decline(buyer.refs[0])
    buyer.heard()
    assert buyer.shop.order(buyer.order_id).payment == "failed"
    buyer.pays_by("stripe")
    assert (len(buyer.refs), statuses(buyer)) == (2, ["expired", "open"])
    buyer.pays(1)
    buyer.heard()
    assert buyer.shop.order(buyer.order_id).payment == "paid"


@pytest.mark.capability("C17", "C19")
def test_a_page_whose_time_is_up_is_heard_of_and_replaced(shop: Shop, buyer: Buyer) -> None:
    buyer.orders()
    assert shop.peers.control("POST", f"/stripe/checkout_sessions/{buyer.refs[0]}/lapse")[0] == 200
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "voided"
    buyer.pays_by("stripe")
    buyer.pays(1)
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "paid"


@pytest.mark.capability("C17", "C19", "C20")
@pytest.mark.parametrize(("outcome", "payment"), [("succeeded", "paid"), ("failed", "failed")])
def test_what_settles_later_is_on_its_way_until_it_does(
    shop: Shop, buyer: Buyer, outcome: str, payment: str
) -> None:
    buyer.orders()
    assert shop.peers.control("POST", f"/stripe/checkout_sessions/{buyer.refs[0]}/processing")[0] == 200
    buyer.heard()
    (attempt,) = shop.order(buyer.order_id).ledger
    assert attempt.status == "processing"
    assert buyer.pays_by("bank_transfer").status == 409
    intent = page_of(buyer).sdk.v1.checkout.sessions.retrieve(buyer.refs[0]).payment_intent
    shop.peers.control("POST", f"/stripe/payment_intents/{intent}/settle", {"outcome": outcome})
    buyer.heard()
    assert shop.order(buyer.order_id).payment == payment
    if outcome == "failed":
        buyer.pays_by("stripe")
        assert statuses(buyer) == ["complete", "open"]
        shop.settle(buyer.order_id)
        assert sorted(e.status for e in shop.order(buyer.order_id).ledger) == ["pending", "void"]


@pytest.mark.capability("G03", "C17")
def test_who_cannot_end_the_page_begins_no_other_there(shop: Shop, buyer: Buyer) -> None:
    buyer.orders()
    buyer.pays_by("bank_transfer")
    shop.peers.control("POST", "/stripe/trouble", {"count": 99, "status": 503, "method": "POST"})
    assert asks(buyer).body == {}
    shop.peers.control("DELETE", "/stripe/trouble")
    assert statuses(buyer) == ["open"]
    buyer.heard()
    shop.settle(buyer.order_id)
    assert statuses(buyer) == ["expired", "open"]


@pytest.mark.capability("D07")
def test_another_provider_does_not_wait_for_stripe_to_come_back(shop: Shop, buyer: Buyer) -> None:
    buyer.orders()
    shop.peers.control("POST", "/stripe/trouble", {"count": 99, "status": 503, "method": "POST"})
    assert "paypal" not in buyer.placed["payment_action"]["url"]
    assert buyer.pays_by("paypal").body["payment_action"]["type"] == "redirect"
    shop.peers.control("DELETE", "/stripe/trouble")
    shop.settle(buyer.order_id)
    assert statuses(buyer) == ["expired"]


@pytest.mark.capability("D07", "C17")
def test_a_shop_that_changes_its_mind_changes_what_waits(shop: Shop, buyer: Buyer) -> None:
    buyer.orders()
    set_section("payments.stripe", pay_on="shop")
    action = asks(buyer).body["payment_action"]
    assert (action["type"], statuses(buyer)) == ("stripe_payment_intent", ["expired"])
    shop.side("stripe_page")
    back = buyer.pays_by("stripe")
    assert back.body["payment_action"]["type"] == "redirect"
    buyer.heard()
    intents = page_of(buyer).sdk.v1.payment_intents.retrieve(action["id"])
    assert intents.status == "canceled"


@pytest.mark.capability("D07")
def test_staff_move_an_order_to_the_page(shop: Shop, buyer: Buyer) -> None:
    """Its customer finds the way on the order's page; the worker begins it."""
    buyer.orders()
    approved(shop.call, buyer.order_id)
    for method in ("bank_transfer", "stripe"):
        done(shop.call, buyer.order_id, "payment-method", {"payment_method": method})
    shop.settle(buyer.order_id)
    assert statuses(buyer) == ["expired", "open"]
    assert shown(buyer)["url"] == sessions(buyer)[1].url
