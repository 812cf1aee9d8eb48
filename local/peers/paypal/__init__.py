"""A stand-in for PayPal: Orders v2, payments, disputes, the customer's page, signed webhooks."""
