"""Whose a refund is when its provider does not say: found out from our own wishes. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.decision import Outgoing
from comanda.orders.model import Order
from comanda.payments.provider import ProviderRecord, Refund

REFUND = "payment.refund"
AT_WORK = ("wanted", "claimed")


def named(record: ProviderRecord, effects: Iterable[Outgoing]) -> ProviderRecord:
    """The record with our names on the refunds that we know we asked for.

    A refund that looks like one which somebody is working on right now is left out: whoever carries that
    out is told by the provider which refund it is. The rest was made by others.
    """
    if record.names_refunds:
        return record
    ours = [one for one in effects if one.kind == REFUND and one.data["ref"] == record.ref]
    known = _known(ours)
    at_work = Counter(_look(one) for one in ours if one.state in AT_WORK)
    found = []
    for refund in record.refunds:
        look = (refund.charge, refund.amount)
        if refund.ref in known:
            found.append(replace(refund, effect_id=known[refund.ref]))
        elif at_work[look]:
            at_work[look] -= 1
        else:
            found.append(refund)
    return replace(record, refunds=tuple(found))


def twin(
    record: ProviderRecord, order: Order, effects: Iterable[Outgoing], effect: Outgoing
) -> Refund | None:
    """A refund of the record that may be what an earlier try at `effect` made, for all that can be seen: it
    looks like it, and is nobody else's."""
    if record.names_refunds:
        return None
    known = {*_known(effects), *(entry.ref for entry in order.ledger if entry.kind == "refund")}
    fits = (one for one in record.refunds if (one.charge, one.amount) == _look(effect))
    return next((one for one in fits if one.ref not in known and one.status != "failed"), None)


def _known(effects: Iterable[Outgoing]) -> dict[str, str]:
    """Refunds that the provider answered with, and what they carried out."""
    done = (one for one in effects if one.kind == REFUND and one.result.get("ref"))
    return {str(one.result["ref"]): one.effect_id for one in done}


def _look(effect: Outgoing) -> tuple[str, int]:
    return str(effect.data["charge"]), int(effect.data["amount"])
