"""The staff in the back office: invited, given roles, shut out and let in; nobody locks himself out."""

import os
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine

from comanda import wiring
from comanda.backoffice.operations.audit import Entry
from comanda.errors import InProgress, WrongState
from comanda.origin import Origin
from comanda.screens.sign_in.sessions import COOKIE
from tests.functional.screens.visitor import Visitor

PEOPLE = "/settings/people"


def pool() -> dict[str, str]:
    return {"UserPoolId": os.environ["USER_POOL"]}


def person(email: str, role: str = "", *, active: bool = True) -> str:
    """Somebody in the pool; answers their id."""
    cognito = boto3.client("cognito-idp")
    user = cognito.admin_create_user(
        **pool(),
        Username=email,
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "name", "Value": email.partition("@")[0].title()},
        ],
        MessageAction="SUPPRESS",
    )["User"]
    if active:
        cognito.admin_set_user_password(
            **pool(), Username=email, Password="Comanda-0123456789", Permanent=True
        )
    if role:
        cognito.admin_add_user_to_group(**pool(), Username=user["Username"], GroupName=role)
    return next(str(one["Value"]) for one in user["Attributes"] if one["Name"] == "sub")


def signed_in(sub: str, role: str, **more: Any) -> Visitor:
    session = wiring.sessions().start(sub, sub, "x@shop.mx", frozenset({role}), wiring.now())
    return Visitor({COOKIE: session.cookie}, **more)


@pytest.fixture
def ana(aws: None) -> str:
    return person("ana@shop.mx", "admin")


@pytest.fixture
def admin(ana: str) -> Visitor:
    return signed_in(ana, "admin")


def known() -> dict[str, Any]:
    """Everybody as the pool has them."""
    return {one.email: (sorted(one.roles), one.enabled) for one in wiring.team().members()}


def audited() -> list[Entry]:
    return wiring.audit().recent(20)[0]


def post(who: Visitor, sub: str, what: str, **fields: str) -> Any:
    """A form of the person's page, sent although the page may not show it."""
    csrf = who.get(PEOPLE).form("/sign-out")["_csrf"]
    return who.post(
        f"{PEOPLE}/is/{sub}/{what}", {"_csrf": csrf, "_page": f"/back-office{PEOPLE}/is/{sub}"} | fields
    )


def test_everybody_is_listed_with_role_and_state(admin: Visitor) -> None:
    marta = person("marta@shop.mx", "staff")
    person("nueva@shop.mx", "picker", active=False)
    signed_in(marta, "staff")
    page = admin.get(PEOPLE)
    for text in ("Ana (you)", "marta@shop.mx", "office", "active", "Nueva", "invited", "picker", "never"):
        assert page.says(text), text
    admin.language = "es"
    assert admin.get(PEOPLE).says("con invitación")


def test_somebody_is_invited_into_a_role(admin: Visitor, ana: str) -> None:
    page = admin.get(f"{PEOPLE}/invite")
    done = admin.submit(page, "/invite", email="Nueva@Shop.mx", name="Nueva Persona", role="picker")
    assert admin.follow(done).says("Nueva Persona")
    assert known()["nueva@shop.mx"] == (["picker"], True)
    entry = audited()[0]
    assert (entry.action, entry.actor, entry.detail) == ("invited", f"staff:{ana}", "picker")
    assert "nueva" not in entry.subject
    again = admin.submit(page, "/invite", email="nueva@shop.mx", name="", role="staff")
    assert again.status == 422
    assert again.says("has this address already")
    assert again.form("/invite")["email"] == "nueva@shop.mx"


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "nobody", "role": "staff"},
        {"email": "a b@shop.mx", "role": "staff"},
        {"email": "x@shop.mx", "role": "owner"},
        {"email": "x@shop.mx", "role": "staff", "name": "x" * 101},
    ],
)
def test_an_invitation_that_cannot_be_changes_nothing(admin: Visitor, typed: dict[str, str]) -> None:
    before = known()
    assert admin.submit(admin.get(f"{PEOPLE}/invite"), "/invite", **typed).status == 422
    assert (known(), audited()) == (before, [])


def test_a_role_is_changed_at_once_and_everywhere(admin: Visitor) -> None:
    marta = person("marta@shop.mx", "staff")
    hers = signed_in(marta, "staff")
    page = admin.get(f"{PEOPLE}/is/{marta}")
    done = admin.submit(page, "/role", role="admin")
    assert admin.follow(done).says("The role is administrator now.")
    assert known()["marta@shop.mx"] == (["admin"], True)
    assert hers.get("/orders").status == 303
    assert (audited()[0].action, audited()[0].detail) == ("role-changed", "staff → admin")
    count = len(audited())
    admin.submit(admin.get(f"{PEOPLE}/is/{marta}"), "/role", role="admin")
    assert len(audited()) == count


def test_somebody_is_shut_out_and_let_in_again(admin: Visitor) -> None:
    marta = person("marta@shop.mx", "staff")
    hers = signed_in(marta, "staff")
    page = admin.get(f"{PEOPLE}/is/{marta}")
    assert page.says("They are out at once")
    assert admin.follow(admin.submit(page, "/disable")).says("disabled")
    assert known()["marta@shop.mx"] == (["staff"], False)
    assert hers.get("/orders").status == 303
    assert admin.follow(admin.submit(admin.get(f"{PEOPLE}/is/{marta}"), "/enable")).says("active")
    assert known()["marta@shop.mx"] == (["staff"], True)
    assert [entry.action for entry in audited()] == ["enabled", "disabled"]


