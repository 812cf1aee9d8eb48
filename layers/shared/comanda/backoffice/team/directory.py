"""The user pool's people by its API (Cognito user pools, 2016-04-18)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.staff import ROLES
from comanda.backoffice.team.model import Member
from comanda.errors import Invalid
from comanda.times import stamp

AT_ONCE = 60  # people on one page of the pool's answers
INVITED = "FORCE_CHANGE_PASSWORD"


@dataclass(frozen=True, slots=True)
class Directory:
    """`connect` answers the client of the pool's API."""

    pool_id: str
    connect: Callable[[], Any]

    def members(self) -> list[Member]:
        """Everybody in the pool with their roles."""
        roles: dict[str, set[str]] = {}
        for role in ROLES:
            for user in self._pages("list_users_in_group", GroupName=role):
                roles.setdefault(user["Username"], set()).add(role)
        return [_member(user, roles.get(user["Username"], set())) for user in self._pages("list_users")]

    def invite(self, email: str, name: str, role: str) -> str:
        """Make an account and have the pool mail a first password; answers the person's id.

        Raises Invalid where somebody has this address already.
        """
        client = self.connect()
        attributes = {"email": email, "email_verified": "true"} | ({"name": name} if name else {})
        try:
            user = client.admin_create_user(
                UserPoolId=self.pool_id,
                Username=email,
                UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
                DesiredDeliveryMediums=["EMAIL"],
            )["User"]
        except client.exceptions.UsernameExistsException as error:
            raise Invalid.at("/email", "somebody of the staff has this address already") from error
        client.admin_add_user_to_group(**self._who(user["Username"]), GroupName=role)
        return str(_attributes(user).get("sub", user["Username"]))

    def invite_again(self, member: Member) -> None:
        """A new first password by mail; the former one does not count any more."""
        self.connect().admin_create_user(
            UserPoolId=self.pool_id,
            Username=member.email or member.username,
            MessageAction="RESEND",
            DesiredDeliveryMediums=["EMAIL"],
        )

    def set_role(self, member: Member, role: str) -> None:
        """One role instead of all others; the new one first, so that a break leaves nobody without."""
        client = self.connect()
        if role not in member.roles:
            client.admin_add_user_to_group(**self._who(member.username), GroupName=role)
        for other in sorted(member.roles - {role}):
            client.admin_remove_user_from_group(**self._who(member.username), GroupName=other)

    def disable(self, member: Member) -> None:
        self.connect().admin_disable_user(**self._who(member.username))

    def enable(self, member: Member) -> None:
        self.connect().admin_enable_user(**self._who(member.username))

    def sign_out(self, member: Member) -> None:
        """No token of theirs is renewed any more."""
        self.connect().admin_user_global_sign_out(**self._who(member.username))

    def _who(self, username: str) -> dict[str, str]:
        return {"UserPoolId": self.pool_id, "Username": username}

    def _pages(self, action: str, **asked: Any) -> Iterator[dict[str, Any]]:
        """People of all pages; the two lists name the way on differently."""
        mark = "PaginationToken" if action == "list_users" else "NextToken"
        while True:
            answer = getattr(self.connect(), action)(UserPoolId=self.pool_id, Limit=AT_ONCE, **asked)
            yield from answer["Users"]
            if not answer.get(mark):
                return
            asked[mark] = answer[mark]


def _attributes(user: dict[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in user.get("Attributes", [])}


def _member(user: dict[str, Any], roles: set[str]) -> Member:
    told = _attributes(user)
    return Member(
        sub=told.get("sub", user["Username"]),
        username=user["Username"],
        email=told.get("email", ""),
        name=told.get("name", ""),
        roles=frozenset(roles),
        enabled=bool(user.get("Enabled", True)),
        invited=user.get("UserStatus") == INVITED,
        since=stamp(user["UserCreateDate"]),
    )
