"""Puts into the fresh stack what an operator would: secrets, staff, the verified sender of mails."""

import json
from typing import Any

from botocore.exceptions import ClientError

from local.credentials import ROLES, Credentials, user_name
from local.deploy.stack import Client, Stack


def secrets(client: Client, stack: Stack, values: dict[str, Any]) -> None:
    """Store each value unless it stands there already: a new version would look like a rotation."""
    manager = client("secretsmanager")
    for name, value in values.items():
        identity = stack.physical[name]
        if json.loads(manager.get_secret_value(SecretId=identity)["SecretString"]) != value:
            manager.put_secret_value(SecretId=identity, SecretString=json.dumps(value))


def staff(client: Client, stack: Stack, credentials: Credentials) -> None:
    """One person per role, with a password that need not be changed at first sign-in."""
    pool, cognito = stack.physical["UserPool"], client("cognito-idp")
    for role in ROLES:
        person = {"UserPoolId": pool, "Username": user_name(role)}
        attributes = [
            {"Name": "email", "Value": user_name(role)},
            {"Name": "email_verified", "Value": "true"},
        ]
        try:
            cognito.admin_create_user(**person, UserAttributes=attributes, MessageAction="SUPPRESS")
        except ClientError as error:
            if error.response["Error"]["Code"] != "UsernameExistsException":
                raise
        cognito.admin_set_user_password(**person, Password=credentials.passwords[role], Permanent=True)
        cognito.admin_add_user_to_group(**person, GroupName=role)


def sender(client: Client, address: str) -> None:
    client("ses").verify_email_identity(EmailAddress=address)


def access_token(client: Client, client_id: str, username: str, password: str) -> str:
    """A bearer token as a script gets it; the ID token that comes with it is not for APIs."""
    answer = client("cognito-idp").initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    token: str = answer["AuthenticationResult"]["AccessToken"]
    return token
