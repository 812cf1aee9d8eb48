"""Settings as staff see and change them."""

from typing import Any

import pytest

from tests.functional.conftest import Answer, Call
from tests.functional.staff import ask

PATH = "/admin/settings/"


def change(call: Call, section: str, body: Any, version: int = 0, role: str = "admin") -> Answer:
    headers = {"If-Match": f'"{version}"'}
    return ask(call, "PATCH", PATH + section, body, role=role, headers=headers)


def test_a_section_that_nobody_set_has_its_defaults(call: Call) -> None:
    answer = ask(call, "GET", PATH + "payments.stripe")
    assert (answer.headers["etag"], answer.body["enabled"], answer.body["cancel_seconds"]) == (
        '"0"',
        True,
        3600,
    )


@pytest.mark.capability("A16", "A19", "D07")
def test_fields_are_merged_and_the_change_is_remembered(call: Call) -> None:
    first = change(call, "payments.bank_transfer", {"cancel_seconds": 5, "instructions": {"en": "Pay."}})
    assert (first.status, first.headers["etag"], first.body["cancel_seconds"]) == (200, '"1"', 5)
    assert first.body["instructions"]["en"] == "Pay."
    assert first.body["instructions"]["es"].startswith("Haz la transferencia")
    second = change(call, "payments.bank_transfer", {"cancel_seconds": None}, version=1)
    assert second.body["cancel_seconds"] is None
    history = ask(call, "GET", PATH + "payments.bank_transfer/versions").body["items"]
    assert [(one["version"], one["changed_by"], one["before"]["cancel_seconds"]) for one in history] == [
        (2, "staff:user-admin", 5),
        (1, "staff:user-admin", 7 * 86_400),
    ]


DESTINATION = {"host": "sftp.example.com", "username": "shop", "host_key": "ssh-ed25519 AAAA"}


@pytest.mark.capability("A19")
def test_a_destination_comes_and_goes(call: Call) -> None:
    added = change(call, "exports", {"destinations": {"sftp": DESTINATION}})
    assert added.body["destinations"]["sftp"]["port"] == 22
    changed = change(call, "exports", {"destinations": {"sftp": {"port": 2222}}}, version=1)
    assert changed.body["destinations"]["sftp"]["host"] == "sftp.example.com"
    assert changed.body["destinations"]["sftp"]["port"] == 2222
    assert change(call, "exports", {"destinations": {"sftp": None}}, version=2).body == {"destinations": {}}


def test_nothing_new_changes_no_version(call: Call) -> None:
    assert change(call, "shop", {"currency": "MXN"}).headers["etag"] == '"0"'
    assert ask(call, "GET", PATH + "shop/versions").body["items"] == []


@pytest.mark.parametrize(
    ("section", "body", "pointers"),
    [
        ("checkout", {"verification_seconds": 0}, ["/verification_seconds"]),
        ("shop", {"time_zone": "Mars/Olympus", "currency": "mxn"}, ["/currency", "/time_zone"]),
        ("shop", {"colour": "red"}, ["/colour"]),
        (
            "exports",
            {"destinations": {"sftp": {"port": 0}}},
            [f"/destinations/sftp/{n}" for n in ("host", "username")],
        ),
        ("shop", "text", ["/"]),
    ],
)
def test_what_would_not_be_valid_is_refused_with_its_places(
    call: Call, section: str, body: Any, pointers: list[str]
) -> None:
    answer = change(call, section, body if isinstance(body, dict) else f'"{body}"')
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    found = [error["pointer"] for error in answer.body["errors"]]
    assert set(pointers) <= set(found)
    assert ask(call, "GET", PATH + section).headers["etag"] == '"0"'


def test_a_change_needs_the_present_version(call: Call) -> None:
    assert change(call, "shop", {"name": "Uno"}).status == 200
    stale = change(call, "shop", {"name": "Dos"})
    assert (stale.status, stale.body["type"]) == (412, "stale")
    missing = ask(call, "PATCH", PATH + "shop", {"name": "Dos"}, role="admin")
    assert (missing.status, missing.body["type"]) == (428, "if-match-missing")
    assert ask(call, "GET", PATH + "shop").body["name"] == "Uno"


def test_a_section_that_is_none_is_not_found(call: Call) -> None:
    assert ask(call, "GET", PATH + "weather").status == 404
    assert change(call, "weather", {}).status == 404
    assert ask(call, "GET", PATH + "weather/versions").status == 404


def put(call: Call, section: str, body: Any, version: int = 0) -> Answer:
    return ask(call, "PUT", PATH + section, body, role="admin", headers={"If-Match": f'"{version}"'})


def restore(call: Call, section: str, to: int, version: int, role: str = "admin") -> Answer:
    headers = {"If-Match": f'"{version}"'}
    return ask(call, "POST", f"{PATH}{section}/restore", {"version": to}, role=role, headers=headers)


@pytest.mark.capability("A16")
def test_a_section_is_said_as_a_whole(call: Call) -> None:
    put(call, "notifications", {"merchant_addresses": ["a@shop.mx", "b@shop.mx"], "receipt": False})
    second = put(call, "notifications", {"merchant_addresses": ["b@shop.mx"]}, version=1)
    assert (second.body["merchant_addresses"], second.body["receipt"]) == (["b@shop.mx"], True)
    assert put(call, "notifications", {"merchant_addresses": ["x"]}, version=2).status == 422
    assert put(call, "notifications", {}, version=1).status == 412
    assert ask(call, "GET", PATH + "notifications").headers["etag"] == '"2"'


def test_an_earlier_version_is_brought_back_as_a_new_one(call: Call) -> None:
    change(call, "shop", {"name": "Uno"})
    change(call, "shop", {"name": "Dos", "url": "https://dos.mx"}, version=1)
    back = restore(call, "shop", 1, 2)
    assert (back.body["name"], back.body["url"], back.headers["etag"]) == ("Uno", "", '"3"')
    fresh = restore(call, "shop", 0, 3)
    assert (fresh.body["name"], fresh.headers["etag"]) == ("Mi tienda", '"4"')
    found = ask(call, "GET", PATH + "shop/versions").body["items"]
    assert [one["before"]["name"] for one in found] == ["Uno", "Dos", "Uno", "Mi tienda"]


def test_what_cannot_be_brought_back_changes_nothing(call: Call) -> None:
    change(call, "shop", {"name": "Uno"})
    assert restore(call, "shop", 7, 1).status == 404
    assert restore(call, "shop", 0, 0).status == 412
    assert restore(call, "shop", -1, 1).status == 422
    assert restore(call, "shop", 0, 1, role="staff").status == 403
    assert restore(call, "shop", 1, 1).headers["etag"] == '"1"'
    assert ask(call, "GET", PATH + "shop").body["name"] == "Uno"
