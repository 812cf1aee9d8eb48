"""A bulk job over five thousand orders, begun on the list over all that fit, its worker shot midway."""

import os
import re
import signal

import pytest
from playwright.sync_api import Browser, Page, expect

from local.demo.staff import aws
from tests.e2e.running import Running
from tests.e2e.shop import Shop
from tests.e2e.test_bulk_jobs import bulk_workers
from tests.web.full.fill import fill
from tests.web.people import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3_000)]
MOST_MINUTES = 40


@pytest.mark.capability("C02", "G10")
def test_5000_orders_go_on_hold_once_though_the_worker_is_shot(
    system: Running, shop: Shop, browser: Browser
) -> None:
    fill(shop)
    page = signed_in(browser, shop.stack, "staff")
    page.goto(f"{shop.stack['back_office_url']}/orders?label=pending")
    page.locator("table.list tbody input[type=checkbox]").first.check()
    page.get_by_label("todos los que coinciden, en todas las páginas").check()
    page.locator(".bulkbar").get_by_role("button", name="Cambiar estado").click()
    page.get_by_label("Estado nuevo").select_option("error")
    page.get_by_role("button", name=re.compile(r"^Cambiar estado: 1,000\+")).click()
    expect(page).to_have_url(re.compile("/jobs/"))
    done = re.compile(r"\b[1-9][\d,]* hech")
    expect(page.locator("#job .sums")).to_have_text(done, timeout=300_000)
    shot = bulk_workers(system)
    for pid in shot:
        os.kill(pid, signal.SIGKILL)
    assert shot
    _until_it_ends(page)
    job = shop.staff.get(f"/admin/jobs/{page.url.rpartition('/')[2]}")
    assert (job["state"], job["failed"]) == ("completed", 0)
    assert job["total"] == job["done"] >= 5_000
    assert _placed_on_hold(shop) == {1}
    page.context.close()


def _until_it_ends(page: Page) -> None:
    """Watch the page as staff would; where the run broke off, its button goes on."""
    for _ in range(MOST_MINUTES * 12):
        again = page.get_by_role("button", name="Continuar")
        if again.count():
            again.click()
        if page.locator("#job .head .badge", has_text="hecho").count():
            return
        page.wait_for_timeout(5_000)
    raise AssertionError(page.locator("#job").inner_text())


def _placed_on_hold(shop: Shop) -> set[int]:
    """How often the orders that are in error now were put on hold, over their whole histories."""
    from comanda.dynamo.packed import body_of

    pages = aws(shop.stack, "dynamodb").get_paginator("scan").paginate(
        TableName=shop.stack["tables"]["orders"],
        FilterExpression="begins_with(sk, :fact)",
        ExpressionAttributeValues={":fact": {"S": "FACT#"}},
    )  # fmt: skip
    found: dict[str, int] = {}
    for page in pages:
        for item in page["Items"]:
            order_id = item["pk"]["S"]
            held = sum(fact["type"] == "HoldOpened" for fact in body_of(item))
            found[order_id] = found.get(order_id, 0) + held
    copies = {order_id for order_id in found if "100201" <= order_id[:6] <= "105200"}
    assert len(copies) == 5_000
    return {found[order_id] for order_id in copies}
