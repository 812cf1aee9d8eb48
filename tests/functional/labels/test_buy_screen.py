"""Buying a label on a page: parcels, prices of all carriers, the address, and one click."""

import pytest

from comanda.screens.orders.shipping_labels import service_name
from tests.functional.labels_world import LabelWorld
from tests.functional.pickup.counter import fetched
from tests.functional.pickup.counter import shop as counter
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import ADDRESS, set_section
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D12", "F22")
CHEAP = '["easypost", "fedex", "GROUND"]'
NASTY = "<script>alert(1)</script>"


def stored() -> object:
    return {name: items for name, items in contents().items() if name != "SessionsTable"}


def compared(staff: Visitor, order_id: str, count: int = 1, **typed: str) -> Seen:
    page = staff.get(f"/orders/{order_id}/labels/new?parcels={count}")
    return staff.submit(page, "/labels/new", **typed)


def test_prices_are_compared_and_the_cheapest_bought(shop: LabelWorld) -> None:
    staff, order_id = staff_at(language="es"), shop.ready()
    assert staff.get(f"/orders/{order_id}").says("Comprar una guía")
    before = stored()
    page = compared(staff, order_id)  # 5 units of 250 g
    assert stored() == before
    assert page.says("más barata")
    assert not page.says("Tu sesión había terminado")  # it has not: the form is shown with its prices
    assert page.says("más rápida")
    assert page.says("$101.25")
    assert page.says("4 días")
    done = staff.follow(staff.submit(page, "/labels/buy", rate=CHEAP))
    assert done.says("1 guía se está comprando: abre la página de nuevo en un momento.")
    (label,) = shop.labels(order_id)
    assert (label.carrier, label.service, label.weight_grams, label.ship) == ("fedex", "GROUND", 1250, True)
    watching = f'hx-get="/back-office/orders/{order_id}?watch=labels"'
    assert watching in done.text
    shop.work(order_id)
    assert shop.order(order_id).fulfilment == "shipped"
    seen = staff.get(f"/orders/{order_id}?watch=labels")
    assert watching not in seen.text
    assert seen.says("La paquetería ha respondido.")
    assert not staff.get(f"/orders/{order_id}").says("La paquetería ha respondido.")


@pytest.mark.parametrize(
    ("carrier", "written", "called"),
    [
        ("fedex", "FedEx Fedex Ground", "Ground"),
        ("fedex", "FEDEX_GROUND", "Ground"),
        ("dhl", "DHLExpress ExpressWorldwide", "ExpressWorldwide"),
        ("usps", "USPS", "USPS"),
        ("ups", "UPS 2nd Day Air A.M.", "2nd Day Air A.M."),
        ("estafeta", "Día siguiente", "Día siguiente"),
    ],
)
def test_a_service_stands_beside_its_carrier_without_its_name(
    carrier: str, written: str, called: str
) -> None:
    assert service_name(carrier, written) == called


def test_two_parcels_have_a_label_each_and_may_wait(shop: LabelWorld) -> None:
    staff, order_id = staff_at(), shop.ready()
    typed = {
        "parcels.0.lines.0.quantity": "3", "parcels.0.weight_grams": "900",
        "parcels.1.lines.1.quantity": "2", "parcels.1.length_mm": "300",
    }  # fmt: skip
    page = compared(staff, order_id, 2, **typed)
    form = page.form("/labels/buy")
    form.pop("ship")
    staff.follow(staff.post(f"/orders/{order_id}/labels/buy", form | {"rate": CHEAP}))
    found = [(one.weight_grams, one.length_mm, one.ship) for one in shop.labels(order_id)]
    assert found == [(900, 0, False), (500, 300, False)]


def test_a_refusal_keeps_what_was_typed(shop: LabelWorld) -> None:
    staff, order_id = staff_at(), shop.ready()
    before = stored()
    empty = compared(staff, order_id, 2, **{"parcels.0.weight_grams": "4321"})
    assert empty.status == 422
    assert empty.says("say how many units")
    assert 'value="4321"' in empty.text
    page = compared(staff, order_id, **{"parcels.0.weight_grams": "4321"})
    refused = staff.submit(page, "/labels/buy", rate="nonsense")
    assert refused.status == 422
    assert 'value="4321"' in refused.text
    assert stored() == before


def test_more_units_than_may_leave_are_refused_in_the_readers_language(shop: LabelWorld) -> None:
    staff, order_id = staff_at(language="es"), shop.ready()
    before = stored()
    refused = compared(staff, order_id, **{"parcels.0.lines.0.quantity": "99"})
    assert (refused.status, stored()) == (409, before)
    assert refused.says("se piden 99, hay 3 listas para salir")
    far = compared(staff, order_id, **{"parcels.0.weight_grams": "-1"})
    assert far.says("un número entero de 0 a 999,999")


def test_no_label_is_offered_of_what_is_fetched_at_the_shop(shop: LabelWorld) -> None:
    counter()
    order_id = str(fetched(shop.call, key="fetched-1")["order_id"])
    staff = staff_at()
    assert not staff.get(f"/orders/{order_id}").says("Buy a label")
    page = staff.get(f"/orders/{order_id}/labels/new")
    assert page.says("The order has no address.")
    assert not page.says("Compare prices")


def test_a_carrier_that_fails_is_named_and_its_words_are_text(
    shop: LabelWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, order_id = staff_at(), shop.ready()
    told = {"rates": [], "failed": [{"account": "easypost", "reason": NASTY}]}
    monkeypatch.setattr("comanda.backoffice.shipping_labels.LabelDesk.offers", lambda *given: told)
    page = compared(staff, order_id)
    assert page.says("could not be asked:")
    assert page.says(NASTY)
    assert NASTY not in page.text
    assert page.says("No carrier offers anything for these parcels.")


def test_an_unusable_address_needs_somebodys_word(shop: LabelWorld) -> None:
    staff = staff_at()
    order_id = shop.ready(shipping_address=ADDRESS | {"line1": "Apartado postal 120"})
    page = compared(staff, order_id)
    assert page.says("The address is right as it stands")
    before = stored()
    refused = staff.submit(page, "/labels/buy", rate=CHEAP)
    assert refused.status == 409
    assert stored() == before
    staff.follow(staff.submit(page, "/labels/buy", rate=CHEAP, address_ok="on"))
    assert shop.states(order_id) == ["wanted"]


def test_without_an_account_the_page_says_where_to_set_one_up(shop: LabelWorld) -> None:
    order_id = shop.ready()
    set_section("carriers", accounts=[{"code": "manual"}])
    assert 'href="/back-office/settings/carriers"' in staff_at("admin").get(f"/orders/{order_id}").text
    assert "/labels/new" not in staff_at().get(f"/orders/{order_id}").text
    assert staff_at("picker").get(f"/orders/{order_id}/labels/new").status == 403
    for form in ("new", "buy"):
        assert staff_at().post(f"/orders/{order_id}/labels/{form}", {}).status == 403


def test_an_order_on_hold_says_so_instead_of_a_form(shop: LabelWorld) -> None:
    order_id = shop.ready()
    shop.does(order_id, "hold", {"reason": "other", "note": "esperar"})
    page = staff_at(language="es").get(f"/orders/{order_id}/labels/new")
    assert page.says("retenido")
    assert "Comparar precios" not in page.text
