"""What the merchant's accounts need: payouts, what was asked of providers, days and periods closed."""
