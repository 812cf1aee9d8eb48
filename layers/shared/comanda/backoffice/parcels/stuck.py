"""Stuck parcels, the longest silent first: a partition of the `due` index of their own, then items by key."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from comanda.dynamo.batch import several
from comanda.dynamo.client import client
from comanda.errors import Malformed
from comanda.orders.decision import Loaded
from comanda.orders.model import Shipment
from comanda.orders.partition import loaded_from
from comanda.orders.rows import STUCK_PARCELS
from comanda.times import moment, stamp

PAGE = 50
TURNS = 4  # of reading, where few are of the carrier that is asked for
MOST_COUNTED = 200

type Key = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class StuckParcels:
    """`table` is the Orders table; `days` the shop's setting, None where nothing counts as stuck."""

    table: str
    days: Callable[[], int | None]
    now: Callable[[], datetime]

    def listed(self, carrier: str = "", cursor: str = "") -> tuple[list[dict[str, Any]], str]:
        """One page, and where to go on. What was scanned a moment ago and lies in the index still is left
        out. Raises Malformed."""
        start, rows = _start(cursor) if cursor else None, list[dict[str, Any]]()
        for _ in range(TURNS):
            answer = self._query(start, PAGE)
            start = answer.get("LastEvaluatedKey")
            rows += self._read([item for item in answer["Items"] if _fits(item, carrier)])
            if start is None or len(rows) >= PAGE:
                break
        return rows, _cursor(start) if start else ""

    def count(self) -> int:
        """How many there are, up to MOST_COUNTED."""
        return len(self._query(None, MOST_COUNTED)["Items"])

    def _query(self, start: Key | None, limit: int) -> dict[str, Any]:
        days = self.days()
        if days is None:
            return {"Items": []}
        until = stamp(self.now() - timedelta(days=days))
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "due",
            "KeyConditionExpression": "due_pk = :stuck AND due_sk < :until",
            "ExpressionAttributeValues": {":stuck": {"S": STUCK_PARCELS}, ":until": {"S": until}},
            "Limit": limit,
        }
        return dict(client().query(**request | ({"ExclusiveStartKey": start} if start else {})))

    def _read(self, found: list[Key]) -> list[dict[str, Any]]:
        keys = [(item["pk"]["S"], item["sk"]["S"]) for item in found]
        owners = dict.fromkeys(order_id for order_id, _ in keys)
        beside = [(owner, part) for owner in owners for part in ("ORDER", "PII#contact")]
        items: dict[str, list[dict[str, Any]]] = {owner: [] for owner in owners}
        for item in several(self.table, [*keys, *beside]) if keys else ():
            items[item["pk"]["S"]].append(item)
        orders = {owner: loaded_from(own) for owner, own in items.items()}
        return [row for key in keys for row in self._row(orders[key[0]], key[1])]

    def _row(self, loaded: Loaded | None, sk: str) -> list[dict[str, Any]]:
        if loaded is None:
            return []
        own = (one for one in loaded.order.shipments if f"SHIPMENT#{one.shipment_id}" == sk)
        return [_told(one, loaded, self.now()) for one in own if one.stuck_since]


def _told(parcel: Shipment, loaded: Loaded, now: datetime) -> dict[str, Any]:
    contact: Mapping[str, Any] = loaded.personal.get("contact") or {}
    return {
        "order_id": loaded.order.order_id,
        "order_number": loaded.order.number,
        "shipment_id": parcel.shipment_id,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url or None,
        "status": parcel.status,
        "shipped_at": parcel.shipped_at,
        "scan_at": parcel.scan_at or None,
        "since": parcel.stuck_since,
        "days": (now - moment(parcel.stuck_since)).days,
        "customer": contact.get("name") or None,
    }


def _fits(item: Key, carrier: str) -> bool:
    return not carrier or item["due_sk"]["S"].partition("#")[2].casefold() == carrier.casefold()


def _cursor(last: Key) -> str:
    values = [last[name]["S"] for name in ("due_sk", "pk", "sk")]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _start(cursor: str) -> Key:
    try:
        due_sk, pk, sk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        key = {"due_pk": STUCK_PARCELS, "due_sk": due_sk, "pk": pk, "sk": sk}
        return {name: {"S": "" + value} for name, value in key.items()}  # TypeError for what is no text
    except (ValueError, TypeError) as error:
        raise Malformed("this is no cursor of ours") from error
