"""A Mercado Pago that runs here: Checkout Pro's preferences, payments, refunds, chargebacks, webhooks."""
