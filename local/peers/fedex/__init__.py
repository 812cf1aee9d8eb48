"""A stand-in for FedEx: its Track API, and its signed webhooks."""
