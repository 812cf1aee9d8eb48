"""/admin/statements: what the bank says, matched with orders and confirmed by a person."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.bodies_statements import ConfirmBody, SetAsideBody, SplitBody
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.statements.answers import candidate_answer, row_answer, statement_answer
from comanda.backoffice.statements.confirming import Confirming
from comanda.backoffice.statements.desk import StatementDesk
from comanda.backoffice.statements.once import confirm_once, split_once
from comanda.backoffice.statements.proposing import MOST_ROWS, chosen, row, rows
from comanda.backoffice.statements.setting_aside import reopen, set_aside
from comanda.backoffice.statements.splitting import Splitting
from comanda.idempotency.store import KeyStore, Request
from comanda.runtime.http import answer, answers, idempotency_key, replayed
from comanda.runtime.requests import raw_body
from comanda.statements.read import MOST_BYTES

LEAVE_MS = 6_000  # for the movement at hand, and for answering
FRESH = {"Cache-Control": "no-store"}

Found = Response[dict[str, Any]]


def hang_statements(
    routes: StaffRoutes, desk: Callable[[], StatementDesk], keys_seen: Callable[[], KeyStore]
) -> None:
    """Every route of statements."""
    hang_files(routes, desk)
    hang_confirmation(routes, desk, keys_seen)
    hang_one_movement(routes, desk)


def hang_files(routes: StaffRoutes, desk: Callable[[], StatementDesk]) -> None:
    """The files, and what is proposed for their movements."""

    @routes.post(
        "/admin/statements",
        "statements.write",
        "Send a bank's file: CSV, CAMT.053 or Norma 43. The same movements are entered once.",
        answers(201, "The statement"),
    )
    def send() -> Found:
        statement, new = desk().take_in(raw_body(routes.event, MOST_BYTES), routes.origin)
        return answer(statement_answer(statement), 201 if new else 200)

    @routes.get("/admin/statements", "statements.read", "Statements, newest first.")
    def listed(
        limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str, Query(max_length=200)] = ""
    ) -> Found:
        found, after = desk().store.recent(limit, cursor)
        return answer({"items": [statement_answer(one) for one in found], "next": after or None})

    @routes.get("/admin/statements/<statement_id>", "statements.read", "A statement.")
    def shown(statement_id: str) -> Found:
        return answer(statement_answer(desk().store.get(statement_id)))

    @routes.get(
        "/admin/statements/<statement_id>/proposals",
        "statements.read",
        "The movements that a statement brought, each with what is proposed for it or was decided.",
    )
    def proposals(
        statement_id: str,
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
        cursor: Annotated[int, Query(ge=0, le=100_000)] = 0,
    ) -> Found:
        found = rows(statement_id, cursor, limit, desk())
        after = found[-1].place + 1 if len(found) == limit else None
        told = {"items": [row_answer(one) for one in found], "next": None if after is None else str(after)}
        return answer(told, headers=FRESH)


def hang_confirmation(
    routes: StaffRoutes, desk: Callable[[], StatementDesk], keys_seen: Callable[[], KeyStore]
) -> None:
    @routes.post(
        "/admin/statements/<statement_id>/confirm",
        "statements.write",
        "Confirm movements, each as what it was seen to be: recorded on its order, once.",
    )
    def confirm(statement_id: str, body: ConfirmBody) -> Found:
        origin, key = routes.origin, idempotency_key(routes.event)
        asked = Request.of(f"{origin.actor}#statement#{statement_id}", key, body.model_dump(mode="json"))
        confirming = Confirming(desk(), statement_id, origin, body.notify)
        told, before = confirm_once(confirming, body.wishes(), asked, keys_seen(), routes.time_left(LEAVE_MS))
        return answer(told, headers=replayed(before))

    @routes.post(
        "/admin/statements/<statement_id>/entries/<entry_id>/split",
        "statements.write",
        "Confirm a movement for several orders, each with its part: recorded once, all of it.",
    )
    def split(statement_id: str, entry_id: str, body: SplitBody) -> Found:
        origin, key = routes.origin, idempotency_key(routes.event)
        shares = body.shares(desk().store.entry(statement_id, entry_id).entry.currency)
        asked = Request.of(f"{origin.actor}#split#{entry_id}", key, body.model_dump(mode="json"))
        splitting = Splitting(Confirming(desk(), statement_id, origin, body.notify))
        before = split_once(splitting, entry_id, shares, asked, keys_seen())
        return answer(row_answer(row(statement_id, entry_id, desk())), headers=replayed(before))


def hang_one_movement(routes: StaffRoutes, desk: Callable[[], StatementDesk]) -> None:
    """One movement: matched by hand, set aside, taken up again."""
    path = "/admin/statements/<statement_id>/entries/<entry_id>"

    @routes.get(path, "statements.read", "A movement; with `order`, what it would be for that order.")
    def shown(statement_id: str, entry_id: str, order: Annotated[str, Query(max_length=80)] = "") -> Found:
        found = row(statement_id, entry_id, desk())
        named = candidate_answer(chosen(found.entry, order, desk())) if order.strip() else None
        return answer(row_answer(found) | {"chosen": named}, headers=FRESH)

    @routes.post(f"{path}/set-aside", "statements.write", "Say that a movement is no order's money.")
    def aside(statement_id: str, entry_id: str, body: SetAsideBody) -> Found:
        set_aside(statement_id, entry_id, body.reason, desk(), routes.origin)
        return answer(row_answer(row(statement_id, entry_id, desk())))

    @routes.post(
        f"{path}/reopen", "statements.write", "Take up again what was set aside, or whose payment was undone."
    )
    def again(statement_id: str, entry_id: str) -> Found:
        reopen(statement_id, entry_id, desk(), routes.origin)
        return answer(row_answer(row(statement_id, entry_id, desk())))
