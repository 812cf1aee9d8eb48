"""How a shop begins: products, a way to pay, an order to try it with; each step with what leads to it."""

from collections.abc import Collection
from dataclasses import dataclass

from comanda.screens.house.asked import BASE, Asked
from comanda.settings.methods import Method
from comanda.settings.store import SettingsStore
from comanda.stock.store import StockStore


@dataclass(frozen=True, slots=True)
class Step:
    """`address` is empty where no page leads on for this reader."""

    title: str
    text: str
    done: bool
    address: str
    caption: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """`pages`: the addresses that there are."""

    settings: SettingsStore
    stock: StockStore
    pages: Collection[str]

    def steps(self, asked: Asked) -> list[Step]:
        """What is done already says so."""
        say = asked.tongue.say
        return [
            Step(
                say("Bring in your products"),
                say("A CSV file with code, name, price and stock. You see what will change before it does."),
                bool(self.stock.catalogue(limit=1, after="")[0]),
                self._address(asked, "/stock/import", "stock.write"),
                say("Import products"),
            ),
            Step(
                say("Choose how customers pay"),
                say("A bank transfer needs nothing but your account; cards need the keys of the provider."),
                self._pays(),
                self._address(asked, "/settings/payments", "settings.read"),
                say("Payment methods"),
            ),
            Step(
                say("Place an order to try it"),
                say("Order something yourself and follow it: confirm it, mark it as paid, ship it."),
                False,
                self._address(asked, "/new-order", "orders.write") or self._shop(),
                say("New order"),
            ),
        ]

    def _pays(self) -> bool:
        names = [f"payments.{method}" for method in Method]
        return any(section.enabled for section in self.settings.sections(names).values())

    def _shop(self) -> str:
        """The storefront's own address, as far as the shop has told it."""
        url = str(self.settings.section("shop")[0].url)
        return url if url.startswith(("https://", "http://")) else ""

    def _address(self, asked: Asked, path: str, permission: str) -> str:
        return BASE + path if path in self.pages and asked.staff.may(permission) else ""
