"""Secrets from Secrets Manager, kept for a few minutes so that a rotation is seen soon."""

import json
import time
from functools import cache
from typing import Any

from comanda.dynamo.client import session
from comanda.environment import variable

KEEP_SECONDS = 300.0
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


@cache
def _client() -> Any:
    return session().create_client("secretsmanager")


def secret(name: str) -> dict[str, Any]:
    """The JSON of the secret whose ARN is in the environment variable `name`."""
    kept = _kept.get(name)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    value: dict[str, Any] = json.loads(_client().get_secret_value(SecretId=variable(name))["SecretString"])
    _kept[name] = (time.monotonic() + KEEP_SECONDS, value)
    return value


def forget() -> None:
    """Read every secret anew at its next use."""
    _kept.clear()
