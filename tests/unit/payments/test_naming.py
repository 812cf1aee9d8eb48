"""Refunds of a provider that keeps no name of ours: each is counted once, whoever made it."""

from typing import Any

import pytest

from comanda.orders.decision import Outgoing
from comanda.orders.model import Entry
from comanda.payments.naming import named, twin
from comanda.payments.provider import ProviderRecord, Refund
from tests.payments.made import AT, unpaid_order


def record(*refunds: Refund, names: bool = False) -> ProviderRecord:
    return ProviderRecord(
        "mercadopago", "pref-1", "succeeded", 23_200, "MXN", refunds=refunds, names_refunds=names
    )


def refund(ref: str, amount: int = 5_000, charge: str = "77") -> Refund:
    return Refund(ref, charge, amount, "MXN", "ok")


def effect(name: str, state: str, amount: int = 5_000, **result: Any) -> Outgoing:
    data = {"entry_id": f"mercadopago:grant:{name}", "ref": "pref-1", "charge": "77", "amount": amount}
    return Outgoing(name, "payment.refund", state, data, AT, result=result)


def told(found: ProviderRecord) -> list[tuple[str, str]]:
    return [(one.ref, one.effect_id) for one in found.refunds]


@pytest.mark.capability("G05")
def test_what_we_were_answered_is_ours() -> None:
    done = effect("r1-1", "done", ref="901")
    assert told(named(record(refund("901"), refund("902")), [done])) == [("901", "r1-1"), ("902", "")]


@pytest.mark.parametrize("state", ["wanted", "claimed"])
def test_what_may_be_made_just_now_is_left_to_whoever_makes_it(state: str) -> None:
    at_work = effect("r1-1", state)
    assert told(named(record(refund("901"), refund("902")), [at_work])) == [("902", "")]
    assert told(named(record(refund("901", 4_000), refund("902", charge="78")), [at_work])) == [
        ("901", ""),
        ("902", ""),
    ]
    two = [at_work, effect("r2-1", "claimed")]
    assert told(named(record(refund("901"), refund("902")), two)) == []


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_what_nobody_works_at_was_made_by_somebody_else(state: str) -> None:
    assert told(named(record(refund("901")), [effect("r1-1", state)])) == [("901", "")]


def test_a_provider_that_names_refunds_is_believed() -> None:
    whole = record(refund("901"), names=True)
    assert named(whole, [effect("r1-1", "claimed")]) is whole


def test_an_old_try_is_not_repeated_blindly() -> None:
    order, mine = unpaid_order(), effect("r1-1", "claimed")
    found = twin(record(refund("901")), order, [mine], mine)
    assert found
    assert found.ref == "901"
    assert twin(record(refund("901"), names=True), order, [mine], mine) is None
    assert twin(record(refund("901", 4_000)), order, [mine], mine) is None
    assert twin(record(refund("901")), order, [mine, effect("r0-1", "done", ref="901")], mine) is None
    booked = Entry(
        "mercadopago:refund:901", "refund", "mercadopago", "mercadopago", 5_000, "MXN", "ok", AT, "901"
    )
    assert twin(record(refund("901")), unpaid_order(booked), [mine], mine) is None
