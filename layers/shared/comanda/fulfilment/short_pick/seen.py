"""A short pick that was looked at before: it is done as it was shown, or not at all."""

import hashlib
import json
from typing import Any

from comanda.errors import Stale
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide

MOVED = "what it means has changed since it was shown: look at it again"


def meaning(result: dict[str, Any]) -> str:
    """What the result of a short pick comes to, as a word: the same as long as the same would be done. Ids
    that are made anew each time are no part of it, nor what others have free."""
    replaced = [[one["sku"], one["quantity"], one["of"]] for one in result["replaced"]]
    kept = {name: result[name] for name in ("policy", "lines", "moved", "waiting", "difference", "cancelled")}
    kept |= {"replaced": replaced, "refund": result["refund"]["amount"] if result["refund"] else None}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:32]


def as_seen(decide: Decide, seen: str) -> Decide:
    """The same decision, if it means what was shown (`seen`). Raises Stale."""

    def judged(loaded: Loaded) -> Decision:
        decision = decide(loaded)
        if decision.facts and meaning(decision.result) != seen:
            raise Stale(MOVED)
        return decision

    return judged
