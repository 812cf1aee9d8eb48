"""Who of the staff is asking, and what their roles allow. docs/roles.md is printed from this table."""

from dataclasses import dataclass
from typing import Any

from comanda.errors import Forbidden, Unauthenticated

ADMIN, STAFF, PICKER = "admin", "staff", "picker"
ROLES = (ADMIN, STAFF, PICKER)

# Permission → the roles that have it. Pickers have their own function, and may do nothing elsewhere.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "orders.read": (ADMIN, STAFF),
    "orders.write": (ADMIN, STAFF),
    "customers.read": (ADMIN, STAFF),
    "customers.write": (ADMIN, STAFF),
    "orders.purge": (ADMIN,),
    "audit.read": (ADMIN,),
    "accounts.read": (ADMIN, STAFF),
    "accounts.ask": (ADMIN, STAFF),
    "accounts.close": (ADMIN, STAFF),
    "accounts.lock": (ADMIN,),
    "credit.read": (ADMIN, STAFF),
    "credit.write": (ADMIN, STAFF),
    "settings.read": (ADMIN, STAFF),
    "settings.write": (ADMIN,),
    "people.read": (ADMIN,),
    "people.write": (ADMIN,),
    "statements.read": (ADMIN, STAFF),
    "statements.write": (ADMIN, STAFF),
    "exports.read": (ADMIN, STAFF),
    "exports.run": (ADMIN, STAFF),
    "discounts.read": (ADMIN, STAFF),
    "discounts.write": (ADMIN, STAFF),
    "prices.read": (ADMIN, STAFF),
    "prices.write": (ADMIN, STAFF),
    "stock.read": (ADMIN, STAFF),
    "stock.write": (ADMIN, STAFF),
    "picking.pick": (ADMIN, STAFF, PICKER),  # the picker's function alone
    "picking.read": (ADMIN, STAFF),
    "picking.write": (ADMIN, STAFF),
    "operations.read": (ADMIN, STAFF),
    "operations.write": (ADMIN, STAFF),
    "webhooks.read": (ADMIN, STAFF),
    "webhooks.replay": (ADMIN, STAFF),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody signed in. `sub` is the user pool's id; names and addresses stay there."""

    sub: str
    roles: frozenset[str]

    @property
    def actor(self) -> str:
        return f"staff:{self.sub}"

    def may(self, permission: str) -> bool:
        return not self.roles.isdisjoint(PERMISSIONS[permission])


def staff_of(event: dict[str, Any], client: str) -> Staff:
    """Whoever the authorizer let in, if the token is an access token of our own client.

    The authorizer checks signature, issuer, expiry and audience, and takes ID tokens too.
    Raises Unauthenticated.
    """
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    if claims.get("token_use") != "access" or claims.get("client_id") != client or not claims.get("sub"):
        raise Unauthenticated("send Authorization: Bearer <access token>")
    return Staff(str(claims["sub"]), _roles(claims.get("cognito:groups")))


def _roles(groups: Any) -> frozenset[str]:
    """The groups claim arrives as a list or as the text `[staff admin]`."""
    names = groups if isinstance(groups, list) else str(groups or "").strip("[]").replace(",", " ").split()
    return frozenset(str(name) for name in names) & frozenset(ROLES)


def require(staff: Staff, permission: str) -> None:
    """Raise Forbidden unless one of the roles has the permission."""
    if not staff.may(permission):
        raise Forbidden(f"this takes the permission {permission}, which your role has not")
