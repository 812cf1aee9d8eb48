"""Tests of export destinations by the staff API: asked for, made by the exports' own function, answered."""

import json
from dataclasses import replace
from typing import Any

import pytest

from comanda import wiring
from comanda.exports.probing import Finding, Probing
from comanda.settings.sections import Destination
from tests.functional.conftest import Call
from tests.functional.exports_world import HOST_KEY, use_destination
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("A19")


class Bench:
    """A prober that finds what a test wants, and the messages that ask for it."""

    def __init__(self) -> None:
        self.finding = Finding(HOST_KEY, "SHA256:abc").passed()
        self.tried: list[tuple[str, Destination, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.at: Probing = replace(wiring.probing.__wrapped__(), prober=self, runs=self)

    def __call__(self, code: str, destination: Destination, name: str) -> Finding:
        self.tried.append((code, destination, name))
        return self.finding

    def test(self, test_id: str) -> None:
        self.asked.append({"kind": "test", "test_id": test_id})

    def work_off(self) -> None:
        """Give every message to the function."""
        from functions.export_orders.app import lambda_handler

        for message in self.asked:
            event = {"Records": [{"messageId": "m", "body": json.dumps(message)}]}
            assert lambda_handler(event, None)["batchItemFailures"] == []
        self.asked = []


@pytest.fixture
def bench(aws: None, monkeypatch: pytest.MonkeyPatch) -> Bench:
    use_destination()
    made = Bench()
    monkeypatch.setattr(wiring, "probing", lambda: made.at)
    return made


def asked(call: Call, code: str = "erp", role: str = "admin") -> Any:
    return ask(call, "POST", f"/admin/exports/{code}/test", role=role)


def answered(call: Call, test_id: str) -> dict[str, Any]:
    body: dict[str, Any] = ask(call, "GET", f"/admin/export-tests/{test_id}").body
    return body


def test_a_test_is_asked_for_and_answers_when_it_is_made(call: Call, bench: Bench) -> None:
    started = asked(call)
    assert (started.status, started.body["state"]) == (202, "running")
    assert answered(call, started.body["test_id"])["ok"] is None
    bench.work_off()
    found = answered(call, started.body["test_id"])
    assert (found["state"], found["ok"], found["problem"]) == ("done", True, None)
    assert (found["host_key"], found["fingerprint"]) == (HOST_KEY, "SHA256:abc")
    assert bench.tried[0][0] == "erp"
    assert bench.tried[0][2] == f".comanda-test-{started.body['test_id']}"


def test_what_is_wrong_is_named(call: Call, bench: Bench) -> None:
    bench.finding = Finding().failed("destination-refused", "sftp.example.com:22: refused")
    started = asked(call).body
    bench.work_off()
    assert answered(call, started["test_id"])["problem"] == {
        "type": "destination-refused",
        "detail": "sftp.example.com:22: refused",
    }


def test_asking_twice_tests_twice_and_changes_no_setting(call: Call, bench: Bench) -> None:
    before = contents()["SettingsTable"]
    first, second = asked(call).body["test_id"], asked(call).body["test_id"]
    assert first != second
    bench.work_off()
    assert len(bench.tried) == 2
    assert contents()["SettingsTable"] == before


def test_a_message_that_comes_twice_is_one_test(call: Call, bench: Bench) -> None:
    asked(call)
    bench.asked *= 2
    bench.work_off()
    assert len(bench.tried) == 1


def test_a_destination_removed_meanwhile_is_not_tried(call: Call, bench: Bench) -> None:
    started = asked(call).body
    from tests.functional.shop import set_section

    set_section("exports", destinations={})
    bench.work_off()
    assert answered(call, started["test_id"])["problem"]["type"] == "destination-unknown"
    assert bench.tried == []


def test_unknown_ones_are_not_found_and_staff_may_not_test(call: Call, bench: Bench) -> None:
    assert asked(call, "nobody").status == 404
    assert asked(call, role="staff").status == 403
    assert ask(call, "GET", "/admin/export-tests/none").status == 404
    assert bench.asked == []


def test_nothing_is_sent_before_the_key_is_confirmed(call: Call, bench: Bench) -> None:
    from comanda.exports.requests import scheduled_runs

    use_destination(host_key="")
    stock_product()
    order = place(call)
    before = contents()["JobsTable"]
    refused = ask(call, "POST", "/admin/exports/erp/run", {"mode": "new"})
    assert (refused.status, refused.body["guard"]) == (409, "destination-unconfirmed")
    body = {"action": "export", "ids": [order["order_id"]], "params": {"destination": "erp"}}
    key = {"Idempotency-Key": "k-1"}
    assert ask(call, "POST", "/admin/bulk", body, headers=key).status == 422
    assert scheduled_runs(wiring.exporting()) == []
    assert contents()["JobsTable"] == before
