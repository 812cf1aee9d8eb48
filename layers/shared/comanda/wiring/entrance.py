"""How staff come into the back office: the user pool, and the sessions kept here."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.backoffice.team.team import Team
    from comanda.screens.orders.presence import Presence
    from comanda.screens.sign_in.flow import Entrance
    from comanda.screens.sign_in.pool import UserPool
    from comanda.screens.sign_in.sessions import Sessions


@cache
def sessions() -> "Sessions":
    from comanda.screens.sign_in.sessions import Sessions

    return Sessions(variable("SESSIONS_TABLE"))


def colleague_names(actor: str) -> tuple[str, ...]:
    """What staff call one of theirs: the name in the settings, else the beginning of the address they sign in
    with."""
    named = wiring.staff_names(actor)
    if named != (actor,) or not actor.startswith("staff:"):
        return named
    address = sessions().address_of(actor.removeprefix("staff:"))
    return (address.partition("@")[0] or actor,)


@cache
def presence() -> "Presence":
    from comanda.screens.orders.presence import Presence

    return Presence(variable("SESSIONS_TABLE"))


@cache
def user_pool() -> "UserPool":
    """The directory's client is made when it is first asked; its address is also where the keys are."""
    from comanda.screens.sign_in.pool import UrllibWeb, UserPool

    @cache
    def directory() -> Any:
        return wiring.aws("cognito-idp")

    pool, region = variable("USER_POOL"), os.environ["AWS_REGION"]
    return UserPool(
        pool_id=pool,
        client_id=variable("USER_POOL_CLIENT"),
        region=region,
        sign_in_url=variable("SIGN_IN_URL").rstrip("/"),
        keys_url=lambda: f"{directory().meta.endpoint_url}/{pool}/.well-known/jwks.json",
        web=UrllibWeb(),
        directory=directory,
    )


@cache
def team() -> "Team":
    """The pool's people, their sessions here among them."""
    from comanda.backoffice.team.directory import Directory
    from comanda.backoffice.team.team import Team
    from comanda.backoffice.team.turn import Turn
    from comanda.ids import new_id

    @cache
    def api() -> Any:
        return wiring.aws("cognito-idp")

    return Team(
        directory=Directory(variable("USER_POOL"), api),
        end_sessions=lambda sub: wiring.sessions().end_all(sub),
        seen=lambda subs: wiring.sessions().last_seen(subs),
        audit=wiring.audit(),
        turn=Turn(variable("JOBS_TABLE"), new_id),
        now=lambda: wiring.now(),
    )


@cache
def entrance() -> "Entrance":
    from comanda.screens.sign_in.flow import Entrance

    return Entrance(wiring.sessions(), wiring.user_pool(), wiring.public_url)
