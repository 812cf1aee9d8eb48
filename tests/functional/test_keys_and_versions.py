"""One table over all routes that write: keys, versions, and that a refusal changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from comanda.idempotency.store import KeyStore, Request
from tests.functional.conftest import Call
from tests.functional.tables import contents
from tests.functional.written import CASES, WITHOUT_KEY, Case, Sent, send

ROOT = Path(__file__).parents[2]
WRITING = ("post", "put", "patch", "delete")

type Route = tuple[str, str]


def chosen(**having: Any) -> list[Any]:
    found = []
    for (method, path), case in CASES.items():
        keyed = case.key in ("required", "accepted")
        facts = {"version": case.version, "keyed": keyed, "key": case.key, "sent": case.prepare is not None}
        if all(facts[name] == value for name, value in having.items()):
            found.append(pytest.param(method, path, id=f"{method} {path}"))
    return found


def prepared(call: Call, method: str, path: str) -> tuple[Case, Sent]:
    case = CASES[method, path]
    assert case.prepare is not None
    return case, case.prepare(call)


def fits(sent: Sent) -> str | None:
    return f'"{sent.version}"' if sent.version is not None else None


def test_every_route_that_writes_is_in_the_table() -> None:
    api = yaml.safe_load((ROOT / "schemas" / "openapi.yaml").read_text())
    routes = {(m.upper(), path) for path, methods in api["paths"].items() for m in methods if m in WRITING}
    assert routes == set(CASES)


def test_the_api_description_names_the_headers_that_the_routes_read() -> None:
    api = yaml.safe_load((ROOT / "schemas" / "openapi.yaml").read_text())
    wrong = {}
    for (method, path), case in CASES.items():
        told = {
            each["name"]: each.get("required", False)
            for each in api["paths"][path][method.lower()].get("parameters", [])
            if each["in"] == "header"
        }
        wanted = {"If-Match": True} if case.version else {}
        if case.key in ("required", "accepted"):
            wanted["Idempotency-Key"] = case.key == "required"
        if told != wanted:
            wrong[method, path] = (told, wanted)
    assert wrong == {}


def test_what_has_no_key_says_why_and_what_is_tested_elsewhere_exists() -> None:
    for case in CASES.values():
        assert case.key in ("required", "accepted", *WITHOUT_KEY)
        if case.prepare is None:
            file, _, name = case.test.partition("::")
            text = (ROOT / "tests" / "functional" / file).read_text()
            assert f"def {name}" in text


@pytest.mark.parametrize(("method", "path"), chosen(version=True))
@pytest.mark.capability("F13")
def test_without_the_version_that_is_now_nothing_happens(call: Call, method: str, path: str) -> None:
    case, sent = prepared(call, method, path)
    before = contents()
    missing = send(call, method, case, sent, sent.body, key="k")
    assert (missing.status, missing.body["type"]) == (428, "if-match-missing")
    assert sent.version is not None
    for stale in (sent.version + 1, sent.version + 7):
        answer = send(call, method, case, sent, sent.body, key="k", version=f'"{stale}"')
        assert (answer.status, answer.body["type"]) == (412, "stale")
    unreadable = send(call, method, case, sent, sent.body, key="k", version='"latest"')
    assert (unreadable.status, unreadable.body["type"]) == (400, "malformed")
    assert contents() == before


@pytest.mark.parametrize(("method", "path"), chosen(key="required", sent=True))
@pytest.mark.capability("F09")
def test_where_money_or_stock_moves_a_key_is_asked_for(call: Call, method: str, path: str) -> None:
    case, sent = prepared(call, method, path)
    before = contents()
    answer = send(call, method, case, sent, sent.body, version=fits(sent))
    assert (answer.status, answer.body["type"]) == (400, "idempotency-key-missing")
    for key in ("x" * 201, "ñ"):
        answer = send(call, method, case, sent, sent.body, key=key, version=fits(sent))
        assert (answer.status, answer.body["type"]) == (400, "malformed")
    assert contents() == before


@pytest.mark.parametrize(("method", "path"), chosen(keyed=True, sent=True))
@pytest.mark.capability("F09")
def test_the_same_request_is_answered_alike_and_carried_out_once(call: Call, method: str, path: str) -> None:
    case, sent = prepared(call, method, path)
    first = send(call, method, case, sent, sent.body, key="k", version=fits(sent))
    assert first.status in (200, 201), first.text
    assert "idempotent-replay" not in first.headers
    then = contents()
    again = send(call, method, case, sent, sent.body, key="k", version=fits(sent))
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers.get("idempotent-replay") == "true"
    assert contents() == then


@pytest.mark.parametrize(("method", "path"), chosen(keyed=True, sent=True))
@pytest.mark.capability("F09")
def test_a_copy_that_is_overtaken_while_it_is_judged_is_answered_alike(
    call: Call, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    """The key is not known when the copy looks; then the other copy is carried out before it goes on."""
    case, sent = prepared(call, method, path)
    judged = KeyStore._judged
    faster: list[Any] = []

    def overtaken(store: KeyStore, row: Any, request: Request) -> Any:
        if not faster:
            faster.append(None)
            faster[0] = send(call, method, case, sent, sent.body, key="k", version=fits(sent))
        return judged(store, row, request)

    monkeypatch.setattr(KeyStore, "_judged", overtaken)
    late = send(call, method, case, sent, sent.body, key="k", version=fits(sent))
    assert faster[0].status in (200, 201), faster[0].text
    assert (late.status, late.body) == (faster[0].status, faster[0].body)


@pytest.mark.parametrize(("method", "path"), chosen(keyed=True, sent=True))
@pytest.mark.capability("F09")
def test_a_key_stands_for_one_request_only(call: Call, method: str, path: str) -> None:
    case, sent = prepared(call, method, path)
    if sent.other is None:  # no other body is taken: the only one there is may be repeated
        other = {"x-unknown": 1} if isinstance(sent.body, dict) else sent.body
    else:
        other = sent.other
    assert send(call, method, case, sent, sent.body, key="k", version=fits(sent)).status in (200, 201)
    then = contents()
    answer = send(call, method, case, sent, other, key="k", version=fits(sent))
    if sent.body is None:
        assert answer.headers.get("idempotent-replay") == "true"
    else:
        reused = "idempotency-key-reused" if sent.other is not None else "invalid"
        assert (answer.status, answer.body["type"]) == (422, reused), json.dumps(answer.body)
    assert contents() == then


@pytest.mark.parametrize(("method", "path"), chosen(keyed=False, sent=True))
@pytest.mark.capability("F09")
def test_what_takes_no_key_does_no_harm_twice(call: Call, method: str, path: str) -> None:
    case, sent = prepared(call, method, path)
    first = send(call, method, case, sent, sent.body, version=fits(sent))
    assert first.status in (200, 201, 202), first.text
    then = contents()
    again = send(call, method, case, sent, sent.body, version=fits(sent))
    if case.key == "version":
        assert again.status == 412
    else:
        assert again.status == first.status
    if case.key != "again":
        assert within(contents(), then)


def within(now: dict[str, list[Any]], then: dict[str, list[Any]]) -> bool:
    """Whether nothing was added, and nothing but times and versions of carts has moved."""
    return {name: len(items) for name, items in now.items()} == {n: len(items) for n, items in then.items()}
