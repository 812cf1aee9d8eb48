"""What the screens of price lists work with, and which lists there are."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.errors import NotFound
from comanda.pricelists.model import EVERYONE
from comanda.pricelists.store import PriceStore
from comanda.screens.house.asked import Asked
from comanda.settings.sections import CustomerGroup
from comanda.settings.store import SettingsStore
from comanda.stock.store import StockStore


@dataclass(frozen=True, slots=True)
class PriceDesk:
    prices: Callable[[], PriceStore]
    settings: Callable[[], SettingsStore]
    stock: Callable[[], StockStore]

    def groups(self) -> tuple[list[CustomerGroup], str]:
        """The groups of customers, and the shop's currency."""
        found = self.settings().sections(["shop", "customers"])
        return list(found["customers"].groups), str(found["shop"].currency)

    def of(self, asked: Asked, group: str) -> tuple[str, str]:
        """What a list is called, and the shop's currency. Raises NotFound."""
        groups, currency = self.groups()
        if group == EVERYONE:
            return asked.tongue.say("Everybody"), currency
        found = next((one for one in groups if one.code == group), None)
        if found is None:
            raise NotFound(f"there is no group {group!r}; the list for all is {EVERYONE!r}")
        return called(asked, found), currency


def called(asked: Asked, group: CustomerGroup) -> str:
    return group.title.of(asked.tongue.code) or group.code
