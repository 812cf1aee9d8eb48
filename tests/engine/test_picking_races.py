"""Pickers at once on AWS's own engine: each delivery order has one of them, each scan counts once."""

from itertools import count

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from tests.engine.test_buyers import STORM
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Call
from tests.functional.picking.phone import Phone, phone_of, picked, ready

pytestmark = [pytest.mark.engine, pytest.mark.capability("D10", "G14"), pytest.mark.timeout(280)]
PICKERS, ORDERS = 8, 12
RUNS = count(1)


def all_ready(call: Call, many: int) -> list[str]:
    return [str(ready(call, units=500)["order_id"]) for _ in range(many)]


def test_pickers_who_grab_overlapping_waves_share_no_line(call: Call) -> None:
    orders = all_ready(call, ORDERS)
    phones = [phone_of(call, f"p{n}") for n in range(PICKERS)]

    def grab(number: int) -> dict[str, object]:
        wish = {"wave_id": f"wave-{number:08}", "by": "location", "most": 3}
        answer = phones[number].ask("POST", "/waves", wish)
        for _ in range(5):
            if answer.status != 503:
                break
            answer = phones[number].ask("POST", "/waves", wish)
        assert answer.status in (201, 409), answer.text
        return dict(answer.body) if answer.status == 201 else {"stops": []}

    waves = all_at_once(grab, PICKERS)
    lines = [(stop["order_id"], stop["line_id"]) for wave in waves for stop in wave["stops"]]  # type: ignore[attr-defined]
    assert len(lines) == len(set(lines))
    assert {order for order, _ in lines} == set(orders)  # nothing is left over while somebody is free


@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_batch_that_comes_many_times_at_once_counts_once(call: Call, weather: str) -> None:
    orders = all_ready(call, 2)
    phone: Phone = phone_of(call)
    phone.take()
    stops = [(stop["stop_id"], stop["sku"], stop["quantity"]) for stop in phone.wave()["stops"]]
    scans = [
        {"scan_id": f"scan-{number:04}-{units:04}", "code": sku, "stop_id": stop}
        for number, (stop, sku, quantity) in enumerate(stops)
        for units in range(quantity)
    ]

    def send(number: int) -> None:
        mine = scans[number:] + scans[:number]
        for _ in range(12):
            answer = phone.ask("POST", f"/waves/{phone.wave_id}/scans", {"scans": mine})
            if answer.status != 503:
                break
        assert answer.status == 200, answer.text
        assert {one["outcome"] for one in answer.body["results"]} <= {"picked", "already"}

    if weather == "fair":
        all_at_once(send, 6)
    else:
        with Faults(**STORM).on(client()):
            all_at_once(send, 6)
    assert [picked(call, order_id) for order_id in orders] == [{"CAFE-1": 3, "TAZA": 2}] * 2
    assert all(stop["state"] == "done" for stop in phone.wave()["stops"])
    assert wiring.picking().store.waves([phone.wave_id])
