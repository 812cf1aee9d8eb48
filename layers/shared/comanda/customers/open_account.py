"""Goods on credit: who may pay later, until when, and how much of it is open.

What a customer owes on terms is one number beside the profile, moved in the transaction of every order
that changes it; so the limit holds however many orders are placed at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.customers.model import Customer
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import CreditLimit
from comanda.settings.sections import Customers

type Write = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """Days until an order on terms is due, and the most that may be open in minor units (None: no limit).

    `source` says where they come from: customer | group. `hold`: beyond the limit an order is held
    instead of refused.
    """

    net_days: int
    limit: int | None = None
    source: str = "customer"
    hold: bool = False


def credit_terms(customer: Customer, rules: Customers) -> CreditTerms | None:
    """The customer's own terms, else those of the group; None for who pays first. 0 days mean so too."""
    group = rules.group(customer.group)
    own = customer.net_days is not None
    days = customer.net_days if own else group.net_days if group else None
    if not days:
        return None
    limit = customer.credit_limit
    if limit is None and group:
        limit = group.credit_limit
    return CreditTerms(days, limit, "customer" if own else "group", rules.over_limit == "hold")


class OpenRow(Row):
    """`CUSTOMER#<id>` / `OPEN`: what is owed on terms, in minor units of the shop's currency."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    owed = NumberAttribute(default=0)


class OpenAccounts:
    def __init__(self, table: str) -> None:
        self.table = table
        OpenRow.bind(table)

    def owed(self, customer_id: str) -> int:
        row = OpenRow.read(*_key(customer_id))
        return int(row.owed) if row else 0

    def owe(self, tx: Transaction, customer_id: str, by: int, limit: int | None = None) -> None:
        """Add to what is owed, or take off; beyond a limit the transaction is refused with CreditLimit."""
        row = OpenRow(*_key(customer_id))
        if limit is None or by <= 0:
            tx.update(row, [OpenRow.owed.add(by)])
            return
        if by > limit:
            raise _refusal(limit, self.owed(customer_id), by)
        room = OpenRow.owed.does_not_exist() | (OpenRow.owed <= limit - by)
        tx.update(row, [OpenRow.owed.add(by)], room, partial(_beyond, limit, by))


def _beyond(limit: int, by: int, item: dict[str, Any] | None) -> Exception:
    return _refusal(limit, int(item["owed"]["N"]) if item else 0, by)


def _refusal(limit: int, owed: int, by: int) -> CreditLimit:
    told = f"the credit limit is {limit}, {owed} of it is open, and this order adds {by} (minor units)"
    return CreditLimit(told, limit=limit, owed=owed, order=by)


def _key(customer_id: str) -> tuple[str, str]:
    return f"CUSTOMER#{customer_id}", "OPEN"
