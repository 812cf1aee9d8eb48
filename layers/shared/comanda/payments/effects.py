"""What workers at payment effects share: whose provider it is, and what all workers at effects do."""

from comanda.orders.decision import Outgoing
from comanda.orders.effects import hold_order as hold_order
from comanda.orders.effects import next_try as next_try
from comanda.orders.effects import origin_of as origin_of


def provider_of(claim: Outgoing) -> str:
    """The code of the provider, with which every ledger entry's id begins."""
    return str(claim.data["entry_id"]).partition(":")[0]
