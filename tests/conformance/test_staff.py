"""The user pool's people: what the back office asks of it, as it is on AWS."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.mailbox.store import Wanted
from local.ports import choose
from tests.conformance.test_mail import open_mailbox
from tests.conformance.world import World, eventually, world

ANA = "ana@shop.example"
PASSWORD = "Comanda-0123456789"
INVITATION = {
    "EmailSubject": "Tu acceso a Comanda",
    "EmailMessage": "<p>Contraseña de {username}: <b>{####}</b></p><p>Sirve tres días.</p>",
}


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("staff")
    port = choose(["smtp"], folder / "smtp.json")["smtp"]
    with world(folder, smtp_port=port) as made:
        yield made


@pytest.fixture
def pool(mailed: World) -> dict[str, str]:
    cognito = mailed.clients("cognito-idp")
    made = cognito.create_user_pool(
        PoolName="staff",
        UsernameAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True, "InviteMessageTemplate": INVITATION},
    )["UserPool"]["Id"]
    for role in ("admin", "staff"):
        cognito.create_group(UserPoolId=made, GroupName=role)
    client = cognito.create_user_pool_client(
        UserPoolId=made,
        ClientName="c",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    return {"UserPoolId": made, "ClientId": client}


def sign_in(world: World, pool: dict[str, str], password: str) -> dict[str, Any]:
    answer: dict[str, Any] = world.clients("cognito-idp").initiate_auth(
        ClientId=pool["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ANA, "PASSWORD": password},
    )
    return answer


def test_an_invitation_arrives_with_a_password_that_lets_in_once(
    mailed: World, pool: dict[str, str], tmp_path: Path
) -> None:
    cognito = mailed.clients("cognito-idp")
    who = {"UserPoolId": pool["UserPoolId"], "Username": ANA}
    attributes = [{"Name": "email", "Value": ANA}, {"Name": "email_verified", "Value": "true"}]
    with open_mailbox(tmp_path, mailed.smtp_port) as store:
        made = cognito.admin_create_user(**who, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"])[
            "User"
        ]
        letter = eventually(lambda: next(iter(store.find(Wanted(to=ANA))), None))
        cognito.admin_create_user(**who, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])
        eventually(lambda: len(list(store.find(Wanted(to=ANA)))) == 2)
    html = letter.body("html") or ""
    assert letter.header("Subject") == INVITATION["EmailSubject"]
    assert f"Contraseña de {ANA}" in html
    password = html.partition("<b>")[2].partition("</b>")[0].replace("&amp;", "&")
    assert made["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    with pytest.raises(ClientError, match="UsernameExistsException"):
        cognito.admin_create_user(**who, UserAttributes=attributes)
    asked = sign_in(mailed, pool, password)
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    cognito.respond_to_auth_challenge(
        ClientId=pool["ClientId"],
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": ANA, "NEW_PASSWORD": PASSWORD},
    )
    assert "AuthenticationResult" in sign_in(mailed, pool, PASSWORD)
    assert cognito.admin_get_user(**who)["UserStatus"] == "CONFIRMED"


def test_roles_lists_and_access_are_as_on_aws(mailed: World, pool: dict[str, str]) -> None:
    cognito = mailed.clients("cognito-idp")
    of_pool = {"UserPoolId": pool["UserPoolId"]}
    for number in range(3):
        email = f"p{number}@shop.example"
        attributes = [{"Name": "email", "Value": email}]
        cognito.admin_create_user(
            **of_pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
        )
        cognito.admin_add_user_to_group(**of_pool, Username=email, GroupName="staff")
    first = cognito.list_users(**of_pool, Limit=2)
    rest = cognito.list_users(**of_pool, Limit=2, PaginationToken=first["PaginationToken"])
    assert (len(first["Users"]), len(rest["Users"]), "PaginationToken" in rest) == (2, 1, False)
    group = partial(cognito.list_users_in_group, **of_pool, GroupName="staff", Limit=2)
    some = group()
    assert (len(some["Users"]), len(group(NextToken=some["NextToken"])["Users"])) == (2, 1)
    assert {one["Username"] for one in some["Users"]} <= {
        one["Username"] for one in first["Users"] + rest["Users"]
    }
    person = {**of_pool, "Username": first["Users"][0]["Username"]}
    cognito.admin_set_user_password(**person, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**person, GroupName="admin")
    cognito.admin_remove_user_from_group(**person, GroupName="staff")
    assert [one["GroupName"] for one in cognito.admin_list_groups_for_user(**person)["Groups"]] == ["admin"]


def test_who_is_disabled_or_signed_out_gets_no_new_token(mailed: World, pool: dict[str, str]) -> None:
    cognito = mailed.clients("cognito-idp")
    who = {"UserPoolId": pool["UserPoolId"], "Username": ANA}
    cognito.admin_create_user(
        **who, UserAttributes=[{"Name": "email", "Value": ANA}], MessageAction="SUPPRESS"
    )
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    tokens = sign_in(mailed, pool, PASSWORD)["AuthenticationResult"]
    time.sleep(1.1)  # the emulator compares whole seconds
    cognito.admin_user_global_sign_out(**who)
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        cognito.initiate_auth(
            ClientId=pool["ClientId"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )
    cognito.admin_disable_user(**who)
    assert cognito.admin_get_user(**who)["Enabled"] is False
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        sign_in(mailed, pool, PASSWORD)
    cognito.admin_enable_user(**who)
    assert "AuthenticationResult" in sign_in(mailed, pool, PASSWORD)
