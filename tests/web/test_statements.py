"""A bank statement in a real browser, in Spanish: chosen, looked at, what fits confirmed, the rest left."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from local.demo.outside import eventually
from tests.e2e.shop import Shop
from tests.web.people import signed_in
from tests.web.test_order_page import fits, told

pytestmark = pytest.mark.e2e


@pytest.mark.capability("G15")
def test_a_file_is_chosen_and_what_fits_is_confirmed(
    shop: Shop, browser: Browser, shots: Path, tmp_path: Path
) -> None:
    exact, part = (shop.place(payment_method="bank_transfer") for _ in range(2))
    for order in (exact, part):
        shop.verify(order)
    seen = [shop.staff.order(order.id) for order in (exact, part)]
    due = [f"{one['due']['amount'] // 100},{one['due']['amount'] % 100:02d}" for one in seen]
    lines = [
        "fecha;concepto;ordenante;importe",
        f"20/11/2026;PEDIDO {seen[0]['number']};Ana Muñoz;{due[0]}",
        f"20/11/2026;{seen[1]['number'].lower()};Luis Vega;1,00",
    ]
    file = tmp_path / "extracto.csv"
    file.write_text("\n".join(lines), encoding="cp1252")
    numbers = [one["number"] for one in seen]
    eventually(
        lambda: all(shop.staff.get(f"/admin/orders?q={n}")["items"] for n in numbers), "search", "ready"
    )
    page = signed_in(browser, shop.stack, "staff")
    page.get_by_role("link", name="Dinero").click()
    page.get_by_role("link", name="Extractos del banco").click()
    page.get_by_label("Archivo").set_input_files(file)
    page.get_by_role("button", name="Revisarlo").click()
    told(page, "2 movimientos nuevos.")
    expect(page.locator("input[name=row]:checked")).to_have_count(1)
    page.screenshot(path=shots / "statement-es-1440.png", full_page=True)
    page.get_by_role("button", name="Confirmar lo marcado").click()
    told(page, "1 movimiento confirmado.")
    expect(page.get_by_role("heading", name="Menos de lo que se debe")).to_be_visible()
    assert [shop.staff.order(order.id)["payment"] for order in (exact, part)] == ["paid", "pending"]
    page.set_viewport_size({"width": 375, "height": 740})
    assert fits(page)
    page.screenshot(path=shots / "statement-es-375.png", full_page=True)
    page.context.close()
