"""Staff noted parcels by mistake and take them back, while they were neither told nor scanned."""

from collections.abc import Callable, Iterable
from typing import Any

from comanda.errors import NotFound, WrongState
from comanda.orders.consignments import consignment_of, together
from comanda.orders.decision import NOTHING, Decision, Loaded, Move, Outgoing
from comanda.orders.delivery_counts import counted_in
from comanda.orders.desk import Decide
from comanda.orders.facts import Fact, Happened
from comanda.orders.goods import coming_back
from comanda.orders.guards import check
from comanda.orders.mails import mail
from comanda.orders.model import Order, Shipment
from comanda.orders.steps.undo import without
from comanda.orders.undo import Withdraw, run_anew, skipped, stopping

type Facts = Callable[[str], Iterable[Fact]]  # the whole history of an order


def unshipping(shipment_id: str, facts: Facts, withdraw: Withdraw) -> Decide:
    """The parcel never left: its units lie where they were taken and belong to the order, its mail is not
    sent; one that told of other parcels too is written anew, of those. `result.shipment_id` names it.

    Raises NotFound, WrongState (`parcel-scanned` once its carrier has it, `already-told`).
    """

    def decide(loaded: Loaded) -> Decision:
        check("undo-ship", loaded.order)
        back = _back(loaded, [_parcel(loaded.order, shipment_id)], facts, withdraw)
        return back + Decision(result={"shipment_id": shipment_id})

    return decide


def unconsigning(consignment: str, facts: Facts, withdraw: Withdraw) -> Decide:
    """None of the parcels of a `ship` has left; raises as `unshipping` when one of them has.
    `result.shipment_ids` names them."""

    def decide(loaded: Loaded) -> Decision:
        check("undo-ship", loaded.order)
        ids = [one.shipment_id for one in together(loaded.order.shipments, consignment)]
        if not ids:
            raise NotFound(f"this order has no consignment {consignment!r}")
        back = _back(loaded, [_parcel(loaded.order, one) for one in ids], facts, withdraw)
        return back + Decision(result={"shipment_ids": ids, "consignment": consignment})

    return decide


def _back(loaded: Loaded, parcels: list[Shipment], facts: Facts, withdraw: Withdraw) -> Decision:
    order, gone = loaded.order, {one.shipment_id for one in parcels}
    history = list(facts(order.order_id))
    back, after = NOTHING, order
    for parcel in parcels:  # each is counted where those before it have left units
        part = _taken_back(after, parcel, _left(history, parcel.shipment_id))
        after = without(after, part.facts[0].data)
        back += part
    own = {consignment_of(one) for one in parcels}
    mails = [one for one in loaded.effects if gone & {one.data.get("shipment_id")} or _of(one) in own]
    stopped = stopping(loaded, mails, withdraw)
    over = all(line.to_ship <= 0 for line in order.lines)  # its run waits for the delivery by now
    return back + stopped + _told_anew(order, mails, gone) + (run_anew(order) if over else NOTHING)


def _taken_back(order: Order, parcel: Shipment, left: dict[str, Any]) -> Decision:
    told: dict[str, Any] = {"shipment_id": parcel.shipment_id, "taken": left["taken"]}
    told |= {"lines": [one.to_dict() for one in parcel.lines]}
    of = left.get("of") or counted_in(order, parcel.lines)
    told |= {"of": of} if of else {}
    return Decision(
        facts=(Happened("ParcelTakenBack", told, "customer"),), moves=_moves(order, left["taken"])
    )


def _of(one: Outgoing) -> str:
    return str(one.data.get("consignment", ""))


def _told_anew(order: Order, mails: list[Outgoing], gone: set[str]) -> Decision:
    """What a stopped mail told of parcels that do leave is told by another."""
    decision = NOTHING
    for consignment in {_of(one) for one in mails if _of(one) and not skipped(one)}:
        stay = [one for one in together(order.shipments, consignment) if one.shipment_id not in gone]
        if stay:
            key = f"{consignment}-{order.facts + 1}"
            told = mail("shipped", key, shipment_id=stay[0].shipment_id, consignment=consignment)
            decision += Decision(effects=(told,))
    return decision


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
