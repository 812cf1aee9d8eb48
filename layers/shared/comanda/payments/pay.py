"""How a customer pays an order: the action the storefront carries out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from comanda.ids import NewId
from comanda.orders.desk import Desk
from comanda.orders.model import Order
from comanda.payments.provider import PaymentProvider


class Paying:
    def __init__(
        self,
        desk: Desk,
        provider: Callable[[str], PaymentProvider],
        now: Callable[[], datetime],
        new_id: NewId,
    ) -> None:
        self.desk = desk
        self.provider = provider
        self.now = now
        self.new_id = new_id

    def action(self, order: Order) -> dict[str, Any] | None:
        """The way to pay, or None when there is nothing to pay or the provider cannot be reached."""
        return None
