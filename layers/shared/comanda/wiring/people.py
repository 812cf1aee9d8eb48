"""Customers: who they are, what they bought, what they owe and what they have."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.backoffice.customers.duplicates import Duplicates
    from comanda.backoffice.customers.file import CustomerFile
    from comanda.backoffice.customers.find import CustomerList
    from comanda.backoffice.customers.merge_preview import Preview
    from comanda.backoffice.customers.merging import Merging
    from comanda.customers.credit import Till
    from comanda.customers.merge_store import MergeStore
    from comanda.customers.open_account import OpenAccounts
    from comanda.customers.store import CustomerStore
    from comanda.customers.wallet_store import Wallets
    from comanda.search.of_customer import CustomerOrders
    from comanda.search.store import SearchStore


@cache
def customers() -> "CustomerStore":
    from comanda.customers.store import CustomerStore

    return CustomerStore(variable("CUSTOMERS_TABLE"))


@cache
def open_accounts() -> "OpenAccounts":
    from comanda.customers.open_account import OpenAccounts

    return OpenAccounts(variable("CUSTOMERS_TABLE"))


@cache
def wallets() -> "Wallets":
    from comanda.customers.wallet_store import Wallets

    return Wallets(variable("CUSTOMERS_TABLE"))


@cache
def till() -> "Till":
    """Where staff see and correct store credit and gift cards."""
    from comanda.customers.credit import Till

    return Till(
        wiring.wallets(),
        wiring.keys_seen(),
        lambda one: wiring.customers().load(one) is not None,
        lambda: wiring.keys().active,
    )


@cache
def customer_tokens() -> "SearchStore":
    from comanda.search.store import CUSTOMERS, SearchStore

    return SearchStore(variable("SEARCH_TABLE"), CUSTOMERS)


@cache
def customer_orders() -> "CustomerOrders":
    from comanda.search.of_customer import CustomerOrders

    return CustomerOrders(wiring.search_tokens(), variable("ORDERS_TABLE"))


@cache
def customer_list() -> "CustomerList":
    from comanda.backoffice.customers.find import CustomerList

    return CustomerList(wiring.customer_tokens(), wiring.customers())


@cache
def customer_file() -> "CustomerFile":
    from comanda.backoffice.customers.file import CustomerFile
    from comanda.ids import new_id

    return CustomerFile(
        wiring.customers(),
        wiring.customer_orders(),
        wiring.open_accounts(),
        wiring.settings(),
        new_id,
        wiring.merges(),
        wiring.wallets(),
    )


@cache
def merges() -> "MergeStore":
    from comanda.customers.merge_store import MergeStore

    return MergeStore(variable("CUSTOMERS_TABLE"))


@cache
def merging() -> "Merging":
    """Where a customer is merged into another."""
    from comanda.backoffice.customers.merging import Merging

    return Merging(
        customers=wiring.customers(),
        merges=wiring.merges(),
        wallets=wiring.wallets(),
        orders=wiring.customer_orders(),
        desk=wiring.desk(),
        codes=wiring.codes(),
        keys_seen=wiring.keys_seen(),
        currency=wiring.currency,
        now=wiring.now,
    )


@cache
def merge_preview() -> "Preview":
    from comanda.backoffice.customers.merge_preview import Preview

    return Preview(wiring.merging(), wiring.open_accounts(), wiring.settings())


@cache
def duplicates() -> "Duplicates":
    from comanda.backoffice.customers.duplicates import Duplicates

    return Duplicates(wiring.customer_tokens(), wiring.customers())
