"""What was picked for an order and is not its own any more lies on the shelf again, as somebody confirms."""

from dataclasses import replace

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.pick import Handful
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.model import Order, PutBack


def confirming_put_back(handful: Handful) -> Decide:
    """Units lie on their shelf again: those of `handful`, or all. `result.lines` tells which.

    Raises WrongState (`nothing-to-put-back`, also for more than there is), and Invalid for a line or a
    delivery order of which nothing waits to be put back.
    """

    def decide(loaded: Loaded) -> Decision:
        check("put-back", loaded.order)
        told = [one.to_dict() for one in _meant(loaded.order, handful)]
        lines = [{name: one[name] for name in ("delivery", "line_id", "quantity")} for one in told]
        fact = Happened("PickedPutBack", {"put_back": told})
        return Decision(facts=(fact,), result={"lines": lines})

    return decide


def _meant(order: Order, handful: Handful) -> list[PutBack]:
    waits = [one for one in order.put_back if handful.delivery in (0, one.delivery)]
    if not waits:
        raise Invalid.at("/delivery", "nothing of this delivery order is to be put back")
    if not handful.lines:
        return waits
    return [one for at, wanted in enumerate(handful.lines) for one in _of_line(waits, wanted, at)]


def _of_line(waits: list[PutBack], wanted: Wanted, at: int) -> list[PutBack]:
    """Takes what is meant off `waits`, so that no unit is named twice."""
    found, left = [], wanted.quantity
    named = [one for one in waits if wanted.line_id in ("", one.line_id) and wanted.sku in ("", one.sku)]
    if not named:
        raise Invalid.at(f"/lines/{at}", "nothing of this line is to be put back")
    for one in named:
        units = min(one.quantity, left)
        left -= units
        waits[waits.index(one)] = replace(one, quantity=one.quantity - units)
        found += [replace(one, quantity=units)] if units else []
    if left:
        why = f"{named[0].sku}: {wanted.quantity} named, {wanted.quantity - left} to put back"
        raise WrongState("nothing-to-put-back", why)
    return found
