"""A label is asked for, bought, leaves with its parcel, is printed and given back."""

from base64 import b64decode

import pytest

from comanda import wiring
from tests.carriers.fake import PDF
from tests.functional.labels_world import BOX, WISH, LabelWorld
from tests.functional.shop import ADDRESS, set_section
from tests.functional.staff import ask, show
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D12")


def refused(shop: LabelWorld, order_id: str, name: str, body: object) -> str:
    before = contents()
    answer = shop.asks(order_id, name, body, key=f"no-{name}-{len(str(body))}")
    assert answer.status in (409, 422), answer.text
    assert contents() == before
    return str(answer.body.get("guard") or answer.body["errors"][0]["pointer"])


def test_what_carriers_ask_for_is_a_question(shop: LabelWorld) -> None:
    order_id = shop.ready()
    before = contents()
    told = shop.does(order_id, "rates", {"parcels": [BOX]})
    assert contents() == before
    shown = [
        (one["carrier"], one["amount"]["amount"], one["cheapest"], one["fastest"]) for one in told["rates"]
    ]
    assert shown == [("fedex", 10_120, True, False), ("dhl", 25_120, False, True)]
    assert told["failed"] == []
    (asked,) = shop.carrier.asked
    assert asked.recipient.line1 == "Av. Álvaro Obregón 45"
    assert asked.recipient.name == "Ana Muñoz"
    assert asked.sender.city == "Naucalpan"
    assert [(one.quantity, one.weight_grams) for one in asked.goods] == [(3, 250), (2, 250)]


def test_a_carrier_that_fails_is_named_and_hides_nobody(shop: LabelWorld) -> None:
    order_id = shop.ready()
    set_section("carriers", accounts=[{"code": "easypost"}, {"code": "manual"}])
    shop.carrier.down = True
    told = shop.does(order_id, "rates", {"parcels": [BOX]})
    assert told == {"rates": [], "failed": [{"account": "easypost", "reason": "the carrier does not answer"}]}


def test_bought_it_ships_its_parcel_and_has_a_file(shop: LabelWorld) -> None:
    order_id = shop.ready()
    told = shop.does(order_id, "buy-label", WISH)
    assert told["result"] == {"label_id": "l1", "label_ids": ["l1"]}
    assert shop.states(order_id) == ["wanted"]
    shop.work(order_id)
    order = show(shop.call, order_id)
    (label,) = order["shipping_labels"]
    (parcel,) = order["shipments"]
    assert (label["state"], label["tracking_number"], label["amount"]["amount"]) == ("bought", "TRK1", 12_345)
    assert (parcel["carrier"], parcel["tracking_number"]) == ("fedex", "TRK1")
    assert label["shipment_id"] == parcel["shipment_id"]
    assert order["fulfilment"] == "shipped"
    assert len(shop.carrier.sold) == 1
    file = ask(shop.call, "GET", f"/admin/orders/{order_id}/labels/l1/file")
    assert (file.status, file.headers["content-type"]) == (200, "application/pdf")
    assert shop.carrier.files == 1
    assert b64decode(file.text) == PDF


def test_a_label_printed_first_leaves_when_it_is_shipped(shop: LabelWorld) -> None:
    order_id = shop.ready("pick_pack_ship")
    shop.does(order_id, "pick")
    shop.does(order_id, "pack")
    shop.does(order_id, "buy-label", WISH | {"ship": False, "format": "zpl"})
    shop.work(order_id)
    assert (shop.states(order_id), shop.order(order_id).shipments) == (["bought"], ())
    assert refused(shop, order_id, "ship", {"lines": [{"sku": "TAZA", "quantity": 1}], "carrier": "dhl",
                                            "tracking_number": "T9"}) == "label-open"  # fmt: skip
    shop.does(order_id, "ship-label", {"label_id": "l1"})
    (parcel,) = shop.order(order_id).shipments
    assert (parcel.label_id, parcel.tracking_number, parcel.weight_grams) == ("l1", "TRK1", 1200)
    assert refused(shop, order_id, "ship-label", {"label_id": "l1"}) == "label-used"
    assert refused(shop, order_id, "void-label", {"label_id": "l1"}) == "label-used"


