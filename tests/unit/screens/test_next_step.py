"""What to do next with an order follows from the order alone."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.orders.catalogue import FACT_TYPES
from comanda.orders.derive import derived
from comanda.orders.guards import GUARDS
from comanda.orders.model import Entry, Hold, Order, Shipment, ShipmentLine, Terms
from comanda.orders.vocabulary import (
    BounceReason,
    CancelReason,
    DisputeReason,
    FeeReason,
    HoldReason,
    Lifecycle,
    Method,
    RefundReason,
)
from comanda.screens.orders import words
from comanda.screens.orders.commands import COMMANDS
from comanda.screens.orders.next_step import next_step
from comanda.screens.orders.told import FACTS
from tests.unit.conversation import samples

AT = "2026-11-20T16:30:00.000Z"


def order(**changes: Any) -> Order:
    return samples.order(**{"personal": {"shipping": "digest"}} | changes)


def paid(amount: int = 172_800, **more: Any) -> Entry:
    whole: dict[str, Any] = {
        "method": "bank_transfer",
        "provider": "manual",
        "currency": "MXN",
        "at": AT,
    } | more
    return Entry("manual:paid-1", "capture", amount=amount, status="ok", ref="paid-1", **whole)


def whole(**counts: object) -> Any:
    """Every unit of every line in these states."""
    made = []
    for line in order().lines:
        cleared = replace(line, reserved=0, allocated=0, picked=0, shipped=0, delivered=0)
        made.append(replace(cleared, **dict.fromkeys(counts, line.quantity)))
    return tuple(made)


PARCEL = Shipment("s1", "dhl", "123", (ShipmentLine("l1", "TAZA", 1),), AT)
CASES: dict[str, tuple[Order, str, str]] = {
    "unverified": (
        order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, approved=False), "verify", "neutral",
    ),
    "to approve": (order(approved=False), "approve", "amber"),
    "transfer": (order(), "mark-paid", "neutral"),
    "card": (order(method=Method.STRIPE), "", "neutral"),
    "to ship": (order(ledger=(paid(),), lines=whole(allocated="")), "ship", "amber"),
    "to put aside": (
        order(ledger=(paid(),), lines=whole(allocated=""), personal={}), "ready-for-pickup", "amber",
    ),
    "no stock": (order(ledger=(paid(),), lines=whole()), "", "neutral"),
    "on its way": (order(ledger=(paid(),), lines=whole(shipped=""), shipments=(PARCEL,)), "", "neutral"),
    "to collect": (
        order(lines=whole(shipped="", delivered=""), terms=Terms(ship_before_payment=True)),
        "mark-paid", "amber",
    ),
    "delivered": (order(ledger=(paid(),), lines=whole(shipped="", delivered="")), "", "green"),
    "too much": (order(ledger=(paid(200_000),), lines=whole(allocated="")), "refund", "amber"),
    "held": (order(holds=(Hold("h1", "manual", AT, "staff:a"),)), "release-hold", "amber"),
    "failed": (order(holds=(Hold("h1", "step_failed", AT, "system", detail="payment: x"),)), "retry", "red"),
    "cancelled": (order(lifecycle=Lifecycle.CANCELLED), "", "neutral"),
    "late money": (
        order(
            lifecycle=Lifecycle.CANCELLED, ledger=(paid(),),
            holds=(Hold("h1", "late_payment", AT, "system"),),
        ),
        "refund", "amber",
    ),
    "draft": (order(lifecycle=Lifecycle.DRAFT), "draft", "amber"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_next_step_is_the_one_that_moves_the_order(case: str) -> None:
    made, does, kind = CASES[case]
    step = next_step(derived(made), fetched="shipping" not in made.personal)
    assert (step.form or step.post or step.go, step.kind) == (does, kind), step.text
    assert bool(step.caption) == bool(does)


def test_what_a_next_step_sends_at_once_has_a_route() -> None:
    posts = {next_step(derived(made)).post for made, _, _ in CASES.values()} - {""}
    assert posts <= set(COMMANDS)


def test_every_code_that_staff_meet_has_words() -> None:
    assert set(FACTS) == set(FACT_TYPES)
    guards = {guard.name for found in GUARDS.values() for guard in found}
    assert guards <= set(words.GUARD)
    for codes, known in (
        (HoldReason, words.HOLD), (CancelReason, words.CANCEL), (RefundReason, words.REFUND),
        (BounceReason, words.BOUNCE), (FeeReason, words.FEE), (DisputeReason, words.DISPUTE),
    ):  # fmt: skip
        assert {str(code) for code in codes} == set(known)
