"""Which partitions a filter reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.backoffice.listing.plan import MOST_PARTITIONS, Choice, narrower
from comanda.orders import index
from comanda.orders.filters import KNOWN, Condition, Filter
from comanda.orders.model import Order
from comanda.orders.vocabulary import Channel, Fulfilment, HoldReason, Lifecycle, Method, Payment
from tests.examples import a_hold, an_order

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


orders = st.builds(
    lambda reasons, **changes: an_order(holds=tuple(map(a_hold, reasons)), **changes),
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


conditions = st.sampled_from(sorted(KNOWN)).flatmap(
    lambda key: st.builds(Condition, st.just(key), some_of(key), st.booleans())
)


@given(st.lists(orders, min_size=1, max_size=20), st.lists(conditions, max_size=3))
def test_no_order_that_fits_is_left_out(some: list[Order], asked: list[Condition]) -> None:
    states = {index.state_signature(order) for order in some}
    sources = {index.source_signature(order) for order in some}
    chosen = narrower(states, sources, Filter(conditions=tuple(asked)))
    for order in some:
        if chosen and all(condition.fits(index.traits(index.row(order))) for condition in asked):
            signature = index.state_signature if chosen.index == "state" else index.source_signature
            assert signature(order) in chosen.signatures
