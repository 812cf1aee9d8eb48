"""Where the screens of the accounts are hung."""

from comanda.conversation.speech import N_
from comanda.screens.accounts.days import hang_days
from comanda.screens.accounts.desk import AccountsDesk
from comanda.screens.accounts.disputes import hang_disputes
from comanda.screens.accounts.ledger import hang_ledger
from comanda.screens.accounts.payouts import hang_payouts
from comanda.screens.accounts.periods import hang_periods
from comanda.screens.accounts.reconciliation import hang_reconciliation
from comanda.screens.accounts.rooms import FRONT
from comanda.screens.house.routing import House


def hang_accounts(house: House, desk: AccountsDesk) -> None:
    """Every room of the accounts."""
    house.menu(50, N_("Money"), FRONT, "accounts.read", key="m")
    hang_payouts(house, desk)
    hang_disputes(house, desk)
    hang_reconciliation(house, desk)
    hang_days(house, desk)
    hang_ledger(house, desk)
    hang_periods(house, desk)
