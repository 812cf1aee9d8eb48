"""Who may call what: every staff route by every role, and by nobody."""

import re
from pathlib import Path
from typing import Any

import pytest

from comanda.backoffice.staff import PERMISSIONS, ROLES
from functions.staff_api.app import app, routes
from tests.functional.conftest import Call
from tests.functional.staff import claims

ROUTES = [(rule.method, rule.path, rule.permission) for rule in routes.rules]
TABLE = Path(__file__).parents[2] / "docs" / "roles.md"


def address(path: str) -> str:
    return re.sub(r"<[^>]+>", "x", path)


def printed() -> str:
    """The table as docs/roles.md shows it."""
    head = ["| call | permission | " + " | ".join(ROLES) + " |", "|---|---|" + "---|" * len(ROLES)]
    rows = [
        f"| `{method} {path.replace('<', '{').replace('>', '}')}` | {permission} | "
        + " | ".join("yes" if role in PERMISSIONS[permission] else "no" for role in ROLES)
        + " |"
        for method, path, permission in sorted(ROUTES, key=lambda one: (one[1], one[0]))
    ]
    return "\n".join(head + rows)


def test_every_route_is_hung_behind_a_permission() -> None:
    hung = [
        (m, r) for route in app._static_routes + app._dynamic_routes for m, r in [(route.method, route.path)]
    ]
    assert sorted(hung) == sorted((method, path) for method, path, _ in ROUTES)


@pytest.mark.parametrize("role", [*ROLES, "", "owner"])
@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
def test_a_role_does_what_its_permissions_say(
    call: Call, method: str, path: str, permission: str, role: str
) -> None:
    answer = call("staff_api", method, address(path), {}, claims=claims(role))
    assert (answer.status == 403) == (role not in PERMISSIONS[permission])
    assert answer.status < 500


STRANGERS: list[dict[str, Any] | None] = [
    None,
    claims("admin", token_use="id"),
    claims("admin", client_id="another"),
    claims("admin", sub=""),
]


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
def test_a_stranger_is_told_to_sign_in(
    call: Call, method: str, path: str, permission: str, stranger: dict[str, Any] | None
) -> None:
    answer = call("staff_api", method, address(path), "no json at all", claims=stranger)
    assert (answer.status, answer.body["type"]) == (401, "unauthenticated")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("groups", ["[staff admin]", ["staff"], "[staff, picker]", "staff"])
def test_the_groups_claim_comes_in_several_writings(call: Call, groups: Any) -> None:
    answer = call("staff_api", "GET", "/admin/settings/shop", claims=claims("") | {"cognito:groups": groups})
    assert answer.status == 200


def test_an_address_that_is_none_is_not_found(call: Call) -> None:
    assert call("staff_api", "GET", "/admin/nothing", claims=claims("admin")).status == 404


def test_the_documentation_shows_this_table() -> None:
    assert printed() in TABLE.read_text()
