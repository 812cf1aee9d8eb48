"""The customer accepts a quotation by its mailed link: it is placed at the prices that were offered."""

from dataclasses import replace

from comanda.idempotency.once import Once
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Desk, Done
from comanda.orders.drafts.content import request_of
from comanda.orders.drafts.place import Counter, deciding, held
from comanda.orders.drafts.quotation import PURPOSE, offered_by
from comanda.orders.drafts.write import texts_of
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Draft


def accept_quotation(
    token: str, purchase_order: str, *, desk: Desk, at: Counter, origin: Origin, once: Once
) -> Done:
    """Use the link up and place the order; the same key is answered alike again.

    The link was mailed to the customer's address, so it also confirms that address. Raises NotFound,
    LinkUsed, LinkExpired, OutOfStock, and Invalid when the shop's form asks for more than it did.
    """
    return once.answering(
        lambda earlier: Done(desk.load(earlier.order_id).order, changed=False),
        lambda: _accept(token, purchase_order, desk, at, origin, once),
    )


def _accept(token: str, purchase_order: str, desk: Desk, at: Counter, origin: Origin, once: Once) -> Done:
    link = at.links.find(token, PURPOSE, origin.at)

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        offered_by(link, order)
        draft, texts = order.draft or Draft(), texts_of(loaded)
        if purchase_order:
            texts["purchase_order"] = purchase_order
        shelf = at.reader.shelf(draft, texts.get("contact") or {})
        asked = replace(request_of(draft, texts, order.locale), accept_privacy=True)
        accepted = Happened("QuotationAccepted", {"serial": draft.serial}, "customer")
        placed = deciding(loaded, asked, held(order), shelf, origin, at, by="customer")
        noted = once.remembering(order.order_id, order.revision + 1, {})
        return Decision(facts=(accepted,), also=(at.links.use(link, origin.at), *noted)) + placed

    return desk.run(link.order_id, decide, origin)
