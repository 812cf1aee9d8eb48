"""What follows by itself from what has happened to an order: each rule looks at before and after."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from comanda.customers.wallet import Movement, named
from comanda.links.issue import Links
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.facts import Happened
from comanda.orders.mails import mail
from comanda.orders.model import CodeUse, Entry, Order
from comanda.orders.on_terms import Accounts, following
from comanda.orders.rules import labels, life, money, money_holds, telling, units
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later


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
            life.ending_goes_on,
            money.late_payment_revives if stock else money.late_payment_holds,
            units.reservation_goes_on,
            units.expired_reservation_is_renewed if stock else units.expired_reservation_holds,
            life.approved_by_itself,
            money.capture_follows,
            self.merchant_is_told,
            units.confirmation_reserves if stock else units.confirmation_holds,
            units.allocation,
            units.deallocation,
            telling.verified_customer_gets_order,
            telling.approval_is_told,
            telling.money_is_told,
            telling.end_is_told,
            self.code_use_follows,
            life.open_edit_ends_with_it,
            telling.deliveries_are_told,
            lambda course, after: following(course, after, self.accounts),
            money_holds.late_money_given_back,
            money_holds.bounce_settled,
            money_holds.disputes_won,
            self.wallets_follow,
            units.deliveries_are_planned,
            telling.readiness_is_told,
            labels.labels_follow,
        ):
            course.add(rule(course, course.after))
        return course

    def code_use_follows(self, course: Course, after: Order) -> Decision:
        """A discount code may be used again when its order ends unfulfilled; revived, it counts again."""
        use, before, codes = after.code_use, course.before, self.codes
        if use is None or before is None or codes is None or life.over(before) == life.over(after):
            return NOTHING
        by = -1 if life.over(after) else 1
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
        turned = {e.entry_id for e in after.ledger if e.status == "void"} & known
        undone = (e for e in after.ledger if e.wallet and e.kind == "refund" and e.entry_id in turned)
        movements = [_movement(course, after, entry) for entry in moved]
        movements += [_taken_back(_movement(course, after, entry)) for entry in undone]
        return Decision(also=tuple(map(self.wallets.moving, movements)))


def _taken_back(movement: Movement) -> Movement:
    """What a refund had put into a wallet comes out of it again."""
    return replace(movement, amount=-movement.amount, identity=f"{movement.identity}-undone")


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
