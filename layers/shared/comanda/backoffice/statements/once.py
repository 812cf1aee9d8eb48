"""A confirmation under its caller's key. Each movement counts once by its own identity; the key only says
whether the same request came before."""

from collections.abc import Callable, Sequence
from typing import Any

from comanda.backoffice.statements.answers import result_answer
from comanda.backoffice.statements.confirming import Confirming, Wish
from comanda.backoffice.statements.splitting import Share, Splitting
from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.idempotency.store import Earlier, KeyStore, Request


def split_once(
    splitting: Splitting, entry_id: str, shares: Sequence[Share], request: Request, keys_seen: KeyStore
) -> bool:
    """Split a movement; whether this was asked before. Raises what `Splitting.split` does, and
    IdempotencyKeyReused."""
    if keys_seen.earlier(request):
        return True
    splitting.split(entry_id, shares)
    tx = Transaction()
    keys_seen.remember(tx, request, Earlier("", 0, {}), splitting.confirming.origin.at)
    try:
        tx.commit()
    except AlreadyDone:
        return True
    return False


def confirm_once(
    confirming: Confirming,
    wishes: Sequence[Wish],
    request: Request,
    keys_seen: KeyStore,
    more_time: Callable[[], bool],
) -> tuple[dict[str, Any], bool]:
    """What became of each movement, and whether this was asked before. While some are left for want of time
    the request is not remembered: sent again it goes on. Raises NotFound, IdempotencyKeyReused."""
    earlier = keys_seen.earlier(request)
    if earlier:
        return earlier.result, True
    results = [result_answer(one) for one in confirming.all(wishes, more_time)]
    left = sum(1 for one in results if one["outcome"] == "left")
    told = {"results": results, "left": left}
    if left:
        return told, False
    tx = Transaction()
    keys_seen.remember(tx, request, Earlier("", 0, told), confirming.origin.at)
    try:
        tx.commit()
    except AlreadyDone:
        return told, True
    return told, False
