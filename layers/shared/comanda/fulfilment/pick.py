"""Take goods from the shelf for an order, pack them, and put them back."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.units import Wanted, not_packed, not_picked
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.deliveries import deliveries_of
from comanda.orders.delivery_status import LineWork, Work, work_of
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.lines import line_named
from comanda.orders.model import Order

type Told = list[list[int | str]]  # delivery order, line, units


@dataclass(frozen=True, slots=True)
class Step:
    """One way of a unit: `most` says how many of a line in a delivery order may go it now."""

    command: str
    fact: str
    most: Callable[[LineWork], int]
    refused: Callable[[str], WrongState]  # with more than there is
    why: str


def _too_many(why: str) -> WrongState:
    return WrongState("not-enough-to-pick", why)


STEPS = {
    one.command: one
    for one in (
        Step("pick", "LinesPicked", lambda w: w.to_pick, _too_many, "to pick"),
        Step("undo-pick", "PickUndone", lambda w: w.to_pack, not_picked, "picked and not packed"),
        Step("pack", "LinesPacked", lambda w: w.to_pack, not_picked, "picked and not packed"),
        Step("undo-pack", "PackUndone", lambda w: w.own.packed, not_packed, "packed"),
    )
}


@dataclass(frozen=True, slots=True)
class Handful:
    """Units of lines, of one delivery order or of whichever (0). Without lines all that there are."""

    lines: tuple[Wanted, ...] = ()
    delivery: int = 0


def stepping(command: str, handful: Handful) -> Decide:
    """The decision to `pick`, `pack`, `undo-pick` or `undo-pack`. `result.lines` tells what moved.

    Raises WrongState (also with the step's own guard for more than there is), AmbiguousLine, and Invalid for
    a line or a delivery order that the order has not.
    """
    step = STEPS[command]

    def decide(loaded: Loaded) -> Decision:
        check(command, loaded.order)
        return stepped(loaded.order, step, taken(loaded.order, step, handful))

    return decide


def stepped(order: Order, step: Step, told: Told) -> Decision:
    """What is told of units that go a step. They have been found to be there."""
    lines = [{"delivery": d, "line_id": line_id, "quantity": units} for d, line_id, units in told]
    done = Decision(facts=(Happened(step.fact, {"of": told}),), result={"lines": lines})
    return written_down(order) + done


def written_down(order: Order) -> Decision:
    """What is picked is noted in the order's delivery orders: from now on they are stored."""
    if order.deliveries:
        return NOTHING
    plan = [one.to_dict() for one in deliveries_of(order)]
    return Decision(facts=(Happened("DeliveriesPlanned", {"deliveries": plan}),))


def taken(order: Order, step: Step, handful: Handful) -> Told:
    """Which units of which delivery orders, in the order of their numbers."""
    chosen = [one for one in work_of(order) if handful.delivery in (0, one.delivery.number)]
    if handful.delivery and not chosen:
        raise Invalid.at("/delivery", "the order has no such delivery order")
    wanted = _wanted(order, handful.lines)
    told = _given(chosen, step, wanted)
    found: Counter[str] = Counter()
    for _, line_id, units in told:
        found[str(line_id)] += int(units)
    lacking = [line for line in order.lines if wanted and wanted[line.line_id] > found[line.line_id]]
    short = [
        f"{line.sku} (line {line.line_id}): {wanted[line.line_id]} asked for, "
        f"{found[line.line_id]} {step.why}"
        for line in lacking
    ]
    none = f"nothing is {step.why}"
    if short or not told:
        raise step.refused("; ".join(short) or none)
    return told


def _wanted(order: Order, lines: Iterable[Wanted]) -> Counter[str]:
    amounts: Counter[str] = Counter()
    for index, item in enumerate(lines):
        amounts[line_named(order, item.line_id, item.sku, f"/lines/{index}").line_id] += item.quantity
    return amounts


def _given(chosen: Iterable[Work], step: Step, wanted: Counter[str]) -> Told:
    left = Counter(wanted)
    told: Told = []
    for work in chosen:
        for one in work.lines:
            line_id, most = one.line.line_id, step.most(one)
            units = min(most, left[line_id]) if wanted else most
            if units > 0:
                left[line_id] -= units
                told.append([work.delivery.number, line_id, units])
    return told
