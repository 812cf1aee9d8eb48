"""Store credit through any order of gifts, spending, refunds and merges: conserved to the cent."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.customers.merge import Merge
from comanda.customers.model import Customer
from comanda.customers.wallet import CREDIT, Account, Movement
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.ids import new_id

AT = "2026-11-22T12:00:00.000Z"
PEOPLE = 4

ACTION = st.one_of(
    st.tuples(st.just("move"), st.integers(0, PEOPLE - 1), st.integers(-700, 1_000)),
    st.tuples(st.just("merge"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
)


def registered() -> list[str]:
    ids = [new_id() for _ in range(PEOPLE)]
    for one in ids:
        tx = Transaction()
        wiring.customers().register(tx, Customer(one, f"{one}@example.com", "Ana", created_at=AT))
        tx.commit()
    return ids


def moved(customer_id: str, amount: int, identity: str) -> int:
    """What came of it: the amount, or nothing where there was too little."""
    tx = Transaction()
    movement = Movement(Account(CREDIT, customer_id, "MXN"), amount, identity, AT, "staff:1")
    wiring.wallets().move(tx, movement)
    try:
        tx.commit()
    except RevisionMoved:
        return 0
    return amount


def merged(customer_id: str, into: str) -> None:
    """The decision as it is written, then the series."""
    both = wiring.customers().load(customer_id), wiring.customers().load(into)
    if not all(both) or any(one.merged_into for one in both if one) or customer_id == into:
        return
    tx = Transaction()
    wiring.customers().save(tx, replace(both[0], merged_into=into))  # type: ignore[type-var]
    wiring.merges().begin(tx, Merge(customer_id, into, AT, "staff:1", "request:1"))
    tx.commit()
    assert wiring.merging().go_on(customer_id, lambda: True)


@pytest.mark.capability("D36")
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTION, min_size=3, max_size=10))
def test_no_cent_is_lost_or_made(aws: None, actions: list[tuple[str, int, int]]) -> None:
    people, total = registered(), 0
    for number, (what, who, other) in enumerate(actions):
        if what == "merge":
            merged(people[who], people[other])
        elif other:
            total += moved(people[who], other, f"m-{number}")
    accounts = [Account(CREDIT, one, "MXN") for one in people]
    balances = [wiring.wallets().read(account).balance for account in accounts]
    assert sum(balances) == total
    for account, balance in zip(accounts, balances, strict=True):
        assert sum(movement.amount for movement in wiring.wallets().entries(account)) == balance >= 0
        if wiring.customers().load(account.owner).merged_into:  # type: ignore[union-attr]
            assert balance == 0
