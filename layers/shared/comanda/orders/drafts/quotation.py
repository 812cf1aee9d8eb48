"""Offer a draft to its customer at prices that hold until a moment, by a link that a newer offer replaces."""

from dataclasses import replace

from comanda.errors import Invalid, LinkExpired, LinkUsed
from comanda.links.store import Link
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.drafts.content import request_of, with_price
from comanda.orders.drafts.place import Counter, price_of_today
from comanda.orders.drafts.write import rewritten, texts_of
from comanda.orders.facts import Origin
from comanda.orders.guards import check
from comanda.orders.mails import mail
from comanda.orders.model import Draft, Order
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later

LONGEST = 400 * 86_400  # seconds that an offer may hold
PURPOSE = "quote"


def quoting(expires_at: str, origin: Origin, at: Counter) -> Decide:
    """Mail the draft as a quotation that holds until `expires_at` (UTC); earlier links stop working.

    Raises WrongState once it is placed, Invalid for a moment that is over or too far off, and with all
    that the draft lacks to be placed.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("quote", order)
        if not origin.at < expires_at <= later(origin.at, LONGEST):
            raise Invalid.at("/expires_at", "a moment to come, within 400 days")
        before, texts = order.draft or Draft(), texts_of(loaded)
        contact = texts.get("contact") or {}
        shelf = at.reader.shelf(before, contact)
        priced = price_of_today(before, request_of(before, texts, order.locale), shelf)
        if not contact.get("email"):
            raise Invalid.at("/customer/email", "a quotation is mailed: an e-mail address is needed")
        draft = replace(before, expires_at=expires_at, serial=before.serial + 1)
        offered = replace(with_price(order, draft, priced), lifecycle=Lifecycle.QUOTED)
        link = at.links.issue(PURPOSE, order.order_id, str(draft.serial), expires_at)
        letter = mail("quotation", str(draft.serial), links={PURPOSE: link.mark})
        return Decision(
            facts=(rewritten("QuotationSent", offered, "customer"),),
            effects=(letter,),
            also=(link.write,),
            result={"expires_at": expires_at},
        )

    return decide


def withdrawing(loaded: Loaded) -> Decision:
    """A quotation becomes a draft again, priced as it was; its link stops working. Raises WrongState."""
    order = loaded.order
    check("withdraw-quote", order)
    draft = replace(order.draft or Draft(), expires_at="")
    return Decision(
        facts=(rewritten("DraftChanged", replace(order, lifecycle=Lifecycle.DRAFT, draft=draft)),)
    )


def offered_by(link: Link, order: Order) -> None:
    """Whether the link still offers what the order is. Raises LinkUsed once it was accepted, LinkExpired
    when it was changed, withdrawn, or offered anew."""
    if order.lifecycle == Lifecycle.DRAFT:
        raise LinkExpired("the shop is changing this quotation; it will send you another")
    if order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED) and order.draft is not None:
        raise LinkExpired("this quotation is no longer open")
    if order.lifecycle != Lifecycle.QUOTED or order.draft is None:
        raise LinkUsed("this quotation was accepted")
    if str(order.draft.serial) != link.serial:
        raise LinkExpired("the shop sent a newer quotation; use that one")
