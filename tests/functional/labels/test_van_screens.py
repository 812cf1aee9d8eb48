"""Vans in the back office: what waits, asking once, what nobody knows, and who may."""

import pytest

from tests.functional.labels.test_buy_screen import stored
from tests.functional.labels.test_scanned import scanned
from tests.functional.labels_world import BOX, SENDER, WISH, LabelWorld
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import set_section
from tests.functional.staff import ask

pytestmark = pytest.mark.capability("D12")
VANS = "/deliveries/vans"
NASTY = "<script>alert(1)</script>"


def labelled(shop: LabelWorld, key: str = "key-1", **more: object) -> str:
    order_id = shop.ready(key=key)
    shop.does(order_id, "buy-label", WISH | more)
    shop.work(order_id)
    return order_id


def asked(staff: Visitor, **typed: str) -> Seen:
    return staff.submit(staff.get(f"{VANS}/new"), f"{VANS}/new", **typed)


def test_a_van_is_asked_for_with_what_waits(shop: LabelWorld) -> None:
    orders = [labelled(shop), labelled(shop, "key-2", ship=False)]
    staff = staff_at("staff", language="es")
    assert staff.get(VANS).says("2 bultos")
    before = stored()
    page = staff.get(f"{VANS}/new")
    assert stored() == before
    form = page.form(f"{VANS}/new")
    assert set(form["orders"]) == set(orders)
    assert (form["day"], form["ready_from"], form["ready_until"]) == ("2026-11-23", "10:00", "18:00")
    assert page.says("Calle 10 No. 5")
    told = staff.follow(staff.submit(page, f"{VANS}/new", note="Timbre 2"))
    assert told.says("FedEx viene el 23 nov 2026. Confirmación: CONF1")
    assert told.says("$50.00")
    (van,) = shop.carrier.vans
    assert (van.day, van.ready_from, van.note, len(van.labels)) == ("2026-11-23", "10:00", "Timbre 2", 2)
    assert told.says("Ninguno.")
    assert staff.get(f"{VANS}/new").says("pedida para el 23 nov 2026")


def test_a_form_that_is_sent_twice_asks_once(shop: LabelWorld) -> None:
    labelled(shop)
    staff = staff_at()
    form = staff.get(f"{VANS}/new").form(f"{VANS}/new")
    staff.follow(staff.post(f"{VANS}/new", form))
    before = stored()
    assert staff.follow(staff.post(f"{VANS}/new", form)).says("Confirmation: CONF1")
    assert stored() == before
    refused = staff.post(f"{VANS}/new", form | {"note": "another"})
    assert (refused.status, refused.says("a van was asked for otherwise")) == (409, True)
    assert stored() == before
    assert len(shop.carrier.vans) == 1


def test_a_refusal_keeps_what_was_typed_and_asks_nobody(shop: LabelWorld) -> None:
    first, second = labelled(shop, ship=False), labelled(shop, "key-2")
    staff = staff_at()
    before = stored()
    late = asked(staff, day="2026-11-20", orders=second, note=NASTY)
    assert late.status == 422
    assert late.says("a day that is still to come, or today")
    form = late.form(f"{VANS}/new")
    assert (form["day"], form["orders"], form["note"]) == ("2026-11-20", second, NASTY)
    assert NASTY not in late.text
    none = staff.get(f"{VANS}/new").form(f"{VANS}/new")
    none.pop("orders")
    assert staff.post(f"{VANS}/new", none).says("Choose at least one order.")
    shop.does(first, "void-label", {"label_id": "l1"})
    shop.work(first)
    gone = staff.post(f"{VANS}/new", none | {"orders": [first, second]})
    assert gone.status == 422
    assert gone.says("this order has no parcel with a label of this account that waits for its carrier")
    assert shop.carrier.vans == []
    assert [name for name, items in stored().items() if items != before[name] and name == "JobsTable"] == []


def test_a_label_that_its_carrier_did_not_take_back_waits_for_no_van(shop: LabelWorld) -> None:
    """It is paid for and on no parcel."""
    order_id = labelled(shop, ship=False)
    shop.carrier.keeping = "too late"
    shop.does(order_id, "void-label", {"label_id": "l1"})
    shop.work(order_id)
    staff = staff_at()
    assert staff.get(VANS).says("None. A parcel stands here")
    labelled(shop, "key-2")
    assert staff.get(VANS).says("1 parcel")
    form = staff.get(f"{VANS}/new").form(f"{VANS}/new")
    assert staff.post(f"{VANS}/new", form | {"orders": order_id}).status == 422
    assert shop.carrier.vans == []


