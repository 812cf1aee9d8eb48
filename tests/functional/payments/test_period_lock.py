"""Periods of the books that are locked: who may lock them, what is refused then, and opening them again."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.payments.test_cheques import CHEQUE, by_cheque
from tests.functional.payments.test_staff_entries import refused
from tests.functional.payments.world import World
from tests.functional.shop import place
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("F25")


def lock(call: Call, until: str | None, reason: str = "con el contador", role: str = "admin") -> Any:
    body = {"until": until, "reason": reason}
    return ask(call, "PUT", "/admin/period-lock", body, role=role)


def test_nothing_is_dated_in_a_locked_period(call: Call, world: World) -> None:
    order_id = by_cheque(call)
    answer = lock(call, "2026-11-20")
    assert (answer.status, answer.body["until"]) == (200, "2026-11-20")
    before = contents()
    refused(call, order_id, "deposit-cheque", CHEQUE, "period-locked")
    told = command(call, order_id, "deposit-cheque", CHEQUE, key="again").body["detail"]
    assert told == (
        "the books are locked up to 2026-11-20: nothing can be entered with the date 2026-11-20 any more"
    )
    assert contents() == before
    late = command(call, order_id, "deposit-cheque", CHEQUE | {"on": "2026-11-21"}, key="later")
    assert late.status == 200, late.text


def test_what_is_not_dated_goes_on(call: Call, world: World) -> None:
    """What is recorded today counts today; a provider's facts are never refused."""
    order_id = by_cheque(call)
    card = place(call, key="card", payment_method="stripe")
    lock(call, "2026-11-20")
    world.bank.pay(card["payment_action"]["id"])
    wiring.reconciling().run(lambda: True)
    assert world.order(card["order_id"]).payment == "paid"
    assert command(call, order_id, "mark-paid", {}).status == 200


def test_an_entry_of_before_goes_on_behind_the_lock(call: Call, world: World) -> None:
    """A cheque deposited before the lock clears after it: only what is newly dated is looked at."""
    order_id = by_cheque(call)
    told = command(call, order_id, "deposit-cheque", CHEQUE)
    world.clock.on(days=3)
    lock(call, "2026-11-22")
    cheque_id = told.body["result"]["cheque_id"]
    body = {"cheque_id": cheque_id, "on": "2026-11-22"}
    refused(call, order_id, "clear-cheque", body, "period-locked")
    assert command(call, order_id, "clear-cheque", body | {"on": "2026-11-23"}, key="k").status == 200
    assert show(call, order_id)["payment"] == "paid"


def test_an_administrator_opens_it_again_and_all_is_kept(call: Call, world: World) -> None:
    order_id = by_cheque(call)
    lock(call, "2026-11-20")
    world.clock.on(minutes=5)
    assert lock(call, None, "faltaba un cheque").body["until"] is None
    assert command(call, order_id, "deposit-cheque", CHEQUE).status == 200
    state = ask(call, "GET", "/admin/period-lock").body
    changes = [(one["before"], one["until"], one["reason"], one["by"]) for one in state["history"]]
    assert changes == [
        ("2026-11-20", None, "faltaba un cheque", "staff:user-admin"),
        ("", "2026-11-20", "con el contador", "staff:user-admin"),
    ]
    deeds, _ = wiring.audit().recent(10)
    assert [deed.action for deed in deeds] == ["period.unlock", "period.lock"]


@pytest.mark.parametrize(
    ("until", "reason", "role", "status"),
    [
        ("2026-11-21", "today is not over", "admin", 422),
        ("2026-12-31", "not yet", "admin", 422),
        ("2026-13-01", "no such day", "admin", 422),
        ("2026-11-20", " ", "admin", 422),
        ("2026-11-20", "not my business", "staff", 403),
    ],
)
def test_a_lock_that_makes_no_sense_changes_nothing(
    call: Call, world: World, until: str, reason: str, role: str, status: int
) -> None:
    before = contents()
    assert lock(call, until, reason, role).status == status
    assert contents() == before
