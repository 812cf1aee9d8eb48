"""What a customer can do with an order, given its access token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from comanda.customers.judge import judge_contact
from comanda.errors import Invalid, NotFound, ProviderUnavailable
from comanda.exports.single import OrderFile, single_order_csv
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders.decision import Loaded
from comanda.orders.desk import Desk
from comanda.orders.facts import Fact, Origin
from comanda.orders.model import Order
from comanda.orders.verify import Register, resend_verification
from comanda.orders.vocabulary import Method
from comanda.runtime.requests import request_id, source_address
from comanda.settings.store import SettingsStore
from comanda.storefront.access import customers_order
from comanda.storefront.customer_view import customer_view, pickup_answer
from comanda.times import stamp


class History(Protocol):
    def facts(self, order_id: str) -> Any: ...


class Pays(Protocol):
    """How orders are paid; see payments."""

    def action(self, order: Order) -> dict[str, Any] | None: ...

    def start(self, order_id: str, method: Method, origin: Origin) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class CustomerDesk:
    desk: Desk
    history: History
    links: Links
    customers: Register
    settings: SettingsStore
    pay_desk: Pays
    now: Callable[[], datetime]
    new_id: NewId
    count: Callable[[str, str, str, datetime], None]

    def load(self, event: dict[str, Any], order_id: str) -> Loaded:
        """The order, for its token. Raises NotFound."""
        return customers_order(event, order_id, desk=self.desk, keys=self.links.keys)

    def facts(self, order_id: str) -> list[Fact]:
        return list(self.history.facts(order_id))

    def action(self, order: Order) -> dict[str, Any] | None:
        """The way to pay; None while the provider cannot be reached."""
        try:
            return self.pay_desk.action(order)
        except ProviderUnavailable:
            return None

    def view(self, event: dict[str, Any], order_id: str) -> dict[str, Any]:
        loaded = self.load(event, order_id)
        order = loaded.order
        sections = self.settings.sections(["shop", "shipping"] if order.pickup else ["shop"])
        return customer_view(
            order,
            self.facts(order_id),
            self.action(order),
            locale=order.locale,
            country=sections["shop"].country,
            pickup=pickup_answer(loaded, sections, order.locale, self.links.keys()),
        )

    def resend(self, event: dict[str, Any], order_id: str, email: str) -> dict[str, Any]:
        """Send the verification mail again, to a corrected address if one is given. Raises Invalid,
        WrongState, RateLimited."""
        loaded = self.load(event, order_id)
        now = self.now()
        origin = Origin("customer", f"request:{request_id(event)}", stamp(now))
        self.count(
            "resend", source_address(event), email or str(loaded.text("contact").get("email") or ""), now
        )
        corrected = self._cleaned(email) if email else ""
        rules, _ = self.settings.section("checkout")
        resend_verification(
            self.desk,
            order_id,
            corrected,
            origin,
            links=self.links,
            customers=self.customers,
            new_id=self.new_id,
            seconds=rules.verification_seconds,
            most=rules.verification_resends,
        )
        return {"status": "sent"}

    def _cleaned(self, email: str) -> str:
        shop, _ = self.settings.section("shop")
        judged = judge_contact({"email": email}, shop.country)
        if judged.errors:
            raise Invalid.at("/email", judged.errors[0]["detail"])
        return str(judged.value["email"])

    def pay(self, event: dict[str, Any], order_id: str, method: Method) -> dict[str, Any]:
        """Pay again or by another method. Raises WrongState, Invalid."""
        self.load(event, order_id)
        now = self.now()
        self.count("pay", source_address(event), "", now)
        origin = Origin("customer", f"request:{request_id(event)}", stamp(now))
        try:
            action = self.pay_desk.start(order_id, method, origin)
        except ProviderUnavailable:
            action = None
        return {"payment_action": action} if action else {}

    def csv(self, order_id: str, token: str) -> OrderFile:
        """The order's CSV, for the link in the merchant's mail. Raises NotFound, LinkExpired."""
        link = self.links.find(token, "csv", stamp(self.now()), unused=False)
        if link.order_id != order_id:
            raise NotFound("this link is not known")
        loaded = self.desk.load(order_id)
        shop, _ = self.settings.section("shop")
        return single_order_csv(loaded, shop)
