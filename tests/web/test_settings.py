"""Settings in a browser: the order form, a message on how to pay, a connection tested, staff invited."""

import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from local.demo.outside import eventually
from tests.e2e.shop import Shop
from tests.web.people import enter, signed_in, visitor
from tests.web.test_rooms import quiet

pytestmark = pytest.mark.e2e

PASSWORD = "Comanda-0123456789"


def told(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


@pytest.mark.capability("A03")
def test_a_question_is_added_put_first_and_taken_back(shop: Shop, browser: Browser, shots: Path) -> None:
    page = signed_in(browser, shop.stack, "admin", viewport={"width": 375, "height": 800})
    complaints = quiet(page)
    before = [field["name"] for field in shop.api.get("/checkout/form?locale=es")["fields"]]
    page.get_by_role("link", name="Ajustes").click()
    page.get_by_role("link", name="Formulario de pedido").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Agregar: pregunta").click()
    last = page.locator("details.panel").last
    last.get_by_label("Nombre corto").fill("piso")
    last.get_by_label("Español").fill("¿En qué piso?")
    last.get_by_role("button", name=re.compile("^Subir")).click()
    expect(page.get_by_text("Aún no se guarda")).to_be_visible()
    page.screenshot(path=shots / "settings-form-375.png", full_page=True)
    page.get_by_role("button", name="Guardar").last.click()
    told(page, "Guardado.")
    after = [field["name"] for field in shop.api.get("/checkout/form?locale=es")["fields"]]
    assert after == [*before[:-1], "piso", before[-1]]
    with page.expect_navigation():  # the page before says that it is saved, too
        page.get_by_role("button", name="Deshacer").click()
    told(page, "Guardado.")
    assert [field["name"] for field in shop.api.get("/checkout/form?locale=es")["fields"]] == before
    assert complaints == []
    page.context.close()


def test_a_paper_is_looked_at_beside_the_page_which_saves_afterwards(shop: Shop, browser: Browser) -> None:
    page = signed_in(browser, shop.stack, "admin")
    page.goto(f"{shop.stack['back_office_url']}/settings/documents")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Teclado").get_by_role("button", name="Cerrar").click()
    expect(page.locator(".busy.on")).to_have_count(0)
    for _ in range(2):
        with page.context.expect_page() as beside:
            page.locator("button[formtarget=_blank]").first.click()
        beside.value.close()
    expect(page.locator(".busy.on")).to_have_count(0)
    with page.expect_navigation():
        page.get_by_role("button", name="Guardar").last.click()
    page.context.close()


def test_a_payment_message_is_seen_as_customers_see_it(shop: Shop, browser: Browser, shots: Path) -> None:
    page = signed_in(browser, shop.stack, "admin", color_scheme="dark")
    complaints = quiet(page)
    page.goto(f"{shop.stack['back_office_url']}/settings/payments.cheque")
    page.get_by_label("Español").nth(1).fill("Cheque a nombre de la tienda.\nNorte 12")
    page.get_by_role("button", name="Ver lo que escribí").click()
    expect(page.locator(".letter > div").first).to_have_text("Cheque a nombre de la tienda.Norte 12")
    page.locator("#f-surcharge").fill("mucho")
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.locator("#f-surcharge-error")).to_contain_text("un importe")
    expect(page.get_by_label("Español").nth(1)).to_have_value("Cheque a nombre de la tienda.\nNorte 12")
    page.screenshot(path=shots / "settings-payment.png", full_page=True)
    assert [text for text in complaints if "422" not in text] == []  # the refusal that was asked for
    page.context.close()


@pytest.mark.capability("A19")
def test_a_connection_is_tested(shop: Shop, browser: Browser, shots: Path) -> None:
    page = signed_in(browser, shop.stack, "admin", viewport={"width": 768, "height": 900})
    complaints = quiet(page)
    page.get_by_role("link", name="Ajustes").click()
    page.get_by_role("link", name="A dónde se envían los pedidos").click()
    page.get_by_role("button", name="Probar la conexión").first.click()
    expect(page.get_by_text("Funciona: se pueden enviar pedidos ahí")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(shop.stack["sftp"]["host_key_fingerprint"])).to_be_visible()
    page.screenshot(path=shots / "settings-test.png", full_page=True)
    left = [path.name for path in Path(shop.stack["sftp"]["inbox"]).iterdir() if "test" in path.name]
    assert (left, complaints) == ([], [])
    page.context.close()


def test_somebody_is_invited_comes_in_and_is_shut_out(shop: Shop, browser: Browser, shots: Path) -> None:
    page = signed_in(browser, shop.stack, "admin")
    complaints, email = quiet(page), f"nueva.{secrets.token_hex(3)}@example.com"
    page.goto(f"{shop.stack['back_office_url']}/settings/people")
    page.get_by_role("link", name="Invitar a alguien").click()
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Nombre").fill("Nueva Persona")
    page.get_by_role("button", name="Invitar").click()
    told(page, email)
    letter = eventually(lambda: next(iter(shop.mailbox.mails(to=email)), None), "the invitation", email)
    first = re.search(r"first password: <b>([^<]+)</b>", letter["html"])
    assert first
    guest = visitor(browser).new_page()
    stack = {**shop.stack, "users": {"new": {"username": email, "password": first[1].replace("&amp;", "&")}}}
    enter(guest, stack, "new")
    expect(guest.locator("input[name=confirm_password]")).to_be_visible()
    for field in guest.locator("input[type=password]").all():
        field.fill(PASSWORD)
    guest.locator("button[type=submit], input[type=submit], button").first.click()
    expect(guest.locator("nav.side")).to_be_visible()
    page.goto(f"{shop.stack['back_office_url']}/settings/people")
    page.screenshot(path=shots / "people.png", full_page=True)
    page.get_by_role("link", name="Nueva Persona").last.click()
    page.get_by_role("button", name="Quitar el acceso").first.click()
    page.screenshot(path=shots / "person.png", full_page=True)
    page.get_by_role("dialog").get_by_role("button", name="Quitar el acceso").click()
    told(page, "ya no puede entrar")
    guest.reload()
    expect(guest.locator("nav.side")).not_to_be_visible()
    assert complaints == []
    for one in (page, guest):
        one.context.close()
