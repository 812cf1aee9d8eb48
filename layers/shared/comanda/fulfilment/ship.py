"""Ship some or all units of an order as one parcel."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.carriers import carrier_code, tracking_page
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.deliveries import deliveries_of, drawn
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.goods import leaving
from comanda.orders.guards import check
from comanda.orders.lines import line_named
from comanda.orders.mails import mail
from comanda.orders.model import Line, Order, Shipment, ShipmentLine
from comanda.orders.pickups import may_leave
from comanda.orders.shipping_labels import under_labels


def not_picked(why: str) -> WrongState:
    return WrongState("not-picked", why)


def not_packed(why: str) -> WrongState:
    return WrongState("not-packed", why)


# By the order's steps: what units have to be before they leave, and how they are refused else.
BEFORE = {"pick_ship": ("picked", not_picked), "pick_pack_ship": ("packed", not_packed)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one line, named by its id, or by a SKU that is on one line only."""

    quantity: int
    line_id: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What staff ask to ship. `expected_at` is a date or a moment; `notify` mails the customer."""

    lines: tuple[Wanted, ...]
    carrier: str
    tracking_number: str
    notify: bool = True
    expected_at: str = ""
    tracking_url: str = ""
    delivery: int = 0  # number of the delivery order that it is of; 0: of whichever has the units
    weight_grams: int = 0  # gross; sizes in millimetres; 0: not known
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    consignment: str = ""  # of several parcels the id of the first
    label_id: str = ""  # the label it leaves with, where one was bought


def shipping(parcel: Parcel, shipment_id: str, at: str) -> Decide:
    """The decision to ship `parcel`.

    Raises WrongState (also with guard `not-enough-to-ship`), AmbiguousLine, or Invalid for a line
    that is not in the order.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("ship", order)
        taken = picked(order, parcel.lines, parcel.delivery, parcel.label_id)
        return _told(order, taken, parcel, shipment_id, at)

    return decide


