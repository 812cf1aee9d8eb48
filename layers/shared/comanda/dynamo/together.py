"""Read some items as they are at one moment."""

import random
import time
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from comanda.dynamo.client import client
from comanda.dynamo.passing import PASSING, PASSING_ANSWERS
from comanda.errors import Busy

MOST_KEYS = 100
ATTEMPTS = 8


def get_together(table: str, keys: Sequence[str]) -> list[dict[str, Any] | None]:
    """Raw items by partition key, in the order of the keys; None for one that is not there.

    Raises ValueError for more keys than one reading takes, and Busy when they keep being written to.
    """
    if len(keys) > MOST_KEYS:
        raise ValueError(f"{len(keys)} items cannot be read at one moment")
    request = [{"Get": {"TableName": table, "Key": {"pk": {"S": key}}}} for key in keys]
    for attempt in range(ATTEMPTS):
        try:
            answer = client().transact_get_items(TransactItems=request)
        except ClientError as error:
            _passing(error)
        except (ConnectionError, HTTPClientError):
            pass
        else:
            return [found.get("Item") for found in answer["Responses"]]
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter
    raise Busy("many people are changing the same thing at once")


def _passing(error: ClientError) -> None:
    """Return when the same reading may succeed a moment later."""
    answer: dict[str, Any] = error.response  # type: ignore[assignment]
    code = answer["Error"]["Code"]
    reasons = {reason.get("Code") for reason in answer.get("CancellationReasons", [])}
    if code == "TransactionCanceledException" and reasons <= PASSING | {"None", None}:
        return
    if code not in PASSING_ANSWERS:
        raise error
