"""What payment effects tell of themselves: whose provider they are for."""

from comanda.orders.decision import Outgoing


def provider_of(claim: Outgoing) -> str:
    """The code of the provider, with which every ledger entry's id begins."""
    return str(claim.data["entry_id"]).partition(":")[0]
