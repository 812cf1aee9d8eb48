"""What an administrator does about the staff; each deed is in the audit log before it is done."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from comanda.backoffice.operations.audit import AuditLog
from comanda.backoffice.staff import ADMIN, ROLES
from comanda.backoffice.team.directory import Directory
from comanda.backoffice.team.model import Member
from comanda.backoffice.team.turn import Turn
from comanda.errors import Invalid, NotFound, WrongState
from comanda.origin import Origin

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Team:
    """`end_sessions` ends those of a person here and answers how many there were; `seen` answers when
    somebody last did something, by their ids."""

    directory: Directory
    end_sessions: Callable[[str], int]
    seen: Callable[[list[str]], dict[str, str]]
    audit: AuditLog
    turn: Turn
    now: Callable[[], datetime]

    def members(self) -> list[Member]:
        """Everybody, administrators first, then by name."""
        return sorted(self.directory.members(), key=lambda one: (_rank(one), one.called.casefold()))

    def member(self, sub: str) -> Member:
        """Raises NotFound."""
        found = next((one for one in self.directory.members() if one.sub == sub), None)
        if found is None:
            raise NotFound("nobody of the staff has this id")
        return found

    def names(self) -> dict[str, str]:
        """What to call everybody, by id."""
        return {one.sub: one.called for one in self.directory.members()}

    def invite(self, email: str, name: str, role: str, origin: Origin) -> str:
        """Invite somebody by mail; answers their id. Raises Invalid at the field."""
        if not EMAIL.fullmatch(email) or len(email) > 254:
            raise Invalid.at("/email", r"must look like ^[^@\s]+@[^@\s]+$")
        if len(name) > LONGEST_NAME:
            raise Invalid.at("/name", f"at most {LONGEST_NAME} characters")
        _known(role)
        with self.turn.taken(self.now()):
            sub = self.directory.invite(email, name, role)
            self.audit.add(origin, "invited", f"staff:{sub}", detail=role)
        return sub

    def invited_already(self, email: str, name: str, role: str) -> str:
        """The id of whoever was invited with just this and has not come in yet; empty when nobody was."""
        same = (one for one in self.directory.members() if one.email == email and one.invited)
        return next((one.sub for one in same if one.roles == {role} and one.name == name), "")

    def invite_again(self, sub: str, origin: Origin) -> None:
        """Raises NotFound, or WrongState for somebody who has come in already."""
        member = self.member(sub)
        if not member.invited:
            raise WrongState("not-invited", "this person has signed in already")
        self.audit.add(origin, "invited", f"staff:{sub}", detail="again")
        self.directory.invite_again(member)

    def change_role(self, sub: str, role: str, origin: Origin) -> Member:
        """Give one role instead of the present one; their sessions end, so that it counts at once.

        Raises NotFound, Invalid, InProgress, or WrongState by a guard.
        """
        _known(role)
        with self._change(sub, origin, loses=role != ADMIN) as member:
            if member.roles != {role}:
                told = f"{' '.join(sorted(member.roles)) or 'none'} → {role}"
                self.audit.add(origin, "role-changed", f"staff:{sub}", detail=told)
                self.directory.set_role(member, role)
                self._out(member)
        return member

    def disable(self, sub: str, origin: Origin) -> Member:
        """Nobody of this name comes in any more, and whoever is in is out. Raises as `change_role`."""
        with self._change(sub, origin, loses=True) as member:
            if member.enabled:
                self.audit.add(origin, "disabled", f"staff:{sub}")
                self.directory.disable(member)
            self._out(member)
        return member

    def enable(self, sub: str, origin: Origin) -> Member:
        """Raises NotFound, InProgress."""
        with self._change(sub, origin, loses=False) as member:
            if not member.enabled:
                self.audit.add(origin, "enabled", f"staff:{sub}")
                self.directory.enable(member)
        return member

    def sign_out(self, sub: str, origin: Origin) -> int:
        """End all sessions of somebody, one's own too; answers how many there were. Raises NotFound."""
        member = self.member(sub)
        self.audit.add(origin, "sessions-ended", f"staff:{sub}")
        return self._out(member)

    def _out(self, member: Member) -> int:
        self.directory.sign_out(member)
        return self.end_sessions(member.sub)

    @contextmanager
    def _change(self, sub: str, origin: Origin, *, loses: bool) -> Iterator[Member]:
        """The person, while nobody else changes the staff; judged on what the pool says now."""
        with self.turn.taken(self.now()):
            everybody = self.directory.members()
            member = next((one for one in everybody if one.sub == sub), None)
            if member is None:
                raise NotFound("nobody of the staff has this id")
            if loses and member.governs:
                if not any(one.governs for one in everybody if one.sub != sub):
                    raise WrongState("last-administrator", "nobody else could change anything any more")
                if origin.actor == f"staff:{sub}":
                    raise WrongState("own-access", "another administrator can take this from you")
            yield member


def _known(role: str) -> None:
    if role not in ROLES:
        raise Invalid.at("/role", f"one of: {', '.join(ROLES)}")


def _rank(member: Member) -> int:
    return ROLES.index(member.role) if member.role else len(ROLES)
