"""What statements need of the outside, and a bank's file taken in."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from comanda.backoffice.run_command import CommandDesk
from comanda.ids import NewId
from comanda.orders.decision import Loaded
from comanda.orders.facts import Origin
from comanda.search.store import SearchStore
from comanda.settings.store import SettingsStore
from comanda.statements.model import Statement
from comanda.statements.read import read_statement
from comanda.statements.store import StatementStore

ID_LENGTH = 26


@dataclass(frozen=True, slots=True)
class StatementDesk:
    """`look` reads orders by their ids without their ledgers; a missing one is left out."""

    store: StatementStore
    commands: CommandDesk
    tokens: SearchStore
    look: Callable[[Iterable[str]], list[Loaded]]
    settings: Callable[[], SettingsStore]
    now: Callable[[], datetime]
    new_id: NewId

    def take_in(self, data: bytes, origin: Origin) -> tuple[Statement, bool]:
        """Enter a bank's file; whether it was new. The same file again is the same statement. Raises Invalid
        and TooLarge for a file that cannot be taken whole, and Busy."""
        statement_id = hashlib.sha256(data).hexdigest()[:ID_LENGTH]
        known = self.store.find(statement_id)
        if known is not None and known.whole:
            return known, False
        shop = self.settings().section("shop")[0]
        today = self.now().astimezone(ZoneInfo(shop.time_zone)).date()
        read = read_statement(data, shop.currency, today)
        return self.store.add(statement_id, read, origin.at, origin.actor), True
