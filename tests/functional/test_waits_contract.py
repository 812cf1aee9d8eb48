"""What WAIT items promise, held against the real store on moto and the fake one of the explorer alike."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from comanda import wiring
from comanda.orders.decision import Wait
from tests.examples import AT, an_order
from tests.fakes import Partition
from tests.functional.test_store_contract import ORDER, placed
from tests.functional.test_store_contract import real as real_orders
from tests.unit.workflow.interleave import Schedule
from tests.unit.workflow.world import Waits

FIRST = Wait("payment", "token-1", 1, AT, "2026-11-22T00:00:00.000Z", "arn:1")
SECOND = replace(FIRST, token="token-2", since="2026-11-21T18:00:00.001Z")


@dataclass
class Beside:
    """What the explorer's waits need of a world."""

    schedule: Schedule = field(default_factory=Schedule)
    kept: Partition = field(default_factory=Partition)


@dataclass
class Kept:
    waits: Any
    look: Any

    def all(self) -> list[Wait]:
        return list(self.look())


def real() -> Kept:
    placed(real_orders())
    return Kept(wiring.waits(), lambda: wiring.desk().load(ORDER.order_id).waits)


def fake() -> Kept:
    world = Beside()
    return Kept(Waits(world), lambda: world.kept.waits.values())  # type: ignore[arg-type]


@pytest.fixture(params=[real, fake], ids=["real", "fake"])
def kept(request: pytest.FixtureRequest, clean: None) -> Kept:
    made: Kept = request.param()
    return made


def test_a_wait_is_stored_as_it_is(kept: Kept) -> None:
    assert kept.waits.put("o1", FIRST)
    assert kept.all() == [FIRST]
    assert an_order().order_id == "o1"


def test_a_later_attempt_and_a_later_run_replace_the_token(kept: Kept) -> None:
    third = replace(FIRST, token="token-3", run=2, since="2026-11-21T17:00:00.000Z")
    for wait in (FIRST, SECOND, third):
        assert kept.waits.put("o1", wait)
        assert kept.all() == [wait]


@pytest.mark.parametrize("earlier", [FIRST, replace(FIRST, run=1, since="2026-11-21T17:59:59.000Z")])
def test_an_attempt_that_was_given_up_does_not(kept: Kept, earlier: Wait) -> None:
    kept.waits.put("o1", SECOND)
    assert not kept.waits.put("o1", earlier)
    assert not kept.waits.put("o1", replace(SECOND, run=0, since="9999"))
    assert kept.all() == [SECOND]


def test_only_the_same_token_is_deleted_or_moved(kept: Kept) -> None:
    kept.waits.put("o1", SECOND)
    assert not kept.waits.delete("o1", FIRST)
    assert not kept.waits.look_again("o1", FIRST, "9999")
    assert kept.all() == [SECOND]
    assert kept.waits.look_again("o1", SECOND, "9999")
    assert kept.all() == [replace(SECOND, due_at="9999")]
    assert kept.waits.delete("o1", SECOND)
    assert kept.all() == []
    assert not kept.waits.delete("o1", SECOND)
    assert not kept.waits.look_again("o1", SECOND, "9999")
    assert kept.all() == []


def test_each_kind_waits_for_itself(kept: Kept) -> None:
    retry = replace(FIRST, kind="retry", token="token-9")
    kept.waits.put("o1", FIRST)
    kept.waits.put("o1", retry)
    assert kept.all() == [FIRST, retry]
    kept.waits.delete("o1", FIRST)
    assert kept.all() == [retry]
