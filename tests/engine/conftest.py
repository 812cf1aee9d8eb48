"""The real handlers on AWS's own DynamoDB engine, called by many threads at once."""

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.engine.dynamodb import Engine, missing
from tests.engine.threads import one_request_per_thread
from tests.functional.conftest import PLAIN, Answer, Call, http_event

SECRETS = {"SIGNING_SECRET": {"current": "signing-key-of-the-tests"}}


def forget_everything() -> None:
    """Clients and stores are made anew for the engine, and again for whoever comes after it."""
    from comanda import secrets, wiring
    from comanda.dynamo.client import client, session

    secrets.forget()
    for cached in (client, session, *vars(wiring).values()):
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    if missing():
        pytest.skip(missing())
    engine = Engine()
    yield engine
    engine.stop()


@pytest.fixture
def engine(server: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Empty tables, and our own client pointed at them."""
    environment = dict(os.environ)
    os.environ.update(
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",
        AWS_ENDPOINT_URL_DYNAMODB=server.url,
        DYNAMODB_REQUESTS="direct",
        **PLAIN,
    )
    server.fresh_tables()
    forget_everything()
    monkeypatch.setattr("comanda.secrets.secret", lambda name: SECRETS[name])
    yield server
    forget_everything()
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture
def call(engine: Engine) -> Iterator[Call]:
    """As in the functional tests, from any thread."""

    def run(function: str, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        handler = import_module(f"functions.{function}.app").lambda_handler
        answer = handler(http_event(method, path, body, **more), None)
        headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
        headers |= {
            name.lower(): values[0] for name, values in (answer.get("multiValueHeaders") or {}).items()
        }
        return Answer(answer["statusCode"], headers, answer.get("body") or "")

    with one_request_per_thread():
        yield run