def shipping_rest(parcel: Parcel, shipment_id: str, at: str) -> Decide:
    """The decision to ship all that is left of an order; the lines of `parcel` are not looked at.

    Without a tracking number the order's own is the parcel's reference. Raises WrongState, also with the
    guards `nothing-to-ship` and `not-enough-to-ship`.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("ship", order)
        rest = tuple(Wanted(line.to_ship, line.line_id) for line in order.lines if line.to_ship)
        if not rest:
            raise WrongState("nothing-to-ship", "everything of this order has been shipped")
        whole = replace(parcel, tracking_number=parcel.tracking_number or order.number)
        return _told(order, picked(order, rest), whole, shipment_id, at)

    return decide


def picked(
    order: Order, wanted: tuple[Wanted, ...], delivery: int = 0, label_id: str = ""
) -> list[tuple[Line, int]]:
    """The order's lines with the units that leave now, as far as they may: those of one delivery order, or
    of any (0), and under no label but this. Raises Invalid, AmbiguousLine, and WrongState
    (`not-enough-to-ship`, `label-open`)."""
    return judged(order, named(order, wanted), delivery, label_id)


def named(order: Order, wanted: Iterable[Wanted], where: str = "/lines") -> Counter[str]:
    """Units by the ids of the lines that are meant; `where` they stand in the body. Raises Invalid,
    AmbiguousLine."""
    amounts: Counter[str] = Counter()
    for index, item in enumerate(wanted):
        amounts[line_named(order, item.line_id, item.sku, f"{where}/{index}").line_id] += item.quantity
    return amounts


def judged(
    order: Order, amounts: Mapping[str, int], delivery: int = 0, label_id: str = ""
) -> list[tuple[Line, int]]:
    """As `picked`, of units by line ids."""
    if delivery and all(one.number != delivery for one in deliveries_of(order)):
        raise Invalid.at("/delivery", "the order has no such delivery order")
    taken = [(line, amounts[line.line_id]) for line in order.lines if amounts.get(line.line_id)]
    there = {line.line_id: _ready(order, line, delivery) for line, _ in taken}
    short = [_shortage(line, units, there[line.line_id]) for line, units in taken]
    if any(short):
        raise WrongState("not-enough-to-ship", "; ".join(filter(None, short)))
    _judge_labels(order, taken, label_id)
    _judge_steps(order, taken, delivery)
    return taken


def _judge_labels(order: Order, taken: list[tuple[Line, int]], label_id: str) -> None:
    """Raise WrongState (`label-open`) for units that an unused label is for."""
    under = under_labels(order, besides=label_id)
    short = [
        f"{line.sku} (line {line.line_id}): {units} asked for, {under[line.line_id]} under labels"
        for line, units in taken
        if under.get(line.line_id) and units > may_leave(line) - under[line.line_id]
    ]
    if short:
        raise WrongState("label-open", "; ".join(short))


def _judge_steps(order: Order, taken: list[tuple[Line, int]], delivery: int) -> None:
    """Raise WrongState (`not-picked`, `not-packed`) for what has not gone the steps of its order."""
    if order.terms.steps not in BEFORE:
        return
    name, refused = BEFORE[order.terms.steps]
    through = [(line, units, _at_hand(order, line, delivery)) for line, units in taken]
    short = [_not_through(line, units, found, name) for line, units, found in through if units > found]
    if short:
        raise refused("; ".join(short))


def _not_through(line: Line, units: int, found: int, name: str) -> str:
    if name == "packed":
        return f"{line.sku} (line {line.line_id}): {units} asked for, packed: {found}"
    return f"{line.sku} (line {line.line_id}): {units} asked for, picked: {found}"


def _at_hand(order: Order, line: Line, delivery: int) -> int:
    """Units of the line that have gone the steps of the order."""
    own = (one.line(line.line_id) for one in deliveries_of(order) if delivery in (0, one.number))
    return sum(getattr(one, BEFORE[order.terms.steps][0]) for one in own if one)


def leaves(order: Order, line: Line, delivery: int = 0) -> int:
    """Units of the line that can leave now."""
    ready = _ready(order, line, delivery)
    return min(ready, _at_hand(order, line, delivery)) if order.terms.steps in BEFORE else ready


def _ready(order: Order, line: Line, delivery: int) -> int:
    """Units that may leave: not shipped yet, and set aside for this order where stock is counted."""
    if delivery:
        return sum(drawn(order, line, line.to_ship, delivery).values())
    return may_leave(line)


def _shortage(line: Line, units: int, ready: int) -> str:
    if units <= ready:
        return ""
    return f"{line.sku} (line {line.line_id}): {units} asked for, {ready} ready to ship"


def leaves_with(order: Order, taken: list[tuple[Line, int]], delivery: int = 0) -> list[tuple[int, str, int]]:
    """Delivery order, line and units, where the order has written down delivery orders at all."""
    if not order.deliveries:
        return []
    return [
        (number, line.line_id, units)
        for line, wanted in taken
        for number, units in sorted(drawn(order, line, wanted, delivery).items())
    ]


def sources(order: Order, of: list[tuple[int, str, int]]) -> dict[str, list[tuple[str, int]]]:
    """From which places how many units of a line (by its id) leave."""
    places = {one.number: one.location for one in order.deliveries}
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, line_id, units in of:
        found[line_id].append((places[number], units))
    return found


def _told(order: Order, taken: list[tuple[Line, int]], parcel: Parcel, shipment_id: str, at: str) -> Decision:
    """The parcel leaves, and its customer is told."""
    gone = sent(order, taken, parcel, shipment_id, at)
    told = mail("shipped", shipment_id, shipment_id=shipment_id)
    return gone + (Decision(effects=(told,)) if parcel.notify else NOTHING)


def sent(order: Order, taken: list[tuple[Line, int]], parcel: Parcel, shipment_id: str, at: str) -> Decision:
    """The units leave in a parcel; nobody is told."""
    carrier = carrier_code(parcel.carrier)
    of = leaves_with(order, taken, parcel.delivery)
    shipment = Shipment(
        shipment_id=shipment_id,
        carrier=carrier,
        tracking_number=parcel.tracking_number,
        lines=tuple(ShipmentLine(line.line_id, line.sku, units) for line, units in taken),
        shipped_at=at,
        tracking_url=parcel.tracking_url or tracking_page(carrier, parcel.tracking_number),
        expected_at=parcel.expected_at,
        deliveries=tuple(sorted({number for number, _, _ in of})),
        consignment=parcel.consignment,
        label_id=parcel.label_id,
        weight_grams=parcel.weight_grams,
        length_mm=parcel.length_mm,
        width_mm=parcel.width_mm,
        height_mm=parcel.height_mm,
    )
    counted, moves = leaving(taken, sources(order, of))
    data: dict[str, Any] = {"shipment": shipment.to_dict(), "taken": counted}
    data |= {"of": [list(one) for one in of]} if of else {}
    return Decision(
        facts=(Happened("LinesShipped", data, "customer"),),
        moves=moves,
        result={"shipment_id": shipment_id},
    )
