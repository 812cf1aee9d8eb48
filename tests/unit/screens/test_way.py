"""Where an order stands on its way, told from the order and from what its execution waits for."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.orders.decision import Loaded, Wait
from comanda.orders.model import Hold
from comanda.orders.vocabulary import HoldReason, Lifecycle
from comanda.screens.orders.way import STEPS, way
from tests.unit.conversation import samples

AT = "2026-11-20T16:30:00.000Z"
FAILED = Hold("h1", HoldReason.STEP_FAILED, AT, "system", detail="fulfilment: Busy")


def loaded(*waits: str, **changes: Any) -> Loaded:
    """An order whose execution waits for `waits`, in the order in which they lie in its partition."""
    found = samples.loaded(samples.order(**changes))
    return replace(found, waits=tuple(Wait(kind, "token", 1, AT, AT, "execution") for kind in waits))


def states(of: Loaded) -> list[str]:
    return [stop.state for stop in way(of)]


def now(of: Loaded) -> list[str]:
    return [stop.code for stop in way(of) if stop.state == "now"]


UNPAID: dict[str, Any] = {"approved": True, "ledger": ()}
PAID: dict[str, Any] = {"approved": True, "ledger": (samples.paid(),)}


def test_before_a_token_is_put_it_stands_at_the_first_thing_that_is_not_settled() -> None:
    assert now(loaded(approved=False, ledger=())) == ["approval"]
    assert states(loaded(**UNPAID)) == ["done", "done", "now", "later", "later", "later"]


def test_it_stands_where_its_execution_waits_though_something_before_is_open() -> None:
    assert now(loaded("fulfilment", approved=False, ledger=())) == ["fulfilment"]


@pytest.mark.parametrize(
    ("waits", "changes", "here"),
    [
        (("approval",), UNPAID, "payment"),
        (("payment",), PAID, "fulfilment"),
        (("approval", "payment"), PAID, "fulfilment"),
        (("approval", "payment"), UNPAID, "payment"),
        (("verification", "approval"), {"approved": False}, "approval"),
    ],
)
def test_a_wait_whose_condition_holds_is_passed_over(
    waits: tuple[str, ...], changes: dict[str, Any], here: str
) -> None:
    """The execution has not been answered yet; the order is already further."""
    assert now(loaded(*waits, **changes)) == [here]


def test_a_payment_that_the_goods_do_not_wait_for_is_not_called_done() -> None:
    terms = replace(samples.order().terms, ship_before_payment=True)
    at_the_door: dict[str, Any] = UNPAID | {"terms": terms}
    assert states(loaded(**at_the_door)) == ["done", "done", "unpaid", "now", "later", "later"]
    over = states(loaded(**at_the_door, lifecycle=Lifecycle.CANCELLED))
    assert "unpaid" not in over
    assert states(loaded(**PAID | {"terms": terms}))[2] == "done"


def test_a_wait_that_is_no_step_of_the_picture_says_nothing() -> None:
    assert now(loaded("hold", **UNPAID)) == ["payment"]


def test_exactly_one_step_is_now_while_the_order_goes_on() -> None:
    for kind in ("", *STEPS):
        assert len(now(loaded(*([kind] if kind else []), **UNPAID))) == 1


def test_the_step_that_failed_says_so_and_an_ended_order_skips_the_rest() -> None:
    assert "failed" in states(loaded("fulfilment", **PAID, holds=(FAILED,)))
    gone = states(loaded("payment", **UNPAID, lifecycle=Lifecycle.CANCELLED))
    assert gone == ["done", "done", "skipped", "skipped", "skipped", "skipped"]
    assert states(loaded(lifecycle=Lifecycle.CLOSED)) == ["done"] * len(STEPS)
