"""An order as a state machine: commands, events, deadlines, repeats, crashes, and what always holds."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

from comanda.canonical import canonical
from comanda.errors import OutOfStock, Problem
from comanda.fulfilment.consign import Consignment, consigning
from comanda.fulfilment.hand_over import Taking, handing_over
from comanda.fulfilment.hand_over import taking_back as undoing_hand_over
from comanda.fulfilment.pick import Handful, stepping
from comanda.fulfilment.put_back import confirming_put_back
from comanda.fulfilment.ready import Aside, putting_aside, putting_back
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.short_pick import Back, ShortPick, ShortUnits, finding_after_all, short_picking
from comanda.fulfilment.tracking import Scan
from comanda.fulfilment.tracking import recording as scanning
from comanda.fulfilment.units import Wanted
from comanda.fulfilment.unship import unconsigning, unshipping
from comanda.links.keys import Keys
from comanda.orders.approve import approving, rejecting
from comanda.orders.authorized import left_to_take, waiting
from comanda.orders.balance import balance
from comanda.orders.cancel import cancelling
from comanda.orders.consignments import consignment_of
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import amount_due, derived, ended, may_allocate, payment_allows_shipping
from comanda.orders.edits.ask_for import Asked
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.confirm_edit import confirming
from comanda.orders.edits.decline_edit import declining
from comanda.orders.edits.request_edit import requesting
from comanda.orders.evolve import replay
from comanda.orders.facts import broken_link
from comanda.orders.hold import holding, releasing_hold
from comanda.orders.holdings import holdings, waited_for
from comanda.orders.model import Order
from comanda.orders.pickup_codes import PickupCodes
from comanda.orders.pickups import at_counter, handed
from comanda.orders.refunds import BY_HAND, ELSEWHERE, MANUAL, ORIGINAL, grants, parts_of, refundable
from comanda.orders.reservation import unpaid
from comanda.orders.uncancel import uncancelling
from comanda.orders.verify import vouching
from comanda.orders.vocabulary import UNPLACED, HoldReason, Lifecycle, Method
from comanda.payments.choose import choosing
from comanda.payments.grant_refund import Terms, executing, refunding, withdrawing
from comanda.payments.mark_paid import marking_paid
from comanda.payments.refund_plan import Unit, Wish
from comanda.payments.take import taking_by_hand
from comanda.payments.unrefund import unrefunding
from comanda.settings.sections import CardPayment, Delivery, PaymentMethod, Shipping
from comanda.times import later
from comanda.workflow.timeouts import judge_deadlines
from tests.fakes import FakeLinkStore, Partition
from tests.unit.orders.delivery_orders import delivery_orders_are_sound, nothing_left_unprepared
from tests.unit.orders.shop import START, TestShop

MOST_ORDERS = 3
SELDOM = st.integers(0, 3).map(lambda n: n == 3)
CRASHES = st.sampled_from(["", "", "", "before write", "after write"])
LINES = st.lists(st.tuples(st.sampled_from("ABUS"), st.integers(1, 4)), min_size=1, max_size=3).map(tuple)
WISHES = st.one_of(
    st.just(Wish()),
    st.builds(Wish, amount=st.integers(1, 20_000)),
    st.builds(Wish, lines=st.tuples(st.builds(Unit, st.integers(1, 2), st.sampled_from(["l1", "l2"])))),
    st.builds(Wish, shipping=st.just(True), amount=st.just(1)),
)
PAYMENTS = st.builds(
    CardPayment,
    capture=st.sampled_from(["at_once", "approval"]),
    enabled=st.just(True),
    reserve_on=st.sampled_from(["placed", "confirmed"]),
    ship_before_payment=st.booleans(),
    remind_seconds=st.just(600),
    hold_seconds=st.sampled_from([300, 900, 5000]),
    cancel_seconds=st.sampled_from([1200, None]),
)


UNITS_OF = {"A": {"A": 1}, "B": {"B": 1}, "U": {}, "S": {"A": 2, "B": 1}}  # what one unit takes

PLACES = st.integers(0, 5)  # a line of the order, counted round
AMOUNTS = st.integers(1, 5_000)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("ABUS"), st.integers(1, 3)),
        st.tuples(st.just("quantity"), PLACES, st.integers(0, 4)),
        st.tuples(st.just("price"), PLACES, AMOUNTS),
        st.tuples(st.just("remove"), PLACES, st.just(0)),
        st.tuples(st.just("discount"), st.just("less"), AMOUNTS),
        st.tuples(st.just("surcharge"), st.just("more"), AMOUNTS),
        st.tuples(st.just("delivery"), st.just("pickup"), st.just(0)),
    ),
    min_size=1,
    max_size=3,
)
ANSWERS = st.sampled_from(["confirm", "confirm", "confirm", "decline", "later"])


AT_HAND = frozenset(
    {"LinesPicked", "PickUndone", "PickedPutBack", "LinesShipped", "ParcelTakenBack", "PickupHandedOver"}
    | {"HandOverUndone", "LinesShortPicked"}
)
COUNTERS = Shipping(
    deliveries=(Delivery(code="ship", needs_address=False), Delivery(code="pickup", needs_address=False))
)
CODES = PickupCodes(FakeLinkStore(), lambda: Keys("of the tests"), lambda: uuid4().hex)


class OrderMachine(RuleBasedStateMachine):
    orders: Bundle[str] = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.shop = TestShop()
        self.seen: dict[str, Order] = {}
        self.by_hand: dict[str, int] = {}
        self.parcels = 0

    def do(
        self, order_id: str, decide: Callable[[Loaded], Decision], crash: str, actor: str = "staff:1"
    ) -> Any:
        """Run a command; when its process dies, whoever sent it sends it again. Refusals change nothing."""
        before = self.shop.orders.partitions[order_id].snapshot
        try:
            return self.shop.dying(crash, lambda: self.shop.run(order_id, decide, actor))
        except Problem:
            if crash != "after write":
                assert self.shop.orders.partitions[order_id].snapshot == before
            return None

    @precondition(lambda self: len(self.seen) < MOST_ORDERS)
    @rule(
        target=orders,
        lines=LINES,
        method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER, Method.REQUEST]),
        payment=PAYMENTS,
        approval=st.sampled_from(["manual", "automatic"]),
        known=st.booleans(),
        steps=st.sampled_from(["ship", "pick_ship", "pick_pack_ship"]),
    )
    def place(
        self, lines: Any, method: Method, payment: PaymentMethod, approval: str, known: bool, steps: str
    ) -> Any:
        wanted = {sku: sum(n * UNITS_OF[s].get(sku, 0) for s, n in lines) for sku in START}
        sold_out = (sku for sku in START if sku not in self.shop.book.promised)
        short = {sku for sku in sold_out if wanted[sku] > self.shop.book.level(sku).available}
        at_once = payment.reserve_on == "placed" or (known and approval == "automatic")
        refused: OutOfStock | None = None
        try:
            order = self.shop.place(lines, method, payment, approval=approval, known=known, steps=steps)
        except OutOfStock as refusal:
            refused = refusal
        assert bool(refused) == bool(at_once and short)
        if refused:
            told = refused.extra["lines"]
            assert all(line["available"] < line["requested"] for line in told)
            assert short & {sku for line in told for sku in UNITS_OF[line["sku"]]}
            return multiple()
        if method == Method.STRIPE:
            self.shop.provider.begin(order, f"pi_{order.order_id}", order.totals.total)
        return order.order_id

    @rule(
        order_id=orders,
        actions=ACTIONS,
        answer=ANSWERS,
        by=st.sampled_from(["staff", "customer"]),
        crash=CRASHES,
    )
    def edit(self, order_id: str, actions: list[Any], answer: str, by: str, crash: str) -> None:
        """Staff work an edit out; it is carried out exactly as shown, dropped, or lies for later."""
        edits, origin = self.shop.edits, self.shop.origin()
        asked = [action_on(self.shop.order(order_id), *one) for one in actions]
        shown = self.do(order_id, requesting(asked, "", origin, edits), "")
        open_edit = self.shop.order(order_id).edit
        if open_edit is None or answer == "later":
            return
        if answer == "decline":
            self.do(order_id, declining(open_edit.edit_id, "", edits, by=by), crash)
            return
        known = self.shop.order(order_id)
        before, due = known.totals.total, amount_due(known)
        done = self.do(order_id, confirming(open_edit.edit_id, origin, edits, by=by), crash)
        if shown and done and done.changed:
            told, total = shown.result["preview"], done.order.totals.total
            assert told["totals"]["total"]["amount"] == total
            assert told["difference"]["amount"] == total - before
            assert done.order.edit is None
            if known.terms.payable:
                assert amount_due(done.order) == due + total - before

    @rule(order_id=orders, what=st.sampled_from(["ship", "together", "cancel", "refund"]), crash=CRASHES)
    def take_back(self, order_id: str, what: str, crash: str) -> None:
        """A slip of the hand is undone: exactly what it did, or nothing; also after time has passed."""
        order, withdraw = self.shop.order(order_id), self.shop.orders.withdraw
        if what == "cancel":
            before = replay(self.shop.orders.facts_until(order_id, max(order.revision - 1, 1)))
            decide = uncancelling(self.shop.orders.facts_until, self.shop.at, withdraw)
            done = self.do(order_id, decide, crash)
            if done and done.changed:
                assert as_before(done.order) == as_before(before)
            return
        if what == "together":
            for first in sorted({consignment_of(parcel) for parcel in order.shipments}):
                self.do(order_id, unconsigning(first, self.shop.orders.facts, withdraw), crash)
            return
        if what == "ship":
            for parcel in order.shipments:
                self.do(order_id, unshipping(parcel.shipment_id, self.shop.orders.facts, withdraw), crash)
            return
        for grant in grants(order):
            self.do(order_id, unrefunding(grant.grant, self.shop.at, withdraw), crash)

    @rule(order_id=orders, crash=CRASHES)
    def verify(self, order_id: str, crash: str) -> None:
        self.do(order_id, vouching, crash)

    @rule(order_id=orders, crash=CRASHES)
    def approve(self, order_id: str, crash: str) -> None:
        self.do(order_id, approving, crash)

    @rule(order_id=orders, now=SELDOM, crash=CRASHES)
    def reject(self, order_id: str, now: bool, crash: str) -> None:
        if now:
            self.do(order_id, rejecting("no", "merchant", lambda: "salt"), crash)

    @rule(order_id=orders, now=SELDOM, restock=SELDOM, refund=st.booleans(), crash=CRASHES)
    def cancel(self, order_id: str, now: bool, restock: bool, refund: bool, crash: str) -> None:
        if now:
            ends = cancelling(
                "customer_request", "", "staff:1", lambda: "salt", restock=not restock, refund=refund
            )
            self.do(order_id, ends, crash)

    @rule(order_id=orders, units=st.integers(1, 2), crash=CRASHES)
    def goes_its_way(self, order_id: str, units: int, crash: str) -> None:
        """The next step of an ordinary order's story, so that late states are met often."""
        order = self.shop.order(order_id)
        paid = balance(order.ledger).captured or not order.terms.payable
        if not order.approved:
            self.do(order_id, vouching, "")
            self.do(order_id, approving, crash)
        elif not paid:
            self.customer_pays(order_id, "succeeded", 1)
            self.mark_paid(order_id, None)
        elif any(line.to_ship for line in order.lines):
            for command in ("pick", "pack") if order.terms.steps != "ship" else ():
                self.do(order_id, stepping(command, Handful()), "")
            self.ship(order_id, [min(units, line.to_ship) for line in order.lines], crash)
        else:
            self.carrier_reports(order_id, "delivered", 9, crash)

    @rule(order_id=orders, part=st.sampled_from([None, None, 1, 777]), crash=CRASHES)
    def take_authorized(self, order_id: str, part: int | None, crash: str) -> None:
        """Never more than is due, and of each authorisation once."""
        for entry in waiting(self.shop.order(order_id))[:1]:
            left = left_to_take(self.shop.order(order_id))
            done = self.do(order_id, taking_by_hand(part, entry.entry_id), crash)
            if done and done.changed and not crash:
                assert 0 < done.result["amount"]["amount"] <= min(entry.amount, left)
                assert entry.entry_id not in [one.entry_id for one in waiting(done.order)]

    @rule(order_id=orders, part=st.sampled_from([None, None, 1, 777]))
    def mark_paid(self, order_id: str, part: int | None) -> None:
        decide = marking_paid(self.shop.origin(), lambda: "salt", amount=part)
        done = self.do(order_id, decide, "")
        if done and "amount" in done.result:
            paid = done.result["amount"]["amount"]
            self.by_hand[order_id] = self.by_hand.get(order_id, 0) + paid

    @rule(
        order_id=orders,
        status=st.sampled_from(
            ["processing", "failed", "authorized", "succeeded", "succeeded", "void", "lapsed"]
        ),
        deliveries=st.integers(0, 2),
    )
    def customer_pays(self, order_id: str, status: str, deliveries: int) -> None:
        """The provider's record moves; its webhook comes never, once or twice."""
        for record in self.shop.provider.of(order_id):
            self.shop.provider.move(record.ref, status)
            for _ in range(deliveries):
                self.shop.webhook(record.ref)

    @rule(order_id=orders, crash=CRASHES)
    def webhook_late(self, order_id: str, crash: str) -> None:
        for record in self.shop.provider.of(order_id):
            self.shop.dying(crash, lambda ref=record.ref: self.shop.webhook(ref))  # type: ignore[misc]

    @rule(order_id=orders, amount=st.integers(1, 20_000))
    def refunded_at_the_provider(self, order_id: str, amount: int) -> None:
        for record in self.shop.provider.of(order_id):
            self.shop.provider.refund(f"ch_{record.ref}", amount, "")
            self.shop.webhook(record.ref)

    @rule(order_id=orders, wish=WISHES, execute=st.booleans(), elsewhere=SELDOM, crash=CRASHES)
    def staff_refund(self, order_id: str, wish: Wish, execute: bool, elsewhere: bool, crash: str) -> None:
        """Decide that money goes back, in parts too; never more than there is."""
        left = refundable(self.shop.order(order_id))
        terms = Terms("customer_request", execute, ELSEWHERE if elsewhere else ORIGINAL)
        done = self.do(order_id, refunding(lambda order: wish, terms, self.shop.at, lambda: "salt"), crash)
        if done and done.changed and not crash:
            granted = done.result["granted"]["amount"]
            assert 0 < granted <= left
            assert refundable(self.shop.order(order_id)) == left - granted

    @rule(order_id=orders, withdraw=st.booleans(), crash=CRASHES)
    def staff_settle_a_refund(self, order_id: str, withdraw: bool, crash: str) -> None:
        """Carry out what was granted, or take the decision back."""
        for grant in grants(self.shop.order(order_id)):
            decide = withdrawing if withdraw else executing
            self.do(order_id, decide(grant.grant, self.shop.at), crash)

    @rule(order_id=orders, method=st.sampled_from([Method.STRIPE, Method.BANK_TRANSFER]), rules=PAYMENTS)
    def pays_otherwise(self, order_id: str, method: Method, rules: PaymentMethod) -> None:
        """Units that went back for want of money are taken again, or the customer hears they are gone."""
        before = self.shop.order(order_id)
        done = self.do(order_id, choosing(method, rules, self.shop.at), "")
        if done and done.changed:
            after = self.shop.order(order_id)
            assert after.reservation == ""
            if before.reservation == "expired":
                held = [n.reserved + n.allocated + n.backordered for n in after.lines if n.tracked]
                assert held == [line.to_ship for line in after.lines if line.tracked]

    @rule(sku=st.sampled_from("AB"), units=st.integers(0, 3))
    def units_come_in(self, sku: str, units: int) -> None:
        """The oldest of those who wait get them; whoever still waits does so for want of units."""
        self.shop.receive(sku, units)
        left = {name: self.shop.book.level(name).available for name in START}
        for order_id in self.shop.orders.partitions:
            order = self.shop.order(order_id)
            for line in order.lines if order.ending is None else ():
                assert not line.backordered or any(left[s] < n for s, n in UNITS_OF[line.sku].items())

    @rule(order_id=orders)
    def effects_are_carried_out(self, order_id: str) -> None:
        self.shop.settle(order_id)

    @rule(order_id=orders, crash=CRASHES)
    def hold(self, order_id: str, crash: str) -> None:
        self.do(order_id, holding("manual", "look", self.shop.origin(), lambda: "salt"), crash)

    @rule(order_id=orders)
    def release(self, order_id: str) -> None:
        for hold in self.shop.order(order_id).open_holds:
            self.do(order_id, releasing_hold(hold.hold_id), "")

    @rule(
        order_id=orders,
        command=st.sampled_from(["pick", "pick", "pack", "undo-pick", "undo-pack"]),
        units=st.lists(st.integers(0, 2), min_size=3, max_size=3),
        delivery=st.sampled_from([0, 0, 1, 2]),
        crash=CRASHES,
    )
    def at_the_shelf(self, order_id: str, command: str, units: list[int], delivery: int, crash: str) -> None:
        """Units are picked and packed, and put back; without any named, all of them."""
        before = self.shop.order(order_id)
        wanted = tuple(Wanted(n, line.line_id) for line, n in zip(before.lines, units, strict=False) if n)
        done = self.do(order_id, stepping(command, Handful(wanted, delivery)), crash)
        if done and done.changed and not crash:
            moved = sum(line["quantity"] for line in done.result["lines"])
            assert moved == (sum(one.quantity for one in wanted) or moved) > 0
            name = "picked" if command.endswith("pick") else "packed"
            sign = -1 if command.startswith("undo") else 1
            counts = [sum(getattr(line, name) for line in one.lines) for one in (before, done.order)]
            assert counts[1] - counts[0] == sign * moved
            assert done.order.version == before.version  # nobody's screen is out of date for it

    @rule(
        order_id=orders,
        units=st.integers(1, 3),
        reason=st.sampled_from(["missing", "damaged", "misplaced"]),
        policy=st.sampled_from(["backorder", "refund", "substitute"]),
        instead=st.sampled_from("ABSU"),
        article=st.sampled_from(["", "A", "B"]),
        ready=st.booleans(),
        crash=CRASHES,
    )
    def short_pick(
        self,
        order_id: str,
        units: int,
        reason: Any,
        policy: Any,
        instead: str,
        article: str,
        ready: bool,
        crash: str,
    ) -> None:
        """Units are not found: they leave the books; the order has others, waits, does without, or has
        another article."""
        if ready:
            for _ in range(2):
                self.goes_its_way_at_first(order_id)
        before = self.shop.order(order_id)
        line = max(before.lines, key=lambda one: one.allocated)
        part = article if article in [one.sku for one in line.components] else ""
        units = min(units, line.allocated or units)
        self.parcels += 1
        asked = ShortPick(
            (ShortUnits(units, line.line_id, article=part),),
            reason,
            policy=policy,
            short_id=f"x{self.parcels}",
            substitute=instead if policy == "substitute" else "",
        )
        decide = short_picking(asked, self.shop.short, self.shop.origin(), may_choose=True)
        done = self.do(order_id, decide, crash)
        if done and done.changed and not crash:
            self.is_made_good(before, done.order, done.result, units)

    def goes_its_way_at_first(self, order_id: str) -> None:
        """Confirmed and paid, so that there is something to pick."""
        order = self.shop.order(order_id)
        if not order.approved or not (balance(order.ledger).captured or not order.terms.payable):
            self.goes_its_way(order_id, 1, "")

    def is_made_good(self, before: Order, after: Order, told: dict[str, Any], units: int) -> None:
        """Every unit is replaced, waits, or is off the order, and then it is not to be paid any more."""
        assert sum(one["quantity"] for one in told["lines"]) == units
        assert after.version > before.version
        if told["policy"] == "backorder":
            assert sum(one["quantity"] for one in (*told["moved"], *told["waiting"])) == units
            assert after.totals == before.totals
        elif told["cancelled"]:
            assert after.ending or after.cancel_reason == "out_of_stock"
        else:
            less = before.totals.total - after.totals.total
            wanted = [sum(line.wanted for line in one.lines) for one in (before, after)]
            replaced = sum(one["quantity"] for one in told["replaced"])
            assert replaced == (units if told["policy"] == "substitute" else 0)
            assert wanted[0] - wanted[1] == units - replaced
            for one in told["replaced"]:
                line = after.line(one["line_id"])
                assert line is not None
                assert (line.quantity, line.backordered) == (units, 0)
                assert line.allocated == (units if line.tracked else 0)
            assert less >= 0
            assert after.totals.shipping == before.totals.shipping
            if before.terms.payable:
                back = (
                    sum(e.amount for e in parts_of(after, told["refund"]["refund_id"]))
                    if told["refund"]
                    else 0
                )
                assert back <= less
                assert back == min(less, max(less - amount_due(before), 0), refundable(before))

    @rule(order_id=orders, crash=CRASHES)
    def found_after_all(self, order_id: str, crash: str) -> None:
        """The last one is taken back, whole or not at all."""
        facts = list(self.shop.orders.facts(order_id))
        last = [fact for fact in facts if fact.type == "LinesShortPicked"][-1:]
        withdraw = self.shop.orders.withdraw
        for fact in last:
            back = Back(self.shop.orders.facts, withdraw, lambda name, at: unrefunding(name, at, withdraw))
            decide = finding_after_all(fact.data["short_id"], back, self.shop.short, self.shop.origin())
            done = self.do(order_id, decide, crash)
            if done and done.changed and not crash:
                earlier = replay(facts[: fact.seq - 1 if "outcome" in fact.data else None])
                assert done.order.totals == earlier.totals
                assert [n.quantity for n in done.order.lines] == [n.quantity for n in earlier.lines]

    @rule(order_id=orders, all_of_it=st.booleans(), crash=CRASHES)
    def goes_back(self, order_id: str, all_of_it: bool, crash: str) -> None:
        """What was picked and is not wanted any more lies on its shelf again, some of it or all."""
        waits = self.shop.order(order_id).put_back
        some = tuple(Wanted(1, one.line_id) for one in waits[:1])
        handful = Handful(() if all_of_it else some)
        done = self.do(order_id, confirming_put_back(handful), crash)
        if done and done.changed and not crash:
            units = [sum(one.quantity for one in each) for each in (waits, done.order.put_back)]
            assert units[0] - units[1] == (units[0] if all_of_it else 1)

    @rule(order_id=orders, units=st.lists(st.integers(0, 2), min_size=3, max_size=3), crash=CRASHES)
    def ship(self, order_id: str, units: list[int], crash: str) -> None:
        lines = zip(self.shop.order(order_id).lines, units, strict=False)
        wanted = tuple(Wanted(n, line.line_id) for line, n in lines if n)
        if wanted:
            self.parcels += 1
            parcel = Parcel(wanted, "dhl", f"T{self.parcels}")
            before = self.shop.order(order_id)
            done = self.do(order_id, shipping(parcel, f"s{self.parcels}", self.shop.at), crash)
            if done and done.changed and not crash:
                nothing_left_unprepared(before, done.order)

    @rule(
        order_id=orders,
        shares=st.lists(st.integers(0, 2), min_size=2, max_size=9),
        rest=st.booleans(),
        more=SELDOM,
        crash=CRASHES,
    )
    def ship_in_parcels(self, order_id: str, shares: list[int], rest: bool, more: bool, crash: str) -> None:
        """What lies ready leaves in up to three parcels, unit by unit, the last perhaps with the rest: all of
        them or none, and never more than lay ready (`more` asks for it)."""
        for _ in range(2):
            self.goes_its_way_at_first(order_id)
        before = self.shop.order(order_id)
        lie = [line.line_id for line in before.lines for _ in range(line.allocated - line.shipped + more)]
        units = Counter(zip(shares, lie, strict=False))
        parcels = []
        for number in range(3):
            wanted = tuple(Wanted(n, line_id) for (share, line_id), n in units.items() if share == number)
            if wanted:
                self.parcels += 1
                parcels.append(Parcel(wanted, "dhl", f"T{self.parcels}"))
        if not parcels:
            return
        if rest and len(parcels) > 1:
            parcels[-1] = replace(parcels[-1], lines=())
        asked = Consignment(tuple(parcels), (0,) * len(parcels))
        done = self.do(order_id, consigning(asked, f"s{self.parcels}", self.shop.at), crash)
        if done and done.changed and not crash:
            nothing_left_unprepared(before, done.order)
            known = {parcel.shipment_id for parcel in before.shipments}
            new = [one for one in done.order.shipments if one.shipment_id not in known]
            assert [one.shipment_id for one in new] == done.result["shipment_ids"]
            for was, now in zip(before.lines, done.order.lines, strict=True):
                packed = sum(n.quantity for one in new for n in one.lines if n.line_id == was.line_id)
                assert now.shipped - was.shipped == packed <= was.to_ship

    @rule(
        order_id=orders,
        what=st.sampled_from(["aside", "aside", "hand over", "hand over", "put back", "undo"]),
        units=st.lists(st.integers(0, 2), min_size=3, max_size=3),
        crash=CRASHES,
    )
    def counter(self, order_id: str, what: str, units: list[int], crash: str) -> None:
        """Its customer fetches it: never more is handed over than waits, and that leaves the counter."""
        before, withdraw = self.shop.order(order_id), self.shop.orders.withdraw
        wanted = tuple(Wanted(n, one.line_id) for one, n in zip(before.lines, units, strict=False) if n)
        if what == "aside":
            aside = Aside(wanted, until=later(self.shop.at, 3600))
            self.do(order_id, putting_aside(aside, self.shop.at, lambda: COUNTERS, CODES), crash)
        elif what == "put back":
            self.do(order_id, putting_back, crash)
        elif what == "undo":
            for given in handed(before)[-1:]:
                decide = undoing_hand_over(given.hand_over_id, self.shop.orders.facts, withdraw)
                self.do(order_id, decide, crash)
        else:
            taking = Taking("Ana", number=before.number, lines=wanted)
            done = self.do(order_id, handing_over(taking, self.shop.at, lambda: "salt", CODES), crash)
            if done and done.changed and not crash:
                assert at_the_counter(before) - at_the_counter(done.order) == given_out(
                    done.order
                ) - given_out(before)

    @rule(
        order_id=orders,
        status=st.sampled_from(["in_transit", "exception", "delivered", "returned_to_sender"]),
        hours=st.integers(0, 9),
        crash=CRASHES,
    )
    def carrier_reports(self, order_id: str, status: str, hours: int, crash: str) -> None:
        for parcel in self.shop.order(order_id).shipments:
            scan = Scan("dhl", parcel.tracking_number, status, f"2026-11-22T0{hours}:00:00.000Z")
            told = partial(scanned_on, parcel.shipment_id, scan)
            self.do(order_id, told, crash, "provider:dhl")

    @rule(order_id=orders, seconds=st.sampled_from([1, 600, 3600]), crash=CRASHES)
    def time_passes(self, order_id: str, seconds: int, crash: str) -> None:
        self.shop.later(seconds)
        self.do(order_id, lambda loaded: judge_deadlines(loaded, self.shop.at), crash, "system")

    @invariant()
    def all_is_well(self) -> None:
        """What a command did not touch was fine a step ago: only changed orders are looked at anew."""
        for order_id, kept in self.shop.orders.partitions.items():
            before = self.seen.get(order_id)
            if before is None or before.revision != len(kept.commits):
                order = self.seen[order_id] = self.shop.order(order_id)
                self.history_is_the_order(order, kept)
                lines_are_possible(order)
                goods_are_set_aside(order)
                delivery_orders_are_sound(order, before)
                if before:
                    self.nothing_picked_is_forgotten(before, order)
                money_is_possible(order)
                if before and order.lifecycle != before.lifecycle:
                    nothing_ends_for_want_of_money_it_has(order)
                    self.no_end_outruns_money(order)
        self.stock_is_conserved()
        self.money_is_conserved()

    def history_is_the_order(self, stored: Order, kept: Partition) -> None:
        facts = list(self.shop.orders.facts(stored.order_id))
        again = replace(replay(facts), revision=len(kept.commits))
        assert broken_link(facts) is None
        assert canonical(again.snapshot()) == kept.snapshot
        assert {e.entry_id: canonical(e.to_dict()) for e in again.ledger} == kept.ledger
        told = {name: json.loads(body) for name, body in kept.shipments.items()}
        for body in told.values():
            body.pop("scans", None)  # the carrier's words lie beside the history
        assert {s.shipment_id: s.to_dict() for s in again.shipments} == told
        assert (stored.head_hash, stored.facts) == (facts[-1].hash, len(facts))
        assert derived(stored) == stored

    def nothing_picked_is_forgotten(self, before: Order, order: Order) -> None:
        """What is picked stays at hand, or is to be put back, until somebody at the shelf or a parcel moves
        it."""
        news = [fact.type for fact in self.shop.orders.facts(order.order_id)][before.facts :]
        if not AT_HAND & set(news):
            assert at_hand(order) == at_hand(before)

    def no_end_outruns_money(self, order: Order) -> None:
        """When an order ends, no attempt that it knows of can still turn into money."""
        known = {entry.ref for entry in order.ledger if entry.kind == "intent"}
        for record in self.shop.provider.of(order.order_id):
            if ended(order) and record.ref in known:
                assert record.status in ("void", "succeeded")

    def stock_is_conserved(self) -> None:
        for sku, start in START.items():
            level = self.shop.book.level(sku)
            lines = [line for order in self.seen.values() for line in order.lines]
            held = [place for line in lines for place in holdings(line) if place.sku == sku]
            assert level.available == level.on_hand - level.reserved - level.allocated >= 0
            assert level.reserved == sum(place.reserved for place in held)
            assert level.allocated == sum(place.allocated for place in held)
            assert level.reserved == sum(line.reserved * UNITS_OF[line.sku].get(sku, 0) for line in lines)
            gone = sum(line.shipped * UNITS_OF[line.sku].get(sku, 0) for line in lines)
            gone += sum(n * UNITS_OF[bought].get(sku, 0) for bought, n in self.written_off())
            assert level.on_hand == start + self.shop.received.get(sku, 0) - gone
        waiting = {(sku, o.order_id) for o in self.seen.values() for sku in waited_for(o)}
        assert set(self.shop.book.queue()) == waiting

    def written_off(self) -> list[tuple[str, int]]:
        """What orders that ended without a restock took off the shelf for good."""
        facts = (fact for order_id in self.seen for fact in self.shop.orders.facts(order_id))
        gone = []
        for fact in facts:
            if fact.type == "StockWrittenOff":
                gone += [(line["sku"], line["quantity"]) for line in fact.data["lines"]]
            lost = fact.data["lost"] if fact.type in ("LinesShortPicked", "ShortPickUndone") else ()
            sign = 1 if fact.type == "LinesShortPicked" else -1
            gone += [(sku, sign * units) for sku, _, _, units in lost]
            found = fact.data.get("found_again", ()) if fact.type == "CancellationUndone" else ()
            gone += [(line["sku"], -line["quantity"]) for line in found]
        return gone

    def money_is_conserved(self) -> None:
        """The books hold no money that is not there, and all that staff counted."""
        for order_id, order in self.seen.items():
            sums = balance(order.ledger)
            assert confirmed(order, "ok", "void", "bounced") == self.by_hand.get(order_id, 0)
            ours = confirmed(order, "ok") + sums.credited
            assert sums.captured <= ours + self.shop.provider.captured(order_id)
            given = given_back_by_hand(order) + given_as_credit(order)
            assert sums.refunded - sums.disputed <= self.shop.provider.refunded(order_id) + given
            assert sums.disputed <= self.shop.provider.lost(order_id) + lost_by_word(order)
            paid = order.totals
            added = 0 if paid.tax_included else paid.tax
            assert paid.total == paid.subtotal - paid.discount + paid.surcharge + paid.shipping + added
        self.wallets_are_true()

    def wallets_are_true(self) -> None:
        """A balance is what was put in, less what orders spent, and what they gave back."""
        expected = dict(self.shop.given)
        for entry in (one for order in self.seen.values() for one in order.ledger if one.wallet):
            if entry.status == "ok":
                sign = -1 if entry.kind == "capture" else 1
                expected[entry.wallet] = expected.get(entry.wallet, 0) + sign * entry.amount
        assert {name: n for name, n in self.shop.wallets.balances.items() if n} == {
            name: n for name, n in expected.items() if n
        }
        assert min(expected.values(), default=0) >= 0

    def teardown(self) -> None:
        """When every webhook has come at last, the books agree with the provider's."""
        for ref in list(self.shop.provider.payments):
            self.shop.webhook(ref)
        for order_id in self.shop.orders.partitions:
            order = self.shop.order(order_id)
            sums = balance(order.ledger)
            ours = confirmed(order, "ok") + sums.credited
            assert sums.captured == self.shop.provider.captured(order_id) + ours
            given = given_back_by_hand(order) + given_as_credit(order)
            assert sums.refunded - sums.disputed == self.shop.provider.refunded(order_id) + given
            assert sums.disputed == self.shop.provider.lost(order_id) + lost_by_word(order)


