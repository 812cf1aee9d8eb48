"""A draft's end: placed, sent as a quotation, withdrawn, or given up. What is typed is saved first."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from comanda.errors import Invalid, PriceChanged
from comanda.idempotency.store import Request
from comanda.orders.drafts.place import Placing, placing
from comanda.orders.drafts.quotation import quoting, withdrawing
from comanda.orders.drafts.write import discarding
from comanda.orders.wire import sums_answer
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.form import Values, typed
from comanda.screens.drafts.page import address_of
from comanda.screens.drafts.sheet import lacking
from comanda.screens.drafts.write import command, save
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.times import stamp

LIST = f"{BASE}/drafts"
ELSEWHERE = ("verified", "gift_cards")  # what only placing asks for


def place(asked: Asked, desk: SalesDesk, order_id: str) -> Answer:
    """Make the order; what it lacks is marked on its page. Raises OutOfStock, Stale, WrongState."""
    here = f"{BASE}/orders/{order_id}"
    sent: Values = {name: bool(asked.field(name)) for name in ("verified", "accept_privacy")}
    if _before(asked, desk, "place", order_id, sent):
        return Goto(here)
    saved = save(asked, typed(asked), desk, order_id)
    try:
        decide = placing(_wanted(asked, desk), asked.origin, desk.counter())
        done = command(asked, desk, "place", order_id, decide, saved.order.version, sent)
    except PriceChanged as changed:
        total = asked.tongue.money(sums_answer(changed.extra["totals"], desk.currency)["total"])
        told = asked.tongue.say("It comes to %(total)s now: look at it, then place it.", total=total)
        return Goto(address_of(order_id), told)
    except Invalid as refused:
        return _incomplete(asked, order_id, refused)
    return Goto(here, asked.tongue.say("%(number)s is placed.", number=done.order.number))


def quote(asked: Asked, desk: SalesDesk, order_id: str) -> Answer:
    """Mail it as a quotation until the end of the chosen day. Raises Invalid, Stale, WrongState."""
    until = _end_of_day(asked, desk)
    if _before(asked, desk, "quote", order_id, {"until": until}):
        return Goto(address_of(order_id))
    saved = save(asked, typed(asked), desk, order_id)
    try:
        decide = quoting(until, asked.origin, desk.counter())
        done = command(asked, desk, "quote", order_id, decide, saved.order.version, {"until": until})
    except Invalid as refused:
        return _incomplete(asked, order_id, refused)
    told = asked.tongue.say(
        "The quotation %(number)s is on its way to the customer.", number=done.order.number
    )
    return Goto(address_of(order_id), told)


def withdraw(asked: Asked, desk: SalesDesk, order_id: str) -> Answer:
    """A quotation becomes a draft again; its link stops working."""
    done = command(asked, desk, "withdraw-quote", order_id, withdrawing, asked.version, {})
    told = asked.tongue.say("%(number)s is a draft again; its link works no more.", number=done.order.number)
    return Goto(address_of(order_id), told)


def discard(asked: Asked, desk: SalesDesk, order_id: str) -> Answer:
    done = command(asked, desk, "discard", order_id, discarding, asked.version, {})
    return Goto(LIST, asked.tongue.say("%(number)s is given up.", number=done.order.number))


def _wanted(asked: Asked, desk: SalesDesk) -> Placing:
    """As the form says; what staff saw as the total is what is agreed to."""
    total = asked.field("expected_total")
    seen = int(total) if total.isascii() and total.isdecimal() and len(total) <= 15 else None
    return Placing(
        verified=bool(asked.field("verified")),
        privacy=bool(asked.field("accept_privacy")),
        expected_total=seen,
        expected_currency=desk.currency,
        cards=tuple(asked.field("gift_cards").replace(",", " ").split()[:5]),
    )


def _before(asked: Asked, desk: SalesDesk, name: str, order_id: str, sent: Values) -> bool:
    """Whether this very form was sent before: a double click finds the draft placed already."""
    if not asked.key:
        return False
    request = Request.of(f"{asked.origin.actor}#{name}#{order_id}", asked.key, sent)
    return desk.office().keys_seen.earlier(request) is not None


def _incomplete(asked: Asked, order_id: str, refused: Invalid) -> Answer:
    """It is saved; its page marks what is missing."""
    said = lacking(refused.extra.get("errors") or [], asked.tongue)
    told = next((said[name] for name in ELSEWHERE if name in said), "")
    return Goto(f"{address_of(order_id)}?check=1", told)


def _end_of_day(asked: Asked, desk: SalesDesk) -> str:
    """The end of the day in the shop's time zone, as UTC. Raises Invalid."""
    zone = ZoneInfo(desk.settings().section("shop")[0].time_zone)
    try:
        day = date.fromisoformat(asked.field("expires_on"))
        return stamp(datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC))
    except (ValueError, OverflowError):
        raise Invalid.at(
            "/expires_on", asked.tongue.say("Choose the day until which the prices hold.")
        ) from None
