"""The real handlers on moto: tables as the template makes them, one mock for the whole session."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from moto import mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from tests.functional.exports_world import world  # noqa: F401  (a fixture of the tests of exports)
from tests.template import table_variable, tables

SECRETS = {
    "SIGNING_SECRET": {"current": "signing-key-of-the-tests"},
    "PAYMENT_SECRETS": {"stripe": {"api_key": "sk_test_1", "webhook_secrets": ["whsec_new", "whsec_old"]}},
    "CARRIER_SECRETS": {
        "easypost": {"webhook_secrets": ["carrier-secret"]},
        "fedex": {"webhook_secrets": ["fedex-token", "fedex-token-of-before"]},
    },
    "DESTINATION_SECRETS": {"sftp": {"private_key": "not a key"}},
}
QUEUES = (
    "MAIL_QUEUE",
    "MAIL_EVENTS_QUEUE",
    "EXPORT_RUNS_QUEUE",
    "PAYMENT_EVENTS_QUEUE",
    "CARRIER_EVENTS_QUEUE",
    "PAYMENT_EFFECTS_QUEUE",
    "LABEL_EFFECTS_QUEUE",
    "LIFECYCLE_STARTS_QUEUE",
    "MAIL_DEAD_LETTERS",
    "MAIL_EVENTS_DEAD_LETTERS",
    "EXPORT_RUNS_DEAD_LETTERS",
    "PAYMENT_EVENTS_DEAD_LETTERS",
    "CARRIER_EVENTS_DEAD_LETTERS",
    "PAYMENT_EFFECTS_DEAD_LETTERS",
    "LABEL_EFFECTS_DEAD_LETTERS",
    "LIFECYCLE_STARTS_DEAD_LETTERS",
    "UNDELIVERED",
)
PLAIN = {
    "STAGE": "test",
    "PUBLIC_URL": "https://shop.example.com",
    "MAIL_FROM": "pedidos@shop.example.com",
    "MAIL_CONFIGURATION_SET": "mails",
    "STRIPE_API_BASE": "http://127.0.0.1:9",
    "PAYPAL_API_BASE": "http://127.0.0.1:9",
    "MERCADOPAGO_API_BASE": "http://127.0.0.1:9",
    "DOCUMENTS_FUNCTION": "documents",
    "ASK_CARRIER_FUNCTION": "ask-carrier",
    "EASYPOST_API_BASE": "http://127.0.0.1:9",
    "UPS_API_BASE": "http://127.0.0.1:9",
    "FEDEX_API_BASE": "http://127.0.0.1:9",
    "USER_POOL_CLIENT": "client-1",
    "SIGN_IN_URL": "https://sign-in.example.com",
    "AWS_REGION": "us-east-1",
    "RECONCILE_FUNCTION": "reconcile-payments",
    "BULK_STATE_MACHINE": "arn:aws:states:us-east-1:123456789012:stateMachine:bulk_action",
    "LIFECYCLE_STATE_MACHINE": "arn:aws:states:us-east-1:123456789012:stateMachine:order_lifecycle",
}


@pytest.fixture(scope="session")
def aws() -> Iterator[None]:
    """AWS for one test session; environment variables as the template sets them."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",
        **PLAIN,
    )
    with mock_aws():
        database = boto3.client("dynamodb")
        for name, definition in tables().items():
            database.create_table(TableName=name, **definition)
            os.environ[table_variable(name)] = name
        for variable, value in SECRETS.items():
            made = boto3.client("secretsmanager").create_secret(Name=variable, SecretString=json.dumps(value))
            os.environ[variable] = made["ARN"]
        for variable in ("RAW_BUCKET", "EXPORT_BUCKET"):
            os.environ[variable] = variable.lower().replace("_", "-")
            boto3.client("s3").create_bucket(Bucket=os.environ[variable])
        os.environ["USER_POOL"] = _user_pool()
        os.environ["EVENT_BUS"] = boto3.client("events").create_event_bus(Name="bus")["EventBusArn"]
        for variable in QUEUES:
            os.environ[variable] = boto3.client("sqs").create_queue(QueueName=variable)["QueueUrl"]
        for name in ("order_lifecycle", "bulk_action"):
            idle = json.dumps({"StartAt": "Idle", "States": {"Idle": {"Type": "Succeed"}}})
            role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
            boto3.client("stepfunctions").create_state_machine(name=name, definition=idle, roleArn=role)
        boto3.client("ses").verify_email_identity(EmailAddress=PLAIN["MAIL_FROM"])
        yield


def _user_pool() -> str:
    """The staff's pool with its roles and nobody in it."""
    cognito = boto3.client("cognito-idp")
    pool = str(cognito.create_user_pool(PoolName="staff", UsernameAttributes=["email"])["UserPool"]["Id"])
    for role in ("admin", "staff", "picker"):
        cognito.create_group(UserPoolId=pool, GroupName=role)
    return pool


def _empty(database: Any) -> None:
    """The tables and their streams at once: a request for each item would take longer than most tests,
    and streams are never forgotten, but copied with every transaction."""
    for table in database.tables.values():
        table.items.clear()
        if table.stream_shard is not None:
            table.stream_shard.items.clear()


@pytest.fixture(autouse=True)
def clean(aws: None) -> Iterator[None]:
    """Every test begins with empty tables, empty buckets and nothing cached."""
    from comanda import secrets, wiring

    yield
    _empty(dynamodb_backends[ACCOUNT]["us-east-1"])
    pool = cognitoidp_backends[ACCOUNT]["us-east-1"].user_pools[os.environ["USER_POOL"]]
    pool.users.clear()
    for group in pool.groups.values():
        group.users.clear()
    store = boto3.client("s3")
    for variable in ("RAW_BUCKET", "EXPORT_BUCKET"):
        for item in store.list_objects_v2(Bucket=os.environ[variable]).get("Contents", []):
            store.delete_object(Bucket=os.environ[variable], Key=item["Key"])
    for queue in sqs_backends[ACCOUNT]["us-east-1"].queues.values():
        queue._messages.clear()  # purging is allowed once a minute only
        queue.deleted_messages.clear()
    secrets.forget()
    for provider in vars(wiring).values():
        if hasattr(provider, "cache_clear"):
            provider.cache_clear()


@dataclass
class Answer:
    """What a handler answered, with its body read as JSON when it is."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


type Call = Callable[..., Answer]


def http_event(
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    claims: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """API Gateway's event, payload format 2.0."""
    sent = {"content-type": "application/json", "accept": "application/json"}
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    context: dict[str, Any] = {
        "http": {
            "method": method,
            "path": path,
            "sourceIp": "127.0.0.1",
            "protocol": "HTTP/1.1",
            "userAgent": "t",
        },
        "requestId": "request-1",
        "stage": "$default",
        "accountId": "1",
        "apiId": "a",
        "domainName": "shop.example.com",
        "domainPrefix": "shop",
        "time": "",
        "timeEpoch": 0,
        "routeKey": "$default",
    }
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "queryStringParameters": query or {},
        "headers": sent,
        "requestContext": context,
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


@pytest.fixture
def call(aws: None) -> Call:
    """call("place_order", "POST", "/orders", body, headers=…) runs the real handler."""

    def run(function: str, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        from importlib import import_module

        handler = import_module(f"functions.{function}.app").lambda_handler
        answer = handler(http_event(method, path, body, **more), None)
        headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
        for name, values in (answer.get("multiValueHeaders") or {}).items():
            headers[name.lower()] = values[0]
        return Answer(answer["statusCode"], headers, answer.get("body") or "")

    return run