def at_hand(order: Order) -> int:
    """Units that somebody has taken from the shelf, the order's and those that it lost."""
    return sum(line.picked for line in order.lines) + sum(one.quantity for one in order.put_back)


def as_before(order: Order) -> dict[str, Any]:
    """An order but for what counts its changes, and what those who took something back left in the books."""
    counts = ("version", "revision", "facts", "head_hash", "updated_at", "run")
    whole = {name: value for name, value in order.snapshot().items() if name not in counts}
    return whole | {"ledger": [one.to_dict() for one in order.ledger if one.status != "void"]}


def goods_are_set_aside(order: Order) -> None:
    """A live order holds what it still is to ship, and owns it once it may be shipped."""
    short = any(hold.reason == "out_of_stock" for hold in order.open_holds)
    if order.lifecycle in UNPLACED or order.draft is not None:
        assert not any(line.reserved + line.allocated + line.backordered for line in order.lines)
        return
    wants = order.approved or order.terms.reserve_on == "placed"
    if unpaid(order) and not payment_allows_shipping(order):
        assert not any(line.allocated for line in order.lines)
    given_up = order.reservation == "expired"
    if given_up and not ended(order):
        assert not balance(order.ledger).has_money or short
        assert not any(line.reserved for line in order.lines)
    for line in order.lines if wants and not ended(order) and not short and not given_up else ():
        if line.tracked:
            assert line.reserved + line.allocated + line.backordered == line.to_ship
            assert line.reserved == 0 or not may_allocate(order)


