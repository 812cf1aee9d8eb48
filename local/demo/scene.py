"""What the chapters of the demo share: the system's parts as seen from outside, and the order they follow."""

import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from local.demo.mailbox import Mailbox
from local.demo.outside import Api, Missed, eventually
from local.demo.printing import Narrator
from local.demo.staff import Staff, sign_in

CUSTOMER = "Ñandú Güemes, José Ángel"
ADDRESS = {
    "line1": "Av. Álvaro Obregón 286, int. 4",
    "line2": "Entre Ámsterdam y Sonora, portón añil",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06100",
    "country": "MX",
}


@dataclass
class Scene:
    """One order's story; each chapter adds what the next one needs."""

    stack: dict[str, Any]
    home: Path
    tell: Narrator
    email: str = field(default_factory=lambda: f"jose.angel.{secrets.token_hex(3)}@example.com")
    lines: list[tuple[str, int]] = field(default_factory=list)
    order_id: str = ""
    number: str = ""
    access_token: str = ""
    tracking_url: str = ""
    payment: dict[str, Any] = field(default_factory=dict)
    parcels: list[str] = field(default_factory=list)  # tracking numbers

    @cached_property
    def shop(self) -> Api:
        return Api(self.stack["api_url"])

    @cached_property
    def customer(self) -> Api:
        return Api(self.stack["api_url"], self.access_token)

    @cached_property
    def staff(self) -> Staff:
        return Staff(self.stack["api_url"], sign_in(self.stack, "staff"))

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.stack["mailbox_url"])

    @property
    def logs(self) -> str:
        return str(self.home / "log")

    def order(self) -> dict[str, Any]:
        """The order as its customer sees it now."""
        order: dict[str, Any] = self.customer.get(f"/orders/{self.order_id}")
        return order

    def wait_for(self, axis: str, value: str, seconds: float = 30.0) -> dict[str, Any]:
        """The customer's view, once one of its axes says this."""

        def look() -> dict[str, Any] | None:
            order = self.order()
            return order if order[axis] == value else None

        def seen() -> object:
            return self.order()[axis]

        found = eventually(look, f"{axis} {value!r}", self.logs, seconds, seen)
        if found is None:
            raise Missed(f"{axis} {value!r}", seen(), self.logs)
        return found

    def expect_mail(self, event: str, count: int = 1) -> dict[str, Any]:
        """A mail about the order, told to whoever reads along."""
        mail = self.mailbox.wait(event, self.order_id, count=count)
        self.tell.mail(mail, self.mailbox.page(mail))
        return mail

    def expect(self, seen: object, expected: object, what: str) -> None:
        if seen != expected:
            raise Missed(f"{what}: {expected!r}", repr(seen), self.logs)


def pesos(money: dict[str, Any]) -> str:
    return f"{money['amount'] / 100:,.2f} {money['currency']}"
