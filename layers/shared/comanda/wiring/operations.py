"""Operations: switches, the audit log, dead letters, executions, incidents."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.backoffice.operations.audit import AuditLog
    from comanda.backoffice.operations.pausing import Pausing


@cache
def audit() -> "AuditLog":
    from comanda.backoffice.operations.audit import AuditLog
    from comanda.ids import new_id

    return AuditLog(variable("JOBS_TABLE"), new_id)


@cache
def pausing() -> "Pausing":
    from comanda.backoffice.bulk.standstill import go_on
    from comanda.backoffice.operations.pausing import Pausing
    from comanda.exports.requests import wake_unfinished

    return Pausing(
        wiring.pauses(),
        wiring.audit(),
        lambda: list(wiring.settings().section("exports")[0].destinations),
        lambda code: wake_unfinished(code, wiring.exporting()),
        lambda: go_on(at=wiring.bulking(), runs=wiring.bulk_runs()),
    )
