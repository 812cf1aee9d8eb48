"""Every address of the staff, by URL, before nobody's, spoilt, expired and another pool's token."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from functions.back_office.app import house
from local.demo.outside import Api
from local.demo.staff import aws, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.capability("A16")]
OPENAPI = Path(__file__).parents[2] / "schemas" / "openapi.yaml"
PART = re.compile(r"\{[^}]+\}|<[^>]+>")


def staff_calls() -> list[tuple[str, str]]:
    paths = yaml.safe_load(OPENAPI.read_text())["paths"]
    return [
        (method.upper(), PART.sub("x", path))
        for path, methods in paths.items()
        if path.startswith("/admin/")
        for method in methods
    ]


def pages() -> list[tuple[str, str]]:
    return [(rule.method, f"/back-office{PART.sub('x', rule.path)}") for rule in house.rules]


def elsewhere(stack: dict[str, Any]) -> str:
    """An access token of an administrator in another pool of the same account."""
    cognito = aws(stack, "cognito-idp")
    pool = cognito.create_user_pool(PoolName="another shop")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    app = cognito.create_user_pool_client(UserPoolId=pool, ClientName="its", ExplicitAuthFlows=flows)
    client, password = app["UserPoolClient"]["ClientId"], "Other-0123456789"
    who = {"UserPoolId": pool, "Username": "eva"}
    cognito.admin_create_user(**who, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**who, Password=password, Permanent=True)
    cognito.create_group(UserPoolId=pool, GroupName="admin")
    cognito.admin_add_user_to_group(**who, GroupName="admin")
    asked = {"USERNAME": "eva", "PASSWORD": password}
    found = cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=asked)
    return str(found["AuthenticationResult"]["AccessToken"])


def expired(token: str) -> str:
    """The token as it would be an hour late; its signature is that of its own words."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    late = json.dumps({**claims, "exp": claims["iat"] - 3_600}).encode()
    return f"{head}.{base64.urlsafe_b64encode(late).decode().rstrip('=')}.{signature}"


@pytest.fixture(scope="module")
def strangers(stack: dict[str, Any]) -> dict[str, str]:
    own = sign_in(stack, "admin")
    return {
        "nobody": "",
        "spoilt": own[:-9] + "AAAAAAAAA",
        "expired": expired(own),
        "other": elsewhere(stack),
    }


@pytest.mark.parametrize("who", ["nobody", "spoilt", "expired", "other"])
def test_the_api_answers_none_of_them(stack: dict[str, Any], strangers: dict[str, str], who: str) -> None:
    api, calls = Api(stack["api_url"], strangers[who]), staff_calls()
    assert len(calls) > 100
    answered = {(*call, answer_to(api, *call)) for call in calls}
    assert {one for one in answered if one[2] != 401} == set()


def answer_to(api: Api, method: str, path: str) -> int:
    """The status of the first answer that is one: a busy machine says 503 where the door was not reached."""
    for _ in range(3):
        status = api.send(method, path, {} if method != "GET" else None).status
        if status != 503:
            break
    return status


@pytest.mark.parametrize("who", ["nobody", "other"])
def test_no_page_opens_to_any_of_them(stack: dict[str, Any], strangers: dict[str, str], who: str) -> None:
    """A page asks for a session, whatever token comes along; a form answers as a page does."""
    api = Api(stack["api_url"], strangers[who])
    for method, path in pages():
        answer = api.send(method, path, b"" if method == "POST" else None, accept="text/html")
        assert answer.status in (302, 303), (method, path)
        assert answer.text == "", (method, path)
