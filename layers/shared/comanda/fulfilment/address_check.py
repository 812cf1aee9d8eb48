"""Judge an order's address before a label is made out for it."""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from comanda.customers.addresses.check import check_address
from comanda.customers.addresses.finding import Checked, Finding, Verdict, What, together
from comanda.errors import WrongState
from comanda.fulfilment.label_limits import Limits, limits_of
from comanda.orders.decision import Decision, Loaded
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.vocabulary import HoldReason


def check_for_label(loaded: Loaded, carrier: str = "") -> Checked:
    """What speaks against sending the order to its address; with a carrier's code also what that carrier's
    labels and couriers ask for. An order without an address is unusable."""
    return check_for_carrier(loaded.text("shipping") or {}, carrier, loaded.text("contact") or {})


def check_for_carrier(
    address: dict[str, Any], carrier: str = "", contact: dict[str, Any] | None = None
) -> Checked:
    """The same of an address; without a contact nothing is said of who receives it."""
    if not address:
        return Checked((Finding("line1", What.REQUIRED, grave=True),))
    checked = check_address(address)
    if not carrier:
        return checked
    limits = limits_of(carrier)
    written = checked.suggestion or address
    receives = None if contact is None else contact | _recipient(address)
    more = [*_who(receives, limits), *_lengths(written, receives or {}, limits)]
    return together(_without_boxes(checked, limits), more, _rewrapped(written, limits.line), address)


def said_fine(loaded: Loaded) -> bool:
    """Whether staff said that the order's address is right as it stands; another address asks anew."""
    said = loaded.order.address_fine
    return said is not None and said.digest == loaded.order.personal.get("shipping")


def allow_label(loaded: Loaded, carrier: str, *, address_ok: bool = False) -> Checked:
    """To be called before a label is bought: what the check found. Raises WrongState (`address-unusable`)
    for an address where nothing can be delivered, unless staff say that it is right: now (`address_ok`), or
    of this very address before."""
    checked = check_for_label(loaded, carrier)
    if checked.verdict is Verdict.UNUSABLE and not address_ok and not said_fine(loaded):
        told = "nothing can be delivered to the address as it stands: mend it, or say that it is right"
        raise WrongState("address-unusable", told, **checked.to_dict())
    return checked


def accepting_address(loaded: Loaded) -> Decision:
    """Staff say that the address is right as it stands; holds for its sake end with that. Of the same address
    it is said once. Raises WrongState (`order-ended`, `no-address`)."""
    order = loaded.order
    check("address-fine", order)
    digest = order.personal.get("shipping")
    if digest is None or not loaded.text("shipping"):
        raise WrongState("no-address", "the order is sent to no address")
    doubts = [hold.hold_id for hold in order.open_holds if hold.reason == HoldReason.ADDRESS]
    released = tuple(Happened("HoldReleased", {"hold_id": hold_id}) for hold_id in doubts)
    said = () if said_fine(loaded) else (Happened("AddressAccepted", {"digest": digest}),)
    return Decision(facts=(*said, *released), result={"released": doubts})


def address_answer(loaded: Loaded, carrier: str = "") -> dict[str, Any] | None:
    """What the check finds as staff are told it, and who said that the address is right; None of an order
    that is sent to no address."""
    if not loaded.text("shipping"):
        return None
    said = loaded.order.address_fine if said_fine(loaded) else None
    fine = {"by": said.by, "at": said.at} if said else None
    return check_for_label(loaded, carrier).to_dict() | {"fine": fine}


def _recipient(address: dict[str, Any]) -> dict[str, Any]:
    """Who receives it, where the address says so itself."""
    return {name: address[name] for name in ("name", "company", "phone") if address.get(name)}


def _who(contact: dict[str, Any] | None, limits: Limits) -> Iterator[Finding]:
    if contact is None:
        return
    if not (contact.get("name") or contact.get("company")):
        yield Finding("name", What.REQUIRED, grave=True)
    if limits.asks_phone and not contact.get("phone"):
        yield Finding("phone", What.REQUIRED)


def _lengths(address: dict[str, Any], contact: dict[str, Any], limits: Limits) -> Iterator[Finding]:
    """What a line of the label has no room for."""
    texts = {name: str(address.get(name) or "") for name in ("line1", "line2", "city")}
    texts |= {name: str(contact.get(name) or "") for name in ("name", "company")}
    texts["phone"] = re.sub(r"[^\d+]", "", str(contact.get("phone") or ""))
    room = {"city": limits.city, "phone": limits.phone, "name": limits.name, "company": limits.name}
    for field, text in texts.items():
        most = room.get(field, limits.line)
        if len(text) > most:
            yield Finding(field, What.TOO_LONG, (str(most),))


def _rewrapped(address: dict[str, Any], most: int) -> dict[str, str]:
    """The street over two lines that fit, where two are enough."""
    lines = [str(address.get(name) or "") for name in ("line1", "line2")]
    if all(len(line) <= most for line in lines):
        return {}
    wrapped = textwrap.wrap(
        " ".join(filter(None, lines)), most, break_long_words=False, break_on_hyphens=False
    )
    fits = len(wrapped) <= 2 and all(len(line) <= most for line in wrapped)
    return dict(zip(("line1", "line2"), (*wrapped, ""), strict=False)) if fits else {}


def _without_boxes(checked: Checked, limits: Limits) -> Checked:
    """A box at the post office is no doubt with a carrier that goes there, and no place with another."""
    findings = [found for found in checked.findings if found.what is not What.PO_BOX]
    if len(findings) < len(checked.findings) and not limits.boxes:
        findings.append(Finding("line1", What.PO_BOX, grave=True))
    return Checked(tuple(findings), checked.suggestion)
