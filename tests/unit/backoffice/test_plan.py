"""Which partitions a filter reads."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.backoffice.listing.plan import MOST_PARTITIONS, Choice, narrower
from comanda.orders import index
from comanda.orders.filters import KNOWN, Condition, Filter
from comanda.orders.model import Order
from comanda.orders.promised import KEY, Promised
from comanda.orders.vocabulary import Channel, Fulfilment, HoldReason, Lifecycle, Method, Payment
from tests.examples import a_hold, a_line, an_order

STATES = [
    "placed|paid|unfulfilled|none|-",
    "placed|pending|unfulfilled|none|review",
    "closed|paid|delivered|none|-",
]
SOURCES = ["web|stripe|yes", "phone|on_delivery|no"]


def wanted(*conditions: tuple[str, str]) -> Filter:
    return Filter(
        conditions=tuple(
            Condition(key.removeprefix("not."), frozenset(values.split(",")), key.startswith("not."))
            for key, values in conditions
        )
    )


@pytest.mark.capability("C29")
@pytest.mark.parametrize(
    ("conditions", "choice"),
    [
        ([], None),
        ([("not.payment", "paid")], Choice("state", (STATES[1],))),
        ([("label", "to_review")], Choice("state", (STATES[1],))),
        ([("not.label", "delivered")], Choice("state", tuple(STATES[:2]))),
        ([("channel", "phone")], Choice("source", (SOURCES[1],))),
        ([("channel", "phone"), ("lifecycle", "placed")], Choice("source", (SOURCES[1],))),
        ([("channel", "phone"), ("lifecycle", "closed")], Choice("state", (STATES[2],))),
        ([("hold", "fraud")], Choice("state", ())),
        ([("payment", "paid,pending")], None),
    ],
)
def test_the_narrower_index_is_read(conditions: list[tuple[str, str]], choice: Choice | None) -> None:
    assert narrower(STATES, SOURCES, wanted(*conditions)) == choice


def test_too_many_partitions_are_not_merged() -> None:
    states = [f"placed|paid|unfulfilled|none|k{n}" for n in range(MOST_PARTITIONS + 1)] + [STATES[2]]
    assert narrower(states, SOURCES, wanted(("lifecycle", "placed"))) is None
    assert narrower(STATES, SOURCES, wanted(("lifecycle", "placed")), shards=101) is None


def _promised(order: Order, day: str) -> Order:
    """What has left was promised once; nothing of it counts any more."""
    open_still = index.may_be_promised(index.state_signature(order))
    return replace(order, lines=(a_line(promised_at=day),)) if open_still else replace(order, lines=())


orders = st.builds(
    lambda reasons, promised, **changes: _promised(
        an_order(holds=tuple(map(a_hold, reasons)), **changes), promised
    ),
    promised=st.just("") | st.dates(date(2026, 12, 1), date(2026, 12, 9)).map(str),
    reasons=st.lists(st.sampled_from(HoldReason), max_size=3, unique=True),
    lifecycle=st.sampled_from(Lifecycle),
    payment=st.sampled_from([p for p in Payment if p != Payment.NONE]),
    fulfilment=st.sampled_from(Fulfilment),
    channel=st.sampled_from(Channel),
    method=st.sampled_from([m for m in Method if m != Method.REQUEST]),
    verified=st.booleans(),
    approved=st.booleans(),
)


def some_of(key: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(KNOWN[key])), min_size=1, max_size=3)


days = st.dates(date(2026, 12, 1), date(2026, 12, 9)).map(str)
conditions = st.sampled_from(sorted(KNOWN.keys() - {KEY})).flatmap(
    lambda key: st.builds(Condition, st.just(key), some_of(key), st.booleans())
) | st.builds(Promised, start=days, end=days, negated=st.booleans())


@given(st.lists(orders, min_size=1, max_size=20), st.lists(conditions, max_size=3))
def test_no_order_that_fits_is_left_out(some: list[Order], asked: list[Condition | Promised]) -> None:
    states = {index.state_signature(order) for order in some}
    sources = {index.source_signature(order) for order in some}
    chosen = narrower(states, sources, Filter(conditions=tuple(asked)))
    for order in some:
        if chosen and all(condition.fits(index.traits_of(order)) for condition in asked):
            signature = index.state_signature if chosen.index == "state" else index.source_signature
            assert signature(order) in chosen.signatures
