"""An order read from the raw items of its partition."""

import json
from typing import Any

from comanda.dynamo.packed import body_of
from comanda.orders.decision import Loaded, Outgoing, Wait
from comanda.orders.items import shipment_of
from comanda.orders.model import Order
from comanda.orders.rows import DUE, OutRow, WaitRow


def loaded_from(items: list[dict[str, Any]]) -> Loaded | None:
    """An order from the raw items of its partition; None without a snapshot."""
    snapshot: dict[str, Any] | None = None
    ledger, shipments, personal = [], [], {}
    effects, waits = [], []
    for item in items:
        sk = item["sk"]["S"]
        if sk == "ORDER":
            snapshot = body_of(item)
        elif sk.startswith("LEDGER#"):
            ledger.append(body_of(item))
        elif sk.startswith("SHIPMENT#"):
            shipments.append(shipment_of(item))
        elif sk.startswith("PII#"):
            personal[sk[4:]] = body_of(item)
        elif sk.startswith("OUT#"):
            effects.append(outgoing(OutRow.from_raw_data(item)))
        elif sk.startswith("WAIT#"):
            waits.append(wait(WaitRow.from_raw_data(item)))
    if snapshot is None:
        return None
    order = Order.from_parts(snapshot, ledger, shipments)
    return Loaded(order, personal, tuple(effects), tuple(waits))


def outgoing(row: OutRow) -> Outgoing:
    return Outgoing(
        effect_id=row.sk[4:],
        kind=row.kind,
        state=row.state,
        data=json.loads(row.body),
        wanted_at=row.wanted_at,
        lease_until=row.lease_until,
        attempts=int(row.attempts),
        result=json.loads(row.result),
        due_at=(row.due_sk or "").removesuffix("#OUT") if row.due_pk == DUE else "",
        revision=int(row.revision),
        progress=json.loads(row.progress or "{}"),
    )


def wait(row: WaitRow) -> Wait:
    return Wait(row.sk[5:], row.token, int(row.run), row.since, row.due_at, row.execution)
