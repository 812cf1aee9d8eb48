"""Whatever pickers and the office do, in any order: a scan counts once, no more is picked than there is."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from comanda import wiring
from comanda.orders.delivery_status import work_of
from comanda.orders.model import Order
from tests.functional.conftest import Call, _empty
from tests.functional.picking.phone import Phone, phone_of, ready
from tests.functional.staff import command

pytestmark = [pytest.mark.capability("D10", "G14"), pytest.mark.timeout(280)]
RUNS = count(1)
WHO = st.sampled_from(["luz", "teo"])
CODES = st.sampled_from(["CAFE-1", "TAZA", "nothing"])
UNITS = st.integers(1, 3)


class Floor(RuleBasedStateMachine):
    """`sent` are the scans that left a phone, by picker and wave; `counted` those that were told `picked`."""

    call: Call

    @initialize()
    def begin(self) -> None:
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.dynamodb.models import dynamodb_backends

        _empty(dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"])
        self.orders = [str(ready(self.call)["order_id"]) for _ in range(2)]
        self.phones = {name: phone_of(self.call, name) for name in ("luz", "teo")}
        self.sent: dict[str, list[tuple[str, dict[str, Any]]]] = {"luz": [], "teo": []}
        self.counted: dict[str, tuple[str, int]] = {}  # scan id → stop, units
        self.cancelled = False
        self.numbers = count(1)

    def wave(self, phone: Phone) -> bool:
        """A wave to work in, if there is anything to fetch."""
        if phone.wave_id and phone.wave()["state"] == "open":
            return True
        wish = {"wave_id": f"wave-{next(RUNS):08}", "by": "location", "most": 1}
        answer = phone.ask("POST", "/waves", wish)
        assert answer.status in (201, 409)
        phone.wave_id = wish["wave_id"] if answer.status == 201 else phone.wave_id
        return answer.status == 201

    @rule(who=WHO, scans=st.lists(st.tuples(CODES, UNITS), min_size=1, max_size=3))
    def scan(self, who: str, scans: list[tuple[str, int]]) -> None:
        phone = self.phones[who]
        if self.wave(phone):
            made = [
                {"scan_id": f"scan-{next(self.numbers):08}", "code": code, "quantity": units}
                for code, units in scans
            ]
            self.sent[who] += [(phone.wave_id, one) for one in made]
            self.send(phone, phone.wave_id, made)

    @rule(who=WHO, which=st.lists(st.integers(0, 40), min_size=1, max_size=4))
    def send_again(self, who: str, which: list[int]) -> None:
        """Buffered scans once more, in any order, of any wave, also of one that has ended."""
        if not self.sent[who]:
            return
        chosen = [self.sent[who][n % len(self.sent[who])] for n in which]
        for wave_id in dict.fromkeys(wave_id for wave_id, _ in chosen):
            self.send(self.phones[who], wave_id, [scan for wave, scan in chosen if wave == wave_id])

    def send(self, phone: Phone, wave_id: str, scans: list[dict[str, Any]]) -> None:
        units = {scan["scan_id"]: scan["quantity"] for scan in scans}
        answer = phone.ask("POST", f"/waves/{wave_id}/scans", {"scans": scans})
        assert answer.status == 200, answer.text
        for result in answer.body["results"]:
            scan_id = result["scan_id"]
            if result["outcome"] == "picked":
                assert scan_id not in self.counted, "counted twice"
                self.counted[scan_id] = (result["stop_id"], units[scan_id])
            if result["outcome"] == "already":
                assert scan_id in self.counted

    @rule(who=WHO, which=st.integers(0, 40))
    def undo(self, who: str, which: int) -> None:
        if not self.sent[who]:
            return
        wave_id, scan = self.sent[who][which % len(self.sent[who])]
        body = {"scan_id": scan["scan_id"], "undo_id": f"undo-{next(self.numbers):08}"}
        answer = self.phones[who].ask("POST", f"/waves/{wave_id}/undo", body)
        assert answer.status in (200, 404, 409), answer.text
        if answer.status == 200:
            stop, _ = self.counted[scan["scan_id"]]
            self.counted[scan["scan_id"]] = (stop, 0)

    @rule(who=WHO, how=st.sampled_from(["finish", "release"]))
    def end(self, who: str, how: str) -> None:
        phone = self.phones[who]
        if phone.wave_id:
            assert phone.ask("POST", f"/waves/{phone.wave_id}/{how}").status in (200, 409)

    @rule(who=WHO, units=UNITS)
    def short(self, who: str, units: int) -> None:
        phone = self.phones[who]
        if not self.wave(phone):
            return
        stop = phone.wave()["stops"][0]["stop_id"]
        body = {"short_id": f"short-{next(self.numbers):08}", "stop_id": stop, "quantity": units}
        answer = phone.ask("POST", f"/waves/{phone.wave_id}/short", body | {"reason": "damaged"})
        assert answer.status in (200, 409), answer.text

    @rule()
    def cancel(self) -> None:
        """One order is given up; what was picked of it is not the order's any more."""
        if not self.cancelled:
            self.cancelled = True
            assert command(self.call, self.orders[0], "cancel", {"reason": "customer"}).status == 200
            for scan_id, (stop, _) in self.counted.items():
                if stop.startswith(self.orders[0]):
                    self.counted[scan_id] = (stop, 0)

    def read(self) -> list[Order]:
        return list(wiring.picking().orders(self.orders).values())

    @invariant()
    def no_more_is_picked_than_lies_ready(self) -> None:
        if hasattr(self, "orders"):
            for order in self.read():
                for work in work_of(order):
                    assert all(0 <= one.own.picked <= one.ready for one in work.lines)

    @invariant()
    def what_is_picked_is_what_was_scanned(self) -> None:
        if hasattr(self, "orders"):
            picked = sum(line.picked for order in self.read() for line in order.lines)
            assert picked == sum(units for _, units in self.counted.values())


def test_every_scan_counts_once(call: Call, clean: None) -> None:
    Floor.call = staticmethod(call)  # type: ignore[assignment]
    run_state_machine_as_test(
        Floor,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
