"""What follows by itself from what has happened to an order: each rule looks at before and after."""

from collections.abc import Callable
from typing import Any, Protocol

from comanda.customers.wallet import CREDIT, Movement, named
from comanda.links.issue import Links
from comanda.orders import ending, goods, reservation
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision, Effect
from comanda.orders.derive import Balance, balance, ended, may_allocate
from comanda.orders.edits.expire_edit import expired
from comanda.orders.facts import Happened
from comanda.orders.mails import mail
from comanda.orders.model import CodeUse, Entry, Hold, Order
from comanda.orders.on_terms import Accounts, following
from comanda.orders.vocabulary import UNPLACED, HoldReason, Lifecycle, Payment
from comanda.times import later

type Rule = Callable[[Course, Order], Decision]


class Uses(Protocol):
    """Where the uses of discount codes are counted."""

    def count(self, tx: Any, use: CodeUse, by: int) -> None: ...


class Wallets(Protocol):
    """Where store credit and gift cards are kept."""

    def moving(self, movement: Movement) -> Callable[[Any], None]: ...


class Consequences:
    """Applies every rule once, in the order of the table; a rule sees what earlier ones added."""

    def __init__(
        self,
        links: Links,
        codes: Uses | None = None,
        accounts: Accounts | None = None,
        wallets: Wallets | None = None,
    ) -> None:
        self.links = links
        self.wallets = wallets
        self.codes = codes
        self.accounts = accounts

    def follow(self, course: Course, *, stock: bool = True) -> Course:
        """Add what follows. With `stock=False` nothing is reserved: a hold says so instead."""
        for rule in (
            ending_goes_on,
            late_payment_revives if stock else late_payment_holds,
            reservation_goes_on,
            expired_reservation_is_renewed if stock else expired_reservation_holds,
            approved_by_itself,
            self.merchant_is_told,
            confirmation_reserves if stock else confirmation_holds,
            allocation,
            verified_customer_gets_order,
            approval_is_told,
            money_is_told,
            end_is_told,
            self.code_use_follows,
            open_edit_ends_with_it,
            deliveries_are_told,
            lambda course, after: following(course, after, self.accounts),
            late_money_given_back,
            self.wallets_follow,
        ):
            course.add(rule(course, course.after))
        return course

    def code_use_follows(self, course: Course, after: Order) -> Decision:
        """A discount code may be used again when its order ends unfulfilled; revived, it counts again."""
        use, before, codes = after.code_use, course.before, self.codes
        if use is None or before is None or codes is None or _over(before) == _over(after):
            return NOTHING
        by = -1 if _over(after) else 1
        return Decision(also=(lambda tx: codes.count(tx, use, by),))

    def merchant_is_told(self, course: Course, after: Order) -> Decision:
        """Once: when the order is placed, or already when it arrives if the shop wants that."""
        early = after.terms.notify_merchant == "placed" and after.lifecycle == Lifecycle.AWAITING_VERIFICATION
        if after.announced or not (after.lifecycle == Lifecycle.PLACED or early):
            return NOTHING
        until = later(course.origin.at, after.terms.link_seconds)
        approve = self.links.issue("approve", after.order_id, "1", until)
        csv = self.links.issue("csv", after.order_id, "1", until)
        marks = {"approve": approve.mark, "csv": csv.mark}
        return Decision(
            facts=(Happened("MerchantNotified", {"verified": after.verified}),),
            effects=(mail("merchant_order", links=marks),),
            also=(approve.write, csv.write),
        )

    def wallets_follow(self, course: Course, after: Order) -> Decision:
        """Store credit and gift cards move with the ledger that says so, in its transaction."""
        if self.wallets is None:
            return NOTHING
        known = {e.entry_id for e in course.before.ledger if e.status == "ok"} if course.before else set()
        moved = (e for e in after.ledger if e.wallet and e.status == "ok" and e.entry_id not in known)
        return Decision(also=tuple(self.wallets.moving(_movement(course, after, entry)) for entry in moved))


def _movement(course: Course, after: Order, entry: Entry) -> Movement:
    """What a ledger entry means for its wallet: a capture spends, a refund gives back."""
    return Movement(
        named(entry.wallet, entry.currency),
        -entry.amount if entry.kind == "capture" else entry.amount,
        f"{after.order_id}-{entry.entry_id}",
        course.origin.at,
        course.origin.actor,
        order_id=after.order_id,
    )


def ending_goes_on(course: Course, after: Order) -> Decision:
    return ending.proceed(after)


def late_payment_revives(course: Course, after: Order) -> Decision:
    """All the money for an order that ended for want of it: take the stock again and go on."""
    if not _late_money(course, after):
        return NOTHING
    whole = balance(after.ledger).kept >= after.totals.total
    if after.cancel_reason not in ending.FOR_WANT_OF_MONEY or not whole:
        return late_payment_holds(course, after)
    revived = Course(after, course.origin).add(Decision(facts=(Happened("OrderRevived", {}, "customer"),)))
    run = after.run + 1
    return (
        revived.decision
        + goods.reserving(revived.after)
        + Decision(
            facts=(Happened("RunStarted", {"run": run}),),
            effects=(Effect(f"run-{run}", "lifecycle", {"run": run}),),
        )
    )


def late_payment_holds(course: Course, after: Order) -> Decision:
    """Money for an order that cannot go on: a person decides, refund is one click."""
    return _hold(course, HoldReason.LATE_PAYMENT) if _late_money(course, after) else NOTHING


