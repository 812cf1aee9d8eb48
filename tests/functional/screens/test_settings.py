"""Settings in the back office: forms instead of JSON, their history, and taking a change back."""

import re
from typing import Any

import pytest

from comanda.screens.settings.pages import PAGES
from tests.functional.conftest import Call
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask, show
from tests.functional.tables import contents

NASTY = "<script>alert(1)</script>"
CODES = [page.code for page in PAGES]


@pytest.fixture
def admin(aws: None) -> Visitor:
    return staff_at("admin")


def section(call: Call, name: str) -> dict[str, Any]:
    body: dict[str, Any] = ask(call, "GET", f"/admin/settings/{name}").body
    return body


def save(who: Visitor, code: str, **typed: Any) -> Seen:
    """The page's form as it stands, with what somebody typed into it."""
    return who.submit(who.get(f"/settings/{code}"), f"/settings/{code}", **typed)


def press(who: Visitor, page: Seen, code: str, wish: str, **typed: Any) -> Seen:
    """A button that rearranges the form."""
    seen = who.submit(page, f"/settings/{code}", _do=wish, **typed)
    assert seen.status == 200, seen.text
    return seen


def fault(seen: Seen, field: str) -> str:
    """What is said beside a field."""
    found = re.search(rf'id="f-{re.escape(field)}-error">([^<]*)<', seen.text)
    return found[1] if found else ""


def settings_items() -> dict[str, Any]:
    return {name: items for name, items in contents().items() if name in ("SettingsTable", "JobsTable")}


@pytest.mark.parametrize("code", CODES)
def test_a_page_saved_as_it_stands_changes_nothing(admin: Visitor, code: str) -> None:
    before = settings_items()
    done = save(admin, code)
    assert done.status == 303, done.text
    assert admin.follow(done).says("Nothing was different.")
    assert settings_items() == before


def test_the_overview_leads_to_every_page(admin: Visitor) -> None:
    admin.language = "es"
    front = admin.get("/settings").text + admin.get("/settings/payments").text
    for code in CODES:
        assert f'href="/back-office/settings/{code}"' in front


@pytest.mark.capability("A16", "D02")
def test_orders_go_to_several_addresses(call: Call, admin: Visitor) -> None:
    done = save(
        admin,
        "notifications",
        merchant_addresses="ana@shop.mx\r\nalmacen@shop.mx\r\n",
        reply_to="",
        receipt=[],
    )
    assert admin.follow(done).says("Saved.")
    found = section(call, "notifications")
    assert found["merchant_addresses"] == ["ana@shop.mx", "almacen@shop.mx"]
    assert (found["reply_to"], found["receipt"]) == (None, False)


@pytest.mark.capability("A03")
def test_the_seller_designs_the_order_form_without_a_script(call: Call, admin: Visitor) -> None:
    page = press(admin, admin.get("/settings/form"), "form", "add fields")
    assert page.says("Not saved yet")
    typed = {"fields.0.name": "regalo", "fields.0.label.es": "¿Es regalo?", "fields.0.type": "checkbox"}
    page = press(admin, page, "form", "add fields", **typed)
    typed = {
        "fields.1.name": "horario", "fields.1.label.es": "Horario", "fields.1.label.en": "Time",
        "fields.1.type": "choice", "fields.1.choices": "9-13\r\n13-18", "fields.1.required": "on",
    }  # fmt: skip
    page = press(admin, page, "form", "up fields 1", **typed)
    assert section(call, "checkout")["fields"] == []
    admin.follow(admin.submit(page, "/settings/form"))
    form = call("storefront", "GET", "/checkout/form", query={"locale": "en"}).body
    asked = [(one["name"], one["type"], one["label"], one["required"]) for one in form["fields"]]
    own = [one for one in asked if one[0] in ("horario", "regalo")]
    assert own == [("horario", "choice", "Time", True), ("regalo", "checkbox", "¿Es regalo?", False)]
    page = press(admin, admin.get("/settings/form"), "form", "remove fields 0")
    admin.submit(page, "/settings/form")
    assert [one["name"] for one in section(call, "checkout")["fields"]] == ["regalo"]


