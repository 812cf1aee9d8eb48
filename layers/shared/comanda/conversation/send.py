"""Send a mail that an order wants: judge it anew, render it, hand it over once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from comanda.conversation.claims import Parcel, send_claimed
from comanda.conversation.letter import Letter
from comanda.conversation.letters import LETTERS, TO_MERCHANT
from comanda.conversation.letters.occasion import Occasion
from comanda.conversation.mime import Recipient, Unsendable
from comanda.conversation.render import render_letter
from comanda.conversation.room import MailRoom
from comanda.conversation.urls import Urls
from comanda.conversation.view import Sections, order_view, section_names
from comanda.conversation.wanted import fetched, pointless, told_by_carrier
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.edits.proposal import proposed
from comanda.orders.evolve import replay
from comanda.orders.outbox import expired
from comanda.times import stamp

# What these tell was so at one moment; the others ask for something and look at the order as it is.
OF_A_MOMENT = frozenset({"payment_received", "refunded", "shipped", "delivered", "order_edited"})
NOT_YET = "not yet"  # what it tells may still be taken back
NEEDED_LINK = {"verification": "verify", "quotation": "quote"}


def send_mail(order_id: str, effect_id: str, room: MailRoom) -> str:
    """Answers what became of the mail: sent, skipped, failed, unknown, not ours, not yet, no such mail.

    Raises Busy when it is to be tried again. Delivering the same message twice does no harm.
    """
    loaded = room.orders.load(order_id)
    effect = _effect(loaded, effect_id)
    if loaded is None or effect is None:
        return "no such mail"
    if effect.state == "wanted" and not effect.attempts and effect.lease_until > stamp(room.now()):
        return NOT_YET
    if effect.state != "wanted":
        return _left_behind(order_id, effect, room)
    event = str(effect.data.get("event"))
    sections = room.settings.sections([*section_names(loaded.order), *room.papers.needs(event)])
    reason = pointless(event, loaded.order, effect.data)
    reason = reason or told_by_carrier(event, loaded.order, effect.data, sections["shipping"])
    reason = reason or fetched(event, loaded.order, sections["shipping"])
    to = _recipients(event, loaded, sections)
    if reason or not to:
        room.outbox.skip(order_id, effect_id, reason or "nobody to send it to")
        return "skipped"
    try:
        then = _as_it_was(loaded, effect, room)
        paper = room.papers.enclosed(event, then, sections)
        letter = write(then, effect, sections, room.urls(), enclosed=paper is not None)
        parcel = Parcel(render_letter(letter), to, order_id, effect_id, order_id, paper)
        return send_claimed(parcel, room.outbox, room.post, room.sender, room.now())
    except Unsendable as problem:
        room.outbox.fail(order_id, effect_id, str(problem))
        return "failed"


def _as_it_was(loaded: Loaded, effect: Outgoing, room: MailRoom) -> Loaded:
    """The order as the mail's event left it: two mails of one minute must not both tell the end. A mail
    that proposes a change shows the order as it would be."""
    order, asks = loaded.order, str(effect.data.get("asks", ""))
    if asks:
        return proposed(loaded, asks, room.orders.facts_until(order.order_id, order.revision))
    moment = int(effect.data.get("as_of") or effect.revision)
    if effect.data.get("event") not in OF_A_MOMENT or not 0 < moment < order.revision:
        return loaded
    return replace(loaded, order=replay(room.orders.facts_until(order.order_id, moment)))


def write(
    loaded: Loaded, effect: Outgoing, sections: Sections, urls: Urls, *, enclosed: bool = False
) -> Letter:
    """The letter of an effect, in its reader's language; `enclosed`: its paper goes with it.

    Raises Unsendable without the link it is for.
    """
    event, order = str(effect.data["event"]), loaded.order
    if event not in LETTERS:
        raise Unsendable(f"no letter for the event {event}")
    locale = sections["notifications"].merchant_locale if event in TO_MERCHANT else order.locale
    links = _links(loaded, effect.data, urls)
    needed = "edit" if effect.data.get("asks") else NEEDED_LINK.get(event, "order")
    if not links.get(needed):
        raise Unsendable("the key of this mail's link is gone; send the link anew")
    view = order_view(loaded, sections, locale, keys=None if event in TO_MERCHANT else urls.keys)
    return LETTERS[event](Occasion(event, view, links, effect.data, loaded.personal, enclosed))


def _links(loaded: Loaded, data: Mapping[str, Any], urls: Urls) -> dict[str, str]:
    marks = data.get("links", {})
    order = loaded.order
    mailed = {purpose: urls.mailed(purpose, order.order_id, marks.get(purpose)) for purpose in marks}
    return mailed | {"order": urls.order(order), "office": urls.office(order)}


def _recipients(event: str, loaded: Loaded, sections: Sections) -> tuple[Recipient, ...]:
    """Customers by their own address; the merchant at all the configured ones (A16)."""
    if event in TO_MERCHANT:
        return tuple(Recipient(address) for address in sections["notifications"].merchant_addresses)
    contact = loaded.text("contact") or {}
    email = str(contact.get("email") or "")
    return (Recipient(email, str(contact.get("name") or "")),) if email else ()


def _effect(loaded: Loaded | None, effect_id: str) -> Outgoing | None:
    effects = loaded.effects if loaded else ()
    return next((one for one in effects if one.effect_id == effect_id and one.kind == "mail"), None)


def _left_behind(order_id: str, effect: Outgoing, room: MailRoom) -> str:
    """Somebody else has it or had it. A claim past its lease is never repeated: it may have gone out."""
    if not expired(effect, stamp(room.now())):
        return "not ours"
    room.outbox.doubt(order_id, effect, "the sender stopped before it could say what happened")
    return "unknown"
