"""An edit hands the order to another customer: whose it is then, and whether the address is confirmed."""

from collections.abc import Callable
from typing import Any

from comanda.customers.model import Customer
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.edits.desk import EditDesk
from comanda.orders.mails import mail
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later

type Data = dict[str, Any]


def handing_over(loaded: Loaded, contact: Data, at: str, desk: EditDesk) -> tuple[Data, Decision]:
    """What the fact says of the new customer, and what is written and mailed with it.

    Whoever has the address already gets the order, verified if they are; another address is a new
    customer, who is asked to confirm it. The former customer's access to the order ends, and so does
    the confirmation link they were sent: it would confirm somebody else's address.
    """
    order = loaded.order
    known = desk.customers.by_email(contact["email"])
    also: tuple[Callable[[Any], None], ...] = ()
    if known is None:
        named: Data = {"name": ""} | contact
        fresh = Customer(desk.new_id(), locale=order.locale, created_at=at, **named)
        known, also = fresh, (lambda tx: desk.customers.register(tx, fresh),)
    same = known.customer_id == order.customer_id
    data: Data = {
        "customer_id": known.customer_id,
        "verified": known.verified or (same and order.verified),
        "token_version": order.token_version + (0 if same else 1),
        "link_serial": order.link_serial + (0 if same else 1),
    }
    asking = NOTHING if data["verified"] else _asking(loaded, data, at, desk)
    return data, asking + Decision(also=also)


def _asking(loaded: Loaded, data: Data, at: str, desk: EditDesk) -> Decision:
    """Send the new address a link of its own; earlier ones stop working."""
    order, serial = loaded.order, loaded.order.link_serial + 1
    until = later(at, desk.reader.checkout().verification_seconds)
    data["link_serial"] = serial
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        data |= {"verify_by": until}
    link = desk.links.issue("verify", order.order_id, str(serial), until)
    sent = mail("verification", str(serial), links={"verify": link.mark})
    return Decision(effects=(sent,), also=(link.write,))