@pytest.mark.capability("E13", "D21")
def test_a_payment_method_says_when_units_are_set_aside_and_how_to_pay(call: Call, admin: Visitor) -> None:
    stock_product()
    typed = {
        "reserve_on": "confirmed", "surcharge": "12.50", "surcharge_ppm": "2,5", "title.en": "Wire",
        "instructions.en": "Bank: Norte\r\nAccount: 12", "remind_seconds": "", "hold_seconds": "36",
        "hold_seconds.unit": "h", "reminders": "12 h, 3 d",
    }  # fmt: skip
    page = press(
        admin, admin.get("/settings/payments.bank_transfer"), "payments.bank_transfer", "preview", **typed
    )
    assert "Bank: Norte<br>Account: 12" in page.text
    assert page.says("Español · in the mail")
    assert page.says("To pay your order P-000123, send")
    admin.submit(page, "/settings/payments.bank_transfer")
    found = section(call, "payments.bank_transfer")
    assert (found["surcharge"], found["surcharge_ppm"], found["hold_seconds"]) == (1250, 25_000, 129_600)
    assert (found["remind_seconds"], found["instructions"]["en"]) == (None, "Bank: Norte\nAccount: 12")
    assert found["reminders"] == [43_200, 259_200]
    placed = place(call, locale="en")
    assert show(call, placed["order_id"])["lines"][0]["reserved"] == 0
    assert placed["totals"]["surcharge"]["amount"] > 1250
    page = admin.get("/settings/payments.bank_transfer")
    assert page.form("/settings/payments.bank_transfer")["hold_seconds"] == "36"
    assert admin.get("/settings/payments").says("set aside once confirmed")


def test_zones_with_prices_and_weights_are_forms_too(call: Call, admin: Visitor) -> None:
    page = press(admin, admin.get("/settings/shipping"), "shipping", "add deliveries.0.zones")
    typed = {"deliveries.0.zones.1.name": "Norte", "deliveries.0.zones.1.price": "150"}
    page = press(admin, page, "shipping", "up deliveries.0.zones 1", **typed)
    page = press(admin, page, "shipping", "add deliveries.0.zones.0.weight_bands")
    page = press(admin, page, "shipping", "add deliveries.0.zones.0.postal_ranges")
    typed = {
        "deliveries.0.zones.0.weight_bands.0.price": "99.90", "deliveries.0.zones.0.countries": "mx",
        "deliveries.0.zones.0.postal_ranges.0.first": "64000",
        "deliveries.0.zones.0.postal_ranges.0.last": "63000",
    }  # fmt: skip
    before = settings_items()
    refused = admin.submit(page, "/settings/shipping", **typed)
    assert refused.status == 422
    assert fault(refused, "deliveries.0.zones.0.countries") == "takes two capitals, such as MX"
    assert refused.says("two codes of the same length, the smaller one first")
    assert settings_items() == before
    mended = {"deliveries.0.zones.0.countries": "MX", "deliveries.0.zones.0.postal_ranges.0.last": "66999"}
    admin.submit(refused, "/settings/shipping", **mended)
    zone = section(call, "shipping")["deliveries"][0]["zones"][0]
    assert (zone["name"], zone["price"], zone["countries"]) == ("Norte", 15_000, ["MX"])
    assert zone["weight_bands"] == [{"up_to_grams": 1000, "price": 9990}]
    assert zone["postal_ranges"] == [{"first": "64000", "last": "66999"}]


