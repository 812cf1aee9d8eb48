"""An order's history for staff and for outside checks: verified, as of any instant, taken out whole."""

from typing import Any

from comanda.backoffice.order_answer import order_answer
from comanda.orders.past import Past
from comanda.orders.verify_history import EXPLAINED, Verified

FORMAT = "comanda-history/1"  # docs/history.md says what is in it and how it is checked


def verified_answer(order_id: str, verified: Verified) -> dict[str, Any]:
    """What `GET /admin/orders/{id}/history/verify` answers."""
    return {
        "order_id": order_id,
        "whole": not verified.findings,
        "revision": verified.revision,
        "facts": verified.facts,
        "head_hash": verified.head_hash or None,
        "findings": [
            {"what": one.what, "where": one.where, "detail": EXPLAINED[one.what]} for one in verified.findings
        ],
    }


def past_answer(then: Past, execution_arn: str) -> dict[str, Any]:
    """The order as it was, with its history until then."""
    return order_answer(then.order, then.personal, execution_arn) | {
        "as_of": {"revision": then.order.revision, "at": then.at},
        "history": [fact.to_dict() for fact in then.facts],
    }


def history_file(then: Past, at: str) -> dict[str, Any]:
    """Everything that a check outside needs: facts, the snapshot's digests, texts with their salts."""
    order = then.order
    return {
        "format": FORMAT,
        "order_id": order.order_id,
        "number": order.number,
        "exported_at": at,
        "revision": order.revision,
        "head_hash": order.head_hash,
        "facts": [fact.to_dict() for fact in then.facts],
        "order": order.to_dict(),
        "texts": [
            {"name": name, "value": sealed.value, "salt": sealed.salt, "digest": sealed.digest}
            for name, sealed in sorted(then.texts.items())
        ],
    }
