"""The customer answers a proposed change by the mailed link."""

from typing import Literal

from comanda.errors import LinkExpired, LinkUsed, Stale
from comanda.idempotency.once import Once
from comanda.links.store import Link
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Desk, Done
from comanda.orders.edits.confirm_edit import confirming
from comanda.orders.edits.decline_edit import declining
from comanda.orders.edits.desk import EditDesk
from comanda.orders.facts import Origin
from comanda.orders.guards import edit_is_stale

type Answer = Literal["accept", "decline"]

LEFT_BEHIND = "the order has changed since; the shop has to propose the change anew"


def answer_edit(
    token: str, said: Answer, reason: str, *, desk: Desk, edits: EditDesk, origin: Origin, once: Once
) -> Done:
    """Use the link up and carry out or drop the edit; the same key is answered alike again.

    Raises NotFound, LinkUsed, LinkExpired (also when the order has moved on), WrongState, OutOfStock.
    """
    return once.answering(
        lambda earlier: Done(desk.load(earlier.order_id).order, earlier.result, changed=False),
        lambda: _answer(token, said, reason, desk, edits, origin, once),
    )


def _answer(
    token: str, said: Answer, reason: str, desk: Desk, edits: EditDesk, origin: Origin, once: Once
) -> Done:
    link = edits.links.find(token, "edit", origin.at)
    judge = (
        confirming(link.serial, origin, edits, by="customer")
        if said == "accept"
        else declining(link.serial, reason, edits, by="customer")
    )

    def decide(loaded: Loaded) -> Decision:
        still_open(loaded, link)
        try:
            decision = judge(loaded)
        except Stale as stale:
            raise LinkExpired(LEFT_BEHIND) from stale
        noted = once.remembering(loaded.order.order_id, loaded.order.revision + 1, decision.result)
        return decision + Decision(also=(edits.links.use(link, origin.at), *noted))

    return desk.run(link.order_id, decide, origin)


def still_open(loaded: Loaded, link: Link) -> None:
    """Raise LinkUsed for an edit that has been decided, LinkExpired for one the order has left behind."""
    order = loaded.order
    if order.edit is None or order.edit.edit_id != link.serial:
        raise LinkUsed("this change was decided before")
    if edit_is_stale(order):
        raise LinkExpired(LEFT_BEHIND)
