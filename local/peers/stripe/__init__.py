"""A payment provider that speaks Stripe's API: payment intents, charges, refunds, disputes, events."""
