"""/admin/people: the staff themselves, for administrators: invited, given a role, shut out, let in again."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import StringConstraints

from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.team.model import Member
from comanda.backoffice.team.team import LONGEST_NAME, Team
from comanda.orders.wire import Body
from comanda.runtime.http import answer, answers

type Role = Literal["admin", "staff", "picker"]  # backoffice/staff.py: ROLES


class InviteBody(Body):
    email: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254)]
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NAME)] = ""
    role: Role


class RoleBody(Body):
    role: Role


def hang_people(routes: StaffRoutes, team: Callable[[], Team]) -> None:
    @routes.get("/admin/people", "people.read", "Everybody of the staff, administrators first.")
    def listed() -> Response[dict[str, Any]]:
        everybody = team().members()
        seen = team().seen([one.sub for one in everybody])
        return answer({"items": [_told(one, seen) for one in everybody], "next": None})

    @routes.post(
        "/admin/people",
        "people.write",
        "Invite somebody: the user pool mails a first password. Again is safe until they have come in.",
        answers(201, "Who was invited"),
    )
    def invite(body: InviteBody) -> Response[dict[str, Any]]:
        sub = team().invited_already(body.email, body.name, body.role)
        sub = sub or team().invite(body.email, body.name, body.role, routes.origin)
        return answer(_one(team(), sub), 201)

    @routes.get("/admin/people/<person>", "people.read", "One of the staff.")
    def get(person: str) -> Response[dict[str, Any]]:
        return answer(_one(team(), person))

    _hang_access(routes, team)


def _hang_access(routes: StaffRoutes, team: Callable[[], Team]) -> None:
    @routes.put("/admin/people/<person>/role", "people.write", "Give one role; their sessions end.")
    def role(person: str, body: RoleBody) -> Response[dict[str, Any]]:
        team().change_role(person, body.role, routes.origin)
        return answer(_one(team(), person))

    @routes.post("/admin/people/<person>/disable", "people.write", "Nobody of this name comes in any more.")
    def disable(person: str) -> Response[dict[str, Any]]:
        team().disable(person, routes.origin)
        return answer(_one(team(), person))

    @routes.post("/admin/people/<person>/enable", "people.write", "Let somebody in again.")
    def enable(person: str) -> Response[dict[str, Any]]:
        team().enable(person, routes.origin)
        return answer(_one(team(), person))

    @routes.post("/admin/people/<person>/sign-out", "people.write", "End all their sessions.")
    def sign_out(person: str) -> Response[dict[str, Any]]:
        return answer({"ended": team().sign_out(person, routes.origin)})

    @routes.post("/admin/people/<person>/invite", "people.write", "Send the invitation once more.")
    def again(person: str) -> Response[dict[str, Any]]:
        team().invite_again(person, routes.origin)
        return answer(_one(team(), person))


def _one(team: Team, person: str) -> dict[str, Any]:
    """Raises NotFound."""
    return _told(team.member(person), team.seen([person]))


def _told(member: Member, seen: dict[str, str]) -> dict[str, Any]:
    return {
        "person_id": member.sub,
        "email": member.email,
        "name": member.name or None,
        "role": member.role or None,
        "enabled": member.enabled,
        "invited": member.invited,
        "since": member.since,
        "seen": seen.get(member.sub),
    }
