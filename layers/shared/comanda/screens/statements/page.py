"""What the screens of bank statements show, as plain data."""

from typing import Any

from comanda.backoffice.statements.answers import candidate_answer, row_answer, statement_answer
from comanda.backoffice.statements.desk import StatementDesk
from comanda.backoffice.statements.proposing import MOST_ROWS, Row, chosen, row, rows
from comanda.errors import NotFound
from comanda.money import decimal_text
from comanda.screens.accounts.rooms import rooms
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.statements.words import BY_CODE, FORMATS, GROUPS, LEFT_OUT, WHY
from comanda.statements.matching import CONFIRMED_AS, Outcome
from comanda.statements.model import Statement

PAGE = 30
ROOM = 3  # parts of a split that a form has at least


def list_screen(asked: Asked, desk: StatementDesk) -> Screen:
    found, after = desk.store.recent(PAGE, asked.word("cursor"))
    values = {
        "rooms": rooms(asked),
        "rows": [_statement(one, asked) for one in found],
        "first": asked.address(cursor=None) if asked.word("cursor") else "",
        "next": asked.address(cursor=after) if after else "",
    }
    return Screen("statements/list.html.j2", values)


def statement_screen(asked: Asked, statement_id: str, desk: StatementDesk) -> Screen:
    """A page of movements, those that look alike together. Raises NotFound."""
    statement = desk.store.get(statement_id)
    told = asked.word("from")
    first = int(told) if told.isdecimal() and told.isascii() and len(told) <= 5 else 0
    found = rows(statement_id, first, MOST_ROWS, desk)
    after = found[-1].place + 1 if len(found) == MOST_ROWS else 0
    values = {
        "rooms": rooms(asked),
        "statement": _statement(statement, asked),
        "groups": _grouped(found),
        "from": first,
        "ticked": sum(1 for one in found if one.preselected),
        "first": asked.address(**{"from": None}) if first else "",
        "next": asked.address(**{"from": str(after)}) if after else "",
    }
    return Screen("statements/statement.html.j2", values)


def entry_screen(asked: Asked, statement_id: str, entry_id: str, desk: StatementDesk) -> Screen:
    """One movement, with what it would be for an order that was looked for. Raises NotFound."""
    found = row(statement_id, entry_id, desk)
    wanted = asked.word("order").strip()
    candidates = list(found.proposal.candidates) if found.proposal else []
    missing = False
    if wanted:
        try:
            named = chosen(found.entry, wanted, desk)
        except NotFound:
            missing = True
        else:
            candidates = [named, *(one for one in candidates if one.order_id != named.order_id)]
    values = {
        "rooms": rooms(asked),
        "statement": _statement(desk.store.get(statement_id), asked),
        "row": _row(found),
        "group": BY_CODE[_code(found)],
        "shares": _shares(found),
        "wanted": wanted,
        "missing": missing,
        "candidates": [
            candidate_answer(one)
            | {"group": BY_CODE[one.standing], "may": one.standing in CONFIRMED_AS, "says": WHY[one.why]}
            for one in candidates
        ],
    }
    return Screen("statements/entry.html.j2", values)


def _shares(found: Row) -> list[dict[str, str]]:
    """The parts of a split as the form begins: begun before, proposed, or none; with room for more."""
    currency = found.entry.currency
    told = [(part.number, part.amount) for part in found.decided.parts]
    if not told and found.proposal and found.proposal.outcome == Outcome.SPLIT:
        told = [(one.number, one.due) for one in found.proposal.candidates]
    some = [{"number": number, "amount": decimal_text(amount, currency)} for number, amount in told]
    return [*some, *({"number": "", "amount": ""} for _ in range(max(ROOM - len(some), 1)))]


def _statement(statement: Statement, asked: Asked) -> dict[str, Any]:
    told = statement_answer(statement)
    say, number = asked.tongue.say, asked.tongue.number
    left = [say(LEFT_OUT[one.why], n=number(one.count)) for one in statement.left_out]
    days = [day for account in told["accounts"] for day in (account["from"], account["to"]) if day]
    more = {
        "to": f"{BASE}/money/statements/{statement.statement_id}",
        "name": FORMATS[statement.format],
        "left": left,
        "names": [account["account"] for account in told["accounts"] if account["account"]],
        "first_day": min(days, default=""),
        "last_day": max(days, default=""),
    }
    return told | more


def _grouped(found: list[Row]) -> list[dict[str, Any]]:
    """The groups that have movements, in the order of what there is to do."""
    by_code: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        by_code.setdefault(_code(one), []).append(_row(one))
    return [{"group": group, "rows": by_code[group.code]} for group in GROUPS if group.code in by_code]


def _code(found: Row) -> str:
    return found.decided.state if found.proposal is None else str(found.proposal.outcome)


def _row(found: Row) -> dict[str, Any]:
    """A movement; `value` is what its tick sends, if it can be confirmed here."""
    told = row_answer(found)
    order, proposal, value = told["order"], found.proposal, ""
    if proposal and order and proposal.outcome == order["outcome"] and proposal.outcome in CONFIRMED_AS:
        value = f"{found.entry.entry_id}|{order['order_id']}|{order['outcome']}"
    if found.decided.state == "confirming" and not found.decided.parts:
        claim = found.decided
        value = f"{claim.entry_id}|{claim.order_id}|{claim.standing}"
    return told | {"value": value, "references": " · ".join(told["references"])}
