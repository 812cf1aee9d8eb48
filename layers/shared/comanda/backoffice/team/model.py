"""Somebody of the staff as the user pool knows them."""

from dataclasses import dataclass

from comanda.backoffice.staff import ADMIN, ROLES


@dataclass(frozen=True, slots=True)
class Member:
    """`sub` is the pool's id, which never changes; `invited`: has not signed in for the first time yet."""

    sub: str
    username: str
    email: str
    name: str
    roles: frozenset[str]
    enabled: bool
    invited: bool
    since: str

    @property
    def role(self) -> str:
        """The widest role; empty for somebody who has none."""
        return next((role for role in ROLES if role in self.roles), "")

    @property
    def called(self) -> str:
        return self.name or self.email or self.sub

    @property
    def governs(self) -> bool:
        """An administrator who can come in."""
        return self.enabled and not self.invited and ADMIN in self.roles
