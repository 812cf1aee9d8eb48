"""What follows for shipping labels that are not used: given back when their parcel cannot leave as it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import ended
from comanda.orders.facts import Happened
from comanda.orders.model import Order, ShippingLabel
from comanda.orders.model.shipping_label import WANTED
from comanda.orders.shipping_labels import buy_effect, next_id, unused, void_wanted

# Of a label in the place of another, beside its carrier, service, lines and weight.
AS_BEFORE = (
    "length_mm",
    "width_mm",
    "height_mm",
    "delivery",
    "location",
    "ship",
    "notify",
    "format",
)


def labels_follow(course: Course, after: Order) -> Decision:
    """Labels of an order that has ended, or that are for units which are gone from it, are given back; those
    made out to a former address are given back and wanted anew."""
    if course.before is None or not (after.shipping_labels and unused(after)):
        return NOTHING
    if ended(after):
        return _given_back(unused(after), "ended")
    left, decision = _without_goods(after)
    if _address_changed(course):
        decision += _given_back(left, "address") + _wanted_anew(left, after, course.origin.at)
    return decision


def _address_changed(course: Course) -> bool:
    """An address that was erased is none to send anything to."""
    now = course.personal.get("shipping")
    return bool(now) and course.texts.get("shipping") != now


def _without_goods(after: Order) -> tuple[list[ShippingLabel], Decision]:
    """The labels whose units may still leave, the oldest first served, and giving back the others."""
    free: Counter[str] = Counter({line.line_id: line.to_ship for line in after.lines})
    left, gone = [], []
    for label in unused(after):
        needed = Counter({line.line_id: line.quantity for line in label.lines})
        if any(units > free[line_id] for line_id, units in needed.items()):
            gone.append(label)
        else:
            free -= needed
            left.append(label)
    return left, _given_back(gone, "edited")


def _given_back(labels: Iterable[ShippingLabel], why: str) -> Decision:
    decision = NOTHING
    for label in labels:
        data, effects = void_wanted(label, why)
        decision += Decision((Happened("LabelVoidWanted", data),), effects=effects)
    return decision


def _wanted_anew(labels: Iterable[ShippingLabel], after: Order, at: str) -> Decision:
    """The same label to the new address: the same carrier, service and parcel."""
    decision = NOTHING
    for offset, old in enumerate(labels, start=1):
        label = anew(old, next_id(after, offset), at)
        fact = Happened("LabelWanted", {"label": label.to_dict()})
        decision += Decision((fact,), effects=(buy_effect(label),))
    return decision


def anew(old: ShippingLabel, label_id: str, at: str) -> ShippingLabel:
    """A label in the place of another, nothing of which was bought yet."""
    fresh = ShippingLabel(
        label_id, old.account, old.carrier, old.service, old.lines, at, old.weight_grams, state=WANTED
    )
    same = {name: getattr(old, name) for name in AS_BEFORE}
    return replace(fresh, replaces=old.label_id, **same)