def test_all_sessions_of_somebody_are_ended(admin: Visitor) -> None:
    marta = person("marta@shop.mx", "staff")
    theirs = [signed_in(marta, "staff") for _ in range(2)]
    done = admin.submit(admin.get(f"{PEOPLE}/is/{marta}"), f"{marta}/sign-out")
    assert admin.follow(done).says("2 sessions were ended.")
    assert [one.get("/orders").status for one in theirs] == [303, 303]


def test_nobody_takes_the_own_role_or_access(admin: Visitor, ana: str) -> None:
    person("olga@shop.mx", "admin")
    page, before = admin.get(f"{PEOPLE}/is/{ana}"), known()
    assert page.says("This is you.")
    assert not page.says("Change the role")
    for what, fields in (("role", {"role": "staff"}), ("disable", {})):
        refused = post(admin, ana, what, **fields)
        assert refused.status == 409
        assert refused.says("another administrator can take this from you")
    assert (known(), audited()) == (before, [])
    assert post(admin, ana, "role", role="admin").status == 303


def test_the_last_administrator_stays(ana: str) -> None:
    """Two who take the role from each other: the second finds that nobody would be left."""
    olga = person("olga@shop.mx", "admin")
    person("asked@shop.mx", "admin", active=False)
    team, at = wiring.team(), "2026-11-22T10:00:00.000Z"
    team.change_role(olga, "staff", Origin(f"staff:{ana}", "r-1", at))
    before, deeds = known(), len(audited())
    for act in (lambda o: team.change_role(ana, "staff", o), lambda o: team.disable(ana, o)):
        with pytest.raises(WrongState) as refused:
            act(Origin(f"staff:{olga}", "r-2", at))
        assert refused.value.extra["guard"] == "last-administrator"
    assert (known(), len(audited())) == (before, deeds)
    assert signed_in(ana, "admin").get(f"{PEOPLE}/is/{ana}").says("The only administrator who can come in")


def test_while_somebody_changes_the_staff_nobody_else_does(ana: str) -> None:
    marta, team = person("marta@shop.mx", "staff"), wiring.team()
    origin = Origin(f"staff:{ana}", "r-1", "2026-11-22T10:00:00.000Z")
    before = known()
    with team.turn.taken(wiring.now()):
        with pytest.raises(InProgress):
            team.disable(marta, origin)
        with pytest.raises(InProgress):
            team.invite("x@shop.mx", "", "staff", origin)
        assert known() == before
        with time_machine.travel(wiring.now() + timedelta(seconds=31), tick=False):
            team.disable(marta, origin)  # whoever had it died
    assert known()["marta@shop.mx"] == (["staff"], False)
    team.enable(marta, origin)


def test_an_invitation_is_sent_again_only_to_who_has_not_come_yet(admin: Visitor, ana: str) -> None:
    nueva = person("nueva@shop.mx", "staff", active=False)
    page = admin.get(f"{PEOPLE}/is/{nueva}")
    assert admin.follow(admin.submit(page, f"{nueva}/invite")).says("on its way once more")
    assert audited()[0].detail == "again"
    assert post(admin, ana, "invite").status == 409


def test_a_pool_of_many_pages_is_listed_whole(admin: Visitor) -> None:
    for number in range(65):
        person(f"p{number}@shop.mx", "picker")
    assert len(wiring.team().members()) == 66
    assert admin.get(PEOPLE).says("66")


def test_who_leaves_no_session_was_still_seen(admin: Visitor) -> None:
    marta = person("marta@shop.mx", "staff")
    hers = signed_in(marta, "staff")
    seen = wiring.team().seen([marta])[marta]
    wiring.sessions().end(hers.cookies[COOKIE])
    assert wiring.team().seen([marta, "nobody"]) == {marta: seen}


def test_only_administrators_see_people(ana: str) -> None:
    staff = signed_in(person("marta@shop.mx", "staff"), "staff")
    before = known()
    assert staff.get(PEOPLE).status == 403
    assert not staff.get("/settings").says("People and roles")
    csrf = staff.get("/settings").form("/sign-out")["_csrf"]
    for what in ("role", "disable", "enable", "sign-out", "invite"):
        assert staff.post(f"{PEOPLE}/is/{ana}/{what}", {"_csrf": csrf, "role": "staff"}).status == 403
    assert (known(), audited()) == (before, [])


@pytest.mark.parametrize("what", ["role", "disable", "enable", "sign-out", "invite"])
def test_without_the_forms_token_nothing_is_done(admin: Visitor, what: str) -> None:
    marta = person("marta@shop.mx", "staff", active=False)
    before = known()
    assert admin.post(f"{PEOPLE}/is/{marta}/{what}", {"role": "admin", "_csrf": ""}).status == 403
    assert (known(), audited()) == (before, [])


def test_nobody_of_that_id_is_not_found(admin: Visitor) -> None:
    assert admin.get(f"{PEOPLE}/is/nobody").status == 404
    assert post(admin, "nobody", "disable").status == 404
    assert audited() == []


def test_what_people_are_called_is_text_and_never_markup(admin: Visitor) -> None:
    bad = "<script>alert(1)</script>"
    admin.submit(admin.get(f"{PEOPLE}/invite"), "/invite", email="x@shop.mx", name=bad, role="staff")
    sub = next(one.sub for one in wiring.team().members() if one.name == bad)
    for path in (PEOPLE, f"{PEOPLE}/is/{sub}", "/settings/sales"):
        assert bad not in admin.get(path).text, path


def test_history_and_sales_call_people_by_their_names(admin: Visitor) -> None:
    olga = person("olga@shop.mx", "admin")
    hers = signed_in(olga, "admin")
    hers.submit(hers.get("/settings/stock"), "/settings/stock", low_stock="8")
    assert admin.get("/settings/stock/history").says("Olga")
    page = admin.submit(admin.get("/settings/sales"), "/settings/sales", _do="add people")
    assert f'<option value="{olga}">Olga</option>' in page.text
