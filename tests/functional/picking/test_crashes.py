"""The function dies between the orders of a batch, or before one: what the phone sends again counts once."""

from typing import Any

import pytest

from comanda import crash
from tests.functional.conftest import Call
from tests.functional.picking.phone import phone_of, picked, ready

pytestmark = pytest.mark.capability("D10", "G14")


class Died(BaseException):
    """Nobody catches it: as a process that is gone."""


@pytest.mark.parametrize("point", ["before-order", "order-picked"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_batch_that_died_counts_once_when_it_comes_again(
    call: Call, clean: None, monkeypatch: pytest.MonkeyPatch, point: str, nth: int
) -> None:
    orders = [str(ready(call)["order_id"]) for _ in range(3)]
    phone = phone_of(call)
    phone.take()
    scans: list[dict[str, Any]] = [
        {"scan_id": f"scan-{at:04}", "code": stop["sku"], "stop_id": stop["stop_id"], "quantity": 2}
        for at, stop in enumerate(phone.wave()["stops"])
    ]
    seen = 0

    def hook(name: str) -> None:
        nonlocal seen
        seen += name == point
        if name == point and seen == nth:
            raise Died

    monkeypatch.setattr(crash, "hook", hook)
    with pytest.raises(Died):
        phone.scans(*scans, {"scan_id": "scan-none", "code": "nothing"})
    monkeypatch.setattr(crash, "hook", None)
    whole = nth - (point == "before-order")
    assert [sum(picked(call, one).values()) for one in orders] == [4] * whole + [0] * (3 - whole)
    again = phone.scans(*reversed(scans), {"scan_id": "scan-none", "code": "nothing"})
    assert sum(one["outcome"] == "already" for one in again) == 2 * whole
    assert sum(one["outcome"] == "picked" for one in again) == 6 - 2 * whole
    assert again[-1]["outcome"] == "unknown_code"
    assert [picked(call, one) for one in orders] == [{"CAFE-1": 2, "TAZA": 2}] * 3
