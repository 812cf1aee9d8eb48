"""The staff by the API: the same use cases, audit log and guards as the page; administrators only."""

from typing import Any

import pytest

from comanda import wiring
from comanda.screens.sign_in.sessions import COOKIE
from tests.functional.conftest import Answer, Call
from tests.functional.screens.test_people import audited, known, person, signed_in
from tests.functional.staff import claims

PATH = "/admin/people"
pytestmark = pytest.mark.capability("A16", "D37")


@pytest.fixture
def ana(aws: None) -> str:
    return person("ana@shop.mx", "admin")


def as_admin(call: Call, sub: str, method: str, path: str = "", body: Any = None) -> Answer:
    return call("staff_api", method, PATH + path, body, claims=claims("admin", sub=sub))


def test_everybody_is_listed_with_role_and_state(call: Call, ana: str) -> None:
    person("nueva@shop.mx", "picker", active=False)
    signed_in(ana, "admin")
    first, second = as_admin(call, ana, "GET").body["items"]
    assert (first["email"], first["role"], first["invited"], first["enabled"]) == (
        "ana@shop.mx", "admin", False, True,
    )  # fmt: skip
    assert first["seen"]
    assert (second["role"], second["invited"], second["seen"]) == ("picker", True, None)
    assert as_admin(call, ana, "GET", f"/{first['person_id']}").body == first
    assert as_admin(call, ana, "GET", "/nobody").status == 404


def test_inviting_again_invites_nobody_else(call: Call, ana: str) -> None:
    body = {"email": "Nueva@shop.mx ", "name": "Nueva", "role": "staff"}
    first = as_admin(call, ana, "POST", "", body)
    assert (first.status, first.body["email"], first.body["role"]) == (201, "nueva@shop.mx", "staff")
    assert audited()[0].detail == "staff"
    before = known(), len(audited())
    again = as_admin(call, ana, "POST", "", body)
    assert (again.status, again.body) == (201, first.body)
    other = as_admin(call, ana, "POST", "", body | {"role": "admin"})
    assert (other.status, other.body["errors"][0]["pointer"]) == (422, "/email")
    assert (known(), len(audited())) == before


@pytest.mark.parametrize(
    "body",
    [
        {"email": "nobody", "role": "staff"},
        {"email": "x@shop.mx", "role": "owner"},
        {"email": "x@shop.mx", "role": "staff", "name": "x" * 101},
        {"role": "staff"},
    ],
)
def test_what_is_no_invitation_changes_nobody(call: Call, ana: str, body: dict[str, str]) -> None:
    before = known()
    assert as_admin(call, ana, "POST", "", body).status == 422
    assert known() == before


def test_saying_the_same_again_changes_nothing(call: Call, ana: str) -> None:
    marta = person("marta@shop.mx", "staff")
    for method, what, body in (
        ("PUT", "role", {"role": "admin"}),
        ("POST", "disable", None),
        ("POST", "enable", None),
    ):
        first = as_admin(call, ana, method, f"/{marta}/{what}", body)
        assert first.status == 200, first.text
        before = known(), len(audited())
        assert as_admin(call, ana, method, f"/{marta}/{what}", body).body == first.body
        assert (known(), len(audited())) == before
    assert known()["marta@shop.mx"] == (["admin"], True)


def test_whoever_is_shut_out_is_out_of_the_pages_at_once(call: Call, ana: str) -> None:
    marta = person("marta@shop.mx", "staff")
    there = signed_in(marta, "staff")
    assert there.get("/orders").status == 200
    assert as_admin(call, ana, "POST", f"/{marta}/disable").body["enabled"] is False
    assert there.get("/orders").status == 303


def test_sessions_end_and_invitations_go_out_as_often_as_asked(call: Call, ana: str) -> None:
    marta = person("marta@shop.mx", "staff")
    there = signed_in(marta, "staff")
    assert as_admin(call, ana, "POST", f"/{marta}/sign-out").body == {"ended": 1}
    assert as_admin(call, ana, "POST", f"/{marta}/sign-out").body == {"ended": 0}
    assert wiring.sessions().find(there.cookies[COOKIE], wiring.now()) is None
    assert as_admin(call, ana, "POST", f"/{marta}/invite").body["guard"] == "not-invited"
    nueva = person("nueva@shop.mx", "staff", active=False)
    for _ in range(2):
        assert as_admin(call, ana, "POST", f"/{nueva}/invite").status == 200


def test_nobody_locks_the_last_administrator_out(call: Call, ana: str) -> None:
    before = known()
    last = as_admin(call, ana, "POST", f"/{ana}/disable")
    assert (last.status, last.body["guard"]) == (409, "last-administrator")
    person("eva@shop.mx", "admin")
    own = as_admin(call, ana, "PUT", f"/{ana}/role", {"role": "staff"})
    assert (own.status, own.body["guard"]) == (409, "own-access")
    assert known()["ana@shop.mx"] == before["ana@shop.mx"]


@pytest.mark.parametrize("role", ["staff", "picker", ""])
def test_nobody_but_an_administrator_gets_anything(call: Call, ana: str, role: str) -> None:
    before = known()
    for method, path, body in (
        ("GET", "", None),
        ("POST", "", {"email": "x@shop.mx", "role": "admin"}),
        ("PUT", f"/{ana}/role", {"role": "picker"}),
        ("POST", f"/{ana}/disable", None),
    ):
        assert call("staff_api", method, PATH + path, body, claims=claims(role)).status == 403
    assert known() == before
