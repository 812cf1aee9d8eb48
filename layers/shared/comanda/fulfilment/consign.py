"""Ship units of an order in several parcels at once: all of them leave, or none does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from comanda.errors import Invalid
from comanda.fulfilment.ship import Parcel, sent
from comanda.fulfilment.units import judged, leaves, named
from comanda.orders.consignments import parcel_id
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.guards import check
from comanda.orders.mails import mail
from comanda.orders.model import Line, Order, tracking_key
from comanda.orders.steps.parcels import with_sent

MOST_PARCELS = 50
MOST_WRITES = 84  # parcels and places in the stock; the transaction's 96 actions have twelve for all else


@dataclass(frozen=True, slots=True)
class Consignment:
    """What staff ask to ship together, at most MOST_PARCELS. One parcel may name no lines: it takes the rest
    of what can leave. `tares` are the grams of each one's box, for those whose weight is not given."""

    parcels: tuple[Parcel, ...]
    tares: tuple[int, ...]
    notify: bool = True
    delivery: int = 0  # number of the delivery order that they are of; 0: of whichever has the units


def consigning(asked: Consignment, first: str, at: str) -> Decide:
    """The decision to ship them; `first` is the id of the first parcel. `result` has `shipment_id` (the
    first), `shipment_ids` and `consignment`.

    Raises WrongState (also `not-enough-to-ship`, judged for all of them together), AmbiguousLine, or Invalid:
    for a line that is not in the order, a tracking number that two have, a parcel that nothing is left for,
    and for more parcels than one transaction holds.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("ship", order)
        _judge_numbers(asked.parcels)
        contents = _contents(order, asked)
        judged(order, _sum(contents), asked.delivery)
        decision = _parcels(order, asked, contents, first, at)
        _judge_room(decision, len(contents))
        ids = [parcel_id(first, number) for number, _ in enumerate(contents, start=1)]
        result = {"shipment_id": first, "shipment_ids": ids, "consignment": first}
        several = {"consignment": first} if len(ids) > 1 else {}
        told = mail("shipped", first, shipment_id=first, **several)
        return decision + Decision(result=result, effects=(told,) if asked.notify else ())

    return decide


def _judge_numbers(parcels: Sequence[Parcel]) -> None:
    """A number that is typed twice is a slip of the hand: each parcel is followed by its own."""
    seen: set[str] = set()
    for index, parcel in enumerate(parcels):
        number = tracking_key(parcel.tracking_number)
        if number in seen:
            raise Invalid.at(f"/parcels/{index}/tracking_number", "another of these parcels has this number")
        seen.add(number)


def _contents(order: Order, asked: Consignment) -> list[Counter[str]]:
    """Units by line ids of each parcel; what names no lines gets the rest."""
    found = [
        named(order, parcel.lines, f"/parcels/{index}/lines") for index, parcel in enumerate(asked.parcels)
    ]
    empty = [index for index, units in enumerate(found) if not units]
    for index in empty[1:]:
        raise Invalid.at(f"/parcels/{index}/lines", "only one parcel takes the rest: say what is in this one")
    for index in empty:
        given = _sum(found)
        rest = {
            line.line_id: leaves(order, line, asked.delivery) - given[line.line_id] for line in order.lines
        }
        found[index] = Counter({line_id: units for line_id, units in rest.items() if units > 0})
        if not found[index]:
            raise Invalid.at(f"/parcels/{index}/lines", "nothing is left for this parcel")
    return found


def _sum(contents: Sequence[Counter[str]]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for units in contents:
        whole.update(units)
    return whole


def _parcels(
    order: Order, asked: Consignment, contents: Sequence[Counter[str]], first: str, at: str
) -> Decision:
    """One leaves after the other: each is judged by what those before it left."""
    decision, several = NOTHING, len(contents) > 1
    for number, (parcel, units, tare) in enumerate(zip(asked.parcels, contents, asked.tares, strict=True), 1):
        taken = judged(order, units, asked.delivery)
        whole = replace(
            parcel,
            delivery=asked.delivery,
            consignment=first if several else "",
            weight_grams=parcel.weight_grams or weighed(taken, tare),
        )
        part = sent(order, taken, whole, parcel_id(first, number), at)
        order = with_sent(order, part.facts[0].data)
        decision += part
    return decision


def weighed(taken: Sequence[tuple[Line, int]], tare: int) -> int:
    """Grams of units with their box; 0, which is not known, as soon as one article's weight is not known."""
    if not all(line.weight_grams for line, _ in taken):
        return 0
    return tare + sum(line.weight_grams * units for line, units in taken)


def _judge_room(decision: Decision, parcels: int) -> None:
    places = {(move.sku, move.location, move.shard) for move in decision.moves}
    room = min(MOST_WRITES - len(places), MOST_PARCELS)
    if parcels > room:
        told = (
            f"at most {max(room, 1)} parcels with these articles at once: ship the others by another command"
        )
        raise Invalid.at("/parcels", told)
