"""The clock, the shop's public address, and the clients of AWS."""

from datetime import UTC, datetime
from typing import Any

from comanda.environment import variable


def now() -> datetime:
    """The clock; tests replace it."""
    return datetime.now(UTC)


def public_url() -> str:
    return variable("PUBLIC_URL").rstrip("/")


def aws(service: str, **config: Any) -> Any:
    """A low-level client of another AWS service, made from the shared session."""
    from comanda.dynamo.client import session

    return session().create_client(service, **config)
