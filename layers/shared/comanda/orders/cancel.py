"""Cancel an order that has not been shipped."""

from comanda.ids import NewId
from comanda.orders.approve import explained
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.guards import check
from comanda.orders.model import Ending


def cancelling(reason: str, note: str, actor: str, new_id: NewId, *, restock: bool, refund: bool) -> Decide:
    """Cancel for a reason code. Open payments are voided first; captured money is refunded if wanted."""

    def decide(loaded: Loaded) -> Decision:
        check("cancel", loaded.order)
        end = Ending("cancelled", reason, actor, restock=restock, refund=refund)
        return explained(loaded, end, note, new_id)

    return decide
