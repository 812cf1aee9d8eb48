"""Whatever is killed, at whichever step, every order goes on: nothing is lost, nothing happens twice."""

import contextlib
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe

from local.demo import history
from local.demo.mailbox import link_to, token_in
from local.demo.outside import Answer, Missed, eventually, fresh_key
from local.demo.sftp import fetch, inbox
from tests.e2e.running import Running
from tests.e2e.shop import Order, Shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

# A message whose function died comes again when its visibility ends: two minutes, twice if it dies again.
CALM_SECONDS = 300
STEPS = ("place", "verify", "approve", "pay", "ship", "scan")
MAILS = (
    "verification",
    "order_placed",
    "merchant_order",
    "order_approved",
    "payment_received",
    "shipped",
    "delivered",
)
# What a caller meets while a part of the system is away.
AWAY = (requests.RequestException, stripe.APIConnectionError, stripe.APIError, Missed, OSError)
PAUSES = (0.05, 0.2, 0.3, 0.6, 1.2)  # seconds before each shot: in and between the calls of one step


@pytest.fixture
def calm(spare: Running) -> Shop:
    """The shop of the system that is broken here, all of whose parts answer again."""
    return revived(spare)


def revived(system: Running) -> Shop:
    shop = Shop(system.stack)

    def all_answer() -> bool:
        with contextlib.suppress(requests.RequestException, Missed, OSError):
            shop.provider.v1.payment_intents.list({"limit": 1})
            return bool(shop.mailbox.mails() is not None and shop.products())
        return False

    eventually(all_answer, "every part answers", str(system.home / "log"), CALM_SECONDS)
    return shop


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def volley(aim: Callable[[], None]) -> threading.Thread:
    """Several shots while something is being done; begun at once, over after a few seconds."""

    def shoot() -> None:
        for pause in PAUSES:
            time.sleep(pause)
            with contextlib.suppress(FileNotFoundError, KeyError, ValueError):
                aim()

    gun = threading.Thread(target=shoot, daemon=True)
    gun.start()
    return gun


class Buyer:
    """Takes one order all the way; repeats what got no answer, with the same key, as callers should."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.body = shop.request()
        self.keys = {step: fresh_key() for step in STEPS}
        self.code = f"EST{secrets.randbelow(10**12):012d}"
        self.placed: Order | None = None
        self.sent_again: set[str] = set()

    @property
    def order(self) -> Order:
        assert self.placed is not None
        return self.placed

    def take(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            getattr(self, step)()

    def place(self) -> None:
        send, key = self.shop.api.send, self.keys["place"]
        answer = insist(lambda: send("POST", "/orders", self.body, headers=key), (201,))
        self.placed = self.shop.order_of(answer, self.body)

    def verify(self) -> None:
        body = {"token": token_in(link_to(self.mail("verification"), "/verify-email"))}
        # A link that is used up is an answer too: an earlier try got through and its answer was lost.
        insist(lambda: self.shop.api.send("POST", "/verify-email", body), (200, 410))

    def approve(self) -> None:
        body = {"token": token_in(link_to(self.mail("merchant_order"), "/approve-order"))}
        body["decision"] = "approve"
        insist(lambda: self.shop.api.send("POST", "/approve-order", body), (200, 410))

    def pay(self) -> None:
        intent = patiently(lambda: (self.order.view().get("payment_action") or {}).get("id"), "a way to pay")
        once = secrets.token_hex(8)

        def paid() -> bool:
            confirmed = self.shop.provider.v1.payment_intents.confirm(
                str(intent), {"payment_method": "pm_card_visa"}, {"idempotency_key": once}
            )
            return confirmed.status == "succeeded"

        patiently(paid, "a confirmed payment")
        self.until("payment", "paid")

    def ship(self) -> None:
        lines = [{"sku": sku, "quantity": units} for sku, units in self.order.lines]
        body = {"lines": lines, "carrier": "estafeta", "tracking_number": self.code}
        attempt, key = self.shop.staff.attempt, self.keys["ship"]
        insist(lambda: attempt(self.order.id, "ship", body, key), (200,))

    def scan(self) -> None:
        patiently(lambda: self.shop.scan(self.code, "delivered"), "a scan")

    def mail(self, event: str) -> dict[str, Any]:
        """The mail to this order's people. Staff are shown one in doubt, and have it sent again."""

        def look() -> dict[str, Any] | None:
            found = self.shop.mailbox.mails(event=event, order_id=self.order.id)
            if not found and event in self.doubtful():
                self.sent_again.add(event)
                self.shop.staff.command(self.order.id, "retry")
            return found[-1] if found else None

        found = patiently(look, f"a mail {event!r}")
        assert found is not None
        return found

    def doubtful(self) -> set[str]:
        """Mails whose sender was killed between handing over and writing it down."""
        told = self.shop.staff.order(self.order.id)["conversation"]
        return {str(mail["event"]) for mail in told if mail["state"] == "unknown"}

    def until(self, axis: str, value: str) -> None:
        patiently(lambda: self.order.view()[axis] == value, f"{axis} {value!r} of {self.order.id}")

    def all_is_well(self) -> None:
        """Closed; each mail there, and twice only if a person had it sent again; one charge; all sound."""
        self.until("lifecycle", "closed")
        for event in MAILS:
            self.mail(event)
        mails = [mail["event"] for mail in self.shop.mailbox.mails(order_id=self.order.id)]
        assert {event for event in mails if mails.count(event) > 1} <= self.sent_again
        seen = self.shop.staff.order(self.order.id)
        captures = [entry for entry in seen["ledger"] if entry["kind"] == "capture"]
        assert [entry["amount"]["amount"] for entry in captures] == [self.order.total]
        assert history.broken_at(seen["history"]) is None
        names = ("shipped", "delivered", "reserved", "allocated")
        counts = [tuple(line[name] for name in names) for line in seen["lines"]]
        assert counts == [(units, units, 0, 0) for _, units in self.order.lines]


