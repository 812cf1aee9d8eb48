"""Staff noted a parcel by mistake and take that back, while it has neither been told nor scanned."""

from collections.abc import Callable, Iterable
from typing import Any

from comanda.errors import NotFound, WrongState
from comanda.orders.decision import NOTHING, Decision, Loaded, Move
from comanda.orders.desk import Decide
from comanda.orders.facts import Fact, Happened
from comanda.orders.goods import coming_back
from comanda.orders.guards import check
from comanda.orders.model import Order, Shipment
from comanda.orders.undo import Withdraw, run_anew, stopping

type Facts = Callable[[str], Iterable[Fact]]  # the whole history of an order


def unshipping(shipment_id: str, facts: Facts, withdraw: Withdraw) -> Decide:
    """The parcel never left: its units lie where they were taken and belong to the order, its mail is not
    sent. `result.shipment_id` names it.

    Raises NotFound, WrongState (`parcel-scanned` once its carrier has it, `already-told`).
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-ship", order)
        shipment = _parcel(order, shipment_id)
        left = _left(facts(order.order_id), shipment_id)
        taken = left["taken"]
        lines = [one.to_dict() for one in shipment.lines]
        told: dict[str, Any] = {"shipment_id": shipment_id, "lines": lines, "taken": taken}
        told |= {"of": left["of"]} if "of" in left else {}
        back = Decision(
            facts=(Happened("ParcelTakenBack", told, "customer"),),
            moves=_moves(order, taken),
            result={"shipment_id": shipment_id},
        )
        mails = [one for one in loaded.effects if one.data.get("shipment_id") == shipment_id]
        over = all(line.to_ship <= 0 for line in order.lines)  # its run waits for the delivery by now
        return back + stopping(loaded, mails, withdraw) + (run_anew(order) if over else NOTHING)

    return decide


def _parcel(order: Order, shipment_id: str) -> Shipment:
    found = next((one for one in order.shipments if one.shipment_id == shipment_id), None)
    if found is None:
        raise NotFound(f"this order has no parcel {shipment_id!r}")
    if found.scan_at or found.delivered_at or found.status != "shipped":
        raise WrongState("parcel-scanned", "the carrier has this parcel: it has left")
    return found


def _left(facts: Iterable[Fact], shipment_id: str) -> dict[str, Any]:
    """What the parcel took, as its own fact tells."""
    left = (fact.data for fact in facts if fact.type == "LinesShipped")
    return next(data for data in left if data["shipment"]["shipment_id"] == shipment_id)


def _moves(order: Order, taken: list[dict[str, Any]]) -> tuple[Move, ...]:
    lines = {line.line_id: line for line in order.lines}
    return tuple(move for told in taken for move in coming_back(lines[told["line_id"]], told))
