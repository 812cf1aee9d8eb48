"""Labels on an order's page: their state in words, printing, giving back, shipping, and doubts."""

import pytest

from tests.functional.labels_world import WISH, LabelWorld
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.staff import show
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D12", "F22")
NASTY = "<script>alert(1)</script>"


def labelled(shop: LabelWorld, *, ship: bool = False) -> str:
    order_id = shop.ready()
    shop.does(order_id, "buy-label", WISH | {"ship": ship})
    return order_id


def opened(who: Visitor, order_id: str) -> Seen:
    return who.get(f"/orders/{order_id}")


def stored() -> object:
    return {name: items for name, items in contents().items() if name != "SessionsTable"}


def test_a_label_is_bought_printed_and_leaves(shop: LabelWorld) -> None:
    staff = staff_at()
    order_id = labelled(shop)
    assert opened(staff, order_id).says("being bought")
    shop.work(order_id)
    page = opened(staff, order_id)
    assert page.says("not used yet")
    assert page.says("TRK1")
    assert page.says("123.45")
    paper = staff.get(f"/orders/{order_id}/labels/l1/file")
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    assert paper.headers["content-disposition"].startswith("inline")
    after = staff.follow(staff.submit(page, "/labels/l1/ship"))
    assert after.says("A parcel of P-000001 has left.")
    assert "/labels/l1/void" not in after.text
    assert show(shop.call, order_id)["shipments"][0]["tracking_number"] == "TRK1"


def test_an_unused_label_goes_back_after_one_has_read_what_that_means(shop: LabelWorld) -> None:
    staff = staff_at(language="es")
    order_id = labelled(shop)
    shop.work(order_id)
    page = opened(staff, order_id)
    assert page.says("Guías de envío")
    assert page.says("sin usar")
    done = staff.follow(staff.submit(page, "/labels/l1/void"))
    assert done.says("La guía se está devolviendo a la paquetería.")
    shop.work(order_id)
    assert opened(staff, order_id).says("devuelta")
    assert shop.states(order_id) == ["voided"]


def test_what_the_carrier_says_is_text_and_nothing_else(shop: LabelWorld) -> None:
    shop.carrier.refusing = f"Invalid address {NASTY}"
    order_id = labelled(shop)
    shop.work(order_id)
    page = opened(staff_at(), order_id)
    assert page.says("The carrier refused it.")
    assert page.says(f"Invalid address {NASTY}")
    assert NASTY not in page.text


def test_a_label_that_the_carrier_keeps_is_tried_again_or_settled(shop: LabelWorld) -> None:
    staff = staff_at()
    order_id = labelled(shop)
    shop.work(order_id)
    shop.carrier.keeping = "it was scanned"
    staff.submit(opened(staff, order_id), "/labels/l1/void")
    shop.work(order_id)
    page = opened(staff, order_id)
    assert page.says("not taken back")
    assert page.says("it was scanned")
    assert page.says("Try again, or settle it with the carrier")
    before = stored()
    refused = staff.submit(page, "/labels/l1/settle", reason="")
    assert refused.status == 422
    assert stored() == before
    done = staff.follow(staff.submit(page, "/labels/l1/settle", reason="credited by telephone"))
    assert done.says("It counts as settled elsewhere.")
    assert shop.states(order_id) == ["voided"]


def test_a_used_label_is_refused_and_forms_need_their_secret(shop: LabelWorld) -> None:
    staff = staff_at()
    order_id = labelled(shop)
    shop.work(order_id)
    page = opened(staff, order_id)
    before = stored()
    for form in ("void", "ship", "settle"):
        assert staff.post(f"/orders/{order_id}/labels/l1/{form}", {}).status == 403
        token = page.form("/labels/l1/void")
        assert staff_at("picker").post(f"/orders/{order_id}/labels/l1/{form}", token).status == 403
    assert staff_at("picker").get(f"/orders/{order_id}/labels/l1/file").status == 403
    assert stored() == before
    staff.submit(page, "/labels/l1/ship")
    assert staff.submit(page, "/labels/l1/void").status in (409, 412)
    assert shop.states(order_id) == ["bought"]
