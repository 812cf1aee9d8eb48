"""The list of orders in a real browser: filters, selection, one click and its undo, keyboard, phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.shop import Order, Shop
from tests.web.late import held
from tests.web.people import signed_in

pytestmark = pytest.mark.e2e
SHIFTS = """new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shifted = (window.shifted || 0) + one.value;
}).observe({ type: "layout-shift", buffered: true })"""


@pytest.fixture(scope="module")
def orders(shop: Shop) -> list[Order]:
    """Two approved orders by bank transfer that wait for their money."""
    found = []
    for _ in range(2):
        order = shop.place(payment_method="bank_transfer")
        shop.verify(order)
        shop.staff.command(order.id, "approve")
        found.append(order)
    return found


def open_list(page: Page, shop: Shop, query: str = "") -> None:
    page.goto(f"{shop.stack['back_office_url']}/orders{query}")
    expect(page.get_by_role("heading", name="Pedidos")).to_be_visible()


def test_a_filter_swaps_the_table_and_is_a_bookmark(
    shop: Shop, browser: Browser, orders: list[Order], shots: Path
) -> None:
    page = signed_in(browser, shop.stack)
    page.add_init_script(SHIFTS)
    open_list(page, shop)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifted || 0") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=shots / "list-1440.png")
    page.keyboard.press("f")
    page.locator("details.group summary", has_text="Pago").first.click()
    page.get_by_label("pago pendiente").check()
    expect(page).to_have_url(re.compile(r"\?payment=pending$"))
    expect(page.locator(".chips")).to_contain_text("Pago: pago pendiente")
    page.screenshot(path=shots / "list-filter.png")
    page.reload()
    expect(page.locator(".chips")).to_contain_text("Pago: pago pendiente")
    page.get_by_role("link", name=re.compile("Sin Pago")).click()
    expect(page).to_have_url(re.compile(r"/orders$"))
    page.context.close()


def test_paid_is_one_click_and_undone_before_anybody_is_told(
    shop: Shop, browser: Browser, orders: list[Order], shots: Path
) -> None:
    order, page = orders[0], signed_in(browser, shop.stack)
    open_list(page, shop)
    row = page.get_by_role("row").filter(has_text=order.number)
    row.get_by_role("button", name=f"Qué hacer con {order.number}").click()
    row.get_by_role("button", name="Marcar pagado").click()
    expect(page.locator(".toast")).to_contain_text(f"{order.number} está marcado como pagado.")
    page.screenshot(path=shots / "list-undo.png")
    page.get_by_role("button", name="Deshacer: no está pagado").click()
    expect(page.locator(".toast")).to_contain_text(f"{order.number} ya no está pagado.")
    seen = shop.staff.order(order.id)
    assert (seen["payment"], seen["label"]) == ("pending", "pending")
    (receipt,) = [one for one in seen["conversation"] if one["event"] == "payment_received"]
    assert (receipt["state"], receipt["attempts"]) == ("done", 0)
    page.context.close()


def test_a_selection_becomes_a_job_by_keyboard_and_mouse(
    shop: Shop, browser: Browser, orders: list[Order], shots: Path
) -> None:
    page = signed_in(browser, shop.stack)
    open_list(page, shop)
    page.get_by_label(f"Seleccionar {orders[0].number}").check()
    open_list(page, shop, "?label=pending")  # the selection outlives the page
    expect(page.locator("[data-count]")).to_have_text("1 seleccionado")
    page.get_by_label(f"Seleccionar {orders[1].number}").check()
    expect(page.locator("[data-count]")).to_have_text("2 seleccionados")
    page.locator(".bulkbar").get_by_role("button", name="Marcar pagado").click()
    expect(page.get_by_text("Pedidos seleccionados: 2.")).to_be_visible()
    # The first time that the page looks for news nobody answers it.
    page.route("**/jobs/*", lambda route: route.fulfill(status=502, body='{"message": null}'), times=1)
    page.get_by_role("button", name="Marcar pagado: 2").click()
    expect(page.locator("#job")).to_contain_text("2 hechos", timeout=30_000)
    page.screenshot(path=shots / "job.png")
    assert [shop.staff.order(order.id)["payment"] for order in orders] == ["paid", "paid"]
    page.context.close()


@pytest.mark.capability("C02")
def test_keys_move_select_open_and_ship(shop: Shop, browser: Browser, orders: list[Order]) -> None:
    page = signed_in(browser, shop.stack)
    open_list(page, shop)
    rows = page.locator("table.list tbody tr")
    for key in ("j", "j", "k", "j", "x"):
        page.keyboard.press(key)
    expect(rows.nth(1)).to_have_class(re.compile(r"\bat\b"))
    expect(rows.nth(1).locator("input[type=checkbox]")).to_be_checked()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("x")  # typed, not done
    expect(page.locator("#q")).to_have_value("x")
    page.locator("#q").fill("")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Teclado")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name=re.compile("Embarcar"))).to_be_visible()
    expect(page.get_by_text("Pedidos seleccionados: 1.")).to_be_visible()
    open_list(page, shop)
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(r"/orders/[\w-]{20,}"))
    page.context.close()


@pytest.mark.capability("C02")
def test_a_number_that_arrives_late_does_not_lose_the_row_one_is_at(
    shop: Shop, browser: Browser, orders: list[Order]
) -> None:
    page = signed_in(browser, shop.stack)
    with held(page, "**/operations/count") as late:
        open_list(page, shop)
    page.keyboard.press("j")
    row = page.locator("table.list tbody tr").first
    expect(row).to_have_class(re.compile(r"\bat\b"))
    with page.expect_response("**/operations/count"):
        late.pop().continue_()
    expect(page.locator(".busy.on")).to_have_count(0)
    expect(row).to_have_class(re.compile(r"\bat\b"))
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(r"/orders/[\w-]{20,}"))
    page.context.close()


def test_what_is_chosen_while_an_answer_is_on_its_way_stays_chosen(
    shop: Shop, browser: Browser, orders: list[Order]
) -> None:
    page = signed_in(browser, shop.stack)
    open_list(page, shop)
    chosen = """() => {
      const boxes = [...document.querySelectorAll("#filter [name=payment]")].slice(0, 2);
      for (const box of boxes) box.click();
      document.dispatchEvent(new Event("htmx:after:history:update"));  // of what was asked for before
      return boxes.map((box) => box.checked);
    }"""
    assert page.evaluate(chosen) == [True, True]
    expect(page.locator(".chips")).to_contain_text("Pago")
    tabs = page.get_by_role("navigation", name="Etiquetas")
    with held(page, "**/orders?*label=pending*"):
        tabs.locator("a[href*='label=pending']").click()
    with page.expect_event("requestfailed", lambda one: "label=pending" in one.url):  # nobody waits for it
        tabs.locator("a[href*='label=to_review']").click()
    expect(page).to_have_url(re.compile("label=to_review"))
    page.context.close()


@pytest.mark.parametrize("width", [375, 768])
def test_the_list_fits_narrow_screens(
    shop: Shop, browser: Browser, orders: list[Order], shots: Path, width: int
) -> None:
    page = signed_in(browser, shop.stack, viewport={"width": width, "height": 800}, color_scheme="dark")
    open_list(page, shop)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("link", name=orders[0].number)).to_be_visible()
    page.screenshot(path=shots / f"list-{width}.png")
    page.context.close()
