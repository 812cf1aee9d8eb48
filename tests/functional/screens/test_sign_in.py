"""Coming in and going out: code flow with PKCE, sessions, and everything that must not get in."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from comanda import wiring
from comanda.screens.sign_in.sessions import COOKIE
from tests.functional.screens.pool import Directory, FakeWeb, pool_in_place, token
from tests.functional.screens.visitor import Seen, Visitor, staff_at

type Pool = tuple[FakeWeb, Directory]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    return pool_in_place(monkeypatch)


def asked(seen: Seen) -> dict[str, str]:
    """What the browser is to ask of the user pool."""
    assert seen.status == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(seen.location).query).items()}


def come_back(visitor: Visitor, pool: Pool, at: Seen, **claims: Any) -> Seen:
    """Return from the pool with a code; `claims` change both tokens."""
    told = {"cognito:groups": ["staff"]} | claims
    nonce = asked(at)["nonce"]
    pool[0].tokens = {"access_token": token("access", **told), "id_token": token("id", nonce=nonce, **claims)}
    return visitor.get(f"/callback?code=c1&state={asked(at)['state']}")


def test_one_comes_in_by_code_and_proof_key_and_lands_where_one_wanted(pool: Pool) -> None:
    visitor = Visitor()
    away = visitor.get("/orders?label=to_review")
    wanted = asked(away)
    assert away.location.startswith("https://sign-in.example.com/oauth2/authorize?")
    assert (wanted["response_type"], wanted["code_challenge_method"]) == ("code", "S256")
    back = come_back(visitor, pool, away)
    assert back.location == "/back-office/orders?label=to_review"
    assert pool[0].sent[0]["redirect_uri"] == "https://shop.example.com/back-office/callback"
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    proof = sha256(pool[0].sent[0]["code_verifier"].encode()).digest()
    assert urlsafe_b64encode(proof).decode().rstrip("=") == wanted["code_challenge"]
    kept = next(cookie for cookie in back.cookies if cookie.startswith(f"{COOKIE}="))
    assert all(word in kept for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/;"))
    assert visitor.follow(back).status == 200


def test_a_session_is_kept_hashed_and_in_a_table_of_its_own(pool: Pool) -> None:
    import boto3

    visitor = staff_at()
    stored = str(boto3.client("dynamodb").scan(TableName="SessionsTable")["Items"])
    assert visitor.cookies[COOKIE].partition(".")[2] not in stored


@pytest.mark.parametrize(
    "forged",
    [
        {"signed_by": "k2"},
        {"named": "k2"},
        {"algorithm": "HS256"},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"},
        {"exp": 1},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_the_pools_own_lets_nobody_in(pool: Pool, forged: dict[str, Any]) -> None:
    visitor = Visitor()
    seen = come_back(visitor, pool, visitor.get("/orders"), **forged)
    assert (seen.status, COOKIE in visitor.cookies) == (401, False)


@pytest.mark.parametrize(
    ("access", "identity"),
    [
        ({"client_id": "another"}, {}),
        ({"token_use": "id"}, {}),
        ({}, {"aud": "another"}),
        ({}, {"token_use": "access"}),
        ({}, {"nonce": "another"}),
        ({}, {"sub": "u-2"}),
    ],
)
def test_a_token_that_was_not_made_for_this_sign_in_lets_nobody_in(
    pool: Pool, access: dict[str, Any], identity: dict[str, Any]
) -> None:
    visitor = Visitor()
    away = visitor.get("/orders")
    told = {"nonce": asked(away)["nonce"]} | identity
    groups = {"cognito:groups": ["admin"]}
    pool[0].tokens = {"access_token": token("access", **groups | access), "id_token": token("id", **told)}
    seen = visitor.get(f"/callback?code=c1&state={asked(away)['state']}")
    assert (seen.status, COOKIE in visitor.cookies) == (401, False)


def test_a_state_counts_once_and_in_one_browser(pool: Pool) -> None:
    victim, attacker = Visitor(), Visitor()
    away = attacker.get("/orders")
    victim.get("/orders")
    assert come_back(victim, pool, away).status == 401  # the attacker's own code in the victim's browser
    assert come_back(attacker, pool, away).status == 303
    assert come_back(attacker, pool, away).status == 401


def test_signing_in_ends_the_session_that_was_there_before(pool: Pool) -> None:
    visitor = staff_at()
    planted = visitor.cookies[COOKIE]
    come_back(visitor, pool, visitor.get("/sign-in"))
    assert visitor.cookies[COOKIE] != planted
    assert Visitor({COOKIE: planted}).get("/orders").status == 303


@pytest.mark.parametrize("groups", [[], ["owner"], None])
def test_a_stranger_gets_a_page_without_anything(pool: Pool, groups: Any) -> None:
    visitor = Visitor()
    seen = come_back(visitor, pool, visitor.get("/orders"), **{"cognito:groups": groups})
    assert (seen.status, COOKIE in visitor.cookies) == (403, False)
    assert seen.says("You have no access to the back office")


@pytest.mark.capability("D11")
def test_a_picker_comes_to_the_picking_screen_and_no_further(pool: Pool) -> None:
    visitor = Visitor()
    seen = come_back(visitor, pool, visitor.get("/orders"), **{"cognito:groups": ["picker"]})
    assert (seen.status, seen.location) == (303, "/picking")
    assert visitor.get("/").location == "/picking"
    refused = visitor.get("/orders")
    assert (refused.status, "<nav" in refused.text) == (403, False)


def test_staff_who_pick_too_land_where_they_wanted(pool: Pool) -> None:
    visitor = Visitor()
    seen = come_back(visitor, pool, visitor.get("/orders"), **{"cognito:groups": ["picker", "staff"]})
    assert seen.location == "/back-office/orders"


def test_who_becomes_a_picker_is_out_of_the_office_within_a_minute(pool: Pool) -> None:
    visitor = staff_at()
    pool[1].groups = ["picker"]
    with time_machine.travel(wiring.now() + timedelta(seconds=61), tick=False):
        assert visitor.get("/orders").status == 403


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/back-office//evil", "/back-office/../x",
     "/back-office@evil.example", "/back-office\r\nX: 1", "javascript:alert(1)"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_afterwards(pool: Pool, elsewhere: str) -> None:
    from urllib.parse import quote

    from comanda.screens.house.asked import own_address

    assert own_address(elsewhere) == "/back-office"
    visitor = Visitor()
    away = visitor.get(f"/sign-in?next={quote(elsewhere, safe='')}")
    assert come_back(visitor, pool, away).location == "/back-office"


def test_signing_out_ends_the_session_here_and_at_the_pool() -> None:
    visitor = staff_at()
    cookie = visitor.cookies[COOKIE]
    seen = visitor.submit(visitor.get("/orders"), "/sign-out")
    assert seen.location.startswith("https://sign-in.example.com/logout?client_id=client-1&logout_uri=")
    assert visitor.cookies[COOKIE] == ""
    assert Visitor({COOKIE: cookie}).get("/orders").location.startswith("https://sign-in.example.com/oauth2")


@pytest.mark.parametrize("change", [{"enabled": False}, {"groups": []}])
def test_who_leaves_the_staff_is_out_within_a_minute(pool: Pool, change: dict[str, Any]) -> None:
    visitor = staff_at()
    for name, value in change.items():
        setattr(pool[1], name, value)
    assert visitor.get("/orders").status == 200
    with time_machine.travel(wiring.now() + timedelta(seconds=61), tick=False):
        assert visitor.get("/orders").status == 303


def test_a_role_that_was_given_counts_within_a_minute_and_the_pool_is_asked_once(pool: Pool) -> None:
    visitor = staff_at()
    pool[1].groups = ["admin"]
    with time_machine.travel(wiring.now() + timedelta(seconds=61), tick=False):
        assert visitor.get("/orders").status == 200
        assert visitor.get("/orders").status == 200
    assert pool[1].asked == 1
    found = wiring.sessions().find(visitor.cookies[COOKIE], wiring.now())
    assert found is not None
    assert found.roles == {"admin"}


@pytest.mark.parametrize("idle", [timedelta(hours=4, seconds=1), timedelta(hours=15)])
def test_a_session_ends_by_disuse_and_by_its_age(pool: Pool, idle: timedelta) -> None:
    visitor = staff_at()
    with time_machine.travel(wiring.now() + idle, tick=False):
        assert visitor.get("/orders").status == 303


def test_a_session_in_use_ends_by_its_age_all_the_same(pool: Pool) -> None:
    visitor = staff_at()
    start = wiring.now()
    for hours in (3, 6, 9, 12):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert visitor.get("/orders").status == 200
    with time_machine.travel(start + timedelta(hours=14), tick=False):
        assert visitor.get("/orders").status == 303


def test_all_sessions_of_a_person_are_revoked_at_once() -> None:
    first, second, other = staff_at(), staff_at(), staff_at("admin")
    assert wiring.sessions().end_all("user-staff") == 2
    assert [one.get("/orders").status for one in (first, second, other)] == [303, 303, 200]


def test_a_cookie_that_is_made_up_is_nobodys() -> None:
    for cookie in ("x", ".", "user-staff.", "user-staff." + "a" * 43, "SIGNIN#x." + "a" * 43, "a" * 5000):
        assert Visitor({COOKIE: cookie}).get("/orders").status == 303


def test_a_request_for_a_part_is_sent_to_sign_in_as_a_whole() -> None:
    seen = Visitor().get(
        "/orders", hx_request="true", hx_current_url="http://h/back-office/orders?label=error"
    )
    assert (seen.status, seen.headers["hx-redirect"]) == (401, "/back-office/orders?label=error")