def test_what_nobody_knows_is_settled_by_a_person(shop: LabelWorld) -> None:
    labelled(shop)
    staff = staff_at()
    shop.carrier.lost = 1
    page = staff.follow(asked(staff))
    assert page.says("Nobody knows yet whether FedEx comes")
    assert page.says("None. A parcel stands here")  # it may come: it is not asked anew by itself
    told = staff.follow(staff.submit(page, "/settle", comes="yes", confirmation=NASTY))
    assert told.says("Confirmation: <script>")
    assert NASTY not in told.text
    form = staff.get(f"{VANS}/new").form(f"{VANS}/new")
    again = staff.post(f"{VANS}/nobody/settle", form | {"comes": "no"})
    assert again.status == 404


def test_a_carrier_that_refuses_says_why_and_is_asked_anew(shop: LabelWorld) -> None:
    labelled(shop)
    staff = staff_at()
    shop.carrier.down = True
    page = staff.follow(asked(staff))
    assert page.says("why stands in the list.")
    assert page.says("the carrier does not answer")
    assert page.says("1 parcel")
    shop.carrier.down = False
    assert staff.follow(asked(staff)).says("Confirmation: CONF1")


def test_a_later_label_of_an_order_asks_for_no_second_van_for_the_first(shop: LabelWorld) -> None:
    order_id = shop.ready()
    staff = staff_at()
    for units in (1, 2):
        lines = [{"line_id": shop.order(order_id).lines[0].line_id, "quantity": units}]
        shop.does(order_id, "buy-label", WISH | {"parcels": [BOX | {"lines": lines}]}, key=f"label-{units}")
        shop.work(order_id)
        assert staff.get(VANS).says("1 parcel")
        staff.follow(asked(staff))
    first, second = shop.labels(order_id)
    assert [van.labels for van in shop.carrier.vans] == [(first.ref,), (second.ref,)]


def test_what_its_carrier_has_scanned_waits_no_more(shop: LabelWorld) -> None:
    labelled(shop)
    scanned(shop, ("in_transit", "19:00"))
    assert staff_at().get(VANS).says("None. A parcel stands here")
    assert staff_at().get(f"{VANS}/new").says("Nothing waits for this carrier")


def test_a_van_fetches_what_is_at_its_place(shop: LabelWorld) -> None:
    """The API, too: a place with a sender of its own is another stop."""
    order_id = labelled(shop)
    (label,) = shop.labels(order_id)
    place = label.location or "main"
    set_section("carriers", accounts=[{"code": "easypost"}], senders={"": SENDER, "norte": SENDER})
    van = {"account": "easypost", "carrier": "fedex", "day": "2026-11-23", "ready_from": "10:00"}
    van |= {"ready_until": "17:00", "orders": [order_id]}
    refused = ask(shop.call, "PUT", "/admin/vans/v-1", van | {"location": "norte"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/orders/0")
    assert ask(shop.call, "PUT", "/admin/vans/v-2", van | {"location": place}).body["state"] == "booked"


def test_without_labels_or_sender_the_page_says_what_to_do(shop: LabelWorld) -> None:
    assert staff_at().get(VANS).says("No van was asked for yet")
    assert staff_at().get(f"{VANS}/new").says("Nothing waits for this carrier")
    labelled(shop)
    set_section("carriers", accounts=[{"code": "easypost"}], senders={})
    assert staff_at("staff").get(f"{VANS}/new").says("Only an administrator may do that.")
    assert staff_at("admin").get(f"{VANS}/new").says("Set up carriers")


def test_where_only_some_orders_were_looked_at_the_page_says_so(
    shop: LabelWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled(shop)
    labelled(shop, "key-2")
    told = "Only the orders that were changed last were looked through."
    assert not staff_at().get(VANS).says(told)
    monkeypatch.setattr("comanda.backoffice.parcels.waiting.MOST", 1)
    page = staff_at().get(VANS)
    assert page.says(told)
    assert page.says("1 parcel")