def late_money_given_back(course: Course, after: Order) -> Decision:
    """Once nothing of it is here any more, nobody has to look at it."""
    held = [hold.hold_id for hold in after.open_holds if hold.reason == HoldReason.LATE_PAYMENT]
    if balance(after.ledger).kept > 0:
        return NOTHING
    return Decision(facts=tuple(Happened("HoldReleased", {"hold_id": hold_id}) for hold_id in held))


def _over(order: Order) -> bool:
    return order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED)


def _late_money(course: Course, after: Order) -> bool:
    return (
        course.before is not None
        and _over(course.before)
        and _sums(course.before).captured < balance(after.ledger).captured
    )


def reservation_goes_on(course: Course, after: Order) -> Decision:
    return reservation.proceed(after)


def expired_reservation_is_renewed(course: Course, after: Order) -> Decision:
    """Money, or another attempt to pay, for an order whose units went back: they are taken again."""
    wanted = reservation.renewable(after, [fact.type for fact in course.facts])
    return goods.reserving(after) if wanted else NOTHING


def expired_reservation_holds(course: Course, after: Order) -> Decision:
    short = reservation.renewable(after, ()) and goods.reserving(after).facts
    return _hold(course, HoldReason.OUT_OF_STOCK) if short else NOTHING


def approved_by_itself(course: Course, after: Order) -> Decision:
    if after.terms.approval != "automatic" or after.approved or after.lifecycle != Lifecycle.PLACED:
        return NOTHING
    return Decision(facts=(Happened("OrderApproved", {"by": "setting"}, "customer"),))


def _confirmed(after: Order) -> bool:
    """Once a hold says that the stock was gone, only its release asks for it again."""
    short = any(hold.reason == HoldReason.OUT_OF_STOCK for hold in after.open_holds)
    waits = short or after.reservation == reservation.EXPIRED
    return after.terms.reserve_on == "confirmed" and after.approved and not ended(after) and not waits


def confirmation_reserves(course: Course, after: Order) -> Decision:
    """Payment methods that reserve nothing at placing do so when the merchant confirms."""
    return goods.reserving(after) if _confirmed(after) else NOTHING


def confirmation_holds(course: Course, after: Order) -> Decision:
    short = _confirmed(after) and goods.reserving(after).facts
    return _hold(course, HoldReason.OUT_OF_STOCK) if short else NOTHING


def allocation(course: Course, after: Order) -> Decision:
    return goods.allocating(after) if may_allocate(after) else NOTHING


def verified_customer_gets_order(course: Course, after: Order) -> Decision:
    before = course.before
    fresh = after.verified and not (before and before.verified)
    return Decision(effects=(mail("order_placed"),)) if fresh and not ended(after) else NOTHING


def approval_is_told(course: Course, after: Order) -> Decision:
    fresh = after.approved and not (course.before and course.before.approved)
    told = fresh and after.terms.approval == "manual" and not ended(after)
    return Decision(effects=(mail("order_approved"),)) if told else NOTHING


def money_is_told(course: Course, after: Order) -> Decision:
    """Receipts for money in and out, and a word when a payment failed."""
    then, now = _sums(course.before), balance(after.ledger)
    key = str(after.facts)
    decision = NOTHING
    if now.captured > then.captured and after.terms.receipt:
        amount = now.captured - then.captured
        decision += Decision(effects=(mail("payment_received", key, amount=amount),))
    given = (now.refunded - now.disputed) - (then.refunded - then.disputed)
    if given > 0:  # what a bank takes back after a dispute is not our refund
        credit = _credited(after) - (_credited(course.before) if course.before else 0)
        told = {"credit": credit} if credit else {}
        decision += Decision(effects=(mail("refunded", key, amount=given, **told),))
    if after.payment == Payment.FAILED and course.before and course.before.payment != Payment.FAILED:
        decision += Decision(effects=(mail("payment_failed", key),))
    return decision


def _credited(order: Order) -> int:
    """What went back into the customer's store credit."""
    back = (e for e in order.ledger if e.kind == "refund" and e.status == "ok" and e.provider == CREDIT)
    return sum(entry.amount for entry in back)


def end_is_told(course: Course, after: Order) -> Decision:
    """A guest who never confirmed the address is not written to about it; nor is anybody about a draft."""
    silent = (Lifecycle.CANCELLED, *UNPLACED)
    if after.lifecycle != Lifecycle.CANCELLED or (course.before and course.before.lifecycle in silent):
        return NOTHING
    event = "order_rejected" if after.cancel_reason == "rejected" else "order_cancelled"
    return Decision(effects=(mail(event, str(after.facts)),))


def open_edit_ends_with_it(course: Course, after: Order) -> Decision:
    return expired(after, "ended") if ended(after) else NOTHING


def deliveries_are_told(course: Course, after: Order) -> Decision:
    """One mail per parcel that arrived; a late word about one that has come back since is not told."""
    known = {s.shipment_id for s in course.before.shipments if s.delivered_at} if course.before else set()
    here = [s.shipment_id for s in after.shipments if s.status == "delivered"]
    arrived = [shipment for shipment in here if shipment not in known]
    mails = tuple(mail("delivered", shipment, shipment_id=shipment) for shipment in arrived)
    return Decision(effects=mails)


def _sums(order: Order | None) -> Balance:
    return balance(order.ledger) if order else Balance()


def _hold(course: Course, reason: HoldReason) -> Decision:
    hold = Hold(f"h{course.after.facts + 1}", reason, course.origin.at, "system")
    return Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),))
