"""Several parcels on the order's page: typed, refused, undone."""

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import set_section
from tests.functional.staff import show
from tests.functional.tables import contents
from tests.functional.test_several_parcels import BOX, bought

pytestmark = pytest.mark.capability("F17")
__all__ = ["bought"]
FIELDS = {
    "carrier": "DHL",
    "parcels.0.lines.0.quantity": "2",
    "parcels.0.tracking_number": "JD01",
    "parcels.0.box": "m",
    "parcels.1.tracking_number": "JD02",
    "parcels.1.weight_grams": "900",
}


def test_two_parcels_are_typed_and_taken_back(call: Call, bought: dict[str, str]) -> None:
    staff, here = staff_at("staff"), f"/orders/{bought['order_id']}"
    form = staff.get(f"{here}?do=ship&parcels=3")
    assert "Mediana (300 × 200 × 150 mm)" in form.text
    seen = staff.follow(staff.submit(form, f"{here}/ship", **FIELDS))
    assert "2 parcels of P-000001 have left." in seen.text
    assert "parcel 2 of 2" in seen.text
    assert "1.12\u00a0kg" in seen.text
    shipped = show(call, bought["order_id"])["shipments"]
    assert [one["parcel"]["weight_grams"] for one in shipped] == [1120, 900]
    staff.follow(staff.submit(seen, f"{here}/undo/consigned"))
    assert show(call, bought["order_id"])["shipments"] == []


def test_a_refusal_keeps_what_was_typed(call: Call, bought: dict[str, str]) -> None:
    staff, here = staff_at("staff"), f"/orders/{bought['order_id']}"
    form = staff.get(f"{here}?do=ship&parcels=2")
    before = contents()
    seen = staff.submit(form, f"{here}/ship", **FIELDS | {"parcels.1.tracking_number": "jd01"})
    assert seen.status == 422
    assert "another of these parcels has this number" in seen.text
    assert 'value="900"' in seen.text
    assert {n: v for n, v in contents().items() if "sessions" not in n.lower()} == {
        n: v for n, v in before.items() if "sessions" not in n.lower()
    }


def test_a_box_is_described_once(call: Call, clean: None) -> None:
    set_section("parcels", boxes=[BOX | {"name": "<script>x</script>"}])
    text = staff_at("admin").get("/settings/parcels").text
    assert "&lt;script&gt;x" in text
    assert "<script>x" not in text
