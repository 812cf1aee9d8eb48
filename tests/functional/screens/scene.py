"""What stands on pages in tests without a browser, by the names that tests/web/scene.py has for it."""

from functools import cached_property
from typing import Any

from tests.functional.conftest import Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask, command, show


class Scene:
    """`text` is what customers typed wherever they could."""

    def __init__(self, call: Call, text: str) -> None:
        self.call = call
        self.text = text
        stock_product(units=200)
        self.order = self._placed("first@example.com")

    @cached_property
    def draft(self) -> str:
        lines = [{"sku": self.sku, "quantity": 2}]
        body = {"lines": lines, "customer": {"name": self.text, "company": self.text}}
        return str(ask(self.call, "POST", "/admin/drafts", body).body["order"]["order_id"])

    @cached_property
    def customer(self) -> str:
        return str(show(self.call, self.order)["customer"]["customer_id"])

    @cached_property
    def other_customer(self) -> str:
        other = self._placed("second@example.com")
        return str(show(self.call, other)["customer"]["customer_id"])

    @cached_property
    def statement(self) -> tuple[str, str]:
        """A bank's file with the customers' words, and its movement."""
        said = self.text.replace('"', '""')
        text = f'date,description,payer,amount\n2026-11-20,"{said}","{said}",5.00\n'
        made = ask(self.call, "POST", "/admin/statements", text).body
        path = f"/admin/statements/{made['statement_id']}/proposals"
        (row,) = ask(self.call, "GET", path).body["items"]
        return str(made["statement_id"]), str(row["entry_id"])

    def __getattr__(self, name: str) -> str:
        """What only the running system has: its page answers that there is no such thing."""
        return f"no-{name}"

    @property
    def sku(self) -> str:
        return "CAFE-1"

    def _placed(self, email: str) -> str:
        customer: dict[str, Any] = {"email": email, "name": self.text, "company": self.text}
        placed = place(
            self.call, key=email, payment_method="bank_transfer", customer=customer, comment=self.text
        )
        assert command(self.call, placed["order_id"], "verify").status == 200
        assert command(self.call, placed["order_id"], "approve").status == 200
        return str(placed["order_id"])
