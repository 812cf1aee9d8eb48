"""Wallets in DynamoDB: entries are only ever added, and no balance goes below nothing."""

from collections.abc import Callable
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.customers.wallet import OPEN, Account, Movement, Wallet
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
        return Wallet(account, int(row.balance), row.state, there=True) if row else Wallet(account)

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
        account is closed: whoever spends reads again and judges again."""
        account, amount = movement.account, movement.amount
        entry = EntryRow(account.pk, f"{account.sk}#{movement.identity}", amount=amount, at=movement.at)
        entry.actor, entry.reason, entry.order_id = movement.actor, movement.reason, movement.order_id
        tx.put(entry, EntryRow.pk.does_not_exist(), AlreadyDone)
        enough = (WalletRow.balance >= -amount) & (WalletRow.state == OPEN) if amount < 0 else None
        actions: list[Any] = [WalletRow.balance.add(amount)]
        if amount >= 0:  # what is given back to a card that was disabled stays locked in it
            fresh = (WalletRow.state, OPEN), (WalletRow.created_at, movement.at)
            actions += [name.set(name | value) for name, value in fresh]
        tx.update(WalletRow(account.pk, account.sk), actions, enough, RevisionMoved)

    def switch(self, tx: Transaction, account: Account, state: str) -> None:
        """Disable a gift card, or let it be used again."""
        row = WalletRow(account.pk, account.sk)
        tx.update(row, [WalletRow.state.set(state)], WalletRow.pk.exists(), RevisionMoved)


def _movement(account: Account, item: dict[str, Any]) -> Movement:
    row = EntryRow.from_raw_data(item)
    identity = row.sk.removeprefix(f"{account.sk}#")
    return Movement(account, int(row.amount), identity, row.at, row.actor, row.reason, row.order_id)
