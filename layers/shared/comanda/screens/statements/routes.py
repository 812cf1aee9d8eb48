"""Where the screens of bank statements are hung."""

from collections.abc import Callable
from dataclasses import replace

from comanda.backoffice.routes_statements import LEAVE_MS
from comanda.backoffice.statements.confirming import Confirming, Wish
from comanda.backoffice.statements.desk import StatementDesk
from comanda.backoffice.statements.once import confirm_once, split_once
from comanda.backoffice.statements.proposing import order_named
from comanda.backoffice.statements.setting_aside import reopen, set_aside
from comanda.backoffice.statements.splitting import MOST_PARTS, Share, Splitting
from comanda.errors import Invalid, Malformed, NotFound
from comanda.idempotency.store import KeyStore
from comanda.origin import UNDO_SECONDS
from comanda.screens.house.amounts import minor_units
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.statements.page import entry_screen, list_screen, statement_screen
from comanda.screens.statements.words import told_of
from comanda.statements.matching import CONFIRMED_AS, Outcome

MOST_REASON = 1_000

type Desk = Callable[[], StatementDesk]


def hang_statements(house: House, desk: Desk, keys_seen: Callable[[], KeyStore]) -> None:
    """The list, a statement, and one of its movements."""
    hang_pages(house, desk)
    hang_decisions(house, desk, keys_seen)


def hang_pages(house: House, desk: Desk) -> None:
    @house.get("/money/statements", "statements.read")
    def listed(asked: Asked) -> Answer:
        return list_screen(asked, desk())

    @house.get("/money/statements/<statement_id>", "statements.read")
    def shown(asked: Asked, statement_id: str) -> Answer:
        return statement_screen(asked, statement_id, desk())

    @house.get("/money/statements/<statement_id>/entries/<entry_id>", "statements.read")
    def one(asked: Asked, statement_id: str, entry_id: str) -> Answer:
        return entry_screen(asked, statement_id, entry_id, desk())

    @house.post("/money/statements", "statements.write")
    def send(asked: Asked) -> Answer:
        statement, new = desk().take_in(asked.files.get("file", b""), asked.origin)
        say, say_many = asked.tongue.say, asked.tongue.say_many
        added = say_many("%(n)s new movement.", "%(n)s new movements.", statement.added)
        told = added if new else say("This file was sent before; nothing was added.")
        return Goto(address(statement.statement_id), told)


def hang_decisions(house: House, desk: Desk, keys_seen: Callable[[], KeyStore]) -> None:
    @house.post("/money/statements/<statement_id>/confirm", "statements.write")
    def confirm(asked: Asked, statement_id: str) -> Answer:
        origin = replace(asked.origin, patience=UNDO_SECONDS)
        confirming = Confirming(desk(), statement_id, origin, notify=asked.field("notify") == "on")
        request, time_left = asked.once(f"statement#{statement_id}"), asked.time_left(LEAVE_MS)
        told, _ = confirm_once(confirming, wishes(asked.fields("row")), request, keys_seen(), time_left)
        return Goto(back_to(asked, statement_id), told_of(told["results"], asked.tongue))

    @house.post("/money/statements/<statement_id>/entries/<entry_id>/split", "statements.write")
    def split(asked: Asked, statement_id: str, entry_id: str) -> Answer:
        origin = replace(asked.origin, patience=UNDO_SECONDS)
        entry = desk().store.entry(statement_id, entry_id).entry
        given = shares(asked, entry.currency, desk())
        splitting = Splitting(Confirming(desk(), statement_id, origin, notify=asked.field("notify") == "on"))
        split_once(splitting, entry_id, given, asked.once(f"split#{entry_id}"), keys_seen())
        told = asked.tongue.say_many(
            "The movement is confirmed for %(n)s order.",
            "The movement is confirmed for %(n)s orders.",
            len(given),
        )
        return Goto(f"{address(statement_id)}/entries/{entry_id}", told)

    @house.post("/money/statements/<statement_id>/entries/<entry_id>/set-aside", "statements.write")
    def aside(asked: Asked, statement_id: str, entry_id: str) -> Answer:
        reason = asked.field("reason")
        if not 1 <= len(reason) <= MOST_REASON:
            raise Invalid.at("/reason", "say why, in a few words")
        set_aside(statement_id, entry_id, reason, desk(), asked.origin)
        return Goto(address(statement_id), asked.tongue.say("The movement is set aside."))

    @house.post("/money/statements/<statement_id>/entries/<entry_id>/reopen", "statements.write")
    def again(asked: Asked, statement_id: str, entry_id: str) -> Answer:
        reopen(statement_id, entry_id, desk(), asked.origin)
        return Goto(
            f"{address(statement_id)}/entries/{entry_id}", asked.tongue.say("The movement is open again.")
        )


def address(statement_id: str) -> str:
    return f"{BASE}/money/statements/{statement_id}"


def back_to(asked: Asked, statement_id: str) -> str:
    """The page of the statement that the form stood on."""
    first = asked.field("from")
    return address(statement_id) + (f"?from={first}" if first.isdecimal() and first.isascii() else "")


def shares(asked: Asked, currency: str, desk: StatementDesk) -> list[Share]:
    """The parts that were filled in, each for an order by its number. Raises Invalid."""
    found, errors = [], []
    for place in range(MOST_PARTS):
        number, typed = (asked.field(f"parts.{place}.{name}").strip() for name in ("order_id", "amount"))
        if not number and not typed:
            continue
        order_id, amount = "", 0
        try:
            order_id = order_named(number, desk).order.order_id
        except NotFound:
            errors.append({"pointer": f"/parts/{place}/order_id", "detail": "no such order"})
        try:
            amount = minor_units(typed, currency)
        except (ValueError, KeyError):
            errors.append({"pointer": f"/parts/{place}/amount", "detail": "this is no amount"})
        found.append(Share(order_id, amount))
    if errors:
        raise Invalid("the movement cannot be split like that", errors=errors)
    return found


def wishes(rows: list[str]) -> list[Wish]:
    """The rows that were ticked: movement, order and what it was seen to be. Raises Invalid, Malformed."""
    if not rows:
        raise Invalid.at("/row", "choose at least one movement")
    found = []
    for row in rows:
        entry_id, _, rest = row.partition("|")
        order_id, _, seen = rest.partition("|")
        if seen not in CONFIRMED_AS:
            raise Malformed("the form cannot be read")
        found.append(Wish(entry_id, order_id, Outcome(seen)))
    return found
