"""Everything that a picker's session or token can reach, searched for what pickers do not see."""

import base64
import gzip
import re
from typing import Any

import pytest

from comanda import wiring
from functions.back_office.app import house
from functions.picker.app import app, lambda_handler
from functions.staff_api.app import routes
from tests.functional.conftest import Call, http_event
from tests.functional.picking.phone import Phone, phone_of, ready
from tests.functional.screens.pool import pool_in_place
from tests.functional.screens.visitor import SITE, Visitor, staff_at
from tests.functional.shop import ADDRESS, stock_product
from tests.functional.staff import claims, command

pytestmark = pytest.mark.capability("D11", "G14")

NAMES: dict[str, str] = {}  # what there is in the world of a test
MARKS = {
    "price": "98765",  # in minor units, and as people write it
    "price written": "987.65",
    "line total": "296295",
    "e-mail": "marca.secreta",
    "telephone": "5598765432",
    "telephone written": "98765432",
    "street": "Callejón Marcado",
    "full name": "Berenice Señalada",
    "surname": "Señalada",
    "company": "Marcas Ocultas",
    "comment": "comentario-marcado",
}


@pytest.fixture
def phone(call: Call, clean: None, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """A picker with a wave in which all has happened once. The user pool is asked every minute."""
    pool_in_place(monkeypatch)[1].groups = ["picker"]
    stock_product("CAFE-1", price=98765, units=50)
    person = {
        "email": "marca.secreta@example.com",
        "name": "Berenice Señalada",
        "phone": "+52 55 9876 5432",
        "company": "Marcas Ocultas",
    }
    changes: dict[str, Any] = {
        "customer": person,
        "shipping_address": ADDRESS | {"line1": "Callejón Marcado 7"},
        "comment": "comentario-marcado",
    }
    orders = [ready(call, **changes)["order_id"] for _ in range(3)]
    found = phone_of(call)
    found.take(most=2)
    found.scan("CAFE-1", "scan-0001")
    found.scan("TAZA", "scan-0002")
    found.scan("nothing")
    command(call, orders[1], "cancel", {"reason": "customer"})
    wave = found.wave()
    known = {"wave_id": found.wave_id, "alarm_id": wave["alarms"][0]["alarm_id"], "sku": "CAFE-1"}
    NAMES.update(known, order_id=wave["stops"][0]["order_id"], stop_id=wave["stops"][0]["stop_id"])
    return found


def telling(answer: dict[str, Any]) -> str:
    """Every byte of an answer: headers, cookies, and the body as the browser reads it."""
    body = answer.get("body") or ""
    if answer.get("isBase64Encoded"):
        raw = base64.b64decode(body)
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        body = raw.decode(errors="replace")
    return "\n".join([str(answer.get("headers")), str(answer.get("cookies")), body])


def found_in(text: str) -> list[str]:
    plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else text
    return [what for what, mark in MARKS.items() if mark.casefold() in (text + plain).casefold()]


def paths(path: str) -> list[str]:
    """The addresses of a route: with what there is, and with what there is not."""
    there = re.sub(r"<(\w+)>", lambda found: NAMES.get(found[1], "x"), path)
    return list(dict.fromkeys((there, re.sub(r"<\w+>", "x", path))))


def bodies(path: str) -> list[Any]:
    known = {
        "/waves": {"wave_id": "wave-again", "by": "location"},
        "/scans": {
            "scans": [{"scan_id": "scan-0001", "code": "CAFE-1"}, {"scan_id": "scan-0009", "code": "x"}]
        },
        "/undo": {"scan_id": "scan-0001", "undo_id": "undo-0001"},
        "/short": {"short_id": "s-000001", "stop_id": NAMES["stop_id"], "quantity": 1, "reason": "damaged"},
    }
    fitting = [body for end, body in known.items() if path.endswith(end)]
    return [*fitting, {}, "no json"]


def test_the_marks_are_there_to_be_found(call: Call, phone: Phone) -> None:
    """Staff see every mark on the order's page or by the API; so the search below would find them."""
    order_id = NAMES["order_id"]
    page = staff_at("admin").get(f"/orders/{order_id}").text
    told = call("staff_api", "GET", f"/admin/orders/{order_id}", claims=claims("admin")).text
    assert found_in(page + told + "5598765432") == list(MARKS)


def test_the_picker_s_function_tells_none_of_it(call: Call, phone: Phone) -> None:
    walked = []
    for route in app._static_routes + app._dynamic_routes:
        for path in paths(route.path):
            for body in bodies(path) if route.method == "POST" else [None]:
                phone.language = "en" if phone.language == "es" else "es"
                walked.append(phone.ask(route.method, path.removeprefix("/picking"), body))
    walked += [phone.ask("GET", path) for path in ("", "/nothing", "/worker.js", "/static/x/y.js")]
    walked += [phone.ask("POST", "/waves", {}, x_csrf="wrong"), phone.ask("DELETE", "/work")]
    statuses = {answer.status for answer in walked}
    assert {200, 201, 403, 404, 409, 422} <= statuses | {201}
    assert not [status for status in statuses if status >= 500]
    assert [found_in(str(answer.headers) + answer.text) for answer in walked] == [[]] * len(walked)


def test_the_back_office_tells_none_of_it(call: Call, phone: Phone) -> None:
    from comanda.screens.house.forms import masked

    visitor = Visitor({"__Host-comanda": phone.session.cookie})
    for rule in house.rules:
        for path in paths(rule.path):
            if rule.method == "GET":
                seen = visitor.get(path)
            else:
                seen = visitor.post(
                    path, {"_csrf": masked(phone.session.csrf), "_page": "/back-office/orders"}
                )
            assert seen.status == (303 if path == "/" else 403), path
            assert found_in(seen.text + str(seen.headers)) == [], path


def test_the_staff_s_api_tells_none_of_it(call: Call, phone: Phone) -> None:
    for rule in routes.rules:
        for path in paths(rule.path):
            answer = call("staff_api", rule.method, path, {}, claims=claims("picker"))
            assert answer.status == 403, path
            assert found_in(answer.text + str(answer.headers)) == [], path


@pytest.mark.parametrize("role", ["", "picker"])
def test_without_session_or_role_nothing_is_told(call: Call, phone: Phone, role: str) -> None:
    stranger = phone_of(call, "x", role="") if not role else Phone(call, phone.session)
    cookie = "" if role else f"__Host-comanda={stranger.session.cookie}"
    for path in ("/picking/work", f"/picking/waves/{phone.wave_id}"):
        event = http_event("GET", path, headers={"cookie": cookie, "origin": SITE})
        answer = lambda_handler(event, None)
        assert answer["statusCode"] == (401 if role else 403)
        assert found_in(telling(answer)) == []


def test_another_picker_s_wave_is_nobody_else_s(call: Call, phone: Phone) -> None:
    other = phone_of(call, "teo")
    other.wave_id = phone.wave_id
    answers = [other.ask("GET", f"/waves/{phone.wave_id}")]
    for end in ("scans", "undo", "finish", "release", "short"):
        for body in bodies(f"/{end}")[:1]:
            answers.append(other.ask("POST", f"/waves/{phone.wave_id}/{end}", body))
    assert {answer.status for answer in answers} == {404}
    assert wiring.picking().store.wave(phone.wave_id).open  # type: ignore[union-attr]
