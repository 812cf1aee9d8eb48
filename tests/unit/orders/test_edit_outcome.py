"""What an edit comes to, over all ways of taxing and rounding: it adds up, and touches nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comanda.errors import AmbiguousLine, Invalid, WrongState
from comanda.orders.bill import Extra, TaxRule, Wanted
from comanda.orders.derive import amount_due
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.money import asking_anew, check_money, difference, standing
from comanda.orders.edits.outcome import Outcome, applied, unchanged
from comanda.orders.edits.preview import stock_after
from comanda.orders.edits.work_out import EditShelf, work_out
from comanda.orders.model import Order, Terms
from comanda.orders.price import price
from comanda.orders.vocabulary import Method
from comanda.settings.sections import Shipping
from comanda.stock.model import Product
from tests.examples import AT, an_entry, an_order, loaded, named

PRODUCTS = {
    "A": Product("A", {"es": "Café"}, 9_999, 160_000),
    "B": Product("B", {"es": "Taza"}, 3_333, 80_000),
    "C": Product("C", {"es": "Libro"}, 101, 0),
}
SHELF = EditShelf(PRODUCTS, Shipping(), "main")
HOME = {"shipping": {"line1": "Av. 1", "country": "MX", "postal_code": "06700"}}


def sold(lines: list[tuple[str, int]], extras: list[Extra], rule: TaxRule) -> Order:
    """An order as the checkout charges it."""
    charged = price([Wanted(PRODUCTS[sku], n) for sku, n in lines], extras, rule, "es", "main")
    return an_order(
        lines=charged.lines,
        charges=charged.charges,
        tax_lines=charged.tax_lines,
        totals=charged.totals,
        terms=Terms(rounding="line" if rule.per_line else "total"),
    )


KINDS = st.sampled_from(["discount", "surcharge", "shipping"])
PLACES = st.integers(1, 4).map(lambda number: f"l{number}")
UNITS = st.integers(1, 9)
CENTS = st.integers(0, 9_999)
SKUS = st.sampled_from("ABC")
orders = st.builds(
    sold,
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), min_size=1, max_size=4),
    st.lists(
        st.builds(Extra, KINDS, st.just("c"), st.just("t"), st.integers(0, 9_999)), max_size=3
    ).map(lambda extras: sorted(extras, key=lambda extra: extra.kind == "shipping")),
    st.builds(TaxRule, st.booleans(), st.booleans()),
)  # fmt: skip
changes = st.lists(
    st.one_of(
        st.builds(lambda sku, n: Change("add", sku=sku, quantity=n), SKUS, UNITS),
        st.builds(lambda line, n: Change("quantity", line_id=line, quantity=n - 1), PLACES, UNITS),
        st.builds(lambda line, price: Change("price", line_id=line, price=price), PLACES, CENTS),
        st.builds(lambda line: Change("remove", line_id=line), PLACES),
        st.builds(lambda n: Change("discount", price=n + 1, title="t"), CENTS),
        st.builds(lambda n: Change("surcharge", price=n + 1, title="t"), CENTS),
        st.builds(lambda price: Change("delivery", delivery="ship", price=price), st.none() | CENTS),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def worked_out(order: Order, asked: list[Change], edit_id: str = "e1") -> Outcome | None:
    """The outcome, or None when the edit is refused."""
    try:
        return work_out(order, edit_id, asked, HOME, SHELF)
    except (Invalid, WrongState):
        return None


@pytest.mark.capability("G06", "F14")
@settings(deadline=None)
@given(orders, changes)
def test_the_sums_of_an_edited_order_add_up(order: Order, asked: list[Change]) -> None:
    outcome = worked_out(order, asked)
    if outcome is None:
        return
    sums, lines = outcome.totals, outcome.lines
    assert sums.subtotal == sum(line.unit_price * line.quantity for line in lines)
    assert sums.discount == sum(line.discount for line in lines)
    assert sums.discount == sum(c.amount for c in outcome.charges if c.kind == "discount") <= sums.subtotal
    assert sums.tax == sum(line.tax for line in lines) + sum(c.tax for c in outcome.charges)
    assert sums.tax == sum(rate.amount for rate in outcome.tax_lines)
    extra = 0 if sums.tax_included else sums.tax
    assert sums.total == sums.subtotal - sums.discount + sums.surcharge + sums.shipping + extra
    others = sum(
        c.amount + (0 if sums.tax_included else c.tax) for c in outcome.charges if c.kind != "discount"
    )
    assert sums.total == sum(line.total for line in lines) + others
    assert difference(order, outcome)["amount"] == sums.total - order.totals.total


@pytest.mark.capability("F01", "F03")
@settings(deadline=None)
@given(orders, changes, changes, CENTS, CENTS, CENTS)
def test_what_is_due_changes_by_the_difference_whatever_was_paid_and_given_back(
    order: Order, first: list[Change], second: list[Change], paid: int, back: int, again: int
) -> None:
    """Goodwill is not asked for again by an edit, and what an edit adds is asked for."""
    back = min(back, paid)
    entries = (an_entry("capture", paid), an_entry("refund", back), an_entry("refund", again, ref="r2"))
    order = replace(order, ledger=entries[:2] if paid else ())
    for number, asked in enumerate((first, second), start=1):
        outcome = worked_out(order, asked, f"e{number}")
        if outcome is None:
            return
        after = applied(order, outcome)
        assert amount_due(after) - amount_due(order) == after.totals.total - order.totals.total
        order = replace(after, ledger=entries if paid and again <= paid - back else after.ledger)


@pytest.mark.capability("G06")
@settings(deadline=None)
@given(orders, changes)
def test_what_is_shown_is_what_is_done_and_done_again_changes_nothing(
    order: Order, asked: list[Change]
) -> None:
    outcome = worked_out(order, asked)
    if outcome is None:
        return
    again = worked_out(order, asked)
    assert again is not None
    assert again.digest == outcome.digest
    after = applied(order, Outcome.from_dict(outcome.to_dict()))
    assert unchanged(after) == outcome
    kept = {line.line_id: line for line in order.lines}
    moved = {change.line_id for change in asked}
    for line in after.lines:
        if line.line_id in kept and line.line_id not in moved:
            assert (line.quantity, line.unit_price) == (
                kept[line.line_id].quantity, kept[line.line_id].unit_price,
            )  # fmt: skip


@pytest.mark.capability("F14")
@settings(deadline=None)
@given(orders, st.integers(1, 9))
def test_an_edit_and_its_opposite_leave_what_was_charged(order: Order, units: int) -> None:
    """A line comes and goes: every cent is where it was."""
    more = worked_out(order, [Change("add", sku="A", quantity=units)])
    assert more is not None
    added = applied(order, more)
    less = worked_out(added, [Change("remove", line_id="e1-1")], "e2")
    free = [charge for charge in order.charges if charge.kind == "discount" and not charge.amount]
    if not free:  # a discount that took nothing has nothing to take from the new line either way
        assert less is not None
        capped = order.totals.discount == order.totals.subtotal
        assert capped or less == unchanged(order)


@pytest.mark.capability("D21")
@settings(deadline=None)
@given(orders, changes, st.integers(0, 3), st.booleans())
def test_stock_moves_by_what_changes_and_nothing_else(
    order: Order, asked: list[Change], shipped: int, owned: bool
) -> None:
    """Each line held all it had to ship; after the edit it holds all it has to ship then."""
    column = "allocated" if owned else "reserved"
    lines = tuple(replace(line, shipped=min(shipped, line.quantity)) for line in order.lines)
    held = replace(order, lines=tuple(replace(line, **{column: line.to_ship}) for line in lines))  # type: ignore[arg-type]
    outcome = worked_out(held, asked)
    if outcome is None:
        return
    released, reserved = stock_after(held, outcome)
    sums: dict[str, int] = {}
    for move in (*released.moves, *reserved.moves):
        sums[move.sku] = sums.get(move.sku, 0) + move.reserved + move.allocated
    for sku in PRODUCTS:
        before = sum(line.to_ship for line in held.lines if line.sku == sku)
        after = sum(line.to_ship for line in applied(held, outcome).lines if line.sku == sku)
        assert sums.get(sku, 0) == after - before


def test_a_sku_on_two_lines_is_named_by_its_line() -> None:
    order = sold([("A", 1), ("A", 2)], [], TaxRule(included=True, per_line=True))
    with pytest.raises(AmbiguousLine):
        work_out(order, "e1", [Change("remove", sku="A")], {}, SHELF)


def test_what_the_same_edit_adds_is_told_to_be_said_in_its_own_action() -> None:
    order = sold([("A", 1)], [], TaxRule(included=True, per_line=True))
    with pytest.raises(Invalid) as refused:
        work_out(order, "e1", [Change("add", sku="B", quantity=1), Change("price", sku="B")], {}, SHELF)
    (error,) = refused.value.extra["errors"]
    assert (error["pointer"], "added by this same edit" in error["detail"]) == ("/actions/1/sku", True)


@pytest.mark.parametrize(
    ("entry", "allowed"),
    [
        ({"kind": "authorization"}, True),
        ({"kind": "authorization", "taking": 1}, False),
        ({"kind": "intent", "status": "processing"}, False),
        ({"kind": "intent", "status": "pending"}, True),
        ({"kind": "capture"}, True),
    ],
)
@pytest.mark.capability("F03", "F05")
def test_the_total_stays_under_a_payment_that_is_under_way(entry: dict[str, Any], allowed: bool) -> None:
    order = replace(sold([("A", 1)], [], TaxRule(included=True, per_line=True)), ledger=(an_entry(**entry),))
    dearer = work_out(order, "e1", [Change("quantity", line_id="l1", quantity=2)], {}, SHELF)
    swapped = [Change("add", sku="A", quantity=1), Change("remove", line_id="l1")]
    check_money(order, work_out(order, "e1", swapped, {}, SHELF))  # the total does not change
    if allowed:
        check_money(order, dearer)
        return
    with pytest.raises(WrongState) as refused:
        check_money(order, dearer)
    assert refused.value.guard == "payment-under-way"


@pytest.mark.capability("F03")
def test_an_open_attempt_at_a_provider_gives_way_to_one_of_the_new_amount() -> None:
    intent = an_entry("intent", 9_999, "pending")
    card = {"method": Method.STRIPE, "ledger": (intent,)}
    order = replace(sold([("A", 1)], [], TaxRule(included=True, per_line=True)), **card)  # type: ignore[arg-type]
    dearer = work_out(order, "e1", [Change("quantity", line_id="l1", quantity=2)], {}, SHELF)
    decision = asking_anew(loaded(order), dearer, AT)
    void, start = decision.effects
    assert (void.kind, void.data["ref"], void.data["why"]) == ("payment.void", "pi_1", "replaced")
    assert (start.kind, start.data) == ("payment.start", {"method": "stripe", "amount": 2 * 9_999})
    assert standing(order, dearer)["due"]["amount"] == 2 * 9_999


@pytest.mark.capability("F03")
def test_nothing_is_asked_for_once_more_than_all_is_paid() -> None:
    paid = an_entry("capture", 2 * 9_999, method="bank_transfer", provider="manual", ref="paid-1")
    waiting = replace(
        an_entry("intent", 5),
        provider="manual",
        method="bank_transfer",
        status="pending",
        ref="bank_transfer-1",
    )
    order = sold([("A", 3)], [], TaxRule(included=True, per_line=True))
    order = replace(order, ledger=(paid, waiting))
    cheaper = work_out(order, "e1", [Change("quantity", line_id="l1", quantity=1)], {}, SHELF)
    decision = asking_anew(loaded(order), cheaper, AT)
    assert named(decision) == ["PaymentVoided"]
    assert decision.effects == ()
    told = standing(order, cheaper)
    assert (told["due"]["amount"], told["refundable"]["amount"]) == (0, 9_999)