def patiently[T](look: Callable[[], T], expected: str) -> T:
    """The first true answer, whatever does not answer meanwhile."""

    def asked() -> T | None:
        with contextlib.suppress(*AWAY):
            return look()
        return None

    found = eventually(asked, expected, "log/", CALM_SECONDS)
    assert found is not None
    return found


def insist(attempt: Callable[[], Answer], done: tuple[int, ...]) -> Answer:
    """The first answer that is none of a system in trouble."""

    def answered() -> Answer | None:
        answer = attempt()
        return answer if answer.status < 500 else None

    answer = patiently(answered, "an answer below 500")
    assert answer is not None
    assert answer.status in done, answer.brief()
    return answer


def buyers_at_every_step(shop: Shop) -> list[tuple[Buyer, int]]:
    """One order before each step of the way, with the number of the step."""
    buyers = [(Buyer(shop), number) for number in range(len(STEPS))]
    for buyer, number in buyers:
        buyer.take(STEPS[:number])
    return buyers


@pytest.mark.capability("G04", "G11")
def test_functions_are_killed_at_every_step(spare: Running, calm: Shop) -> None:
    """Six orders, each before another step, take it while all functions are shot again and again."""
    shots: list[int] = []

    def shoot_all() -> None:
        shots.extend(workers := list(spare.workers()))
        for worker in workers:
            kill(worker)

    buyers = buyers_at_every_step(calm)
    gun = volley(shoot_all)
    with ThreadPoolExecutor(len(buyers)) as pool:
        list(pool.map(lambda each: each[0].take(STEPS[each[1] :][:1]), buyers))
    gun.join()
    assert len(shots) >= len(buyers)
    for buyer, number in buyers:
        buyer.take(STEPS[number + 1 :])
    for buyer, _ in buyers:
        buyer.all_is_well()


@pytest.mark.parametrize("service", ["peers", "sftp", "api", "mailbox"])
def test_a_killed_service_comes_back_and_the_order_goes_on(spare: Running, calm: Shop, service: str) -> None:
    """Shot before every step of one order."""
    buyer = Buyer(calm)
    for step in STEPS:
        kill(spare.process(service))
        buyer.take((step,))
    revived(spare)
    buyer.all_is_well()


def test_a_killed_launcher_is_followed_by_another(spare: Running, calm: Shop) -> None:
    """What it left running is taken over in order; each order goes on where it was."""
    buyers = buyers_at_every_step(calm)
    kill(spare.process("launcher"))
    buyers[2][0].approve()
    spare.up()
    shop = revived(spare)
    assert shop.stack["api_url"] == calm.stack["api_url"]
    buyers[2] = (buyers[2][0], 3)
    go_on(shop, buyers)


@pytest.mark.capability("G11")
def test_orders_go_on_when_the_emulator_was_stopped(spare: Running, calm: Shop) -> None:
    """SIGTERM, when it writes its state. It forgets executions and tokens: each order's next run starts."""
    buyers = buyers_at_every_step(calm)
    before = spare.process("aws")
    kill(before, signal.SIGTERM)
    patiently(lambda: spare.process("aws") != before, "another emulator")
    go_on(revived(spare), buyers)


@pytest.mark.capability("G21")
def test_orders_go_on_after_down_and_up(spare: Running, calm: Shop) -> None:
    buyers = buyers_at_every_step(calm)
    spare.down()
    spare.up()
    go_on(revived(spare), buyers)


def go_on(shop: Shop, buyers: list[tuple[Buyer, int]]) -> None:
    """Every order to its end, its last execution too."""
    shop.sweep(recheck="all")
    for buyer, number in buyers:
        buyer.take(STEPS[number:])
    for buyer, _ in buyers:
        buyer.all_is_well()
        eventually(lambda: shop.execution(buyer.order) == "SUCCEEDED", "its last run's end", buyer.order.id)  # noqa: B023


@pytest.mark.capability("G08")
def test_a_killed_sftp_server_gets_the_file_whole_and_once(spare: Running, calm: Shop) -> None:
    orders = [calm.approved(payment_method="request") for _ in range(3)]
    wanted = {"order_ids": [order.id for order in orders], "mode": "new", "format": "machine"}
    address = "/admin/exports/sftp/run"
    guns = volley(lambda: kill(spare.process("sftp")))
    started = calm.staff.call("POST", address, wanted, status=202, headers=fresh_key()).body
    guns.join()
    batch_id = started["batch_id"]

    def batch() -> dict[str, object]:
        found: dict[str, object] = calm.staff.get(f"/admin/export-batches/{batch_id}")
        return found

    eventually(lambda: batch()["state"] == "delivered", "the batch delivered", batch_id, 180, batch)
    shop = revived(spare)
    content = fetch(shop.stack["sftp"], str(batch()["file_name"]))
    assert all(content.decode().count(order.id) >= 1 for order in orders)
    with inbox(shop.stack["sftp"]) as client:
        names = [name for name in client.listdir() if batch_id in name]
    assert names == [batch()["file_name"]]
    again = shop.staff.call("POST", address, wanted, status=202, headers=fresh_key()).body["batch_id"]
    done = eventually(
        lambda: shop.staff.get(f"/admin/export-batches/{again}")["state"] == "delivered",
        "a second batch",
        again,
    )
    assert done
    assert shop.staff.get(f"/admin/export-batches/{again}")["orders"] == 0
