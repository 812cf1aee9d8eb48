"""One TransactWriteItems whose every action knows what its refusal means."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from comanda.dynamo.client import client
from comanda.dynamo.passing import PASSING, PASSING_ANSWERS
from comanda.dynamo.row import Row
from comanda.errors import Busy, OutOfStock

MOST_ACTIONS = 96  # DynamoDB takes 100: 80 products, what an order writes beside them, and some room
ATTEMPTS = 8

type Refusal = Callable[[dict[str, Any] | None], Exception]


class AlreadyDone(Exception):
    """The effect's identity is there already: nothing is to be done again. Never reaches the outside."""


class RevisionMoved(Exception):
    """Somebody else wrote first; the caller reads again and judges again. Never reaches the outside."""


@dataclass(frozen=True, slots=True)
class Action:
    request: dict[str, Any]
    refused: Refusal | type[Exception]


class Transaction:
    """Collects labelled actions, then sends them as one.

    `refused` says what a failed condition of that action means: an exception class, or a function
    that makes the problem from the item as it stands (None when it is not there).
    """

    def __init__(self) -> None:
        self.actions: list[Action] = []

    def put(
        self, row: Row, condition: Any = None, refused: Refusal | type[Exception] = RevisionMoved
    ) -> None:
        self.actions.append(Action({"Put": _told(row.put_request(condition), condition)}, refused))

    def update(
        self,
        row: Row,
        actions: list[Any],
        condition: Any = None,
        refused: Refusal | type[Exception] = RevisionMoved,
    ) -> None:
        request = _told(row.update_request(actions, condition), condition)
        self.actions.append(Action({"Update": request}, refused))

    def delete(
        self, row: Row, condition: Any = None, refused: Refusal | type[Exception] = RevisionMoved
    ) -> None:
        self.actions.append(Action({"Delete": row.delete_request(condition)}, refused))

    def check(self, row: Row, condition: Any, refused: Refusal | type[Exception] = RevisionMoved) -> None:
        """Change nothing of an item, but let nothing happen unless it is as the condition says."""
        self.actions.append(
            Action({"ConditionCheck": _told(row.delete_request(condition), condition)}, refused)
        )

    def commit(self) -> None:
        """Send until it is decided. Raises the refusal that counts, or Busy when conflicts outlast patience.

        The same ClientRequestToken goes with every repeat, so an answer that was lost on its way
        back does not write twice.
        """
        token = str(uuid4())
        for attempt in range(ATTEMPTS):
            try:
                client().transact_write_items(
                    TransactItems=[action.request for action in self.actions], ClientRequestToken=token
                )
                return
            except ClientError as error:
                self._judge(error)
            except (ConnectionError, HTTPClientError):
                pass
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise Busy("many people are changing the same thing at once; nothing was written")

    def _judge(self, error: ClientError) -> None:
        """Return when the request may be sent again; raise what its refusal means otherwise."""
        answer: dict[str, Any] = error.response  # type: ignore[assignment]
        code = answer["Error"]["Code"]
        if code in PASSING_ANSWERS:
            return
        if code != "TransactionCanceledException":
            raise error
        reasons = answer.get("CancellationReasons", [])
        refusals = []
        for action, reason in zip(self.actions, reasons, strict=False):
            if reason.get("Code") == "ConditionalCheckFailed":
                refusals.append(_refusal(action, reason.get("Item")))
            elif reason.get("Code") not in (None, "None", *PASSING):
                raise error
        if refusals:
            raise decisive(refusals)


def _told(request: dict[str, Any], condition: Any) -> dict[str, Any]:
    """A refused condition tells what the item is like."""
    if condition is not None:
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return request


def decisive(refusals: list[Exception]) -> Exception:
    """The refusal that counts; several sold-out products are told together."""
    first = min(refusals, key=_precedence)
    if isinstance(first, OutOfStock):
        alike = [refusal for refusal in refusals if isinstance(refusal, OutOfStock)]
        lines = [line for refusal in alike for line in refusal.extra["lines"]]
        return OutOfStock("; ".join(refusal.detail for refusal in alike), lines=lines)
    return first


def _precedence(refusal: Exception) -> int:
    """A repeated request is answered as the first time, even if its own first run took the last unit;
    with a newer order the other refusals may not arise at all."""
    return 0 if isinstance(refusal, AlreadyDone) else 1 if isinstance(refusal, RevisionMoved) else 2


def _refusal(action: Action, item: dict[str, Any] | None) -> Exception:
    if isinstance(action.refused, type):
        made: Exception = action.refused("a condition was not met")
        return made
    return action.refused(item)
