"""Money beyond one order: payouts of providers, and what was asked of them."""
