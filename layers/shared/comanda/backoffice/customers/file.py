"""The file of one customer: profile, address book and orders; staff's changes to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from comanda.backoffice.customers.answer import customer_answer, default_id, order_row, totals_answer
from comanda.backoffice.customers.cursor import read_cursor, write_cursor
from comanda.backoffice.customers.merge_answer import merge_answer
from comanda.customers.credit import entry_answer
from comanda.customers.judge import judge_address, judge_contact
from comanda.customers.learn import learning
from comanda.customers.merge_store import MergeStore
from comanda.customers.model import Address, Customer
from comanda.customers.open_account import OpenAccounts, credit_terms
from comanda.customers.store import CustomerStore
from comanda.customers.wallet import CREDIT, Account
from comanda.customers.wallet_store import Wallets
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Invalid, NotFound, Stale, WrongState
from comanda.ids import NewId
from comanda.orders.wire import money
from comanda.search.of_customer import CustomerOrders
from comanda.settings.store import SettingsStore

FIRST_ORDERS = 20  # shown with the profile
MOST_ADDRESSES = 100
NEWEST_ENTRIES = 20  # of the store credit's ledger
MOST_ADDED_UP = 100  # orders whose totals are added up

type Write = Callable[[Transaction], None]
type Writes = Sequence[Write]


@dataclass(frozen=True, slots=True)
class CustomerFile:
    customers: CustomerStore
    orders: CustomerOrders
    accounts: OpenAccounts
    settings: SettingsStore
    new_id: NewId
    merges: MergeStore
    wallets: Wallets

    def load(self, customer_id: str) -> Customer:
        """Raises NotFound."""
        found = self.customers.load(customer_id)
        if found is None:
            raise NotFound("no such customer")
        return found

    def show(self, customer_id: str) -> dict[str, Any]:
        """The profile with the newest orders and what all of them come to. Raises NotFound."""
        customer = self.load(customer_id)
        chapter = self.orders.newest(customer.customer_id, limit=MOST_ADDED_UP)
        first = chapter.orders[:FIRST_ORDERS]
        more = len(chapter.orders) > FIRST_ORDERS or chapter.next
        last = f"{first[-1].created_at}#{first[-1].order_id}" if first and more else chapter.next
        return customer_answer(customer, self.customers.addresses(customer.customer_id)) | {
            "credit_terms": self._credit(customer),
            "store_credit": self._store_credit(customer),
            "merge": merge_answer(found) if (found := self.merges.find(customer_id)) else None,
            "merged_from": self.merges.absorbed(customer_id),
            "totals": totals_answer(chapter.orders, complete=not chapter.next),
            "orders": {
                "items": [order_row(order) for order in first],
                "next": write_cursor(last, customer.customer_id),
            },
        }

    def _store_credit(self, customer: Customer) -> dict[str, Any]:
        """The balance, and the newest entries of its ledger; all of them are at `…/credit`."""
        currency = self.settings.section("shop")[0].currency
        account = Account(CREDIT, customer.customer_id, currency)
        entries = self.wallets.entries(account)
        return {
            "balance": money(self.wallets.read(account).balance, currency),
            "entries": [entry_answer(one) for one in reversed(entries[-NEWEST_ENTRIES:])],
            "complete": len(entries) <= NEWEST_ENTRIES,
        }

    def _credit(self, customer: Customer) -> dict[str, Any]:
        """Terms as they apply, own or the group's, and what is open on them."""
        found = self.settings.sections(["shop", "customers"])
        currency, terms = found["shop"].currency, credit_terms(customer, found["customers"])
        limit = terms.limit if terms else None
        return {
            "net_days": terms.net_days if terms else None,
            "credit_limit": None if limit is None else money(limit, currency),
            "source": terms.source if terms else None,
            "owed": money(self.accounts.owed(customer.customer_id), currency),
        }

    def history(self, customer_id: str, limit: int, cursor: str) -> dict[str, Any]:
        """A page of the orders, newest first. Raises NotFound, Invalid."""
        customer = self.load(customer_id)
        behind = read_cursor(cursor, customer.customer_id)
        chapter = self.orders.newest(customer.customer_id, limit=limit, behind=behind)
        items = [order_row(order) for order in chapter.orders]
        return {"items": items, "next": write_cursor(chapter.next, customer.customer_id)}

    # -- changes; `seen` is the version that the caller has seen -----------------------------------

    def change(self, customer_id: str, changes: dict[str, Any], *, seen: int, also: Writes = ()) -> Customer:
        """Set fields of the profile. Raises NotFound, Stale, Invalid; nothing is written then."""
        before = self._seen(customer_id, seen)
        after = replace(before, **self._judged(before, changes))
        return before if after == before else self._write(after, *also)

    def add_address(
        self,
        customer_id: str,
        place: dict[str, Any],
        *,
        default: bool,
        seen: int,
        at: str,
        also: Writes = (),
    ) -> str:
        """Put a place into the book; answers its id. Raises NotFound, Stale, Invalid."""
        before = self._seen(customer_id, seen)
        if len(self.customers.addresses(customer_id)) >= MOST_ADDRESSES:
            raise Invalid.at("/address", f"a customer has at most {MOST_ADDRESSES} addresses")
        address = Address(self.new_id(), _place(place), "staff", at)
        self._keep(before, address, also, default=default)
        return address.address_id

    def change_address(
        self,
        customer_id: str,
        known: str,
        place: dict[str, Any],
        *,
        default: bool | None,
        seen: int,
        also: Writes = (),
    ) -> None:
        """Replace a place, or make it the default. Raises NotFound, Stale, Invalid."""
        before = self._seen(customer_id, seen)
        address = self._address(before, known)
        was_default = known == default_id(before)
        if default is False and was_default:
            raise Invalid.at("/default", "make another address the default")
        changed = replace(address, place=_place(place), source="staff") if place else address
        self._keep(before, changed, also, default=bool(default) or was_default)

    def remove_address(self, customer_id: str, known: str, *, seen: int, also: Writes = ()) -> None:
        """Take a place out of the book; without its default a book has none. Raises NotFound, Stale."""
        before = self._seen(customer_id, seen)
        self._address(before, known)
        was_default = known == default_id(before)
        after = replace(before, address={}, default_address="") if was_default else before
        self._write(after, lambda tx: self.customers.remove_address(tx, before.customer_id, known), *also)

    def _keep(self, before: Customer, address: Address, also: Writes, *, default: bool) -> None:
        def put(tx: Transaction) -> None:
            self.customers.put_address(tx, before.customer_id, address)

        if not default:
            self._write(before, put, *also)
            return
        after = replace(before, address=address.place, default_address=address.address_id)
        own_place = default_id(before) == address.address_id
        places = [] if own_place or before.default_address else [before.address]
        learnt = learning(self.customers, after, places, address.added_at)
        self._write(after, put, *learnt, *also)

    def _address(self, customer: Customer, known: str) -> Address:
        book = self.customers.addresses(customer.customer_id)
        found = next((address for address in book if address.address_id == known), None)
        if found is None and known == default_id(customer) and customer.address:
            found = Address(known, customer.address, "order", customer.verified_at or customer.created_at)
        if found is None:
            raise NotFound("no such address")
        return found

    def _seen(self, customer_id: str, seen: int) -> Customer:
        customer = self.load(customer_id)
        if customer.merged_into:
            raise WrongState("customer-merged", f"this customer was merged into {customer.merged_into}")
        if customer.version != seen:
            raise Stale(f"the customer is at version {customer.version}, you saw {seen}")
        return customer

    def _write(self, after: Customer, *also: Write) -> Customer:
        tx = Transaction()
        self.customers.save(tx, after)
        for write in also:
            write(tx)
        try:
            tx.commit()
        except RevisionMoved as moved:
            raise Stale("somebody changed this customer in the meantime") from moved
        return replace(after, version=after.version + 1)

    def _judged(self, before: Customer, changes: dict[str, Any]) -> dict[str, Any]:
        """The changes as they are kept. Raises Invalid."""
        found = self.settings.sections(["shop", "customers"])
        if (group := changes.get("group")) and found["customers"].group(group) is None:
            raise Invalid.at("/group", "the settings have no such group")
        if changes.get("phone"):
            contact = judge_contact({"email": before.email, "phone": changes["phone"]}, found["shop"].country)
            return changes | {"phone": contact.value["phone"]}
        return changes


def _place(place: dict[str, Any]) -> dict[str, Any]:
    judged = judge_address(place, "/address")
    if judged.errors:
        raise Invalid("the address cannot be used", errors=judged.errors)
    return judged.value