def action_on(order: Order, kind: str, what: Any, n: int) -> Asked:
    """An action of an edit on this order."""
    match kind:
        case "add":
            return Asked(Change(kind, sku=what, quantity=n))
        case "discount" | "surcharge":
            return Asked(Change(kind, price=n, title=what))
        case "delivery":
            return Asked(Change(kind, delivery=what))
    line_id = order.lines[what % len(order.lines)].line_id
    return Asked(Change(kind, line_id=line_id, **({"price": n} if kind == "price" else {"quantity": n})))


def scanned_on(shipment_id: str, scan: Scan, loaded: Loaded) -> Decision:
    return scanning(loaded.order, [scan], frozenset({shipment_id}), scan.at)


def at_the_counter(order: Order) -> int:
    return sum(units for _, units in at_counter(order))


def given_out(order: Order) -> int:
    return sum(one.quantity for each in handed(order) for one in each.lines)


def lines_are_possible(order: Order) -> None:
    for line in order.lines:
        assert 0 <= line.delivered <= line.shipped <= line.quantity - line.cancelled
        assert min(line.reserved, line.allocated, line.cancelled) >= 0
        # Cancelled without giving the stock back, the units stay set aside for whoever took them.
        kept_aside = order.lifecycle == Lifecycle.CANCELLED
        assert line.reserved + line.allocated <= (
            line.quantity - line.shipped if kept_aside else line.to_ship
        )


