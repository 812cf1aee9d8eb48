"""A bulk job on the running system: its own workflow, and a worker shot in the middle of it."""

import contextlib
import os
import secrets
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.demo.outside import eventually, fresh_key
from local.demo.staff import aws
from tests.e2e.running import Running
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

ORDERS = 120
BEGUN, PATIENCE = 10, 240


def bulk_workers(system: Running) -> list[int]:
    """The processes that work on bulk jobs just now."""
    found = []
    for pid in system.workers():
        with contextlib.suppress(OSError):
            if b"BulkActionFunction" in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(pid)
    return found


@pytest.mark.capability("C02", "G10")
def test_120_orders_are_cancelled_once_though_the_worker_is_shot(spare: Running) -> None:
    shop = Shop(spare.stack)
    sku = shop.products(at_least=ORDERS)[0]["sku"]
    lines = [{"sku": sku, "quantity": 1}]
    before = shop.available(sku)
    with ThreadPoolExecutor(4) as pool:
        placed = list(
            pool.map(lambda _: shop.place(payment_method="bank_transfer", lines=lines), range(ORDERS))
        )
    ids = [order.id for order in placed]
    assert shop.available(sku) == before - ORDERS
    job_id = start(shop, "cancel", ids, {"reason": "out_of_stock"})

    def begun() -> bool:
        return int(shop.staff.get(f"/admin/jobs/{job_id}")["done"]) >= BEGUN

    assert eventually(begun, f"{BEGUN} orders done", job_id, PATIENCE)
    shot = bulk_workers(spare)
    for pid in shot:
        os.kill(pid, signal.SIGKILL)
    assert shot
    job = finished(shop, job_id)
    assert (job["total"], job["done"], job["failed"]) == (ORDERS, ORDERS, 0)
    assert shop.available(sku) == before
    for order in (placed[0], placed[BEGUN], placed[-1]):
        history = [fact["type"] for fact in shop.staff.order(order.id)["history"]]
        assert (history.count("OrderCancelled"), order.view()["lifecycle"]) == (1, "cancelled")
    told = mails_of(shop, set(ids))
    assert told == Counter(dict.fromkeys(ids, 1))


def start(shop: Shop, action: str, ids: list[str], params: dict[str, Any]) -> str:
    body = {"action": action, "ids": ids, "params": params}
    answer = shop.staff.call("POST", "/admin/bulk", body, status=202, headers=fresh_key())
    return str(answer.body["job_id"])


def finished(shop: Shop, job_id: str) -> dict[str, Any]:
    """The job once it is completed; resumed where its run broke off, as staff would."""

    def look() -> dict[str, Any] | None:
        job: dict[str, Any] = shop.staff.get(f"/admin/jobs/{job_id}")
        if job["state"] == "interrupted":
            shop.staff.call("POST", f"/admin/jobs/{job_id}/resume", {})
        return job if job["state"] == "completed" else None

    found = eventually(look, "a completed job", job_id, PATIENCE)
    assert found is not None
    machine = shop.stack["state_machines"]["bulk_action"].replace(":stateMachine:", ":execution:")
    execution = f"{machine}:{job_id}-{found['run']}"

    def status() -> bool:
        described = aws(shop.stack, "stepfunctions").describe_execution(executionArn=execution)
        return str(described["status"]) == "SUCCEEDED"

    assert eventually(status, "its execution's end", execution)
    return found


def mails_of(shop: Shop, ids: set[str]) -> Counter[str]:
    """How many mails of their cancellation each of these orders brought, once there are as many as orders."""

    def told() -> Counter[str] | None:
        mails = shop.mailbox.mails(event="order_cancelled")
        found = Counter(str(mail["order_id"]) for mail in mails if mail["order_id"] in ids)
        return found if len(found) == len(ids) else None

    found = eventually(told, "a mail for each order", "log/", PATIENCE)
    assert found is not None
    return found


@pytest.mark.capability("A15", "A18", "D26")
def test_selected_orders_are_shipped_relabelled_and_exported(shop: Shop) -> None:
    """With enforced roles: the function may do what each of its actions takes."""
    orders = [shop.approved(payment_method="request") for _ in range(2)]
    ids = [order.id for order in orders]
    for wanted, state in (("error", "error"), ("processed", "processed")):
        job = finished(shop, start(shop, "label", ids, {"label": wanted}))
        assert (job["done"], {shop.staff.order(one)["label"] for one in ids}) == (2, {state})
    code = f"EST{secrets.randbelow(10**12):012d}"
    rows = [{"number": order.number, "tracking_number": f"{code}{n}"} for n, order in enumerate(orders)]
    body = {"action": "ship", "params": {"carrier": "estafeta", "rows": rows}}
    job_id = shop.staff.call("POST", "/admin/bulk", body, status=202, headers=fresh_key()).body["job_id"]
    job = finished(shop, job_id)
    assert (job["done"], {shop.staff.order(one)["fulfilment"] for one in ids}) == (2, {"shipped"})
    file = finished(shop, start(shop, "export", ids, {}))
    content = shop.staff.call("GET", f"/admin/jobs/{file['job_id']}/file").text
    assert all(order.number in content for order in orders)
    sent = finished(shop, start(shop, "export", ids, {"destination": "sftp"}))
    batch = f"/admin/export-batches/{sent['result']['batch_id']}"
    delivered = eventually(lambda: shop.staff.get(batch)["state"] == "delivered", "the batch", batch, 90)
    assert delivered
    assert shop.staff.get(batch)["orders"] == 2
