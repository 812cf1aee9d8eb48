"""What the check says of a draft's delivery address, and the address as it should perhaps be written."""

from typing import Any

from comanda.conversation.addresses import told
from comanda.customers.addresses.finding import Checked
from comanda.fulfilment.address_check import check_for_carrier
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.form import ADDRESS
from comanda.screens.house.tongue import Tongue

type Place = dict[str, Any]

BEGUN = ("line1", "city", "postal_code")  # before any of these is typed there is nothing to judge


def address_hint(
    place: dict[str, Any], delivery: str, desk: SalesDesk, tongue: Tongue
) -> dict[str, Any] | None:
    """`{verdict, findings: [{text, …}], suggestion?}`, or None: of an order that is fetched, of an address
    that nobody has begun to type, and where nothing is to be said. It hinders nothing."""
    checked = _checked(place, delivery, desk)
    found = told(checked, tongue.speech) if checked else {}
    return found if found.get("findings") else None


def better_address(place: Place, delivery: str, desk: SalesDesk) -> Place | None:
    """The suggestion as the form writes it, if there is one."""
    checked = _checked(place, delivery, desk)
    if checked is None or not checked.suggestion:
        return None
    return {name: text for name in ADDRESS if (text := checked.suggestion.get(name))}


def _checked(place: Place, delivery: str, desk: SalesDesk) -> Checked | None:
    ways = {one.code: one for one in desk.settings().section("shipping")[0].deliveries}
    way = ways.get(delivery)
    if not any(place.get(name) for name in BEGUN) or (way and not way.needs_address):
        return None
    return check_for_carrier(place, (way.carrier if way else "") or "")
