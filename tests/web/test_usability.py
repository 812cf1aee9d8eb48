"""Eight tasks of a merchant's day, done by browser only and in Spanish, finding things by what the page says.

Whatever could not be found, or was mistaken for something else, is told in docs/usability.md.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from local.demo.outside import eventually
from local.demo.staff import aws
from tests.e2e.shop import Order, Shop
from tests.web.people import signed_in
from tests.web.test_drafts import cart

pytestmark = pytest.mark.e2e
SLOW = 40_000  # ms that a job or an export may take


@pytest.fixture(scope="module")
def page(shop: Shop, browser: Browser) -> Iterator[Page]:
    """One person at one desk, signed in once."""
    page = signed_in(browser, shop.stack, "staff")
    yield page
    page.context.close()


def menu(page: Page, name: str) -> None:
    """Answers once the page and its scripts are there: a tick before that would not be heard."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="Principal").get_by_role("link", name=name).click()


def order_page(page: Page, order: Order) -> None:
    """Look for it by its number, as it stands on the customer's mail."""
    menu(page, "Pedidos")
    page.get_by_role("searchbox").fill(order.number)
    page.get_by_role("link", name=order.number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(order.number)


def chosen(page: Page, orders: list[Order], what: str) -> None:
    """Tick them on the list and press a button of the bar below."""
    for order in orders:
        page.get_by_label(f"Seleccionar {order.number}").check()
    page.locator(".bulkbar").get_by_role("button", name=what).click()


def done(page: Page, number: int) -> None:
    expect(page.locator("#job")).to_contain_text(f"{number} hechos", timeout=SLOW)


def approved(shop: Shop, number: int, **more: Any) -> list[Order]:
    found = []
    for _ in range(number):
        order = shop.place(payment_method="bank_transfer", **more)
        shop.verify(order)
        shop.staff.command(order.id, "approve")
        found.append(order)
    return found


@pytest.mark.capability("A12", "A13", "C02")
def test_unpaid_transfers_of_a_day_are_found_and_three_marked_paid(shop: Shop, page: Page) -> None:
    """Tasks 1 and 2. What lies in yesterday depends on the shop, so today's are marked."""
    orders = approved(shop, 3)
    menu(page, "Pedidos")
    page.get_by_role("button", name="Filtros").click()
    page.get_by_role("button", name="Ayer").click()
    yesterday = datetime.now(ZoneInfo(shop.stack["shop"]["time_zone"])).date() - timedelta(days=1)
    expect(page).to_have_url(re.compile(f"created_from={yesterday}&created_to={yesterday}"), timeout=SLOW)
    page.locator("summary", has_text=re.compile("^Pago$")).click()
    page.get_by_label("pago pendiente").check()
    page.locator("summary", has_text="Forma de pago").click()
    page.get_by_label("Transferencia bancaria").check()
    expect(page.locator(".chips")).to_contain_text("Forma de pago: Transferencia bancaria", timeout=SLOW)
    expect(page).to_have_url(
        re.compile("payment=pending.*method=bank_transfer|method=bank_transfer.*payment=pending")
    )
    page.keyboard.press("Escape")
    menu(page, "Pedidos")
    chosen(page, orders, "Marcar pagado")
    expect(page.get_by_text("Pedidos seleccionados: 3.")).to_be_visible()
    page.get_by_role("button", name="Marcar pagado: 3").click()
    done(page, 3)
    assert {shop.staff.order(order.id)["payment"] for order in orders} == {"paid"}


@pytest.mark.capability("A15", "C02")
def test_two_are_shipped_in_one_go(shop: Shop, page: Page) -> None:
    orders = approved(shop, 2)
    for order in orders:
        shop.staff.command(order.id, "mark-paid")
    menu(page, "Pedidos")
    chosen(page, orders, "Embarcar")
    page.get_by_label("Paquetería").fill("estafeta")
    page.get_by_role("button", name="Embarcar: 2").click()
    done(page, 2)
    assert {shop.staff.order(order.id)["fulfilment"] for order in orders} == {"shipped"}


@pytest.mark.capability("D25", "D35")
def test_an_order_is_changed_and_its_customer_asked_for_the_difference(shop: Shop, page: Page) -> None:
    (order,) = approved(shop, 1)
    order_page(page, order)
    page.get_by_text("Acciones", exact=True).click()
    page.get_by_role("link", name="Cambiar el pedido").click()
    page.get_by_label("Unidades de ", exact=False).first.fill("3")
    page.get_by_role("button", name="Ver qué significa").click()
    expect(page.locator("#do")).to_contain_text("Diferencia")
    page.get_by_label("Unas palabras al cliente").fill("Nos pediste una más por teléfono.")
    page.get_by_role("button", name="Pedir al cliente que lo acepte").click()
    expect(page.locator("section.next")).to_contain_text("Falta que el cliente acepte un cambio")
    assert shop.mailbox.wait("order_edited", order.id)


@pytest.mark.capability("F02")
def test_a_hold_is_released(shop: Shop, page: Page) -> None:
    (order,) = approved(shop, 1)
    shop.staff.command(order.id, "hold", {"reason": "address", "note": "Falta el número"})
    order_page(page, order)
    page.locator("#holds").get_by_role("button", name="Liberar").click()
    expect(page.get_by_role("status").filter(has_text=order.number)).to_be_visible()
    assert not any(hold["open"] for hold in shop.staff.order(order.id)["holds"])


@pytest.mark.capability("A18", "G11")
def test_an_export_is_sent_again(shop: Shop, page: Page) -> None:
    approved(shop, 1)
    menu(page, "Envíos a mi sistema")
    page.get_by_role("button", name="Enviar ahora los pedidos nuevos").first.click()
    expect(page.locator("#batch .badge").first).to_have_text("entregado", timeout=SLOW)
    page.get_by_role("button", name="Enviar otra vez").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Enviar otra vez").click()
    expect(page.locator("#batch")).to_contain_text("Enviado otra vez", timeout=SLOW)


@pytest.mark.capability("G04", "G11")
def test_a_failed_order_is_tried_again(shop: Shop, page: Page) -> None:
    (order,) = approved(shop, 1)
    _fail(shop, order)
    order_page(page, order)
    expect(page.locator("section.next")).to_contain_text("Algo falló")
    page.locator("section.next").get_by_role("button", name="Intentar de nuevo").click()
    expect(page.locator("section.next")).not_to_contain_text("Algo falló")
    assert not any(hold["open"] for hold in shop.staff.order(order.id)["holds"])


@pytest.mark.capability("D25", "E05")
def test_an_open_cart_becomes_an_order_by_telephone(shop: Shop, page: Page) -> None:
    cart(shop, "Ofelia Sin Prisa", [str(shop.products()[0]["sku"])])
    menu(page, "Borradores y carritos")
    page.get_by_role("link", name="Carritos abiertos").click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Terminar por teléfono.*Ofelia Sin Prisa")).first.click()
    page.get_by_label("Entrega", exact=True).select_option("pickup")
    page.get_by_label("Pago", exact=True).select_option("bank_transfer")
    page.get_by_label("Hablé con el cliente").check()
    page.get_by_role("button", name="Hacer el pedido").click()
    expect(page.get_by_role("status").filter(has_text="está hecho")).to_be_visible()


def _fail(shop: Shop, order: Order) -> None:
    """The step that waits for the payment fails, as when a function breaks for good."""
    table, key = shop.stack["tables"]["orders"], {"pk": {"S": order.id}, "sk": {"S": "WAIT#payment"}}

    def waiting() -> dict[str, Any] | None:
        found: dict[str, Any] | None = (
            aws(shop.stack, "dynamodb").get_item(TableName=table, Key=key).get("Item")
        )
        return found

    wait = eventually(waiting, "an order that waits for its payment", order.id)
    assert wait is not None
    token = wait["token"]["S"] if "token" in wait else json.loads(wait["body"]["S"])["token"]
    aws(shop.stack, "stepfunctions").send_task_failure(taskToken=token, error="Broken", cause="by the test")
    eventually(lambda: shop.staff.order(order.id)["holds"], "a hold of the failed step", order.id)
