"""The peers as a process: it starts, dies by SIGKILL without forgetting, and stops on SIGTERM."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.peers.provider import API_KEY, EASYPOST_SECRET, PUBLISHABLE_KEY, STRIPE_SECRET, Peers
from tests.peers.receiver import Receiver, until

pytestmark = pytest.mark.enable_socket

PAYMENT: stripe.params.PaymentIntentCreateParams = {
    "amount": 5_000, "currency": "mxn", "confirm": True, "payment_method": "pm_card_visa",
}  # fmt: skip


class Process:
    """Starts `python -m local.peers` as often as a test kills it."""

    def __init__(self, folder: Path, webhook_url: str) -> None:
        self.config = folder / "peers.json"
        told = {
            "state_dir": str(folder / "state"),
            "stripe": {
                "api_key": API_KEY, "publishable_key": PUBLISHABLE_KEY,
                "webhook_secret": STRIPE_SECRET, "webhook_url": webhook_url,
            },
            "easypost": {"webhook_secret": EASYPOST_SECRET},
            "retry": {"first_seconds": 0.05, "longest_seconds": 0.2},
        }  # fmt: skip
        self.config.write_text(json.dumps(told))
        self.running: subprocess.Popen[str] | None = None

    def start(self) -> Peers:
        self.running = self.spawn()
        assert self.running.stdout
        self.ready: dict[str, Any] = json.loads(self.running.stdout.readline())
        return Peers(self.ready["stripe"]["url"], self.ready["control"]["url"])

    def spawn(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "local.peers", "--config", str(self.config)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        assert self.running
        self.running.send_signal(number)
        out, err = self.running.communicate(timeout=10)
        code, self.running = self.running.returncode, None
        return code, out, err


@pytest.fixture
def process(tmp_path: Path, receiver: Receiver) -> Iterator[Process]:
    process = Process(tmp_path, f"{receiver.url}/stripe")
    yield process
    if process.running:
        process.end(signal.SIGKILL)


def test_a_killed_peer_remembers_everything_it_answered(process: Process, receiver: Receiver) -> None:
    receiver.status = lambda path, headers, body: 503
    before = process.start()
    client = before.client()
    paid = client.v1.payment_intents.create(PAYMENT, {"idempotency_key": "OUT#9"})
    refund = client.v1.refunds.create({"payment_intent": paid.id, "amount": 2_000})
    before.fault("duplicate", event_type="charge.refunded", count=2)
    until(lambda: len(receiver.all) > 0)
    assert process.end(signal.SIGKILL)[0] == -signal.SIGKILL

    receiver.status = lambda path, headers, body: 200
    after = process.start()
    assert (after.stripe_url, after.control_url) == (before.stripe_url, before.control_url)
    again = after.client()
    assert again.v1.payment_intents.create(PAYMENT, {"idempotency_key": "OUT#9"}).id == paid.id
    assert [each.id for each in again.v1.payment_intents.list().data] == [paid.id]
    assert again.v1.refunds.retrieve(refund.id).amount == 2_000
    with pytest.raises(stripe.InvalidRequestError):
        again.v1.refunds.create({"payment_intent": paid.id, "amount": 3_001})
    receiver.wait_for(
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated",
        "refund.created", "charge.refunded",
    )  # fmt: skip
    until(lambda: again.v1.events.list({"delivery_success": False}).data == [])
    [waiting] = after.control("GET", "/faults")[1]["items"]
    assert (waiting["fault"], waiting["remaining"]) == ("duplicate", 2)


def test_killed_at_any_moment_it_has_all_or_nothing_of_a_payment(
    process: Process, receiver: Receiver
) -> None:
    client = process.start().client()
    paid: list[str] = []

    def shoot_at_the_twelfth(path: str, headers: dict[str, str], body: bytes) -> int:
        if len(receiver.all) == 11 and process.running:
            process.running.send_signal(signal.SIGKILL)
        return 200

    receiver.status = shoot_at_the_twelfth
    with suppress(stripe.APIConnectionError):
        while len(paid) < 500:
            paid.append(client.v1.payment_intents.create(PAYMENT).id)
    assert 2 < len(paid) < 500
    assert process.end(signal.SIGKILL)[0] == -signal.SIGKILL

    again = process.start().client()
    found = list(again.v1.payment_intents.list({"limit": 100}).auto_paging_iter())
    assert {intent.status for intent in found} == {"succeeded"}
    known = [intent.id for intent in found][::-1]
    assert known[: len(paid)] == paid
    assert len(known) <= len(paid) + 1  # the one whose answer the kill took may have happened
    charged = again.v1.charges.list({"limit": 100}).auto_paging_iter()
    assert [charge.payment_intent for charge in charged][::-1] == known
    until(lambda: again.v1.events.list({"delivery_success": False}).data == [])
    told = {each.json["id"] for each in receiver.accepted()}
    assert told == {event.id for event in again.v1.events.list({"limit": 100}).auto_paging_iter()}
    assert len(told) == 4 * len(known)


def test_it_says_where_it_is_and_stops_when_told(process: Process, receiver: Receiver) -> None:
    peers = process.start()
    assert process.ready["ready"] is True
    assert process.ready["stripe"] == {
        "url": peers.stripe_url,
        "port": int(peers.stripe_url.rsplit(":", 1)[1]),
    }
    assert peers.client().v1.payment_intents.create(PAYMENT).status == "succeeded"
    code, out, err = process.end(signal.SIGTERM)
    assert (code, out, err) == (0, "", "")


def test_a_second_process_on_the_same_state_is_turned_away(process: Process) -> None:
    process.start()
    second = process.spawn()
    out, err = second.communicate(timeout=10)
    assert (second.returncode, out) == (1, "")
    assert "in use by another process" in err


def test_a_config_that_cannot_be_used_is_named(process: Process) -> None:
    told = json.loads(process.config.read_text())
    told["stripe"]["colour"] = "red"
    process.config.write_text(json.dumps(told))
    spawned = process.spawn()
    out, err = spawned.communicate(timeout=10)
    assert (spawned.returncode, out) == (1, "")
    assert "colour" in err
    assert API_KEY not in err
