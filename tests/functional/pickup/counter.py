"""A shop with a counter: orders that their customers fetch there, and what they and the staff see."""

from typing import Any

from tests.functional.conftest import Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, command, show
from tests.functional.tables import contents

WAY = {
    "code": "pickup",
    "title": {"es": "Recoger en tienda", "en": "Pick up"},
    "needs_address": False,
    "place": {"es": "Av. Juárez 10, Centro", "en": "10 Juárez Av., Centro"},
    "hours": {"es": "Lunes a viernes, 10 a 19 h", "en": "Monday to Friday, 10 to 19"},
}
SHIP = {"code": "ship", "title": {"es": "Envío", "en": "Delivery"}}


def shop(**pickup: Any) -> None:
    stock_product()
    set_section("shipping", deliveries=[SHIP, WAY], pickup=pickup)
    set_section("payments.at_pickup", enabled=True, ship_before_payment=True)


def fetched(call: Call, **wishes: Any) -> dict[str, Any]:
    """An order that its customer will fetch and pay at the counter, approved."""
    wishes = {"delivery": "pickup", "shipping_address": None, "payment_method": "at_pickup"} | wishes
    placed = place(call, **wishes)
    approved(call, str(placed["order_id"]))
    return placed


def customers(call: Call, placed: dict[str, Any]) -> dict[str, Any]:
    """What the customer's order page shows."""
    headers = {"Authorization": f"Bearer {placed['access_token']}"}
    answer = call("customer_order", "GET", f"/orders/{placed['order_id']}", headers=headers)
    body: dict[str, Any] = answer.body
    return body


def code_of(call: Call, placed: dict[str, Any]) -> str:
    return str(customers(call, placed)["pickup"]["code"])


def unchanged(call: Call, order_id: str, name: str, body: Any) -> Any:
    """A command that is refused; nothing that is stored is another afterwards."""
    version, before = show(call, order_id)["version"], contents()
    answer = command(call, order_id, name, body, version=version, key=f"refused-{version}-{name}")
    assert answer.status >= 400, answer.text
    assert contents() == before
    return answer
