"""Sessions of the back office: items of their own table, found by a hashed random id, revocable at once."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.row import Row, pages
from comanda.ids import token_hash
from comanda.times import moment, stamp

LONGEST = timedelta(hours=14)  # a working day; then one signs in anew
IDLE = timedelta(hours=4)
SIGN_IN_TAKES = timedelta(minutes=20)
SEEN_EVERY = timedelta(minutes=5)  # how often a session's last use is written
COOKIE = "__Host-comanda"
SIGN_IN_COOKIE = "__Host-comanda-sign-in"
ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


class SessionRow(Row):
    """`pk` is the person's id in the user pool, `sk` is `SESSION#<hash of the random id>`."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    username = UnicodeAttribute()
    email = UnicodeAttribute(default="")
    roles = UnicodeAttribute(default="")
    csrf = UnicodeAttribute()
    started_at = UnicodeAttribute()
    seen_at = UnicodeAttribute()
    checked_at = UnicodeAttribute()
    passing = UnicodeAttribute(default="{}")
    expires_at = NumberAttribute()
    schema = NumberAttribute(default=1)


class SeenRow(Row):
    """When a person last did something, and the address they sign in with, by which colleagues know them
    in histories; kept beyond their sessions: `SEEN` beside them."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    email = UnicodeAttribute(default="")


class SignInRow(Row):
    """Somebody on the way to sign in: `SIGNIN#<hash of the browser's token>`, `STATE#<hash of state>`."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    verifier = UnicodeAttribute()
    nonce = UnicodeAttribute()
    way = UnicodeAttribute()
    ends_at = UnicodeAttribute()
    expires_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. `passing` is what the next page shows once: a message, a form to fill in again."""

    cookie: str
    sub: str
    username: str
    email: str
    roles: frozenset[str]
    csrf: str
    started_at: str
    seen_at: str
    checked_at: str
    passing: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What was asked of the user pool, and where to go on afterwards with what was typed."""

    verifier: str
    nonce: str
    next: str
    given: dict[str, Any] = field(default_factory=dict)