@pytest.mark.parametrize(
    ("code", "typed", "field"),
    [
        ("shop", {"time_zone": "Mars/Olympus"}, "time_zone"),
        ("shop", {"number_prefix": "muy largo"}, "number_prefix"),
        ("checkout", {"verification_seconds": "0"}, "verification_seconds"),
        ("checkout", {"verification_seconds": "soon"}, "verification_seconds"),
        ("checkout", {"minimum_order": "mucho"}, "minimum_order"),
        ("payments.cheque", {"surcharge_ppm": "101"}, "surcharge_ppm"),
        ("limits", {"per_email": "-1"}, "per_email"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    admin: Visitor, code: str, typed: dict[str, str], field: str
) -> None:
    admin.language, before = "es", settings_items()
    page = admin.get(f"/settings/{code}")
    other = {"url": "https://tienda.mx"} if code == "shop" else {}
    refused = admin.submit(page, f"/settings/{code}", **typed, **other)
    assert refused.status == 422
    said = fault(refused, field)
    assert said
    assert not re.search(r"\b(must|takes|such as|look like)\b", said)
    again = refused.form(f"/settings/{code}")
    assert {name: again[name] for name in typed | other} == typed | other
    assert settings_items() == before


def test_who_was_overtaken_sees_what_changed_and_keeps_what_was_typed(call: Call, admin: Visitor) -> None:
    page = admin.get("/settings/shop")
    save(staff_at("admin"), "shop", name="Otra casa")
    before = settings_items()
    stale = admin.submit(page, "/settings/shop", name="Mi casa", url="https://mia.mx")
    assert stale.status == 412
    assert stale.says("What was changed here meanwhile")
    assert stale.says("Otra casa")
    assert stale.form("/settings/shop")["name"] == "Mi casa"
    assert settings_items() == before
    admin.submit(stale, "/settings/shop")
    assert section(call, "shop")["name"] == "Mi casa"


def test_a_change_is_in_the_history_and_taken_back_by_one_click(call: Call, admin: Visitor) -> None:
    done = admin.follow(save(admin, "stock", low_stock="9"))
    back = admin.follow(admin.submit(done, "/settings/stock/restore"))
    assert back.says("Saved.")
    assert section(call, "stock")["low_stock"] == 5
    admin.language = "es"
    past = admin.get("/settings/stock/history")
    assert past.says("Quedan pocas por debajo de 9 5")
    assert past.says("Quedan pocas por debajo de 5 9")
    assert past.says("tú")
    admin.submit(past, "/settings/stock/restore")
    assert section(call, "stock")["low_stock"] == 9


def test_going_further_back_warns_of_what_was_changed_since(call: Call, admin: Visitor) -> None:
    save(admin, "stock", low_stock="6")
    save(admin, "stock", low_stock="7")
    save(admin, "stock", default_location="centro")
    assert "/settings/stock/history/1" in admin.get("/settings/stock/history").text
    page = admin.get("/settings/stock/history/1")
    assert page.says("2 changes were made since")
    assert page.says("Main location")
    assert admin.follow(admin.submit(page, "/settings/stock/restore")).says("Saved.")
    assert (section(call, "stock")["low_stock"], section(call, "stock")["default_location"]) == (6, "main")
    assert admin.get("/settings/stock/history/99").status == 404


def test_undoing_what_was_changed_again_warns_first(call: Call, admin: Visitor) -> None:
    done = admin.follow(save(admin, "stock", low_stock="6"))
    save(staff_at("admin"), "stock", low_stock="8")
    before = settings_items()
    warned = admin.submit(done, "/settings/stock/restore")
    assert warned.status == 412
    assert warned.says("2 changes were made since")
    assert settings_items() == before
    admin.submit(warned, "/settings/stock/restore")
    assert section(call, "stock")["low_stock"] == 5


def test_staff_look_and_do_not_change(admin: Visitor) -> None:
    staff = staff_at("staff")
    for code in CODES:
        page = staff.get(f"/settings/{code}")
        assert page.status == 200
        assert page.says("Somebody with the role admin can change it.")
        assert ">Save<" not in page.text
    before = settings_items()
    fields = admin.get("/settings/shop").form("/settings/shop")
    csrf = staff.get("/settings/shop").form("/settings/shop")["_csrf"]
    assert staff.post("/settings/shop", fields | {"_csrf": csrf, "name": "x"}).status == 403
    assert staff.post("/settings/shop/restore", {"_csrf": csrf, "version": "0", "seen": "0"}).status == 403
    assert settings_items() == before


@pytest.mark.parametrize("code", [*CODES, "shop/restore"])
def test_without_the_forms_token_nothing_is_saved(admin: Visitor, code: str) -> None:
    before = settings_items()
    fields = {"seen": "0", "version": "0", "name": "x", "_csrf": ""}
    assert admin.post(f"/settings/{code}", fields).status == 403
    assert settings_items() == before


def test_what_people_typed_is_text_and_never_markup(admin: Visitor) -> None:
    words = {"instructions.es": NASTY, "instructions.en": NASTY, "title.es": NASTY, "title.en": NASTY}
    save(admin, "payments.cheque", **words)
    page = press(admin, admin.get("/settings/form"), "form", "add fields")
    admin.submit(
        page,
        "/settings/form",
        **{"fields.0.name": "f", "fields.0.label.es": NASTY, "fields.0.choices": NASTY},
    )
    save(admin, "shop", name=NASTY, url=NASTY)
    for path in (
        "payments.cheque",
        "payments",
        "form",
        "shop",
        "payments.cheque/history",
        "shop/history",
        "checkout/history",
    ):
        seen = admin.get(f"/settings/{path}")
        assert "script&gt;" in seen.text, path
        assert NASTY not in seen.text, path


@pytest.mark.parametrize("wish", ["add nothing", "up fields 0", "eat fields 0", "add " + "x" * 200])
def test_a_button_that_there_is_not_is_refused(admin: Visitor, wish: str) -> None:
    assert admin.submit(admin.get("/settings/form"), "/settings/form", _do=wish).status == 400


def test_an_address_that_is_none_is_not_found(admin: Visitor) -> None:
    for path in ("weather", "weather/history", "exports/weather", "shop/history/7"):
        assert admin.get(f"/settings/{path}").status == 404, path


def test_a_setting_that_nobody_offers_any_more_stays_and_is_shown(call: Call, admin: Visitor) -> None:
    set_section("hints", express=["moto"])
    set_section("sales", people=[{"name": "Ana", "user": "gone"}])
    assert save(admin, "hints", countries_differ="on").status == 303
    assert save(admin, "sales").status == 303
    assert section(call, "hints")["express"] == ["moto"]
    assert section(call, "sales")["people"] == [{"name": "Ana", "user": "gone"}]


@pytest.mark.capability("D12", "F22")
def test_carriers_are_set_up_by_forms_each_place_with_its_sender(call: Call, admin: Visitor) -> None:
    set_section("stock", locations=[{"code": "norte", "title": {"es": "Norte", "en": "North"}}])
    page = press(admin, admin.get("/settings/carriers"), "carriers", "add accounts")
    page = press(admin, page, "carriers", "add senders", **{"accounts.0.code": "ups"})
    page = press(admin, page, "carriers", "add senders", **{"senders.0.place": ""})
    at = {"name": NASTY, "line1": "Calle 10 No. 5", "city": "Naucalpan", "country": "MX"}
    typed = {f"senders.{n}.{name}": text for n in (0, 1) for name, text in at.items()}
    typed |= {"box.weight_grams": "150", "box.length_mm": "300", "format": "zpl", "ship": []}
    before = settings_items()
    twice = admin.submit(page, "/settings/carriers", **typed)
    assert twice.status == 422
    assert fault(twice, "senders.1.place") == "there is another entry for this"
    long = admin.submit(
        twice, "/settings/carriers", **{"senders.1.place": "norte", "senders.1.name": "x" * 61}
    )
    assert long.status == 422
    assert fault(long, "senders.1.name")
    assert settings_items() == before
    done = admin.follow(admin.submit(long, "/settings/carriers", **{"senders.1.name": "Bodega"}))
    assert done.says("Saved.")
    found = section(call, "carriers")
    assert found["accounts"] == [{"code": "ups", "enabled": True}]
    assert {place: one["name"] for place, one in found["senders"].items()} == {"": NASTY, "norte": "Bodega"}
    assert (found["box"]["weight_grams"], found["format"], found["ship"]) == (150, "zpl", False)
    assert NASTY not in done.text
    admin.language = "es"
    shown = admin.get("/settings/carriers")
    assert shown.says("La caja de siempre")  # the fields of a group stand below its name
    assert admin.get("/settings/fulfilment").says("Lo que no se encuentra")
    assert shown.says("Paqueterías y guías")
    assert shown.says("todo lugar sin remitente propio")
    assert admin.get("/settings/carriers/history").says("Quién envía › Norte")
    assert staff_at("staff").post("/settings/carriers", {}).status == 403
