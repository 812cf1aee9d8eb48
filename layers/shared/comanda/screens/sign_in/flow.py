"""Signing in and out: the code flow with PKCE, bound to one browser, ending in a session of our own."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from comanda.backoffice.staff import ROLES
from comanda.errors import Unauthenticated
from comanda.screens.sign_in.pool import Person, UserPool
from comanda.screens.sign_in.sessions import (
    COOKIE,
    LONGEST,
    SIGN_IN_COOKIE,
    SIGN_IN_TAKES,
    Session,
    Sessions,
    SignIn,
    set_cookie,
)
from comanda.times import moment

CHECK_EVERY = timedelta(seconds=60)  # after so long the pool is asked again whether somebody belongs
ADMITTED = frozenset(ROLES)  # a picker comes as far as the picking screen
CALLBACK, SIGNED_OUT = "/back-office/callback", "/back-office/signed-out"


@dataclass(frozen=True, slots=True)
class Started:
    """Where the browser goes to sign in, and the cookie that binds the way to it."""

    address: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody came back from signing in. No session: they belong to the pool, not to the back office."""

    person: Person
    session: Session | None
    way: SignIn


@dataclass(frozen=True, slots=True)
class Entrance:
    sessions: Sessions
    pool: UserPool
    public_url: Callable[[], str]

    def start(self, address: str, given: dict[str, Any], now: datetime) -> Started:
        """Send somebody to sign in; `address` and `given` are for afterwards."""
        browser, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        verifier = secrets.token_urlsafe(64)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        self.sessions.begin(browser, state, SignIn(verifier, nonce, address, given), now)
        where = self.pool.authorize(
            self.public_url() + CALLBACK, state=state, nonce=nonce, challenge=challenge
        )
        return Started(where, set_cookie(SIGN_IN_COOKIE, browser, int(SIGN_IN_TAKES.total_seconds())))

    def finish(self, browser: str, state: str, code: str, before: str, now: datetime) -> Entered:
        """Turn the pool's answer into a session; the one the browser had before ends.

        Raises Unauthenticated when this browser did not ask, too late, or the code is not genuine.
        """
        way = self.sessions.take(browser, state, now) if browser and state else None
        if way is None or not code:
            raise Unauthenticated("this browser did not ask to sign in, or too long ago")
        person = self.pool.exchange(code, self.public_url() + CALLBACK, way.verifier, way.nonce)
        if before:
            self.sessions.end(before)
        if person.roles.isdisjoint(ADMITTED):
            return Entered(person, None, way)
        roles = person.roles
        session = self.sessions.start(person.sub, person.username, person.email, roles, now)
        if way.given:
            self.sessions.pass_on(session, {"given": way.given})
        return Entered(person, session, way)

    def who(self, cookie: str, now: datetime, *, idly: bool = False) -> Session | None:
        """The session of a cookie. Every minute the pool is asked whether the person still belongs. What a
        page asks by itself (`idly`) is no use of the session."""
        session = self.sessions.find(cookie, now) if cookie else None
        if session is None:
            return None
        if now < moment(session.checked_at) + CHECK_EVERY:
            if not idly:
                self.sessions.seen(session, now)
            return session
        roles = self.pool.roles_now(session.username)
        if roles is None or roles.isdisjoint(ADMITTED):
            self.sessions.end_all(session.sub)
            return None
        self.sessions.checked(session, roles, now)
        if not idly:
            self.sessions.seen(session, now)
        return self.sessions.find(cookie, now)

    def leave(self, session: Session | None) -> str:
        """End a session here; answers where the pool's own ends."""
        if session:
            self.sessions.end(session.cookie)
        return self.pool.sign_out(self.public_url() + SIGNED_OUT)


def session_cookie(session: Session) -> str:
    return set_cookie(COOKIE, session.cookie, int(LONGEST.total_seconds()))


def forget(name: str) -> str:
    return set_cookie(name, "", 0)
