"""Any sequence of commands, events, deadlines, repeats and crashes leaves the order true to its history.

Five machines share what always holds: an ordinary order's life; drafts, quotations and store credit; orders
that are paid and lie on the shelf; orders that their customers fetch; and paid orders with
what banks, providers and workers do to their money. Each leaves out rules of the others, so that what it is
about is met often.
"""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import multiple, precondition, rule

from comanda.errors import OutOfStock, Problem
from comanda.orders.balance import BOUNCED, balance, deposited
from comanda.orders.derive import amount_due
from comanda.orders.drafts.content import Wishes
from comanda.orders.drafts.place import Placing, placing
from comanda.orders.drafts.quotation import quoting
from comanda.orders.drafts.write import changing, discarding
from comanda.orders.edits.confirm_edit import confirming
from comanda.orders.model import ALL_CREDIT, Entry
from comanda.orders.refunds import TO_CREDIT, refundable
from comanda.orders.vocabulary import Method
from comanda.payments.bounce import Bounce, bouncing, undoing_bounce
from comanda.payments.cheque import Cheque, Returned, Word, clearing, depositing, returning, undoing_cheque
from comanda.payments.dispute import Claim, closing_dispute, disputing
from comanda.payments.fee import Fee, recording_fee, withdrawing_fee
from comanda.payments.grant_refund import Terms, refunding
from comanda.payments.refund_plan import Wish
from comanda.settings.sections import PaymentMethod
from comanda.times import later
from tests.unit.orders.machine import (
    AMOUNTS,
    CRASHES,
    LINES,
    MOST_ORDERS,
    PAYMENTS,
    WISHES,
    OrderMachine,
    confirmed,
)

orders = OrderMachine.orders
ENDS = st.sampled_from(["won", "lost"])
COUNTED = ("ok", "void", "bounced")  # how a payment by hand may stand that was counted once


class SellingMachine(OrderMachine):
    """Drafts, quotations and store credit."""

    place = hold = release = carrier_reports = units_come_in = webhook_late = pays_otherwise = None
    edit = reject = verify = refunded_at_the_provider = staff_settle_a_refund = goes_its_way = None
    ship_in_parcels = short_pick = found_after_all = goes_back = None

    @precondition(lambda self: len(self.seen) < MOST_ORDERS)
    @rule(
        target=orders,
        lines=LINES,
        method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER, Method.STORE_CREDIT, Method.REQUEST]),
        known=st.booleans(),
        credit=st.sampled_from([0, ALL_CREDIT, 777]),
    )
    def draft(self, lines: Any, method: Method, known: bool, credit: int) -> str:
        return self.shop.draft(lines, method, known=known, credit=credit).order_id

    @rule(order_id=orders, method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER]), crash=CRASHES)
    def change_draft(self, order_id: str, method: Method, crash: str) -> None:
        self.do(order_id, changing(Wishes(method=method), self.shop.drafts), crash)

    @rule(order_id=orders, seconds=st.sampled_from([600, 5_000]), crash=CRASHES)
    def quote(self, order_id: str, seconds: int, crash: str) -> None:
        origin = self.shop.origin()
        self.do(order_id, quoting(later(self.shop.at, seconds), origin, self.shop.at_the_phone), crash)

    @rule(order_id=orders, verified=st.booleans(), crash=CRASHES)
    def place_draft(self, order_id: str, verified: bool, crash: str) -> None:
        wanted = Placing(verified=verified, privacy=True)
        done = self.do(order_id, placing(wanted, self.shop.origin(), self.shop.at_the_phone), crash)
        if done and done.changed and done.order.method == Method.STORE_CREDIT:
            assert amount_due(done.order) == 0

    @rule(order_id=orders, crash=CRASHES)
    def accept(self, order_id: str, crash: str) -> None:
        before = self.shop.orders.partitions[order_id].snapshot
        try:
            self.shop.dying(crash, partial(self.shop.accept, order_id))
        except Problem:
            if crash != "after write":
                assert self.shop.orders.partitions[order_id].snapshot == before

    @rule(order_id=orders, now=st.integers(0, 4))
    def discard(self, order_id: str, now: int) -> None:
        if now == 0:
            self.do(order_id, discarding, "")

    @rule(amount=st.integers(1, 40_000))
    def give_credit(self, amount: int) -> None:
        self.shop.give(amount)

    @precondition(lambda self: len(self.seen) < MOST_ORDERS)
    @rule(
        target=orders,
        lines=LINES,
        method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER, Method.STORE_CREDIT]),
        payment=PAYMENTS,
    )
    def place_with_credit(self, lines: Any, method: Method, payment: PaymentMethod) -> Any:
        """Spent as far as it goes; alone it pays all or nothing."""
        try:
            order = self.shop.place(lines, method, payment, known=True, credit=True)
        except (OutOfStock, Problem):
            return multiple()
        assert method != Method.STORE_CREDIT or amount_due(order) == 0
        return order.order_id

    @rule(order_id=orders, wish=WISHES, crash=CRASHES)
    def refund_to_credit(self, order_id: str, wish: Wish, crash: str) -> None:
        left = refundable(self.shop.order(order_id))
        terms = Terms("customer_request", execute=True, destination=TO_CREDIT)
        done = self.do(order_id, refunding(lambda order: wish, terms, self.shop.at, lambda: "salt"), crash)
        if done and done.changed and not crash:
            assert done.result["executed"] == done.result["granted"]
            assert refundable(done.order) == left - done.result["granted"]["amount"]


