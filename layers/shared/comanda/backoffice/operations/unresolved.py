"""Outside effects that failed or of which nobody knows: found by their own partition of the `due` index."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from comanda.backoffice.operations.standing import reason_of
from comanda.dynamo.batch import several
from comanda.dynamo.client import client
from comanda.errors import Malformed
from comanda.orders.decision import Outgoing
from comanda.orders.partition import loaded_from, outgoing
from comanda.orders.rows import STUCK, OutRow

PAGE = 25


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An effect that waits for a person, with its order as it is."""

    order_id: str
    order_number: str
    version: int
    currency: str
    effect: Outgoing

    def to_dict(self) -> dict[str, Any]:
        effect = self.effect
        amount = effect.data.get("amount")
        return {
            "order_id": self.order_id,
            "order_number": self.order_number,
            "version": self.version,
            "effect_id": effect.effect_id,
            "kind": effect.kind,
            "event": effect.data.get("event"),
            "amount": {"amount": amount, "currency": self.currency} if amount else None,
            "state": effect.state,
            "wanted_at": effect.wanted_at,
            "attempts": effect.attempts,
            "reason": reason_of(effect.result) or None,
        }


@dataclass(frozen=True, slots=True)
class Unsettled:
    """`table` is the Orders table."""

    table: str

    def listed(self, limit: int = PAGE, cursor: str = "") -> tuple[list[Unresolved], str]:
        """One page, oldest first, and where to go on: a Query of the index, then the items by their keys.
        What was settled a moment ago and lies in the index still is left out. Raises Malformed."""
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "due",
            "KeyConditionExpression": "due_pk = :stuck",
            "ExpressionAttributeValues": {":stuck": {"S": STUCK}},
            "Limit": limit,
        }
        if cursor:
            request["ExclusiveStartKey"] = _start(cursor)
        answer = client().query(**request)
        keys = [(item["pk"]["S"], item["sk"]["S"]) for item in answer["Items"]]
        return self._read(keys), _cursor(answer.get("LastEvaluatedKey"))

    def _read(self, keys: list[tuple[str, str]]) -> list[Unresolved]:
        owners = dict.fromkeys(order_id for order_id, _ in keys)
        items = several(self.table, [*keys, *((order_id, "ORDER") for order_id in owners)])
        by_key = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
        found = []
        for key in keys:
            loaded = loaded_from([by_key[key[0], "ORDER"]]) if (key[0], "ORDER") in by_key else None
            effect = outgoing(OutRow.from_raw_data(by_key[key])) if key in by_key else None
            if loaded and effect and effect.state in ("failed", "unknown"):
                order = loaded.order
                found.append(Unresolved(key[0], order.number, order.version, order.currency, effect))
        return found


def _cursor(last: dict[str, Any] | None) -> str:
    if not last:
        return ""
    values = [last[name]["S"] for name in ("due_sk", "pk", "sk")]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _start(cursor: str) -> dict[str, Any]:
    try:
        due_sk, pk, sk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        key = {"due_pk": STUCK, "due_sk": due_sk, "pk": pk, "sk": sk}
        return {name: {"S": "" + value} for name, value in key.items()}  # TypeError for what is no text
    except (ValueError, TypeError) as error:
        raise Malformed("this is no cursor of ours") from error
