"""A proposed change as the customer is shown it: the order as it would be."""

from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.decision import Loaded
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.facts import Fact


def proposed(loaded: Loaded, edit_id: str, facts: Iterable[Fact]) -> Loaded:
    """The order as the edit would make it, for the eyes of whoever is asked."""
    asked = next(
        fact for fact in facts if fact.type == "EditRequested" and fact.data["edit"]["edit_id"] == edit_id
    )
    order = applied(loaded.order, Outcome.from_dict(asked.data["outcome"]))
    waiting = loaded.order.edit.texts if loaded.order.edit else ()
    texts = {name.rpartition(":")[2]: loaded.personal[name] for name in waiting if name in loaded.personal}
    return replace(loaded, order=order, personal=loaded.personal | texts)
