"""Which mails have become pointless by the time they are to be sent."""

from dataclasses import replace

import pytest

from comanda.conversation.letters import LETTERS
from comanda.conversation.wanted import fetched, pointless, told_by_carrier
from comanda.orders.model import Draft, Ending, Terms
from comanda.orders.vocabulary import Lifecycle
from comanda.settings.sections import Delivery, Notifier, Shipping
from tests.unit.conversation.samples import (
    effect,
    half_shipped,
    letters,
    order,
    paid,
    proposed,
    ready_in_part,
)

DATA = effect("any").data
CANCELLED = order(lifecycle=Lifecycle.CANCELLED, cancel_reason="unpaid")
OFFERED_AGAIN = order(lifecycle=Lifecycle.QUOTED, draft=Draft(serial=2))
REQUEST = order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, approved=False)


@pytest.mark.parametrize("event", LETTERS)
def test_a_fresh_mail_is_wanted(event):
    found, wanted = letters()[event]
    assert pointless(event, found.order, wanted.data) == ""


@pytest.mark.parametrize(
    ("event", "placed", "reason"),
    [
        ("verification", order(), "verified"),
        ("verification", replace(REQUEST, lifecycle=Lifecycle.EXPIRED), "ended"),
        ("verification", replace(REQUEST, link_serial=2), "link replaced"),
        ("payment_reminder", order(ledger=(paid(),)), "paid"),
        ("payment_reminder", order(ledger=(paid(kind="authorization"),)), "paid"),
        ("payment_reminder", CANCELLED, "ended"),
        ("payment_reminder", order(ending=Ending("cancelled", "unpaid", "system")), "ended"),
        ("payment_instructions", order(ledger=(paid(),)), "paid"),
        ("payment_failed", order(ledger=(paid(),)), "paid"),
        ("order_placed", CANCELLED, "ended"),
        ("quotation", order(), "no longer offered"),
        ("quotation", OFFERED_AGAIN, "no longer offered"),
        ("order_approved", CANCELLED, "ended"),
        ("merchant_order", CANCELLED, "ended"),
        ("order_edited", CANCELLED, "ended"),
        ("order_cancelled", order(), "goes on"),
        ("order_rejected", order(), "goes on"),
        ("order_ready", CANCELLED, "ended"),
        ("order_ready", order(ending=Ending("cancelled", "unpaid", "system")), "ended"),
        ("payment_received", order(terms=Terms(receipt=False)), "no receipt wanted"),
    ],
)
def test_an_order_that_moved_on_takes_its_mail_along(event, placed, reason):
    assert pointless(event, placed, DATA) == reason


def test_a_verification_is_wanted_while_only_money_placed_the_order():
    assert pointless("verification", order(verified=False), DATA) == ""


def test_part_of_the_money_does_not_silence_the_reminder():
    assert pointless("payment_reminder", order(ledger=(paid(1_000),)), DATA) == ""


def test_a_proposal_is_sent_only_while_it_is_open():
    found, wanted = proposed()
    assert pointless("order_edited", found.order, wanted.data) == ""
    for moved_on in (
        replace(found.order, edit=None),
        replace(found.order, version=1),
        replace(found.order, edit=replace(found.order.edit, edit_id="e2")),
    ):
        assert pointless("order_edited", moved_on, wanted.data) == "decided or left behind"


@pytest.mark.parametrize(("by", "reason"), [("us", ""), ("both", ""), ("carrier", "the carrier tells")])
@pytest.mark.parametrize("event", ["shipped", "delivered"])
def test_a_parcel_is_told_by_whom_the_shop_says(event, by, reason):
    found, wanted = letters()[event]
    carrier = found.order.shipments[0].carrier
    rules = (Notifier(carrier="another", by="carrier"), Notifier(carrier=carrier, by=by))
    shipping = Shipping(notifiers=rules)
    assert told_by_carrier(event, found.order, wanted.data, shipping) == reason
    assert told_by_carrier(event, found.order, wanted.data, Shipping()) == ""


def test_nothing_else_is_left_to_the_carrier():
    found, _ = letters()["shipped"]
    carrier = found.order.shipments[0].carrier
    shipping = Shipping(notifiers=(Notifier(carrier=carrier, by="carrier"),))
    others = set(LETTERS) - {"shipped", "delivered"}
    assert {told_by_carrier(event, found.order, letters()[event][1].data, shipping) for event in others} == {
        ""
    }


@pytest.mark.capability("E12")
def test_goods_that_left_or_are_fetched_are_not_announced():
    ready = ready_in_part()
    assert pointless("order_ready", ready, {"delivery": 1}) == ""
    assert pointless("order_ready", ready, {"delivery": 2}) == "not ready any more"  # waits for stock
    assert pointless("order_ready", half_shipped(), {"delivery": 1}) == "not ready any more"
    counter = Shipping(deliveries=[Delivery(code=ready.delivery, needs_address=False)])
    sent = Shipping(deliveries=[Delivery(code=ready.delivery)])
    assert (fetched("order_ready", ready, sent), fetched("shipped", ready, counter)) == ("", "")
    assert fetched("order_ready", ready, counter) == "fetched at the shop"