def confirmed(order: Order, *statuses: str) -> int:
    """Money that staff confirmed by hand. What the provider reports later takes its place (`void`)."""
    return sum(
        e.amount for e in order.ledger if e.entry_id.startswith("manual:capture") and e.status in statuses
    )


def given_back_by_hand(order: Order) -> int:
    """Money that people paid back themselves, of transfers or elsewhere."""
    refunds = (e for e in order.ledger if e.kind == "refund" and e.provider in BY_HAND)
    return sum(entry.amount for entry in refunds if entry.status == "ok")


def given_as_credit(order: Order) -> int:
    """Money that went back into store credit."""
    refunds = (e for e in order.ledger if e.kind == "refund" and e.wallet)
    return sum(entry.amount for entry in refunds if entry.status == "ok")


def lost_by_word(order: Order) -> int:
    """Money that banks took back as staff entered it."""
    lost = (e for e in order.ledger if (e.kind, e.provider, e.status) == ("dispute", MANUAL, "ok"))
    return sum(entry.amount for entry in lost)


def money_is_possible(order: Order) -> None:
    """Nothing goes back that did not come in, unless a person is told so (`payment_mismatch`)."""
    sums = balance(order.ledger)
    bounced = confirmed(order, "bounced")
    grants = [
        entry for entry in order.ledger if ":grant:" in entry.entry_id and entry.status in ("pending", "ok")
    ]
    twice = any(hold.reason == HoldReason.PAYMENT_MISMATCH for hold in order.holds)
    assert sums.refunded <= sums.captured or twice
    assert sum(entry.amount for entry in grants) <= sums.captured + bounced


def nothing_ends_for_want_of_money_it_has(order: Order) -> None:
    if order.lifecycle == Lifecycle.EXPIRED or order.cancel_reason == "unpaid":
        assert not balance(order.ledger).has_money
