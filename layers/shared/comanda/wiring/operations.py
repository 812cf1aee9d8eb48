"""Operations: switches, the audit log, dead letters, executions, incidents."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.backoffice.operations.audit import AuditLog
    from comanda.backoffice.operations.dead_letters import DeadLetters
    from comanda.backoffice.operations.deeds import Deeds
    from comanda.backoffice.operations.executions import Operating
    from comanda.backoffice.operations.incidents import Incidents
    from comanda.backoffice.operations.pausing import Pausing
    from comanda.backoffice.operations.unresolved import Unsettled
    from comanda.backoffice.parcels.stuck import StuckParcels


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


@cache
def dead_letters() -> "DeadLetters":
    from comanda.backoffice.operations import letters
    from comanda.backoffice.operations.dead_letters import DeadLetters
    from comanda.backoffice.operations.replays import ReplayNotes
    from comanda.backoffice.operations.standing import Records

    dead = {
        letters.PAYMENT_EVENTS: variable("PAYMENT_EVENTS_DEAD_LETTERS"),
        letters.PAYMENT_EFFECTS: variable("PAYMENT_EFFECTS_DEAD_LETTERS"),
        letters.LABEL_EFFECTS: variable("LABEL_EFFECTS_DEAD_LETTERS"),
        letters.LIFECYCLE_STARTS: variable("LIFECYCLE_STARTS_DEAD_LETTERS"),
        letters.MAIL: variable("MAIL_DEAD_LETTERS"),
        letters.CARRIER_EVENTS: variable("CARRIER_EVENTS_DEAD_LETTERS"),
        letters.EXPORT_RUNS: variable("EXPORT_RUNS_DEAD_LETTERS"),
        letters.MAIL_EVENTS: variable("MAIL_EVENTS_DEAD_LETTERS"),
        letters.UNDELIVERED: variable("UNDELIVERED"),
    }
    alive = {
        letters.PAYMENT_EVENTS: variable("PAYMENT_EVENTS_QUEUE"),
        letters.PAYMENT_EFFECTS: variable("PAYMENT_EFFECTS_QUEUE"),
        letters.LABEL_EFFECTS: variable("LABEL_EFFECTS_QUEUE"),
        letters.LIFECYCLE_STARTS: variable("LIFECYCLE_STARTS_QUEUE"),
        letters.MAIL: variable("MAIL_QUEUE"),
        letters.CARRIER_EVENTS: variable("CARRIER_EVENTS_QUEUE"),
        letters.EXPORT_RUNS: variable("EXPORT_RUNS_QUEUE"),
        letters.MAIL_EVENTS: variable("MAIL_EVENTS_QUEUE"),
    }
    records = Records(wiring.outbox(), wiring.inbox().store, wiring.exporting().batches)
    notes = ReplayNotes(variable("JOBS_TABLE"))
    client = wiring.aws("sqs")
    return DeadLetters(lambda: client, dead, alive, records, notes, wiring.audit(), wiring.now)


@cache
def operating() -> "Operating":
    from comanda.backoffice.operations.executions import Operating
    from comanda.backoffice.operations.machines import BULK, LIFECYCLE, Machines

    client = wiring.aws("stepfunctions")
    arns = {LIFECYCLE: variable("LIFECYCLE_STATE_MACHINE"), BULK: variable("BULK_STATE_MACHINE")}
    return Operating(
        Machines(lambda: client, arns),
        wiring.desk(),
        wiring.audit(),
        wiring.bulking,
        wiring.bulk_runs,
        variable("ORDERS_TABLE"),
    )


@cache
def unsettled() -> "Unsettled":
    from comanda.backoffice.operations.unresolved import Unsettled

    return Unsettled(variable("ORDERS_TABLE"))


@cache
def stuck_parcels() -> "StuckParcels":
    from comanda.backoffice.parcels.stuck import StuckParcels

    days = lambda: wiring.settings().section("parcels")[0].stuck_after_days  # noqa: E731
    return StuckParcels(variable("ORDERS_TABLE"), days, wiring.now)


@cache
def incidents() -> "Incidents":
    from comanda.backoffice.operations.incidents import Incidents
    from comanda.backoffice.operations.looks import Sources

    sources = Sources(
        operating=wiring.operating,
        order_list=wiring.order_list,
        jobs=lambda: wiring.bulking().jobs,
        dead_letters=wiring.dead_letters,
        batches=lambda: wiring.exporting().batches,
        unsettled=wiring.unsettled,
        notices=lambda: wiring.inbox().store,
        bounces=wiring.own_bounces,
        pauses=wiring.pauses,
        now=wiring.now,
    )
    return Incidents(sources.looks(), lambda: wiring.now())


def deeds() -> "Deeds":
    from comanda.backoffice.operations.deeds import Deeds

    return Deeds(
        wiring.orders(),
        wiring.order_list(),
        wiring.setting_versions(),
        wiring.audit(),
        wiring.bulking().ids_of,
        wiring.now,
    )
