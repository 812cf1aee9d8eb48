"""Staff take authorised money without waiting for the approval, or a part of it."""

from comanda.errors import Invalid
from comanda.orders.authorized import left_to_take, taking, waiting
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.guards import check
from comanda.payments.which import payment_named


def taking_by_hand(amount: int | None, payment_id: str) -> Decide:
    """Have `amount` of an authorisation taken, in minor units of the order's currency; by default all of it
    that is due. A bank lets one authorisation be taken once: what is beyond the amount goes back.

    `result.payment_id` names the authorisation. Raises WrongState, and Invalid for more than is authorised
    and due, or when `payment_id` is none of the order's authorisations, or missing among several.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("capture", order)
        entry = payment_named(waiting(order), payment_id)
        most = min(entry.amount, left_to_take(order))
        wanted = most if amount is None else amount
        if wanted > most:
            raise Invalid.at("/amount/amount", "more than is authorised and due")
        told = {"amount": wanted, "currency": order.currency}
        result = {"payment_id": entry.entry_id, "amount": told}
        return taking(order, entry, wanted) + Decision(result=result)

    return decide