class ShelfMachine(OrderMachine):
    """Orders that are paid and lie ready, so that what is not found is met often."""

    place = reject = verify = approve = pays_otherwise = take_authorized = webhook_late = None
    refunded_at_the_provider = time_passes = counter = None

    @precondition(lambda self: len(self.seen) < MOST_ORDERS)
    @rule(
        target=orders,
        lines=LINES,
        method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER, Method.REQUEST]),
        payment=PAYMENTS,
        steps=st.sampled_from(["ship", "pick_ship", "pick_pack_ship"]),
    )
    def comes_in_and_is_paid(self, lines: Any, method: Method, payment: Any, steps: str) -> Any:
        found = OrderMachine.place(self, lines, method, payment, "automatic", True, steps)
        if isinstance(found, str):
            self.goes_its_way_at_first(found)
        return found


class CounterMachine(ShelfMachine):
    """Paid orders that their customers fetch, so that hand-overs and their slips are met often."""

    counter = OrderMachine.counter
    comes_in_and_is_paid = ship_in_parcels = staff_refund = staff_settle_a_refund = hold = release = None
    effects_are_carried_out = cancel = found_after_all = goes_back = take_back = None

    @precondition(lambda self: len(self.seen) < MOST_ORDERS)
    @rule(
        target=orders,
        lines=LINES,
        method=st.sampled_from([Method.STRIPE, Method.REQUEST]),
        payment=PAYMENTS,
        steps=st.sampled_from(["ship", "ship", "pick_ship", "pick_pack_ship"]),
    )
    def is_to_be_fetched(self, lines: Any, method: Method, payment: Any, steps: str) -> Any:
        found = OrderMachine.place(self, lines, method, payment, "automatic", True, steps)
        if isinstance(found, str):
            self.goes_its_way_at_first(found)
            self.edit(found, [("delivery", "pickup", 0)], "confirm", "staff", "")
        return found

    @rule(order_id=orders, few=st.lists(st.integers(0, 1), min_size=3, max_size=3), crash=CRASHES)
    def is_fetched(self, order_id: str, few: list[int], crash: str) -> None:
        """Some of it, or all."""
        self.counter(order_id, "aside", few, "")
        self.counter(order_id, "hand over", few, crash)

    @rule(order_id=orders, crash=CRASHES)
    def was_not_fetched(self, order_id: str, crash: str) -> None:
        self.counter(order_id, "undo", [0, 0, 0], crash)


