"""Movements that are no order's money: set aside with a reason, and taken up again."""

from comanda.backoffice.statements.confirming import UNDECIDED
from comanda.backoffice.statements.desk import StatementDesk
from comanda.backoffice.statements.proposing import stands
from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, WrongState
from comanda.orders.facts import Origin
from comanda.statements.matching import Outcome
from comanda.statements.model import Decided


def set_aside(statement_id: str, entry_id: str, reason: str, desk: StatementDesk, origin: Origin) -> Decided:
    """Say that a movement is no order's; saying it again changes nothing. Raises NotFound, Busy, and
    WrongState for one that was confirmed."""
    before = _decided(statement_id, entry_id, desk)
    if (before.state, before.reason) == ("set_aside", reason):
        return before
    if before.state in ("confirmed", "confirming"):
        raise WrongState("movement-decided", f"this movement was confirmed for order {before.number}")
    return _written(desk, before, origin, state="set_aside", reason=reason)


def reopen(statement_id: str, entry_id: str, desk: StatementDesk, origin: Origin) -> Decided:
    """Take a movement up again that was set aside, or whose payment was taken back since; one that is open
    stays so. Raises NotFound, Busy, and WrongState while its payment stands."""
    before = _decided(statement_id, entry_id, desk)
    if before.state == "open":
        return before
    if before.state != "set_aside":
        load = desk.commands.desk.orders.load
        if before.state == "confirming" or before.standing == Outcome.RETURNED or stands(before, load):
            raise WrongState("payment-stands", "take the payment back on the order's page first")
    again = before.round + (before.state == "confirmed")
    return _written(desk, before, origin, round=again, **UNDECIDED)


def _decided(statement_id: str, entry_id: str, desk: StatementDesk) -> Decided:
    desk.store.entry(statement_id, entry_id)
    return desk.store.decided([entry_id])[entry_id]


def _written(desk: StatementDesk, before: Decided, origin: Origin, **changes: object) -> Decided:
    try:
        return desk.store.decide(before, origin.at, actor=origin.actor, **changes)
    except RevisionMoved as error:
        raise Busy("somebody else is deciding about this movement") from error