class Sessions:
    def __init__(self, table: str) -> None:
        self.table = table
        self._addresses: dict[str, str] = {}
        SessionRow.bind(table)
        SignInRow.bind(table)
        SeenRow.bind(table)

    def start(self, sub: str, username: str, email: str, roles: frozenset[str], now: datetime) -> Session:
        """A new session under a fresh random id, whatever the browser had before."""
        cookie = f"{sub}.{secrets.token_urlsafe(32)}"
        at = stamp(now)
        session = Session(cookie, sub, username, email, roles, secrets.token_hex(32), at, at, at)
        SessionRow.write(_row(session))
        SeenRow.write(SeenRow(sub, "SEEN", at=at, email=email))
        return session

    def find(self, cookie: str, now: datetime) -> Session | None:
        """The session of a cookie, unless it ended: by time, by disuse, by signing out, by revocation."""
        sub, _, token = cookie.partition(".")
        if not sub or not 20 <= len(token) <= 100 or len(sub) > 100:
            return None
        row = SessionRow.read(sub, f"SESSION#{token_hash(token)}")
        if row is None or now >= moment(row.started_at) + LONGEST or now >= moment(row.seen_at) + IDLE:
            return None
        return Session(
            cookie, sub, row.username, row.email, frozenset(row.roles.split()), row.csrf,
            row.started_at, row.seen_at, row.checked_at, json.loads(row.passing),
        )  # fmt: skip

    def seen(self, session: Session, now: datetime) -> None:
        """Write down that it is in use, every few minutes."""
        if now >= moment(session.seen_at) + SEEN_EVERY:
            self._set(session, [SessionRow.seen_at.set(stamp(now))])
            SeenRow.write(SeenRow(session.sub, "SEEN", at=stamp(now), email=session.email))

    def last_seen(self, subs: Iterable[str]) -> dict[str, str]:
        """When each person last did something; who never came in is not among them."""
        found = ((sub, SeenRow.read(sub, "SEEN")) for sub in subs)
        return {sub: row.at for sub, row in found if row}

    def address_of(self, sub: str) -> str:
        """The address somebody signs in with, looked up once in a process; empty for who never came in."""
        if sub not in self._addresses:
            row = SeenRow.read(sub, "SEEN", consistent=False)
            if row is None or not row.email:
                return ""
            self._addresses[sub] = row.email
        return self._addresses[sub]

    def checked(self, session: Session, roles: frozenset[str], now: datetime) -> None:
        """The user pool has confirmed the person and their roles."""
        self._set(
            session, [SessionRow.checked_at.set(stamp(now)), SessionRow.roles.set(" ".join(sorted(roles)))]
        )

    def pass_on(self, session: Session, passing: dict[str, Any]) -> None:
        """What the next page is to show once."""
        self._set(session, [SessionRow.passing.set(json.dumps(passing, ensure_ascii=False))])

    def end(self, cookie: str) -> None:
        sub, _, token = cookie.partition(".")
        if sub and token:
            SessionRow.remove(SessionRow(sub, f"SESSION#{token_hash(token)}"))

    def end_all(self, sub: str) -> int:
        """Revoke every session of a person, at once; answers how many there were."""
        query = "pk = :pk and begins_with(sk, :sk)"
        values = {":pk": {"S": sub}, ":sk": {"S": "SESSION#"}}
        found = list(
            pages(TableName=self.table, KeyConditionExpression=query, ExpressionAttributeValues=values)
        )
        for item in found:
            SessionRow.remove(SessionRow(item["pk"]["S"], item["sk"]["S"]))
        return len(found)

    def begin(self, browser: str, state: str, sign_in: SignIn, now: datetime) -> None:
        """Remember what was asked of the user pool for this browser."""
        ends = now + SIGN_IN_TAKES
        row = SignInRow(*_sign_in_key(browser, state), verifier=sign_in.verifier, nonce=sign_in.nonce)
        row.way = json.dumps([sign_in.next, sign_in.given], ensure_ascii=False)
        row.ends_at, row.expires_at = stamp(ends), int(ends.timestamp())
        SignInRow.write(row)

    def take(self, browser: str, state: str, now: datetime) -> SignIn | None:
        """Use up what was remembered: once, by the same browser, in time."""
        pk, sk = _sign_in_key(browser, state)
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        answer = client().delete_item(TableName=self.table, Key=key, ReturnValues="ALL_OLD")
        if "Attributes" not in answer:
            return None
        row = SignInRow.from_raw_data(answer["Attributes"])
        if row.ends_at <= stamp(now):
            return None
        address, given = json.loads(row.way)
        return SignIn(row.verifier, row.nonce, address, given)

    def _set(self, session: Session, actions: list[Any]) -> None:
        """Change a session that still is there: one that was ended meanwhile does not come back."""
        row = SessionRow(session.sub, f"SESSION#{token_hash(session.cookie.partition('.')[2])}")
        try:
            SessionRow.change(row, actions, SessionRow.pk.exists())
        except client().exceptions.ConditionalCheckFailedException:
            return


def set_cookie(name: str, value: str, seconds: int) -> str:
    return f"{name}={value}; Max-Age={seconds}; {ATTRIBUTES}"


def _row(session: Session) -> SessionRow:
    row = SessionRow(session.sub, f"SESSION#{token_hash(session.cookie.partition('.')[2])}")
    row.username, row.email, row.roles = session.username, session.email, " ".join(sorted(session.roles))
    row.csrf, row.started_at = session.csrf, session.started_at
    row.seen_at, row.checked_at = session.seen_at, session.checked_at
    row.expires_at = int((moment(session.started_at) + LONGEST).timestamp())
    return row


def _sign_in_key(browser: str, state: str) -> tuple[str, str]:
    return f"SIGNIN#{token_hash(browser)}", f"STATE#{token_hash(state)}"
