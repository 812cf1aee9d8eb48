"""A picker's phone in a browser at 375 px: scanner, camera, no connection, and an order that is cancelled."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.shop import Order, Shop
from tests.web.beholder import NARROW, Beholder
from tests.web.conftest import CHROMIUM
from tests.web.film import film_of
from tests.web.late import held
from tests.web.picker import Phone, phone_of

pytestmark = pytest.mark.e2e

# A phone that needs a second for each look of its camera.
SLOW_READER = """(code) => {
  let looks = 0;
  window.BarcodeDetector = class {
    static getSupportedFormats = async () => ["ean_13", "code_128"];
    async detect() {
      await new Promise((seen) => setTimeout(seen, 1_000));
      document.body.dataset.looks = looks += 1;
      return [{ rawValue: code }];
    }
  };
}"""
FULL = """() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    IDBObjectStore.prototype.add = add;
    throw new DOMException("", "QuotaExceededError");
  };
}"""


@pytest.fixture
def phone(browser: Browser, shop: Shop) -> Iterator[Phone]:
    phone = phone_of(browser, shop)
    yield phone
    phone.leave()


@pytest.fixture(scope="module")
def skus(shop: Shop) -> list[str]:
    return [str(item["sku"]) for item in shop.products(at_least=12)[:2]]


def order_of(shop: Shop, *lines: tuple[str, int]) -> Order:
    return shop.paid(lines=[{"sku": sku, "quantity": quantity} for sku, quantity in lines])


def books(shop: Shop, order: Order) -> tuple[Any, Any]:
    """What picking changes of an order; its mails may still be on their way."""
    seen = shop.staff.order(order.id)
    return seen["lines"], seen["deliveries"]


@pytest.mark.capability("D10", "D11", "G14")
def test_a_round_is_picked_with_a_scanner_and_refuses_what_is_wrong(
    phone: Phone, shop: Shop, skus: list[str], shots: Path
) -> None:
    page, (first, second) = phone.page, skus
    eye = Beholder(page, phone.base)
    order = order_of(shop, (first, 2), (second, 1))
    page.reload()
    assert eye.open("/picking") + eye.barriers() + eye.fits(NARROW) == []
    wave = phone.take(order)
    now, then = (stop["sku"] for stop in wave["stops"])
    before, known = books(shop, order), phone.wave()
    phone.scan(then, "0000000000000")
    expect(page.locator(".told")).to_contain_text("No es de esta ronda")
    assert "bad" in (page.locator(".told").get_attribute("class") or "")
    expect(page.locator("#said")).to_have_text(phone.told().replace("\n", ". "))
    assert phone.wave() == known
    assert books(shop, order) == before
    quantity = {stop["sku"]: stop["quantity"] for stop in wave["stops"]}
    phone.scan(*([now] * quantity[now]), now)  # one too many, in one burst
    expect(page.locator(".told")).to_contain_text("Demasiadas")
    expect(page.locator("#connection")).to_have_text("en línea")
    phone.counted({now: quantity[now], then: 0})
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator(".now .figure")).to_have_text(f"{quantity[now] - 1}/{quantity[now]}")
    phone.scan(now, *([then] * quantity[then]))
    expect(page.get_by_role("heading", name="Todo está surtido")).to_be_visible()
    assert eye.seen() + eye.barriers() + eye.fits(NARROW) == []
    page.screenshot(path=shots / "picking-complete.png")
    page.locator("#finish").click()
    page.get_by_role("button", name="Terminar", exact=True).click()
    expect(page.get_by_role("heading", name="Todo está surtido")).to_be_hidden()
    assert phone.get("/work")["wave"] is None
    (delivery,) = shop.staff.order(order.id)["deliveries"]
    assert delivery["status"] == "picked"


@pytest.mark.capability("G14")
def test_five_scans_without_a_connection_survive_a_reload_and_count_once(
    phone: Phone, shop: Shop, skus: list[str], shots: Path
) -> None:
    page, sku = phone.page, skus[0]
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    order = order_of(shop, (sku, 6))
    page.reload()
    phone.take(order)
    page.context.set_offline(True)
    phone.scan(*[sku] * 5)
    expect(page.locator("#connection")).to_have_text("sin conexión · 5 por enviar")
    page.reload()
    expect(page.locator("#connection")).to_have_text("sin conexión · 5 por enviar")
    expect(page.locator(".now .figure")).to_have_text("5/6")
    expect(page.get_by_role("button", name="Menú")).to_be_in_viewport(ratio=1)
    page.screenshot(path=shots / "picking-offline.png")
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        """The server counts, and its answer never arrives."""
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
            return
        lost.append(answer.status)
        route.abort("connectionreset")

    page.context.route("**/picking/waves/*/scans", lose_the_first_answer)
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("en línea", timeout=30_000)
    assert lost == [200]
    phone.counted({sku: 5})
    expect(page.locator(".now .figure")).to_have_text("5/6")
    expect(page.locator(".notes .notice")).to_have_count(0)


@pytest.mark.capability("G14")
def test_answers_that_come_late_take_back_no_scan_and_no_tap(
    phone: Phone, shop: Shop, skus: list[str]
) -> None:
    page, sku = phone.page, skus[0]
    figure, connection = page.locator(".now .figure"), page.locator("#connection")
    begun: list[str] = []
    page.on("request", lambda one: begun.append(one.url) if one.url.endswith("/picking/waves") else None)
    order = order_of(shop, (sku, 4))
    page.reload()
    phone.take(order, taps=2)
    assert len(begun) == 1
    # The round as it was before a scan, told after it.
    with held(page, "**/picking/waves/*") as late:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange')), 0")
    before = late[0].fetch()
    phone.scan(sku)
    phone.counted({sku: 1})
    expect(connection).to_have_text("en línea")
    late.pop().fulfill(response=before)
    phone.scan(sku)
    expect(figure).to_have_text("2/4")
    expect(connection).to_have_text("en línea")
    expect(page.locator(".notes .notice")).to_have_count(0)
    # An answer while a finger is on a key.
    with held(page, "**/picking/waves/*/scans") as late:
        phone.scan(sku)
    expect(figure).to_have_text("3/4")
    page.get_by_role("button", name="Deshacer").hover()
    page.mouse.down()
    late.pop().continue_()
    expect(connection).to_have_text("en línea")
    page.mouse.up()
    expect(figure).to_have_text("2/4")
    phone.counted({sku: 2})


@pytest.mark.capability("G14")
def test_what_the_phone_cannot_write_holds_nothing_else_up(phone: Phone, shop: Shop, skus: list[str]) -> None:
    page, sku = phone.page, skus[0]
    order = order_of(shop, (sku, 3))
    page.reload()
    phone.take(order)
    page.context.set_offline(True)
    phone.scan(sku)
    expect(page.locator("#connection")).to_have_text("sin conexión · 1 por enviar")
    page.evaluate(FULL)
    phone.scan(sku)
    expect(page.locator(".told")).to_contain_text("Sin contar")
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("en línea")
    phone.counted({sku: 1})


@pytest.mark.capability("G14")
def test_what_waits_stays_with_its_picker_when_the_session_ends(
    phone: Phone, shop: Shop, skus: list[str]
) -> None:
    page, sku = phone.page, skus[0]
    order = order_of(shop, (sku, 3))
    page.reload()
    phone.take(order)
    kept = page.context.cookies()
    page.context.clear_cookies(name="__Host-comanda")
    phone.scan(sku, sku)
    expect(page.get_by_role("heading", name="Tu sesión terminó")).to_be_visible()
    expect(page.locator(".now .figure")).to_have_text("2/3")
    page.evaluate("document.body.dataset.who = 'somebody-else'")
    others = page.evaluate(
        """async () => {
          const main = document.querySelector('script[type=module]').src;
          const { Kept } = await import(main.replace('main.js', 'kept.js'));
          const kept = await Kept.open('somebody-else');
          return [(await kept.load()).actions.length, await kept.ofOthers()];
        }"""
    )
    assert others == [0, 2]
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    page.reload()
    expect(page.locator("#connection")).to_have_text("en línea")
    phone.counted({sku: 2})


@pytest.mark.capability("G14")
def test_a_cancelled_order_shouts_until_somebody_has_seen_it(
    phone: Phone, shop: Shop, skus: list[str], shots: Path
) -> None:
    page, sku = phone.page, skus[0]
    order = order_of(shop, (sku, 2))
    page.reload()
    phone.take(order)
    page.evaluate(
        "window.tones = []; addEventListener('picking:tone', (told) => tones.push(told.detail.name)); 0"
    )
    phone.scan(sku)
    expect(page.locator(".now .figure")).to_have_text("1/2")
    phone.counted({sku: 1})
    shop.staff.command(order.id, "cancel", {"reason": "customer"})
    alarm = page.get_by_role("alertdialog")
    expect(alarm).to_be_visible()
    expect(alarm).to_contain_text(f"{order.number}")
    expect(alarm).to_contain_text("1 ×")
    phone.scan(sku)  # neither counted nor taken for an answer
    expect(alarm).to_be_visible()
    assert page.evaluate("tones").count("good") == 1
    assert "alarm" in page.evaluate("tones")
    assert Beholder(page, phone.base).barriers() == []
    page.screenshot(path=shots / "picking-alarm.png")
    wave_id = phone.get("/work")["wave"]
    with page.expect_response("**/alarms/*/seen"):
        page.get_by_role("button", name="Ya está en su lugar").click()
    expect(alarm).to_be_hidden()
    seen: list[dict[str, Any]] = phone.get(f"/waves/{wave_id}")["alarms"]
    assert [one["seen"] for one in seen] == [True]


@pytest.mark.capability("D10", "D11")
def test_the_camera_reads_a_label_and_counts_it_once(
    browser: Browser, shop: Shop, skus: list[str], shots: Path, tmp_path: Path
) -> None:
    sku = skus[0]
    order = order_of(shop, (sku, 3))
    film = film_of(sku, tmp_path / "label.y4m")
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    arguments = ["--no-sandbox", *camera, f"--use-file-for-fake-video-capture={film}"]
    with (
        browser.browser_type.launch(executable_path=CHROMIUM, args=arguments) as seeing,
        ExitStack() as stack,
    ):
        phone = phone_of(seeing, shop)
        asked: list[str] = []
        phone.page.on("request", lambda request: asked.append(request.url))
        stack.callback(phone.leave)
        phone.take(order)
        phone.page.locator("#camera").click()
        expect(phone.page.locator(".now .figure")).to_have_text("1/3")
        phone.page.screenshot(path=shots / "picking-camera.png")
        phone.page.evaluate(SLOW_READER, sku)
        phone.page.locator("#camera").click()  # away, and taken in hand again
        phone.page.locator("#camera").click()
        expect(phone.page.locator(".now .figure")).to_have_text("2/3")
        # It stays in sight, and counts no more.
        expect(phone.page.locator("body")).to_have_attribute("data-looks", re.compile("[3-9]"))
        expect(phone.page.locator(".now .figure")).to_have_text("2/3")
        expect(phone.page.locator("#connection")).to_have_text("en línea")
        phone.counted({sku: 2})
        assert [url for url in asked if not url.startswith(phone.base)] == []


@pytest.mark.capability("D11", "F23")
def test_without_a_camera_scans_still_count_and_what_lacks_is_told(
    phone: Phone, shop: Shop, skus: list[str]
) -> None:
    page, order = phone.page, order_of(shop, (skus[0], 2))
    page.reload()
    phone.take(order)
    page.locator("#camera").click()
    expect(page.locator(".camera-note")).to_contain_text("Usa un lector o el teclado")
    phone.scan(skus[0])
    expect(page.locator(".now .figure")).to_have_text("1/2")
    page.get_by_role("button", name="Falta", exact=True).click()
    with page.expect_response("**/short"):
        page.get_by_role("button", name="Está dañado").click()
    expect(page.locator(".now .figure")).to_have_text("1/2")  # another one is taken from what the books have
    expect(page.locator("#connection")).to_have_text("en línea")
    (stop,) = phone.wave()["stops"]
    assert (stop["picked"], stop["short"], stop["quantity"]) == (1, 1, 3)
    phone.scan(skus[0])
    expect(page.get_by_role("heading", name="Todo está surtido")).to_be_visible()
