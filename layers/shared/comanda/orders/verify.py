"""The customer's address is confirmed: by the mailed link, or by staff on the telephone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from comanda.customers.learn import Book, learning
from comanda.customers.model import Customer, verified
from comanda.errors import LinkExpired, NotFound, RateLimited
from comanda.idempotency.once import Once
from comanda.idempotency.store import Earlier
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.links.store import Link
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Desk, Done
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.mails import mail
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later


class Register(Book, Protocol):
    """Where customers are kept."""

    def living(self, customer_id: str) -> Customer | None: ...

    def by_email(self, email: str) -> Customer | None: ...

    def save(self, tx: Any, customer: Customer) -> None: ...

    def register(self, tx: Any, customer: Customer) -> None: ...


@dataclass(frozen=True, slots=True)
class Verified:
    email: str
    customer: Customer
    order_id: str
    replayed: bool = False  # the same request was answered before


def verify_email(
    token: str,
    *,
    links: Links,
    desk: Desk,
    customers: Register,
    origin: Origin,
    new_id: NewId,
    once: Once,
) -> Verified:
    """Use the mailed link up and confirm the address of its order; the same key is answered alike again.

    Raises NotFound, LinkUsed, LinkExpired (also when a newer link was sent or the order has expired).
    """
    return once.answering(
        lambda earlier: _again(earlier, customers),
        lambda: _verify(token, links, desk, customers, origin, new_id, once),
    )


def _again(earlier: Earlier, customers: Register) -> Verified:
    known = customers.living(earlier.result["customer_id"])
    if known is None:
        raise NotFound("this customer is not here any more")
    return Verified(known.email, known, earlier.order_id, replayed=True)


def _verify(
    token: str,
    links: Links,
    desk: Desk,
    customers: Register,
    origin: Origin,
    new_id: NewId,
    once: Once,
) -> Verified:
    link = links.find(token, "verify", origin.at)
    found: list[Customer] = []

    def decide(loaded: Loaded) -> Decision:
        _usable(loaded, link)
        known = _known(loaded, customers)
        customer = confirmed(loaded, known, origin.at, new_id)
        found[:] = [customer]
        fact = Happened("EmailVerified", {"by": "link", "customer_id": customer.customer_id}, "customer")
        noted = once.remembering(
            loaded.order.order_id, loaded.order.revision + 1, {"customer_id": customer.customer_id}
        )
        learnt = learning(customers, customer, _places(loaded, known), origin.at)
        # The customer has confirmed it, whatever the stock says: a hold tells staff what is missing.
        return Decision(
            facts=(fact,),
            also=(links.use(link, origin.at), lambda tx: customers.save(tx, customer), *learnt, *noted),
            outside=True,
        )

    done = desk.run(link.order_id, decide, origin)
    return Verified(found[0].email, found[0], link.order_id, replayed=not done.changed)


def _usable(loaded: Loaded, link: Link) -> None:
    order = loaded.order
    if order.lifecycle in (Lifecycle.EXPIRED, Lifecycle.CANCELLED):
        raise LinkExpired("the order has ended in the meantime")
    if str(order.link_serial) != link.serial:
        raise LinkExpired("a newer link was sent; use that one")


def _known(loaded: Loaded, customers: Register) -> Customer | None:
    contact = loaded.text("contact")
    return customers.by_email(contact["email"]) or customers.living(loaded.order.customer_id)


def _places(loaded: Loaded, known: Customer | None) -> list[dict[str, Any]]:
    return [loaded.text("shipping"), loaded.text("billing"), known.address if known else {}]


def confirmed(loaded: Loaded, known: Customer | None, at: str, new_id: NewId) -> Customer:
    """The customer with what they wrote on this order, which the confirmed address now vouches for."""
    contact = loaded.text("contact")
    base = known or Customer(loaded.order.customer_id or new_id(), contact["email"], "", created_at=at)
    filled = {name: value for name, value in contact.items() if value and name != "email"}
    base = base if base.has(contact["email"]) else replace(base, email=contact["email"])
    address = base.address if base.default_address else loaded.text("shipping") or base.address
    return verified(
        replace(base, **filled, locale=loaded.order.locale, address=address), contact["email"], at
    )


def vouching(loaded: Loaded) -> Decision:
    """Staff vouch for the customer of this order. The address itself stays unconfirmed elsewhere."""
    check("verify", loaded.order)
    return Decision(facts=(Happened("EmailVerified", {"by": "staff"}, "customer"),))


def resend_verification(
    desk: Desk,
    order_id: str,
    email: str,
    origin: Origin,
    *,
    links: Links,
    customers: Register,
    new_id: NewId,
    seconds: int,
    most: int,
) -> Done:
    """Send a fresh link, to a corrected address if one is given; earlier links stop working.

    Raises WrongState for a verified or ended order and RateLimited after `most` letters.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("resend-verification", order)
        if order.link_serial > most:
            raise RateLimited(f"at most {most} more letters are sent for one order", retry_after=3600)
        serial, until = order.link_serial + 1, later(origin.at, seconds)
        link = links.issue("verify", order_id, str(serial), until)
        data: dict[str, Any] = {"link_serial": serial, "verify_by": until}
        sent = mail("verification", str(serial), links={"verify": link.mark})
        decision = Decision(effects=(sent,), also=(link.write,))
        if email and email.casefold() != loaded.text("contact")["email"].casefold():
            corrected = _corrected(loaded, email, customers, origin.at, new_id)
            data |= corrected.data
            decision += corrected.decision
        return decision + Decision(facts=(Happened("VerificationResent", data),))

    return desk.run(order_id, decide, origin)


@dataclass(frozen=True, slots=True)
class _Corrected:
    data: dict[str, Any]
    decision: Decision


def _corrected(loaded: Loaded, email: str, customers: Register, at: str, new_id: NewId) -> _Corrected:
    """The order under its right address, and the customer it belongs to now."""
    contact = loaded.text("contact") | {"email": email}
    sealed = Sealed(contact, new_id())
    owner = customers.by_email(email)
    also: tuple[Callable[[Any], None], ...] = ()
    if owner is None:
        fresh = Customer(new_id(), locale=loaded.order.locale, created_at=at, **contact)
        owner, also = fresh, (lambda tx: customers.register(tx, fresh),)
    data = {"personal": {"contact": sealed.digest}, "customer_id": owner.customer_id}
    return _Corrected(data, Decision(personal={"contact": sealed}, also=also))
