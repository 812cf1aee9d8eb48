"""What a merge would do, named before anybody asks for it: it cannot be undone."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from comanda.backoffice.customers.answer import customer_row
from comanda.backoffice.customers.merging import Merging
from comanda.customers.merge import judge_merge, merged
from comanda.customers.model import Customer
from comanda.customers.open_account import OpenAccounts, credit_terms
from comanda.customers.wallet import CREDIT, Account
from comanda.orders.wire import money
from comanda.settings.store import SettingsStore

MOST_COUNTED = 1000  # orders
PROFILE = (
    "name",
    "phone",
    "company",
    "tax_id",
    "group",
    "tags",
    "note",
    "net_days",
    "credit_limit",
    "address",
)


@dataclass(frozen=True, slots=True)
class Preview:
    merging: Merging
    accounts: OpenAccounts
    settings: SettingsStore

    def show(self, customer_id: str, into: str) -> dict[str, Any]:
        """Raises what the merge itself would refuse with: NotFound, Invalid, WrongState."""
        loser, survivor = self.merging.pair(customer_id, into)
        judge_merge(loser, survivor)
        after = merged(survivor, loser)
        counted = list(islice(self.merging.orders.ids(customer_id), MOST_COUNTED + 1))
        return {
            "customer": customer_row(loser),
            "into": customer_row(survivor),
            "cannot_be_undone": True,
            "profile": _changes(survivor, after),
            "emails": after.emails,
            "orders": {"number": len(counted[:MOST_COUNTED]), "complete": len(counted) <= MOST_COUNTED},
            "addresses": len(self.merging.customers.addresses(customer_id)),
            "store_credit": self._credit(loser, survivor),
            "credit_terms": self._terms(loser, survivor, after),
        }

    def _credit(self, loser: Customer, survivor: Customer) -> list[dict[str, Any]]:
        wallets, told = self.merging.wallets, []
        for currency in wallets.currencies(loser.customer_id):
            moved = wallets.read(Account(CREDIT, loser.customer_id, currency)).balance
            here = wallets.read(Account(CREDIT, survivor.customer_id, currency)).balance
            told.append({"moved": money(moved, currency), "after": money(here + moved, currency)})
        return told

    def _terms(self, loser: Customer, survivor: Customer, after: Customer) -> dict[str, Any]:
        """What is owed on terms, and the limit that it will be held against."""
        found = self.settings.sections(["shop", "customers"])
        currency, terms = found["shop"].currency, credit_terms(after, found["customers"])
        moved = self.accounts.owed(loser.customer_id)
        limit = terms.limit if terms else None
        return {
            "owed_moved": money(moved, currency),
            "owed_after": money(self.accounts.owed(survivor.customer_id) + moved, currency),
            "credit_limit": None if limit is None else money(limit, currency),
            "net_days": terms.net_days if terms else None,
        }


def _changes(before: Customer, after: Customer) -> dict[str, Any]:
    """What the profile that stays takes over: `{field: {before, after}}`."""
    differs = (name for name in PROFILE if getattr(before, name) != getattr(after, name))
    return {
        name: {"before": getattr(before, name) or None, "after": getattr(after, name)} for name in differs
    }
