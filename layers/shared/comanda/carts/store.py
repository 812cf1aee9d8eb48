"""Carts in DynamoDB: one item each, deleted some time after its last change."""

from collections.abc import Callable
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from comanda.carts.model import Cart, CartLine
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import NotFound, Problem, WrongState
from comanda.times import later, moment


class CartRow(Row):
    """`<cart id>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    lines = JSONAttribute()  # [[sku, quantity], …]
    contact = JSONAttribute()
    locale = UnicodeAttribute(default="es")
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    version = NumberAttribute()
    ordered = BooleanAttribute(default=False)
    expires_at = NumberAttribute()
    schema = NumberAttribute(default=1)


class CartStore:
    def __init__(self, table: str) -> None:
        self.table = table
        CartRow.bind(table)

    def load(self, cart_id: str) -> Cart:
        """The cart as it stands. Raises NotFound."""
        row = CartRow.read(cart_id)
        if row is None:
            raise NotFound("there is no such cart")
        return Cart(
            cart_id,
            lines=tuple(CartLine(str(sku), int(quantity)) for sku, quantity in row.lines),
            contact=row.contact,
            locale=row.locale,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=int(row.version),
            ordered=row.ordered,
        )

    def save(self, tx: Transaction, cart: Cart, seconds: int) -> None:
        """Write a cart over its version before; kept for `seconds` after this change.

        Another change, or an order made of it meanwhile, gives RevisionMoved.
        """
        row = CartRow(
            cart.cart_id,
            lines=[[line.sku, line.quantity] for line in cart.lines],
            contact=cart.contact,
            locale=cart.locale,
            created_at=cart.created_at,
            updated_at=cart.updated_at,
            version=cart.version,
            ordered=cart.ordered,
            expires_at=int(moment(later(cart.updated_at, seconds)).timestamp()),
        )
        fresh = cart.version == 1
        tx.put(row, CartRow.pk.does_not_exist() if fresh else CartRow.version == cart.version - 1)

    def lines_and_contact(self, cart_id: str) -> tuple[list[tuple[str, int]], dict[str, Any]]:
        """What an order is made of; also of a cart that was ordered, so that a replay finds it."""
        cart = self.load(cart_id)
        return [(line.sku, line.quantity) for line in cart.lines], dict(cart.contact)

    def ordered(self, cart_id: str) -> Callable[[Transaction], None]:
        """Ends the cart in the transaction of its order: a second order of it is refused."""

        def write(tx: Transaction) -> None:
            changes = [CartRow.ordered.set(True), CartRow.version.add(1)]
            tx.update(CartRow(cart_id), changes, CartRow.ordered == False, _refusal)  # noqa: E712

        return write


def ordered_already() -> WrongState:
    return WrongState("cart-ordered", "an order was made of this cart; begin a new one")


def _refusal(item: dict[str, Any] | None) -> Problem:
    return ordered_already() if item else NotFound("there is no such cart")
