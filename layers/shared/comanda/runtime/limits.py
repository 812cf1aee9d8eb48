"""Rate limits: counters a minute, per address and per e-mail, kept in the Dedupe table."""

from datetime import datetime
from typing import Any

from comanda.canonical import sha256
from comanda.dynamo.client import client
from comanda.errors import RateLimited

WINDOW = 60


def window(now: datetime) -> int:
    """The number of the minute within which uses add up."""
    return int(now.timestamp()) // WINDOW


def count(table: str, what: str, who: str, limit: int, now: datetime) -> None:
    """Count one use of `what` by `who`. Raises RateLimited when it is one too many this minute.

    `who` is stored as a digest: an address or an e-mail is nobody's business here.
    """
    second = int(now.timestamp())
    answer: dict[str, Any] = client().update_item(
        TableName=table,
        Key={"pk": {"S": f"RATE#{what}#{sha256(who.casefold())[:32]}#{window(now)}"}},
        UpdateExpression="ADD uses :one SET expires_at = if_not_exists(expires_at, :end)",
        ExpressionAttributeValues={":one": {"N": "1"}, ":end": {"N": str(second + 10 * WINDOW)}},
        ReturnValues="UPDATED_NEW",
    )
    if int(answer["Attributes"]["uses"]["N"]) > limit:
        raise RateLimited(f"at most {limit} a minute", retry_after=WINDOW - second % WINDOW)
