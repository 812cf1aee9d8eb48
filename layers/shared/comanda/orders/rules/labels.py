"""What follows for shipping labels that are not used: given back when their parcel cannot leave as it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import ended
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order, ShippingLabel
from comanda.orders.model.shipping_label import WANTED
from comanda.orders.shipping_labels import buy_effect, next_id, unused, void_wanted
from comanda.orders.vocabulary import HoldReason

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
    made out to a former address are given back and wanted anew. Where a parcel has left to a former address
    and no carrier has scanned it, a person is told: it may still lie here."""
    if course.before is None or not after.shipping_labels:
        return NOTHING
    if ended(after):
        return _given_back(unused(after), "ended")
    changed = _address_changed(course)
    held = _on_former_address(after, course.origin.at) if changed else NOTHING
    left, decision = _without_goods(after)
    if changed:
        decision += _given_back(left, "address") + _wanted_anew(left, after, course.origin.at)
    return held + decision


def _address_changed(course: Course) -> bool:
    """An address that was erased is none to send anything to."""
    now = course.personal.get("shipping")
    return bool(now) and course.texts.get("shipping") != now


def _on_former_address(after: Order, at: str) -> Decision:
    """A hold for each parcel that was noted as shipped by its label and that its carrier does not have. Not
    for the reason `address`: those are closed when somebody says that the new address is fine."""
    here = [one for one in after.shipments if one.label_id and one.status in ("shipped", "pre_transit")]
    known = {hold.detail for hold in after.open_holds}
    details = [f"label-{one.label_id}: former-address" for one in here]
    fresh = [detail for detail in details if detail not in known]
    facts = []
    for number, detail in enumerate(fresh, start=after.facts + 1):
        hold = Hold(f"h{number}", HoldReason.DELIVERY_EXCEPTION, at, "system", detail=detail)
        facts.append(Happened("HoldOpened", {"hold": hold.to_dict()}))
    return Decision(tuple(facts)) if facts else NOTHING


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
