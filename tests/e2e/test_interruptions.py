"""Whatever is killed, at whichever step, every order goes on: nothing is lost, nothing happens twice."""

import contextlib
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from local.demo.mailbox import link_to, token_in
from local.demo.outside import Answer, Missed, eventually, fresh_key
from tests.e2e.running import Running
from tests.e2e.shop import Order, Shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

# A message whose function died comes again when its visibility ends: two minutes, twice if it dies again.
CALM_SECONDS = 300
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


class Stubborn:
    """A caller that repeats what got no answer, with the same key, as every caller should."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def _insist(self, attempt: Callable[[], Answer], done: tuple[int, ...]) -> Answer:
        def answered() -> Answer | None:
            with contextlib.suppress(requests.RequestException, Missed):
                answer = attempt()
                if answer.status < 500:
                    return answer
            return None

        answer = eventually(answered, "an answer below 500", "log/", CALM_SECONDS)
        assert answer is not None
        assert answer.status in done, answer.brief()
        return answer

    def place(self, body: dict[str, Any] | None = None) -> Order:
        body, key = body or self.shop.request(), fresh_key()
        answer = self._insist(lambda: self.shop.api.send("POST", "/orders", body, headers=key), (201,))
        return self.shop._order(answer, body)

    def verify(self, order: Order) -> None:
        token = token_in(link_to(self.mail(order, "verification"), "/verify-email"))
        post = self.shop.api.send
        # A link that is used up is an answer too: the first try got through, its answer was lost.
        self._insist(lambda: post("POST", "/verify-email", {"token": token}), (200, 410))

    def approve(self, order: Order) -> None:
        token = token_in(link_to(self.mail(order, "merchant_order"), "/approve-order"))
        body = {"token": token, "decision": "approve"}
        self._insist(lambda: self.shop.api.send("POST", "/approve-order", body), (200, 410))

    def pay(self, order: Order) -> None:
        intent = self._intent(order)
        key = secrets.token_hex(8)

        def paid() -> bool:
            with contextlib.suppress(Exception):
                done = self.shop.provider.v1.payment_intents.confirm(
                    intent, {"payment_method": "pm_card_visa"}, {"idempotency_key": key}
                )
                return done.status == "succeeded"
            return False

        eventually(paid, "a confirmed payment", "log/peers.log", CALM_SECONDS)
        self.until(order, "payment", "paid")

    def _intent(self, order: Order) -> str:
        """How to pay; the provider may have been away when the order was placed."""

        def look() -> str:
            with contextlib.suppress(requests.RequestException, Missed):
                action = order.view().get("payment_action") or {}
                return str(action.get("id") or "")
            return ""

        return eventually(look, "a way to pay", order.id, CALM_SECONDS)

    def ship(self, order: Order) -> str:
        code = f"EST{secrets.randbelow(10**12):012d}"
        lines = [{"sku": sku, "quantity": units} for sku, units in order.lines]
        body = {"lines": lines, "carrier": "estafeta", "tracking_number": code}
        key = fresh_key()
        self._insist(lambda: self.shop.staff.attempt(order.id, "ship", body, key), (200,))
        return code

    def scan(self, code: str) -> None:
        def scanned() -> bool:
            with contextlib.suppress(requests.RequestException, Missed):
                self.shop.scan(code, "delivered")
                return True
            return False

        eventually(scanned, "a scan", "log/peers.log", CALM_SECONDS)

    def mail(self, order: Order, event: str) -> dict[str, object]:
        def look() -> dict[str, object] | None:
            with contextlib.suppress(requests.RequestException, Missed):
                found = self.shop.mailbox.mails(event=event, order_id=order.id)
                return found[0] if found else None
            return None

        found = eventually(look, f"a mail {event!r}", order.id, CALM_SECONDS)
        assert found is not None
        return found

    def until(self, order: Order, axis: str, value: str) -> None:
        def look() -> bool:
            with contextlib.suppress(requests.RequestException, Missed):
                return bool(order.view()[axis] == value)
            return False

        eventually(look, f"{axis} {value!r}", order.id, CALM_SECONDS)


def all_the_way(shop: Shop, between: Callable[[], object] = lambda: None) -> Order:
    """From placing to closed, with something done to the system before each step."""
    buyer = Stubborn(shop)
    body = shop.request()
    between()
    order = buyer.place(body)
    for step in (buyer.verify, buyer.approve, buyer.pay):
        between()
        step(order)
    between()
    code = buyer.ship(order)
    between()
    buyer.scan(code)
    between()
    buyer.until(order, "lifecycle", "closed")
    return order


def nothing_twice(shop: Shop, order: Order) -> None:
    """Each mail once, one charge, an unbroken history, the stock where it belongs."""
    from local.demo import history

    for event in (
        "verification",
        "order_placed",
        "order_approved",
        "payment_received",
        "shipped",
        "delivered",
    ):
        shop.mailbox.wait(event, order.id)
    events = [
        mail["event"] for mail in shop.mailbox.mails(order_id=order.id) if mail["event"] != "merchant_order"
    ]
    assert sorted(events) == sorted(set(events))
    seen = shop.staff.order(order.id)
    captures = [entry for entry in seen["ledger"] if entry["kind"] == "capture"]
    assert [entry["amount"]["amount"] for entry in captures] == [order.total]
    assert history.broken_at(seen["history"]) is None
    assert [
        (line["shipped"], line["delivered"], line["reserved"], line["allocated"]) for line in seen["lines"]
    ] == [(units, units, 0, 0) for _, units in order.lines]


@pytest.mark.capability("G04", "G11")
def test_functions_are_killed_all_the_way(spare: Running, calm: Shop) -> None:
    shots = []

    def shoot_all() -> None:
        shots.extend(workers := list(spare.workers()))
        for worker in workers:
            kill(worker)

    order = all_the_way(calm, lambda: volley(shoot_all))
    assert len(shots) >= 20
    nothing_twice(calm, order)


@pytest.mark.parametrize("service", ["peers", "sftp", "api", "mailbox"])
def test_a_killed_service_comes_back_and_the_order_goes_on(spare: Running, calm: Shop, service: str) -> None:
    order = all_the_way(calm, lambda: kill(spare.process(service)))
    shop = revived(spare)
    nothing_twice(shop, order)


def test_a_killed_launcher_is_followed_by_another(spare: Running, calm: Shop) -> None:
    """What it left running is taken over in order; the order is where it was."""
    buyer = Stubborn(calm)
    order = buyer.place()
    buyer.verify(order)
    kill(spare.process("launcher"))
    buyer.approve(order)
    spare.up()
    shop = revived(spare)
    assert shop.stack["api_url"] == calm.stack["api_url"]
    buyer = Stubborn(shop)
    buyer.pay(order)
    code = buyer.ship(order)
    buyer.scan(code)
    shop.sweep(recheck="all")
    buyer.until(order, "lifecycle", "closed")
    nothing_twice(shop, order)


@pytest.mark.capability("G11")
@pytest.mark.parametrize("moment", ["placed", "verified", "approved", "paid", "shipped"])
def test_orders_go_on_when_the_emulator_was_stopped(spare: Running, calm: Shop, moment: str) -> None:
    """It forgets its executions and their tokens; the sweep starts each order's next run."""
    buyer = Stubborn(calm)
    order = buyer.place()
    code = ""
    for name, step in (
        ("placed", None),
        ("verified", buyer.verify),
        ("approved", buyer.approve),
        ("paid", buyer.pay),
    ):
        if step:
            step(order)
        if name == moment:
            restart_emulator(spare)
    code = buyer.ship(order)
    if moment == "shipped":
        restart_emulator(spare)
    shop = revived(spare)
    buyer = Stubborn(shop)
    buyer.scan(code)
    shop.sweep(recheck="all")
    buyer.until(order, "lifecycle", "closed")
    eventually(lambda: shop.execution(order) == "SUCCEEDED", "the last run ended", order.id, CALM_SECONDS)
    nothing_twice(shop, order)


def restart_emulator(system: Running) -> None:
    """SIGTERM: only then it writes its state. The launcher starts it again."""
    before = system.process("aws")
    kill(before, signal.SIGTERM)
    eventually(
        lambda: system.process("aws") != before, "another emulator", str(system.home / "log"), CALM_SECONDS
    )
    revived(system)


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
    from local.demo.sftp import fetch, inbox

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
