"""Money: the ledger, the providers, refunds."""
