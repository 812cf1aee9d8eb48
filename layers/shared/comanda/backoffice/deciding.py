"""From a command's body to what it decides: one place for the single command and for bulk jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from comanda.backoffice.bodies import (
    AssignBody,
    CancelBody,
    HoldBody,
    LabelBody,
    PromiseBody,
    RejectBody,
    TagBody,
)
from comanda.backoffice.bodies_money import (
    BounceBody,
    CaptureBody,
    DisputeBody,
    FeeBody,
    MarkPaidBody,
    PaymentMethodBody,
    RefundBody,
    minor,
)
from comanda.backoffice.bodies_ship import ShipBody
from comanda.backoffice.reasons import (
    bounce_reason,
    cancel_reason,
    dispute_reason,
    fee_reason,
    hold_reason,
    refund_reason,
)
from comanda.fulfilment.consign import consigning
from comanda.fulfilment.ship import shipping
from comanda.ids import NewId
from comanda.orders.approve import rejecting
from comanda.orders.assign import assigning, tagging
from comanda.orders.cancel import cancelling
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Origin
from comanda.orders.hold import holding
from comanda.orders.label import labelling
from comanda.orders.promise import promising
from comanda.payments.bounce import Bounce, bouncing
from comanda.payments.choose import moving
from comanda.payments.dispute import Claim, disputing
from comanda.payments.fee import Fee, recording_fee
from comanda.payments.grant_refund import Terms, refunding
from comanda.payments.mark_paid import Booked, marking_paid
from comanda.payments.take import taking_by_hand
from comanda.settings.sections import PaymentMethod
from comanda.settings.store import SettingsStore
from comanda.times import moment


@dataclass(frozen=True, slots=True)
class By:
    """Who commands, through what and when; and where ids come from. `today` is the shop's day, where the
    caller knows it."""

    origin: Origin
    new_id: NewId
    today: str = ""


def reject(body: RejectBody, by: By) -> Decide:
    return rejecting(body.reason, by.origin.actor, by.new_id)


def cancel(body: CancelBody, by: By) -> Decide:
    code, note = cancel_reason(body.reason, body.note)
    return cancelling(code, note, by.origin.actor, by.new_id, restock=body.restock, refund=body.refund)


def mark_paid(body: MarkPaidBody, by: By, booked: Booked | None = None) -> Decide:
    return marking_paid(
        by.origin,
        by.new_id,
        amount=body.amount.amount if body.amount else None,
        currency=body.amount.currency if body.amount else "",
        reference=body.reference,
        receipt=body.notify,
        booked=booked,
    )


def capture(body: CaptureBody, by: By) -> Decide:
    def decide(loaded: Loaded) -> Decision:
        amount = minor(body.amount, loaded.order.currency, "/amount") if body.amount else None
        return taking_by_hand(amount, body.payment_id)(loaded)

    return decide


def payment_method(body: PaymentMethodBody, by: By, settings: SettingsStore) -> Decide:
    """By the settings of now."""
    rules = settings.section(f"payments.{body.payment_method}")[0]
    return moving(body.payment_method, rules, by.origin.at, notify=body.notify)


def refund(body: RefundBody, by: By) -> Decide:
    reason, note = refund_reason(body.reason, body.note)
    terms = Terms(reason, body.execute, body.destination, note)
    return refunding(lambda order: body.wish(order.currency), terms, by.origin.at, by.new_id)


def bounce(body: BounceBody, by: By, settings: SettingsStore) -> Decide:
    """The deadlines of the order's method are those of the settings of now."""
    reason, note = bounce_reason(body.reason, body.note)
    asked = Bounce(reason, body.payment_id, note, body.notify)
    rules: Callable[[str], PaymentMethod] = lambda method: settings.section(f"payments.{method}")[0]  # noqa: E731
    return bouncing(asked, rules, by.origin.at, by.new_id)


def fee(body: FeeBody, by: By) -> Decide:
    reason, note = fee_reason(body.reason, body.note)

    def decide(loaded: Loaded) -> Decision:
        amount = minor(body.amount, loaded.order.currency, "/amount")
        asked = Fee(amount, reason, body.title, body.payment_id, note, body.notify)
        return recording_fee(asked, by.origin.at, by.new_id)(loaded)

    return decide


def dispute(body: DisputeBody, by: By) -> Decide:
    reason, note = dispute_reason(body.reason, body.note)

    def decide(loaded: Loaded) -> Decision:
        amount = minor(body.amount, loaded.order.currency, "/amount") if body.amount else None
        asked = Claim(reason, amount, body.payment_id, note)
        return disputing(asked, by.origin.at, by.new_id)(loaded)

    return decide


def ship(body: ShipBody, by: By, settings: SettingsStore) -> Decide:
    """One parcel, or several in the boxes that the shop has now. Raises Invalid for a box that it has not."""
    if body.parcels is None:
        return shipping(body.parcel(), by.new_id(), by.origin.at)
    boxes = settings.section("parcels")[0].boxes if body.names_a_box else ()
    return consigning(body.consignment(boxes), by.new_id(), by.origin.at)


def promise(body: PromiseBody, by: By, settings: SettingsStore) -> Decide:
    """What has passed is judged by the shop's own calendar."""
    zone = ZoneInfo(settings.section("shop")[0].time_zone)
    today = moment(by.origin.at).astimezone(zone).date().isoformat()
    return promising(body.promise(), today)


def hold(body: HoldBody, by: By) -> Decide:
    reason, note = hold_reason(body.reason, body.note)
    return holding(reason, note, by.origin, by.new_id)


def label(body: LabelBody, by: By) -> Decide:
    return labelling(body.label, by.origin, by.new_id)


def assign(body: AssignBody, by: By) -> Decide:
    """Whoever is meant has become a name before."""
    return assigning(body.to or "")


def tag(body: TagBody, by: By) -> Decide:
    return tagging(body.add, body.remove)
