"""Want a label for each parcel, or give one back: what staff decide before the carrier is asked."""

from collections import Counter
from dataclasses import dataclass

from comanda.errors import Invalid, NotFound, WrongState
from comanda.fulfilment.address_check import allow_label
from comanda.fulfilment.carriers.names import carrier_code
from comanda.fulfilment.carriers.port import Box, Format
from comanda.fulfilment.units import Wanted, leaves, leaves_with, picked
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.model import Line, Order, ShipmentLine, ShippingLabel
from comanda.orders.model.shipping_label import BOUGHT, WANTED
from comanda.orders.shipping_labels import (
    buy_effect,
    label_named,
    next_id,
    parcel_of,
    under_labels,
    void_wanted,
)

MOST_LABELS = 60  # an order's snapshot holds them all


@dataclass(frozen=True, slots=True)
class LabelParcel:
    """One parcel. Without lines it takes all that may leave, which only a single one can."""

    box: Box
    lines: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Buying:
    """What staff ask for: the service of a carrier, sold by an account, for each of some parcels."""

    account: str
    carrier: str
    service: str
    parcels: tuple[LabelParcel, ...]
    delivery: int = 0
    ship: bool = True
    notify: bool = True
    format: Format = "pdf"
    address_ok: bool = False  # staff say that the address is right as it stands


def buying(wish: Buying, at: str) -> Decide:
    """The decision to buy labels; `result.label_ids` in the order of the parcels.

    Raises WrongState (by guard, `not-enough-to-ship`, `not-picked`, `not-packed`, `too-many-labels`,
    `address-unusable`), AmbiguousLine, or Invalid for a line that is not in the order.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("buy-label", order)
        if len(order.shipping_labels) + len(wish.parcels) > MOST_LABELS:
            raise WrongState("too-many-labels", f"an order has at most {MOST_LABELS} labels")
        if not loaded.text("shipping"):
            raise WrongState("no-address", "the order has no address that a parcel could go to")
        allow_label(loaded, wish.carrier, address_ok=wish.address_ok)
        shares = _shares(order, wish)
        decision = NOTHING
        for offset, (parcel, taken) in enumerate(zip(wish.parcels, shares, strict=True), start=1):
            label = _label(order, wish, parcel, taken, next_id(order, offset), at)
            fact = Happened("LabelWanted", {"label": label.to_dict()})
            decision += Decision((fact,), effects=(buy_effect(label),))
        ids = [f"{fact.data['label']['label_id']}" for fact in decision.facts]
        return decision + Decision(result={"label_id": ids[0], "label_ids": ids})

    return decide


def giving_back(label_id: str) -> Decide:
    """The decision to give a label back. Raises NotFound, and WrongState (by guard, `label-not-open`,
    `label-used`)."""

    def decide(loaded: Loaded) -> Decision:
        label = label_named(loaded.order, label_id)
        if label is None:
            raise NotFound(f"this order has no label {label_id!r}")
        check("void-label", loaded.order)
        if not label.open:
            raise WrongState("label-not-open", f"this label is {label.state}: there is nothing to give back")
        if parcel_of(loaded.order, label):
            raise WrongState("label-used", "its parcel has been shipped: take the parcel back first")
        data, effects = void_wanted(label, "staff")
        return Decision((Happened("LabelVoidWanted", data),), effects=effects, result={"label_id": label_id})

    return decide


def label_to_ship(order: Order, label_id: str) -> ShippingLabel:
    """The label that a parcel leaves with. Raises NotFound, WrongState (`label-not-open`, `label-used`)."""
    label = label_named(order, label_id)
    if label is None:
        raise NotFound(f"this order has no label {label_id!r}")
    if parcel_of(order, label):
        raise WrongState("label-used", "this label's parcel has been shipped before")
    if label.state != BOUGHT:
        why = "it is still being bought" if label.state == WANTED else f"it is {label.state}"
        raise WrongState("label-not-open", f"nothing leaves with this label: {why}")
    return label


def parcel_parts(order: Order, wish: Buying) -> list[tuple[tuple[ShipmentLine, ...], str]]:
    """What is in each parcel, and where it leaves from. Raises as `buying` does."""
    parts = []
    for taken in _shares(order, wish):
        lines = tuple(ShipmentLine(line.line_id, line.sku, units) for line, units in taken)
        parts.append((lines, _place(order, wish.delivery, taken)))
    return parts


def _shares(order: Order, wish: Buying) -> list[list[tuple[Line, int]]]:
    """What each parcel takes; together no more than may leave."""
    if any(not parcel.lines for parcel in wish.parcels):
        if len(wish.parcels) > 1:
            raise Invalid.at("/parcels", "say which lines go into which of several parcels")
        free = _free(order, wish.delivery)
        if not free:
            raise WrongState("not-enough-to-ship", "nothing of this order may leave that has no label yet")
        return [picked(order, free, wish.delivery)]
    together = tuple(one for parcel in wish.parcels for one in parcel.lines)
    picked(order, together, wish.delivery)
    return [picked(order, parcel.lines, wish.delivery) for parcel in wish.parcels]


def _free(order: Order, delivery: int) -> tuple[Wanted, ...]:
    under = under_labels(order)
    ready = ((line, leaves(order, line, delivery) - under.get(line.line_id, 0)) for line in order.lines)
    return tuple(Wanted(units, line.line_id) for line, units in ready if units > 0)


def _label(
    order: Order, wish: Buying, parcel: LabelParcel, taken: list[tuple[Line, int]], label_id: str, at: str
) -> ShippingLabel:
    box = parcel.box
    return ShippingLabel(
        label_id=label_id,
        account=wish.account,
        carrier=carrier_code(wish.carrier),
        service=wish.service,
        lines=tuple(ShipmentLine(line.line_id, line.sku, units) for line, units in taken),
        wanted_at=at,
        weight_grams=box.weight_grams,
        length_mm=box.length_mm,
        width_mm=box.width_mm,
        height_mm=box.height_mm,
        delivery=wish.delivery,
        location=_place(order, wish.delivery, taken),
        ship=wish.ship,
        notify=wish.notify,
        format=wish.format,
    )


def _place(order: Order, delivery: int, taken: list[tuple[Line, int]]) -> str:
    """Where the parcel leaves from: of several places the one that most of its units lie at."""
    of = leaves_with(order, taken, delivery)
    if not of:
        return taken[0][0].location
    places = {one.number: one.location for one in order.deliveries}
    units: Counter[str] = Counter()
    for number, _, count in of:
        units[places[number]] += count
    return units.most_common(1)[0][0]