class BanksMachine(OrderMachine):
    """Paid orders, and what becomes of their money."""

    place = hold = release = carrier_reports = units_come_in = pays_otherwise = reject = verify = None
    approve = goes_its_way = ship = ship_in_parcels = short_pick = found_after_all = goes_back = None

    @precondition(lambda self: len(self.seen) < MOST_ORDERS)
    @rule(
        target=orders,
        lines=LINES,
        method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER]),
        payment=PAYMENTS,
        first=st.sampled_from([None, 777]),
    )
    def sold(self, lines: Any, method: Method, payment: PaymentMethod, first: int | None) -> Any:
        """An order of a known customer, paid at once: by card, or by hand in one part or two."""
        try:
            order = self.shop.place(lines, method, payment, known=True, approval="automatic")
        except OutOfStock:
            return multiple()
        if method == Method.STRIPE:
            self.shop.provider.begin(order, f"pi_{order.order_id}", order.totals.total)
            self.customer_pays(order.order_id, "succeeded", 1)
        else:
            self.mark_paid(order.order_id, first)
            self.mark_paid(order.order_id, None)
        return order.order_id

    @rule(order_id=orders, place=st.integers(0, 3), rules=PAYMENTS, crash=CRASHES)
    def bounce(self, order_id: str, place: int, rules: PaymentMethod, crash: str) -> None:
        """A payment by hand comes back: what is due rises by it, and by nothing else. Of an order that was
        paid before some of it went back, all that is missing is asked for then."""
        payment = self._payment(order_id, place)
        known = self.shop.order(order_id)
        before, given_back = amount_due(known), balance(known.ledger).refunded
        if payment:
            asked = Bounce("no_funds", payment.entry_id)
            done = self.do(order_id, bouncing(asked, lambda _: rules, self.shop.at, lambda: "salt"), crash)
            if done and done.changed and not crash:
                rise = amount_due(done.order) - before
                missing = payment.amount if known.terms.payable else 0
                assert rise >= 0 if given_back else rise == missing

    @rule(order_id=orders, place=st.integers(0, 3), crash=CRASHES)
    def bounce_undone(self, order_id: str, place: int, crash: str) -> None:
        payment = self._payment(order_id, place, BOUNCED)
        if payment:
            self.do(order_id, undoing_bounce(payment.entry_id, self.shop.at), crash)

    @rule(
        order_id=orders,
        step=st.sampled_from(["deposit", "deposit", "clear", "bounce", "undo"]),
        amount=st.sampled_from([None, 1, 777]),
        rules=PAYMENTS,
        crash=CRASHES,
    )
    def cheque(self, order_id: str, step: str, amount: int | None, rules: PaymentMethod, crash: str) -> None:
        """Only what clears is money, however often the rest is entered."""
        known = self.shop.order(order_id)
        day, kept, before = self.shop.at[:10], balance(known.ledger).kept, confirmed(known, *COUNTED)
        waiting = next(iter(deposited(known.ledger)), None)
        word = Word(day, day, waiting.entry_id if waiting else "")
        said = Returned("no_funds")
        decide = {
            "deposit": depositing(
                Cheque(f"{order_id}-{kept}", "", day, day, amount), self.shop.at, lambda: "s"
            ),
            "clear": clearing(word, self.shop.at),
            "bounce": returning(word, said, lambda _: rules, self.shop.at, lambda: "s"),
            "undo": undoing_cheque(word.cheque_id, self.shop.at),
        }[step]
        self.do(order_id, decide, crash)
        after = self.shop.order(order_id)
        came = confirmed(after, *COUNTED) - before
        if step == "clear" and waiting:
            assert came in (0, waiting.amount)
        else:
            assert (came, balance(after.ledger).kept) == (0, kept)
        self.by_hand[order_id] = self.by_hand.get(order_id, 0) + came

    def _payment(self, order_id: str, place: int, status: str = "ok") -> Entry | None:
        """One of the payments by hand, counted round."""
        ledger = self.shop.order(order_id).ledger
        found = [e for e in ledger if (e.kind, e.provider, e.status) == ("capture", "manual", status)]
        return found[place % len(found)] if found else None

    @rule(order_id=orders, amount=AMOUNTS, title=st.sampled_from(["", "Cheque devuelto"]), crash=CRASHES)
    def fee(self, order_id: str, amount: int, title: str, crash: str) -> None:
        known = self.shop.order(order_id)
        done = self.do(order_id, recording_fee(Fee(amount, "bank", title), self.shop.at, lambda: "s"), crash)
        if done and not crash:
            added = amount if title else 0
            assert done.order.totals.total == known.totals.total + added
            assert amount_due(done.order) == amount_due(known) + added
            assert done.order.lines == known.lines

    @rule(order_id=orders, crash=CRASHES)
    def fee_withdrawn(self, order_id: str, crash: str) -> None:
        for entry in self.shop.order(order_id).ledger:
            if entry.kind == "fee":
                self.do(order_id, withdrawing_fee(entry.ref, self.shop.at), crash)

    @rule(order_id=orders, part=st.sampled_from([None, 1, 777]), crash=CRASHES)
    def dispute(self, order_id: str, part: int | None, crash: str) -> None:
        """Staff enter a chargeback: its money can no longer be granted."""
        captures = [e for e in self.shop.order(order_id).ledger if e.kind == "capture" and e.status == "ok"]
        claim = Claim("fraudulent", part, captures[-1].entry_id if captures else "")
        self.do(order_id, disputing(claim, self.shop.at, lambda: "salt"), crash)

    @rule(order_id=orders, how=ENDS, crash=CRASHES)
    def dispute_closed(self, order_id: str, how: str, crash: str) -> None:
        for entry in self.shop.order(order_id).ledger:
            if entry.kind == "dispute":
                self.do(order_id, closing_dispute(entry.ref, how, self.shop.at), crash)

    @rule(order_id=orders, amount=st.integers(1, 20_000), end=st.sampled_from(["", "won", "lost"]))
    def disputed_at_the_provider(self, order_id: str, amount: int, end: str) -> None:
        for record in self.shop.provider.of(order_id):
            self.shop.provider.dispute(record.ref, amount)
            if not end:
                self.shop.webhook(record.ref)
            else:
                self.shop.provider.decide(record.ref, end)

    @rule(order_id=orders, crash=CRASHES)
    def worker_dies(self, order_id: str, crash: str) -> None:
        """It has called the provider and told nobody; whoever comes next calls again under the same name."""
        self.shop.settle(order_id, dies=True)
        self.shop.dying(crash, lambda: self.shop.settle(order_id))

    @rule(order_id=orders, by=st.sampled_from(["staff", "customer"]), crash=CRASHES)
    def answer_an_edit_late(self, order_id: str, by: str, crash: str) -> None:
        """What was worked out lay for a while: it comes out as shown, or is refused and changes nothing."""
        known = self.shop.order(order_id)
        if known.edit:
            shown = known.edit.total
            decide = confirming(known.edit.edit_id, self.shop.origin(), self.shop.edits, by=by)
            done = self.do(order_id, decide, crash)
            if done and done.changed:
                assert done.order.totals.total == shown


def run_by(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


OrderMachine.TestCase.settings = run_by(40)
ShelfMachine.TestCase.settings = run_by(25)
CounterMachine.TestCase.settings = run_by(15)
SellingMachine.TestCase.settings = run_by(30)
BanksMachine.TestCase.settings = run_by(40)


@pytest.mark.capability("F01", "G01", "G02", "G03", "G05", "G17")
class TestOrders(OrderMachine.TestCase):  # type: ignore[misc]
    """Runs the machine of ordinary orders."""


@pytest.mark.capability("F23", "D10", "G01")
class TestShelf(ShelfMachine.TestCase):  # type: ignore[misc]
    """Runs the machine of orders that lie ready."""


@pytest.mark.capability("D19", "G01")
class TestCounter(CounterMachine.TestCase):  # type: ignore[misc]
    """Runs the machine of orders that are fetched."""


@pytest.mark.capability("F16", "F18", "G01")
class TestSelling(SellingMachine.TestCase):  # type: ignore[misc]
    """Runs the machine of drafts and credit."""


@pytest.mark.capability("F01", "F05", "F06", "G05")
class TestBanks(BanksMachine.TestCase):  # type: ignore[misc]
    """Runs the machine of money."""
