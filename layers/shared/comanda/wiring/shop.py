"""What the shop is set to: settings and their versions, price lists, discount codes, staff's names."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.discounts.store import CodeStore
    from comanda.pricelists.store import PriceStore
    from comanda.settings.pauses import Pauses
    from comanda.settings.store import SettingsStore
    from comanda.settings.versions import VersionStore


@cache
def settings() -> "SettingsStore":
    from comanda.settings.store import SettingsStore

    return SettingsStore(variable("SETTINGS_TABLE"))


@cache
def pauses() -> "Pauses":
    from comanda.settings.pauses import Pauses

    return Pauses(variable("SETTINGS_TABLE"))


@cache
def setting_versions() -> "VersionStore":
    from comanda.settings.versions import VersionStore

    return VersionStore(variable("JOBS_TABLE"))


def currency() -> str:
    """The shop's currency now."""
    return str(wiring.settings().section("shop")[0].currency)


@cache
def prices() -> "PriceStore":
    from comanda.pricelists.store import PriceStore

    return PriceStore(variable("STOCK_TABLE"))


@cache
def codes() -> "CodeStore":
    from comanda.discounts.store import CodeStore

    return CodeStore(variable("SETTINGS_TABLE"))


def staff_names(actor: str) -> tuple[str, ...]:
    """What somebody of the staff is called in the shop's settings."""
    from comanda.orders.assign import names_of

    return names_of(actor, wiring.settings().section("sales")[0])


def assignee_of_job(to: str | None, actor: str) -> str:
    """Whom a bulk job's parameter names. Raises Invalid."""
    from comanda.orders.assign import assignee

    return assignee(to, actor, wiring.settings().section("sales")[0], "/params/to")
