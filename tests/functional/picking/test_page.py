"""The page of a picker's phone: who gets it, what it may run, and what is not in it."""

import gzip
import re
from base64 import b64decode

import pytest

from comanda import wiring
from comanda.screens.picking.files import address
from comanda.screens.sign_in.sessions import COOKIE
from tests.functional.conftest import http_event


def get(path: str, role: str = "", language: str = "es") -> dict[str, object]:
    """What the browser of somebody with this role gets; of nobody's without one."""
    from functions.picker.app import lambda_handler

    cookies = {"language": language}
    if role:
        sub, email = f"user-{role}", f"{role}@shop.example"
        started = wiring.sessions().start(sub, f"{role}-name", email, frozenset({role}), wiring.now())
        cookies[COOKIE] = started.cookie
    told = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    return dict(lambda_handler(http_event("GET", path, None, headers=told), None))


def text_of(answer: dict[str, object]) -> str:
    body = str(answer["body"])
    if not answer["isBase64Encoded"]:
        return body
    raw = b64decode(body)
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()


@pytest.mark.capability("D11")
@pytest.mark.parametrize("role", ["picker", "staff", "admin"])
def test_pickers_and_staff_get_the_page_without_anybodys_data(clean: None, role: str) -> None:
    answer = get("/picking", role)
    html = text_of(answer)
    assert answer["statusCode"] == 200
    assert "Surtido" in html
    assert "@" not in re.sub(r"@media.*", "", html)
    assert f"{role}-name" not in html


@pytest.mark.capability("D11")
def test_the_page_runs_no_inline_script_and_compiles_only_our_own(clean: None) -> None:
    answer = get("/picking", "picker")
    headers, html = dict(answer["headers"]), text_of(answer)  # type: ignore[call-overload]
    assert "script-src 'self' 'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>", html)
    assert all("src=" in one or 'type="application/json"' in one for one in scripts)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.capability("D11")
def test_words_are_in_the_language_that_the_phone_chose(clean: None) -> None:
    assert '"Undo": "Undo"' in text_of(get("/picking", "picker", "en"))
    assert '"Undo": "Deshacer"' in text_of(get("/picking", "picker", "es"))


@pytest.mark.capability("D11")
def test_without_a_session_one_signs_in_and_comes_back(clean: None) -> None:
    answer = get("/picking")
    assert answer["statusCode"] == 303
    assert dict(answer["headers"])["Location"].endswith("next=/picking")  # type: ignore[call-overload]


@pytest.mark.capability("D11")
def test_what_the_page_is_made_of_needs_no_session(clean: None) -> None:
    for path in (address("main.js"), address("zxing_reader.wasm"), "/picking/worker.js"):
        assert get(path)["statusCode"] == 200, path
    assert get("/picking/static/x/app.py")["statusCode"] == 404
