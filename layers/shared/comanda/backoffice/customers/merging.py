"""Merge a customer into another: one transaction that decides it, then a series that moves what there is.

From the first transaction on every address leads to whoever stays, and money for the other one goes
there too. What is left (addresses, store credit, orders) is moved piece by piece; each piece is one
transaction that finds nothing to do the second time. The sweep goes on with what was interrupted, and
with orders that were being written meanwhile: the projection of search tokens says so.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import batched

from comanda.customers.merge import Merge, judge_merge, left_behind, merged
from comanda.customers.merge_store import MergeStore
from comanda.customers.model import Customer
from comanda.customers.store import CustomerStore
from comanda.customers.wallet import CREDIT, MERGED, Account
from comanda.customers.wallet_store import Wallets
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound, Stale
from comanda.idempotency.once import answered_alike
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.take_over import Uses, taking_over
from comanda.search.of_customer import CustomerOrders
from comanda.times import stamp

ATTEMPTS = 10
TOGETHER = 20  # addresses moved in one transaction

type MoreTime = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Seen:
    """The versions of both profiles that the caller has seen; None: of the one that stays, any."""

    version: int
    into: int | None = None


@dataclass(frozen=True, slots=True)
class Merging:
    customers: CustomerStore
    merges: MergeStore
    wallets: Wallets
    orders: CustomerOrders
    desk: Desk
    codes: Uses
    keys_seen: KeyStore
    currency: Callable[[], str]
    now: Callable[[], datetime]

    def pair(self, customer_id: str, into: str) -> tuple[Customer, Customer]:
        """Both customers as they are now. Raises NotFound, Invalid."""
        loser, survivor = self.customers.load(customer_id), self.customers.load(into)
        if loser is None:
            raise NotFound("no such customer")
        if survivor is None:
            raise Invalid.at("/into", "there is no such customer")
        return loser, survivor

    def merge(
        self, customer_id: str, into: str, seen: Seen, request: Request, origin: Origin, more_time: MoreTime
    ) -> tuple[Merge, bool]:
        """Decide it and move what time allows; answers the record, and whether the same was asked before.

        Raises NotFound, Invalid, Stale, WrongState by a guard, IdempotencyKeyReused, Busy.
        """
        before = answered_alike(
            lambda: self.keys_seen.earlier(request),
            lambda known: True,
            lambda: self._decide(customer_id, into, seen, request, origin),
        )
        self.go_on(customer_id, more_time)
        return self.record(customer_id), before

    def record(self, customer_id: str) -> Merge:
        """Raises NotFound for a customer who was not merged."""
        found = self.merges.find(customer_id)
        if found is None:
            raise NotFound("this customer was not merged into another")
        return found

    def _decide(self, customer_id: str, into: str, seen: Seen, request: Request, origin: Origin) -> bool:
        """Whether the same request did it a moment ago."""
        for attempt in range(ATTEMPTS):
            loser, survivor = self.pair(customer_id, into)
            _fresh(loser, seen.version)
            judge_merge(loser, survivor)
            if seen.into is not None:
                _fresh(survivor, seen.into)
            tx = Transaction()
            self.customers.save(tx, left_behind(loser, survivor))
            self.customers.save(tx, merged(survivor, loser))
            for email in loser.emails:
                if self.customers.leads_to(email) in ("", customer_id):
                    self.customers.point(tx, email, customer_id, into)
            known = self.customers.by_phone(loser.phone) if not loser.email else None
            if known and known.customer_id == customer_id:
                self.customers.point_phone(tx, loser.phone, customer_id, into)
            self.merges.begin(tx, Merge(customer_id, into, origin.at, origin.actor, origin.cause))
            self.keys_seen.remember(tx, request, Earlier("", 0, {"into": into}), origin.at)
            try:
                tx.commit()
                return False
            except AlreadyDone:
                return True
            except RevisionMoved:
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter
        raise Busy("others keep changing these customers; nothing was written")

    # -- the series ---------------------------------------------------------------------------------

    def unfinished(self, more_time: MoreTime) -> int:
        """Go on with every merge that something may be left of; answers how many were finished."""
        finished = 0
        for customer_id in self.merges.unfinished():
            if not more_time():
                break
            finished += self.go_on(customer_id, more_time)
        return finished

    def go_on(self, customer_id: str, more_time: MoreTime) -> bool:
        """Move what is left, as far as time allows; whether nothing is left."""
        turn = self.merges.turn(customer_id)
        found = self.merges.find(customer_id)
        if not turn or found is None:
            return True
        into = self._into(found)
        origin = Origin(found.actor, found.cause, stamp(self.now()))
        self._move_addresses(customer_id, into)
        for currency in sorted({self.currency(), *self.wallets.currencies(customer_id)}):
            self._move_credit(customer_id, currency)
        for order_id in self.orders.ids(customer_id):
            if not more_time():
                return False
            self._move_order(order_id, customer_id, into, origin)
        try:
            self.merges.finish(customer_id, turn)
        except RevisionMoved:
            return False  # another order has turned up: the next sweep sees to it
        return True

    def _into(self, found: Merge) -> str:
        survivor = self.customers.living(found.into)
        return survivor.customer_id if survivor else found.into

    def _move_addresses(self, customer_id: str, into: str) -> None:
        while book := self.customers.addresses(customer_id):
            for some in batched(book, TOGETHER, strict=False):
                tx = Transaction()
                for address in some:
                    self.customers.move_address(tx, address, customer_id, into)
                tx.commit()

    def _move_credit(self, customer_id: str, currency: str) -> None:
        for attempt in range(ATTEMPTS):
            wallet = self.wallets.read(Account(CREDIT, customer_id, currency))
            if wallet.state == MERGED:
                return
            found = self.record(customer_id)
            to = self.wallets.now_of(Account(CREDIT, self._into(found), currency))
            tx = Transaction()
            self.wallets.hand_over(tx, wallet, to, stamp(self.now()), found.actor)
            if wallet.balance:
                self.merges.note_moved(tx, found, currency, wallet.balance)
            try:
                tx.commit()
                return
            except RevisionMoved:
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter
        raise Busy("this customer's credit keeps being spent: the merge goes on by itself")

    def _move_order(self, order_id: str, customer_id: str, into: str, origin: Origin) -> None:
        counting = partial(self._count, customer_id)
        try:
            self.desk.run(order_id, taking_over(customer_id, into, self.codes, counting), origin)
        except NotFound:
            return  # purged since

    def _count(self, customer_id: str, tx: Transaction) -> None:
        self.merges.count_order(tx, customer_id)


def _fresh(customer: Customer, seen: int) -> None:
    if customer.version != seen and not customer.merged_into:
        raise Stale(f"the customer is at version {customer.version}, you saw {seen}")
