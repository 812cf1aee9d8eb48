"""Who may reach what in the back office: every route by every role, and by nobody."""

import re
from datetime import timedelta

import pytest
import time_machine

from comanda import wiring
from comanda.backoffice.staff import PERMISSIONS
from comanda.screens.sign_in.sessions import COOKIE
from functions.back_office.app import house
from local.docs_roles import PAGE, page
from tests.functional.conftest import Call
from tests.functional.screens.visitor import SITE, Seen, Visitor, staff_at
from tests.functional.staff import claims
from tests.functional.tables import contents

ROUTES = [(rule.method, rule.path, rule.permission) for rule in house.rules]


def ask(visitor: Visitor, method: str, path: str) -> Seen:
    address = re.sub(r"<\w+>", "x", path)
    if method == "GET":
        return visitor.get(address)
    session = wiring.sessions().find(visitor.cookies.get(COOKIE, ""), wiring.now())
    from comanda.screens.house.forms import masked

    return visitor.post(address, {"_csrf": masked(session.csrf)} if session else {})


@pytest.mark.parametrize("role", ["admin", "staff", "picker", ""])
@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
def test_a_role_reaches_what_its_permissions_say(method: str, path: str, permission: str, role: str) -> None:
    seen = ask(staff_at(role), method, path)
    if (role, path) == ("picker", "/"):
        assert (seen.status, seen.location) == (303, "/picking")  # the screen that is theirs
        return
    assert (seen.status == 403) == (role not in PERMISSIONS[permission])
    assert seen.status < 500


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
def test_nobody_without_a_session_sees_anything(method: str, path: str, permission: str) -> None:
    old = staff_at("admin")
    with time_machine.travel(wiring.now() + timedelta(hours=15), tick=False):
        seen = [ask(Visitor(), method, path), ask(old, method, path)]
    for one in seen:
        assert (one.status, one.text) == (303, "")
        assert one.location.startswith("https://sign-in.example.com/oauth2/authorize?")


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
def test_the_apis_own_token_opens_no_page(method: str, path: str, permission: str, call: Call) -> None:
    address = "/back-office" + re.sub(r"<\w+>", "x", path)
    headers = {"origin": SITE, "authorization": "Bearer whatever", "accept": "text/html"}
    answer = call("back_office", method, address, "", headers=headers, claims=claims("admin"))
    assert answer.status == 303


def test_an_address_that_is_none_is_not_found() -> None:
    assert staff_at("admin").get("/nothing").status == 404
    assert staff_at("admin").send("DELETE", "/orders", None, {}).status == 404


def test_the_documentation_shows_who_reaches_what() -> None:
    assert PAGE.read_text() == page(PAGE.read_text())


def test_no_form_counts_without_its_own_sessions_token_or_from_another_site(aws: None) -> None:
    """Every address that takes a form, asked by an administrator's browser on somebody else's behalf."""
    admin, other = staff_at("admin"), staff_at("staff")
    foreign = other.get("/orders").form("/sign-out")["_csrf"]
    own = admin.get("/orders").form("/sign-out")["_csrf"]
    before = unheard()
    forms = [re.sub(r"<\w+>", "x", path) for method, path, _ in ROUTES if method == "POST"]
    assert len(forms) > 50
    for path in (*forms, "/sign-out"):
        answers = [
            admin.post(path, {}),
            admin.post(path, {"_csrf": foreign}),
            admin.post(path, {"_csrf": own}, origin="https://shop.example.com.evil.example"),
        ]
        assert [one.status for one in answers] == [403] * 3, path
    assert unheard() == before
    assert admin.get("/orders").status == 200


def unheard() -> dict[str, list[str]]:
    """All that is stored but for when sessions were last used."""
    return {name: items for name, items in contents().items() if name != "SessionsTable"}
