"""What a bulk job can do, and the very command behind each action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.backoffice import cheques, deciding
from comanda.backoffice.bodies import AssignBody, CancelBody, HoldBody, LabelBody, NothingBody, TagBody
from comanda.backoffice.bodies_cheques import ClearedParams
from comanda.backoffice.bodies_money import MarkPaidBody
from comanda.backoffice.bulk.bodies import ExportParams, PaidParams, PrintParams, ReleaseParams, ShipParams
from comanda.backoffice.bulk.model import Unit
from comanda.backoffice.deciding import By
from comanda.fulfilment.ship import Parcel, shipping, shipping_rest
from comanda.fulfilment.units import Wanted
from comanda.orders.approve import approving
from comanda.orders.desk import Decide
from comanda.orders.hold import releasing_holds
from comanda.orders.wire import Body

EXPORT, PRINT = "export", "print"

type Deciding = Callable[[Any, Unit, By], Decide]


@dataclass(frozen=True, slots=True)
class Action:
    """`params` is what the job takes, `decide` what one of its units does; `permission` is the single
    command's. Without `decide` the job is one piece of work on all its orders."""

    params: type[Body]
    decide: Deciding | None
    permission: str = "orders.write"


def _paid(params: PaidParams, unit: Unit, by: By) -> Decide:
    return deciding.mark_paid(MarkPaidBody(reference=params.reference, notify=params.notify), by)


def _cleared(params: ClearedParams, unit: Unit, by: By) -> Decide:
    return cheques.cleared(params.on, params.notify, by.today, by)


def _shipped(params: ShipParams, unit: Unit, by: By) -> Decide:
    parcel = parcel_of(params, unit)
    if parcel.lines:
        return shipping(parcel, by.new_id(), by.origin.at)
    return shipping_rest(parcel, by.new_id(), by.origin.at)


def parcel_of(params: ShipParams, unit: Unit) -> Parcel:
    """The parcel of a unit; its lines are empty where the rest of the order goes."""
    lines = unit.more.get("lines", ())
    return Parcel(
        lines=tuple(Wanted(line["quantity"], line.get("line_id", ""), line.get("sku", "")) for line in lines),
        carrier=unit.more.get("carrier") or params.carrier or "",
        tracking_number=unit.more.get("tracking_number") or params.tracking_number or "",
        notify=params.notify,
        expected_at=params.expected_at or "",
    )


def _released(params: ReleaseParams, unit: Unit, by: By) -> Decide:
    return releasing_holds(lambda hold_id, reason: params.reason in (None, reason))


ACTIONS: dict[str, Action] = {
    "approve": Action(NothingBody, lambda params, unit, by: approving),
    "mark-paid": Action(PaidParams, _paid),
    "clear-cheque": Action(ClearedParams, _cleared),
    "ship": Action(ShipParams, _shipped),
    "cancel": Action(CancelBody, lambda params, unit, by: deciding.cancel(params, by)),
    "hold": Action(HoldBody, lambda params, unit, by: deciding.hold(params, by)),
    "release-hold": Action(ReleaseParams, _released),
    "label": Action(LabelBody, lambda params, unit, by: deciding.label(params, by)),
    "assign": Action(AssignBody, lambda params, unit, by: deciding.assign(params, by)),
    "tag": Action(TagBody, lambda params, unit, by: deciding.tag(params, by)),
    EXPORT: Action(ExportParams, None, "exports.run"),
    PRINT: Action(PrintParams, None, "orders.read"),
}
