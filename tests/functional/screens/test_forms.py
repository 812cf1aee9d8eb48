"""Forms: from nowhere else, counted once, and never losing what somebody typed."""

from urllib.parse import parse_qs, urlsplit

import pytest

from comanda import wiring
from comanda.screens.house.forms import masked, unmasked
from comanda.screens.sign_in.sessions import COOKIE
from tests.functional.conftest import Call
from tests.functional.screens.pool import pool_in_place, token
from tests.functional.screens.visitor import SITE, Visitor, staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import command, show


@pytest.fixture
def order_id(call: Call) -> str:
    """An order that waits to be approved."""
    stock_product()
    placed = place(call)["order_id"]
    command(call, placed, "verify")
    return str(placed)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.example.com", SITE + ":444"])
def test_a_form_of_another_site_is_refused(call: Call, order_id: str, origin: str) -> None:
    staff = staff_at()
    fields = staff.get(f"/orders/{order_id}").form("/approve")
    assert staff.post(f"/orders/{order_id}/approve", fields, origin=origin).status == 403
    assert show(call, order_id)["approved"] is False


def test_without_an_origin_the_browser_must_say_that_it_is_the_same(call: Call, order_id: str) -> None:
    staff = staff_at()
    fields = staff.get(f"/orders/{order_id}").form("/approve")
    refused = staff.post(f"/orders/{order_id}/approve", fields, origin="", sec_fetch_site="cross-site")
    assert refused.status == 403
    assert show(call, order_id)["approved"] is False


@pytest.mark.parametrize("kind", ["none", "another person's", "made up"])
def test_a_form_without_the_sessions_token_is_refused(call: Call, order_id: str, kind: str) -> None:
    staff, other = staff_at(), staff_at("admin")
    fields = staff.get(f"/orders/{order_id}").form("/approve")
    given = {"none": "", "made up": "a" * 88}.get(kind)
    fields["_csrf"] = (
        given if given is not None else other.get(f"/orders/{order_id}").form("/approve")["_csrf"]
    )
    assert staff.post(f"/orders/{order_id}/approve", fields).status == 403
    assert show(call, order_id)["approved"] is False


def test_the_token_looks_different_on_every_page_and_is_the_same() -> None:
    secret = "ab" * 32
    first, second = masked(secret), masked(secret)
    assert first != second
    assert unmasked(first) == unmasked(second) == secret


def test_a_form_sent_twice_counts_once(call: Call, order_id: str) -> None:
    staff = staff_at()
    fields = staff.get(f"/orders/{order_id}").form("/approve")
    assert [staff.post(f"/orders/{order_id}/approve", fields).status for _ in range(2)] == [303, 303]
    assert [fact["type"] for fact in show(call, order_id)["history"]].count("OrderApproved") == 1


def test_a_refusal_is_told_on_the_page_of_the_form(call: Call, order_id: str) -> None:
    staff = staff_at()
    fields = staff.get(f"/orders/{order_id}").form("/approve")
    command(call, order_id, "hold", {"reason": "manual"})
    before = show(call, order_id)
    seen = staff.post(f"/orders/{order_id}/approve", fields)
    assert seen.status == 412
    assert seen.says("Somebody changed it meanwhile")
    assert seen.says(before["number"])
    assert show(call, order_id) == before


def test_a_form_sent_after_the_session_ended_comes_back_filled_in(
    call: Call, order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, _ = pool_in_place(monkeypatch)
    staff = staff_at()
    fields = staff.get(f"/orders/{order_id}?from=list").form("/approve") | {"reason": "se llama <Ana>"}
    wiring.sessions().end(staff.cookies[COOKIE])
    away = staff.post(f"/orders/{order_id}/approve", fields)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.location).query).items()}
    groups = {"cognito:groups": ["staff"]}
    web.tokens = {"access_token": token("access", **groups), "id_token": token("id", nonce=asked["nonce"])}
    back = staff.get(f"/callback?code=c&state={asked['state']}")
    assert back.location == f"/back-office/orders/{order_id}?from=list"
    session = wiring.sessions().find(staff.cookies[COOKIE], wiring.now())
    assert session is not None
    assert session.passing["given"]["fields"] == {"reason": ["se llama <Ana>"]}
    page = staff.follow(back)
    assert page.says("What you had typed is filled in again; nothing was sent.")
    assert show(call, order_id)["approved"] is False
    assert not staff.get(f"/orders/{order_id}").says("filled in again")


def test_language_and_colours_are_chosen_and_kept() -> None:
    staff = Visitor(staff_at().cookies)
    page = staff.get("/orders")
    staff.submit(page, "/preferences", theme="dark", language="es")
    staff.language = staff.cookies["language"]
    page = staff.get("/orders")
    assert '<html lang="es" data-theme="dark">' in page.text
    assert page.says("Aún no hay pedidos")


def test_a_page_keeps_other_sites_and_scripts_out() -> None:
    page = staff_at().get("/orders")
    policy = page.headers["content-security-policy"]
    for rule in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self' https://sign-in.example.com",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert (page.headers["cache-control"], page.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert " style=" not in page.text
    assert " onclick" not in page.text
    assert "<script>" not in page.text


def test_files_are_served_for_ever_under_the_address_of_their_content() -> None:
    from comanda.screens.house.assets import address

    staff = Visitor()
    found = staff.get(address("", "house.css"), accept_encoding="gzip")
    assert (found.status, found.headers["content-encoding"]) == (200, "gzip")
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert staff.get("/static/old/house.css").headers["cache-control"] == "no-cache"
    for name in ("none.css", "..%2fdoor.py", "../house/door.py", ""):
        assert staff.get(f"/static/x/{name}").status == 404
