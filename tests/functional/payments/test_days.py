"""Closing a day of the shop: its money by way to pay, what was counted, numbers without gaps, and corrections
of what becomes of a closed day later."""

from typing import Any

import pytest

from comanda import wiring
from comanda.figures.project import days_of, keep
from tests.functional.conftest import Call
from tests.functional.payments.test_refunds import TOTAL, pesos, transfer
from tests.functional.payments.world import World
from tests.functional.shop import place
from tests.functional.staff import approved, ask, command
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("F25")
DAY, NEXT = "2026-11-21", "2026-11-22"


def project(*order_ids: str) -> None:
    """What the stream's reader does after each commit."""
    for order_id in order_ids:
        loaded = wiring.desk().load(order_id)
        keep(order_id, days_of(loaded), wiring.orders().load, wiring.figures(), wiring.now())


def send(call: Call, day: str, deed: str, body: Any = None, role: str = "staff") -> Any:
    return ask(call, "POST", f"/admin/days/{day}/{deed}", body or {}, role=role)


def look(call: Call, day: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(call, "GET", f"/admin/days/{day}").body
    return found


def nets(totals: list[dict[str, Any]]) -> dict[str, int]:
    return {one["method"]: one["net"]["amount"] for one in totals}


@pytest.fixture
def sold(call: Call, world: World) -> tuple[str, str]:
    """One order paid by transfer, one by card."""
    by_hand = transfer(call)
    approved(call, by_hand)
    card = place(call, key="card", payment_method="stripe")
    world.bank.pay(card["payment_action"]["id"])
    wiring.reconciling().run(lambda: True)
    project(by_hand, card["order_id"])
    return by_hand, str(card["order_id"])


def test_a_day_is_closed_with_what_was_counted(call: Call, world: World, sold: tuple[str, str]) -> None:
    assert nets(look(call, DAY)["totals"]) == {"bank_transfer": TOTAL, "stripe": TOTAL}
    counted = {"method": "bank_transfer", "currency": "MXN", "amount": TOTAL - 100}
    before = contents()
    refused = send(call, DAY, "close", {"counted": [counted]})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/counted/0/reason")
    assert contents() == before
    told = send(call, DAY, "close", {"counted": [counted | {"reason": "faltó un peso"}], "note": "todo bien"})
    assert told.status == 200, told.text
    closing = told.body["closing"]
    assert (closing["number"], closing["by"], closing["moves"]) == (1, "staff:user-staff", 2)
    assert nets(closing["totals"]) == {"bank_transfer": TOTAL, "stripe": TOTAL}
    assert closing["counted"][0]["difference"] == pesos(-100)
    assert told.body["changed_since"] == []
    before = contents()
    again = send(call, DAY, "close")
    assert (again.status, again.body["guard"]) == (409, "day-closed")
    assert contents() == before
    file = ask(call, "GET", f"/admin/days/{DAY}/file")
    assert file.text.count("232.00") == 2


def test_what_happens_later_never_changes_a_closed_day(
    call: Call, world: World, sold: tuple[str, str]
) -> None:
    by_hand, card = sold
    send(call, DAY, "close")
    frozen = look(call, DAY)["closing"]
    world.clock.on(days=1)
    bounced = command(call, by_hand, "bounce", {"reason": "sin fondos"})
    assert bounced.status == 200, bounced.text
    project(by_hand, card)
    day = look(call, DAY)
    assert day["closing"] == frozen
    assert nets(day["changed_since"]) == {"bank_transfer": -TOTAL}
    told = send(call, NEXT, "close").body["closing"]
    assert told["number"] == 2
    assert [(one["day"], nets(one["totals"])) for one in told["corrections"]] == [
        (DAY, {"bank_transfer": -TOTAL})
    ]
    assert look(call, DAY)["closing"] == frozen
    assert look(call, DAY)["changed_since"] == []


def test_an_administrator_opens_a_day_again_and_all_is_kept(
    call: Call, world: World, sold: tuple[str, str]
) -> None:
    send(call, DAY, "close")
    assert send(call, DAY, "open", {"reason": "falta un cobro"}).status == 403
    opened = send(call, DAY, "open", {"reason": "falta un cobro"}, role="admin")
    assert (opened.status, opened.body["closed"]) == (200, False)
    assert [one["reason"] for one in opened.body["opened"]] == ["falta un cobro"]
    before = contents()
    assert send(call, DAY, "open", {"reason": "otra vez"}, role="admin").body["guard"] == "day-open"
    assert contents() == before
    assert send(call, DAY, "close").body["closing"]["number"] == 2
    days = {one["day"]: one for one in ask(call, "GET", "/admin/days").body["items"]}
    assert (days[DAY]["closed"], days[DAY]["number"]) == (True, 2)
    assert [deed.action for deed in wiring.audit().recent(10)[0]] == ["day.close", "day.open", "day.close"]


@pytest.mark.parametrize("day", ["2026-11-23", "yesterday", "2026-02-30"])
def test_a_day_that_is_none_is_refused(call: Call, world: World, day: str) -> None:
    assert ask(call, "GET", f"/admin/days/{day}").status == 422
    assert send(call, day, "close").status == 422


def test_what_was_paid_out_on_the_day_stands_beside_its_closing(
    call: Call, world: World, sold: tuple[str, str]
) -> None:
    payout = world.bank.pay_out()
    assert payout.arrives_on == DAY
    wiring.fetching().run(lambda: True)
    found = look(call, DAY)
    (told,) = found["payouts"]
    assert (told["provider"], told["ref"], told["totals"]["fees"]["amount"]) == ("stripe", payout.ref, 702)
    assert nets(found["totals"]) == {"bank_transfer": TOTAL, "stripe": TOTAL}
    assert look(call, "2026-11-20")["payouts"] == []
