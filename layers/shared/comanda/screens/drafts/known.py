"""What a known customer brings into an order: contact, address, language."""

from dataclasses import dataclass
from typing import Any

from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.form import ADDRESS, CONTACT

LOOKED_BACK = 5  # orders, for an address of a customer without an address book


@dataclass(frozen=True, slots=True)
class Known:
    """`place` is empty when no address is known to be theirs."""

    contact: dict[str, str]
    place: dict[str, Any]
    locale: str


def known_customer(customer_id: str, desk: SalesDesk) -> Known:
    """Raises NotFound."""
    customer = desk.file().load(customer_id)
    contact = {name: text for name, text in customer.contact().items() if name in CONTACT and text}
    place = customer.address or _last_place(customer_id, desk)
    return Known(contact, written(place), customer.locale)


def written(place: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address that a form has."""
    return {name: place[name] for name in ADDRESS if place.get(name)}


def _last_place(customer_id: str, desk: SalesDesk) -> dict[str, Any]:
    """Where their last orders went, as far as somebody confirmed that they were theirs."""
    orders = desk.file().orders.newest(customer_id, limit=LOOKED_BACK).orders
    last = next((one for one in orders if one.verified and one.personal.get("shipping")), None)
    return (desk.office().desk.load(last.order_id).text("shipping") or {}) if last else {}