def test_labels_never_take_more_than_may_leave(shop: LabelWorld) -> None:
    order_id = shop.ready()
    two = {"lines": [{"sku": "CAFE-1", "quantity": 2}], **BOX}
    shop.does(order_id, "buy-label", WISH | {"parcels": [two], "ship": False})
    assert refused(shop, order_id, "buy-label", WISH | {"parcels": [two]}) == "label-open"
    rest = shop.does(order_id, "buy-label", WISH | {"ship": False})  # all that has no label yet
    assert rest["result"]["label_ids"] == ["l2"]
    assert [(one.sku, one.quantity) for one in shop.labels(order_id)[1].lines] == [("CAFE-1", 1), ("TAZA", 2)]
    assert refused(shop, order_id, "buy-label", WISH) == "not-enough-to-ship"
    assert refused(shop, order_id, "buy-label", WISH | {"parcels": [BOX, BOX]}) == "/parcels"


def test_an_unused_label_is_given_back(shop: LabelWorld) -> None:
    order_id = shop.ready()
    shop.does(order_id, "buy-label", WISH | {"ship": False})
    shop.work(order_id)
    shop.does(order_id, "void-label", {"label_id": "l1"})
    assert shop.states(order_id) == ["giving_back"]
    shop.work(order_id)
    assert (shop.states(order_id), shop.carrier.voids) == (["voided"], ["shp_1"])
    assert refused(shop, order_id, "void-label", {"label_id": "l1"}) == "no-label"
    shop.does(order_id, "buy-label", WISH, key="again")  # its units are free
    shop.work(order_id)
    assert shop.order(order_id).fulfilment == "shipped"


def test_a_label_taken_back_before_it_was_bought_costs_nothing(shop: LabelWorld) -> None:
    order_id = shop.ready()
    shop.does(order_id, "buy-label", WISH)
    shop.does(order_id, "void-label", {"label_id": "l1"})
    shop.work(order_id)
    assert (shop.states(order_id), shop.carrier.sold) == (["voided"], [])


def test_a_refusal_is_told_in_the_carriers_words(shop: LabelWorld) -> None:
    order_id = shop.ready()
    shop.carrier.refusing = "Invalid postal code 06700 for Ana Muñoz"
    shop.does(order_id, "buy-label", WISH)
    shop.work(order_id)
    (label,) = show(shop.call, order_id)["shipping_labels"]
    assert (label["state"], label["reason"]) == ("failed", "refused")
    assert label["carrier_says"] == "Invalid postal code 06700 for Ana Muñoz"
    facts = [str(fact.data) for fact in wiring.orders().facts(order_id)]
    assert not any("Invalid postal code" in told for told in facts)
    assert shop.order(order_id).shipments == ()


def test_what_costs_money_is_for_staff_alone(shop: LabelWorld) -> None:
    order_id = shop.ready()
    for name, body in (
        ("rates", {"parcels": [BOX]}),
        ("buy-label", WISH),
        ("void-label", {"label_id": "l1"}),
    ):
        answer = ask(shop.call, "POST", f"/admin/orders/{order_id}/{name}", body, role="picker")
        assert answer.status == 403
    assert ask(shop.call, "GET", f"/admin/orders/{order_id}/labels/l1/file", role="picker").status == 403


@pytest.mark.capability("D34")
def test_no_label_is_bought_for_an_address_where_nobody_can_deliver_unless_staff_say_so(
    shop: LabelWorld,
) -> None:
    box = ADDRESS | {"line1": "Apartado postal 120"}
    order_id = shop.ready(shipping_address=box)
    assert refused(shop, order_id, "buy-label", WISH) == "address-unusable"
    assert shop.states(order_id) == []
    assert shop.does(order_id, "buy-label", WISH | {"address_ok": True})["result"]["label_id"] == "l1"
    other = shop.ready(key="key-2", shipping_address=box)
    shop.does(other, "address-fine")
    assert shop.does(other, "buy-label", WISH)["result"]["label_id"] == "l1"
