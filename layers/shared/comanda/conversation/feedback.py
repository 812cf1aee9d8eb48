"""What SES says became of our mails: bounces, complaints, and proof that a mail went out."""

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from typing import Any, Protocol

from comanda.conversation.mime import untag
from comanda.conversation.notice_book import PREFIX
from comanda.conversation.own_bounces import OwnBounces
from comanda.conversation.troubles import Trouble
from comanda.customers.model import Customer
from comanda.orders.outbox import Outbox
from comanda.times import moment, stamp

type Event = Mapping[str, Any]


class Troubles(Protocol):
    def note(self, trouble: Trouble) -> None: ...


class Customers(Protocol):
    def by_email(self, email: str) -> Customer | None: ...

    def record_delivery_trouble(
        self, email: str, *, bounced: str = "", complained: bool = False, at: str
    ) -> bool: ...


def record_mail_event(
    event: Event,
    *,
    customers: Customers,
    orders: Outbox,
    notices: Outbox,
    troubles: Troubles,
    own: OwnBounces | None = None,
) -> str:
    """Record one SES event as EventBridge delivers it; repeated and unknown ones do no harm.

    Any event about a mail proves that SES took it, so a claim that nobody settled is settled.
    """
    detail = event.get("detail") or {}
    kind = str(detail.get("eventType") or "")
    if kind == "Bounce" and detail["bounce"].get("bounceType") == "Permanent":
        for email in _people(detail["bounce"], "bouncedRecipients"):
            why = str(detail["bounce"].get("bounceSubType") or "General")
            if own and own.note(email, _time(detail["bounce"]), why):
                continue
            _record(customers, troubles, email, at=_time(detail["bounce"]), bounced=why)
    if kind == "Complaint":
        for email in _people(detail["complaint"], "complainedRecipients"):
            _record(customers, troubles, email, at=_time(detail["complaint"]), complained=True)
    _settle(kind, detail, orders, notices)
    return kind


def _record(
    customers: Customers,
    troubles: Troubles,
    email: str,
    *,
    at: str,
    bounced: str = "",
    complained: bool = False,
) -> None:
    """Only news counts: not what is known already, nor a bounce from before the address was confirmed. The
    note goes first: whoever dies behind it writes the same one again."""
    customer = customers.by_email(email)
    if customer is None:
        return
    known = max(customer.bounced_at, customer.verified_at) if bounced else customer.complained_at
    if at > known:
        kind = "bounce" if bounced else "complaint"
        troubles.note(Trouble(kind, customer.customer_id, at, bounced))
        customers.record_delivery_trouble(email, bounced=bounced, complained=complained, at=at)


def _people(part: Event, name: str) -> Iterator[str]:
    """Addresses, which mail servers sometimes hand back with a name around them."""
    for one in part.get(name) or ():
        email = parseaddr(str(one.get("emailAddress") or ""))[1]
        if email:
            yield email


def _time(part: Event) -> str:
    return stamp(moment(str(part["timestamp"])))


def _settle(kind: str, detail: Event, orders: Outbox, notices: Outbox) -> None:
    """Our tags name the effect; mails that carry none are not ours."""
    mail = detail.get("mail") or {}
    tags = mail.get("tags") or {}
    try:
        owner, effect_id = untag(tags["order"][0]), untag(tags["effect"][0])
    except (KeyError, IndexError, ValueError):
        return
    outbox = notices if owner.startswith(PREFIX) else orders
    if kind == "Reject":
        outbox.fail(owner, effect_id, "rejected by SES: it found a virus")
    elif kind and not _known(outbox, owner, effect_id):
        outbox.settle(owner, effect_id, {"message_id": str(mail.get("messageId") or ""), "at": _time(mail)})


def _known(outbox: Outbox, owner: str, effect_id: str) -> bool:
    """Nearly always the sender has said so itself; a read costs a fifth of a write that is refused."""
    seen = outbox.find(owner, effect_id)
    return seen is None or seen.state == "done"
