"""What the screens of the accounts work with."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.accounts.payouts import Payouts


@dataclass(frozen=True, slots=True)
class AccountsDesk:
    payouts: Callable[[], Payouts]
