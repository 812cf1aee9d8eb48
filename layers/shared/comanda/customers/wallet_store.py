"""Wallets in DynamoDB: entries are only ever added, and no balance goes below nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.customers.wallet import CREDIT, MERGED, OPEN, Account, Movement, Wallet
from comanda.dynamo.row import Row, pages
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction


class WalletRow(Row):
    """`CUSTOMER#<id>` / `CREDIT#<currency>`, or `GIFT#<hash of the code>` / `CARD#<currency>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    balance = NumberAttribute(default=0)
    state = UnicodeAttribute(default=OPEN)
    merged_into = UnicodeAttribute(default="")
    created_at = UnicodeAttribute(default="")
    schema = NumberAttribute(default=1)


class EntryRow(Row):
    """`…` / `CREDIT#<currency>#<identity>`: money in (positive) or out (negative)"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    amount = NumberAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    order_id = UnicodeAttribute(default="")
    schema = NumberAttribute(default=1)


class Wallets:
    def __init__(self, table: str) -> None:
        self.table = table
        WalletRow.bind(table)
        EntryRow.bind(table)

    def read(self, account: Account) -> Wallet:
        row = WalletRow.read(account.pk, account.sk)
        if row is None:
            return Wallet(account)
        return Wallet(account, int(row.balance), row.state, there=True, merged_into=row.merged_into)

    def now_of(self, account: Account) -> Account:
        """The account that money for this one goes to: its own, or of whom its customer was merged into."""
        wallet = self.read(account)
        while wallet.state == MERGED:
            account = replace(account, owner=wallet.merged_into)
            wallet = self.read(account)
        return account

    def currencies(self, customer_id: str) -> list[str]:
        """The currencies in which a customer has, or had, store credit."""
        found = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"CUSTOMER#{customer_id}"}, ":sk": {"S": "CREDIT#"}},
            ConsistentRead=True,
        )
        return sorted({item["sk"]["S"].split("#")[1] for item in found})

    def entries(self, account: Account) -> list[Movement]:
        """The whole ledger of an account, oldest first."""
        found = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": account.pk}, ":sk": {"S": f"{account.sk}#"}},
            ConsistentRead=True,
        )
        moved = (_movement(account, item) for item in found)
        return sorted(moved, key=lambda one: (one.at, one.identity))

    def moving(self, movement: Movement) -> Callable[[Transaction], None]:
        """The writes of a movement, for the transaction of what causes it."""
        return lambda tx: self.move(tx, movement)

    def move(self, tx: Transaction, movement: Movement) -> None:
        """Refused with AlreadyDone when it is known, RevisionMoved when too little is there or the
        account is closed: whoever spends reads again and judges again. What is given back to a customer
        who was merged into another goes to that one."""
        account, amount = movement.account, movement.amount
        if amount >= 0 and account.kind == CREDIT:
            account = self.now_of(account)
        entry = EntryRow(account.pk, f"{account.sk}#{movement.identity}", amount=amount, at=movement.at)
        entry.actor, entry.reason, entry.order_id = movement.actor, movement.reason, movement.order_id
        tx.put(entry, EntryRow.pk.does_not_exist(), AlreadyDone)
        there = (WalletRow.balance >= -amount) & (WalletRow.state == OPEN)
        enough = there if amount < 0 else _not_merged(account)
        actions: list[Any] = [WalletRow.balance.add(amount)]
        if amount >= 0:  # what is given back to a card that was disabled stays locked in it
            fresh = (WalletRow.state, OPEN), (WalletRow.created_at, movement.at)
            actions += [name.set(name | value) for name, value in fresh]
        tx.update(WalletRow(account.pk, account.sk), actions, enough, RevisionMoved)

    def hand_over(self, tx: Transaction, wallet: Wallet, to: Account, at: str, actor: str) -> None:
        """All that a wallet holds goes to another customer's, and it is closed for good.

        Refused with RevisionMoved when either has changed since: read both again.
        """
        own, kept = wallet.account, to.owner
        if wallet.balance:
            out = EntryRow(own.pk, f"{own.sk}#merged", amount=-wallet.balance, at=at)
            come = EntryRow(to.pk, f"{to.sk}#merged-{own.owner}", amount=wallet.balance, at=at)
            for entry, reason in ((out, f"merged into {kept}"), (come, f"merged from {own.owner}")):
                entry.actor, entry.reason = actor, reason
                tx.put(entry, EntryRow.pk.does_not_exist(), RevisionMoved)
            fresh = (WalletRow.state, OPEN), (WalletRow.created_at, at)
            adding = [WalletRow.balance.add(wallet.balance), *(name.set(name | one) for name, one in fresh)]
            tx.update(WalletRow(to.pk, to.sk), adding, _not_merged(to), RevisionMoved)
        closing = [WalletRow.balance.set(0), WalletRow.state.set(MERGED), WalletRow.merged_into.set(kept)]
        closing.append(WalletRow.created_at.set(WalletRow.created_at | at))
        same = (WalletRow.balance == wallet.balance) & (WalletRow.state == wallet.state)
        unchanged = same if wallet.there else WalletRow.pk.does_not_exist()
        tx.update(WalletRow(own.pk, own.sk), closing, unchanged, RevisionMoved)

    def switch(self, tx: Transaction, account: Account, state: str) -> None:
        """Disable a gift card, or let it be used again."""
        row = WalletRow(account.pk, account.sk)
        tx.update(row, [WalletRow.state.set(state)], WalletRow.pk.exists(), RevisionMoved)


def _not_merged(account: Account) -> Any:
    """Only a customer's credit can be merged away."""
    if account.kind != CREDIT:
        return None
    return WalletRow.state.does_not_exist() | (WalletRow.state != MERGED)


def _movement(account: Account, item: dict[str, Any]) -> Movement:
    row = EntryRow.from_raw_data(item)
    identity = row.sk.removeprefix(f"{account.sk}#")
    return Movement(account, int(row.amount), identity, row.at, row.actor, row.reason, row.order_id)
