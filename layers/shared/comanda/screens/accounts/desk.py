"""What the screens of the accounts work with."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.backoffice.accounts.ask import AskNow
from comanda.backoffice.accounts.days import Days
from comanda.backoffice.accounts.disputes import Disputes
from comanda.backoffice.accounts.ledger import Ledger
from comanda.backoffice.accounts.locking import Locking
from comanda.backoffice.accounts.payouts import Payouts
from comanda.backoffice.accounts.reconciliation import Reconciliation

PROVIDERS = {"stripe": "Stripe", "paypal": "PayPal", "mercadopago": "Mercado Pago"}


@dataclass(frozen=True, slots=True)
class AccountsDesk:
    payouts: Callable[[], Payouts]
    disputes: Callable[[], Disputes]
    reconciliation: Callable[[], Reconciliation]
    asking: Callable[[], AskNow]
    locking: Callable[[], Locking]
    days: Callable[[], Days]
    ledger: Callable[[], Ledger]
    staff_names: Callable[[str], tuple[str, ...]]

    def name_of(self, actor: str) -> str:
        """Who of the staff that was; the id where no name is known."""
        return next(iter(self.staff_names(actor)), actor)
