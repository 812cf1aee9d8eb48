"""Ask for an export batch once per Idempotency-Key."""

import json
from typing import Any

from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.exports.exporting import Exporting
from comanda.exports.requests import request_run
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.ids import same_id
from comanda.orders.facts import Origin


def run_once(
    destination: str, asked: dict[str, Any], key: str, origin: Origin, at: Exporting, keys_seen: KeyStore
) -> tuple[str, bool]:
    """The batch's id, and whether it had been asked for before.

    With a key the id is derived from it, so a run that died before the key was written is the same
    one when it comes again. Raises what `request_run` raises, and IdempotencyKeyReused.
    """
    if not key:
        return request_run(destination, at, requested_by=origin.actor, **asked), False
    request = Request.of(f"{origin.actor}#export#{destination}", key, json.dumps(asked, sort_keys=True))
    if keys_seen.earlier(request):
        return same_id(request.pk), True
    batch_id = request_run(destination, at, requested_by=origin.actor, batch_id=same_id(request.pk), **asked)
    tx = Transaction()
    keys_seen.remember(tx, request, Earlier("", 0, {"batch_id": batch_id}), origin.at)
    try:
        tx.commit()
    except AlreadyDone:
        return batch_id, True
    return batch_id, False
