"""What a payment provider must be able to do."""

from typing import Protocol


class PaymentProvider(Protocol):
    """The port; adapters are named for what they adapt."""
