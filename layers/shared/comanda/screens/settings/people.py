"""The staff: everybody with role and state, one person, inviting, and what is done about access."""

from collections.abc import Callable
from urllib.parse import quote

from comanda.backoffice.staff import ADMIN, PICKER, STAFF
from comanda.backoffice.team.model import Member
from comanda.backoffice.team.team import Team
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.settings.form import address

ROLE = {ADMIN: N_("administrator"), STAFF: N_("office"), PICKER: N_("picker")}
ROLE_TEXT = {
    ADMIN: N_("Everything, settings and people too."),
    STAFF: N_("Orders, customers, stock and exports; looks at settings and does not change them."),
    PICKER: N_("Picking only; sees neither prices nor addresses, and not this office."),
}


def hang_people(house: House, team: Callable[[], Team]) -> None:
    @house.get("/settings/people", "people.read")
    def people(asked: Asked) -> Answer:
        return listed(asked, team())

    @house.get("/settings/people/invite", "people.write")
    def invitation(asked: Asked) -> Answer:
        return Screen("settings/invite.html.j2", {"roles": _roles(asked)})

    @house.post("/settings/people/invite", "people.write")
    def invite(asked: Asked) -> Answer:
        email, name, role = (asked.field(field) for field in ("email", "name", "role"))
        team().invite(email.lower(), name, role, asked.origin)
        told = asked.tongue.say("%(who)s is invited; the mail has a first password.", who=email)
        return Goto(address("people"), told)

    @house.get("/settings/people/is/<person>", "people.read")
    def one(asked: Asked, person: str) -> Answer:
        return shown(asked, team(), person)

    hang_access(house, team)


def hang_access(house: House, team: Callable[[], Team]) -> None:
    @house.post("/settings/people/is/<person>/role", "people.write")
    def role(asked: Asked, person: str) -> Answer:
        wanted = asked.field("role")
        team().change_role(person, wanted, asked.origin)
        told = asked.tongue.say("The role is %(role)s now.", role=asked.tongue.say(ROLE[wanted]))
        return Goto(_place(person), told)

    @house.post("/settings/people/is/<person>/disable", "people.write")
    def disable(asked: Asked, person: str) -> Answer:
        team().disable(person, asked.origin)
        return Goto(_place(person), asked.tongue.say("This person cannot come in any more."))

    @house.post("/settings/people/is/<person>/enable", "people.write")
    def enable(asked: Asked, person: str) -> Answer:
        team().enable(person, asked.origin)
        return Goto(_place(person), asked.tongue.say("This person can come in again."))

    @house.post("/settings/people/is/<person>/sign-out", "people.write")
    def sign_out(asked: Asked, person: str) -> Answer:
        ended = team().sign_out(person, asked.origin)
        told = asked.tongue.say_many("%(n)s session was ended.", "%(n)s sessions were ended.", ended)
        return Goto(_place(person), told)

    @house.post("/settings/people/is/<person>/invite", "people.write")
    def again(asked: Asked, person: str) -> Answer:
        team().invite_again(person, asked.origin)
        return Goto(_place(person), asked.tongue.say("The invitation is on its way once more."))


def listed(asked: Asked, team: Team) -> Screen:
    everybody = team.members()
    seen = team.seen([one.sub for one in everybody])
    rows = [{"one": one, "address": _place(one.sub), "seen": seen.get(one.sub, "")} for one in everybody]
    return Screen(
        "settings/people.html.j2", {"rows": rows, "me": asked.staff.sub, "words": ROLE, "state": state}
    )


def shown(asked: Asked, team: Team, person: str) -> Screen:
    """One person. Raises NotFound."""
    member = team.member(person)
    others = any(one.governs for one in team.members() if one.sub != person)
    return Screen(
        "settings/person.html.j2",
        {
            "one": member,
            "here": _place(person),
            "me": member.sub == asked.staff.sub,
            "last_administrator": member.governs and not others,
            "seen": team.seen([person]).get(person, ""),
            "roles": _roles(asked),
            "state": state(member),
        },
    )


def state(member: Member) -> tuple[str, str]:
    """The word for whether somebody comes in, and its colour."""
    if not member.enabled:
        return N_("disabled"), "neutral"
    if member.invited:
        return N_("invited"), "amber"
    return (N_("active"), "green") if member.roles else (N_("without a role"), "amber")


def _roles(asked: Asked) -> list[tuple[str, str, str]]:
    return [(code, asked.tongue.say(word), asked.tongue.say(ROLE_TEXT[code])) for code, word in ROLE.items()]


def _place(sub: str) -> str:
    return f"{address('people')}/is/{quote(sub, safe='')}"
