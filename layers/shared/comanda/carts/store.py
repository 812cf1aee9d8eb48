"""Carts in DynamoDB: one item each, deleted some time after its last change, not while it holds stock."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from comanda.carts.model import Cart, CartLine, Held
from comanda.dynamo.batch import get_many
from comanda.dynamo.client import client
from comanda.dynamo.row import Row, pages
from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import NotFound, Problem, WrongState
from comanda.times import later, moment

OPEN, HELD = "OPEN", "HELD"


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
    expires_at = NumberAttribute(null=True)  # TTL; none while it holds stock
    lapses_at = NumberAttribute(null=True)  # what the TTL is once the stock is given back
    taken = JSONAttribute(null=True)
    held = JSONAttribute(null=True)  # [[sku, location, shard, units], …]
    held_pk = UnicodeAttribute(null=True)
    held_until = UnicodeAttribute(null=True)
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
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
        return _cart(row)

    def many(self, cart_ids: Sequence[str]) -> list[Cart]:
        """Those carts that are there, in this order."""
        found = get_many({self.table: list(cart_ids)})[self.table]
        return [_cart(CartRow.from_raw_data(found[one])) for one in cart_ids if one in found]

    def open_positions(self, limit: int, after: str) -> tuple[list[str], bool]:
        """`<time of the last change>#<cart id>` of open carts, newest first, and whether there are more."""
        found = client().query(
            TableName=self.table,
            IndexName="open",
            KeyConditionExpression="open_pk = :open AND open_sk < :after",
            ExpressionAttributeValues={":open": {"S": OPEN}, ":after": {"S": after or "9"}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [item["open_sk"]["S"] for item in found["Items"]], "LastEvaluatedKey" in found

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
            **_kept(cart, int(moment(later(cart.updated_at, seconds)).timestamp())),
            open_pk=OPEN if cart.open else None,
            open_sk=f"{cart.updated_at}#{cart.cart_id}" if cart.open else None,
        )
        fresh = cart.version == 1
        tx.put(row, CartRow.pk.does_not_exist() if fresh else CartRow.version == cart.version - 1)

    def ordered(self, cart: Cart) -> Callable[[Transaction], None]:
        """Ends the cart in the transaction of its order, which takes over what the cart holds: a second
        order of it is refused, and what it holds by now must be what was read (RevisionMoved)."""

        def write(tx: Transaction) -> None:
            changes = [CartRow.ordered.set(True), CartRow.version.add(1), *_closed(cart)]
            same = CartRow.version == cart.version if cart.held else CartRow.held.does_not_exist()
            tx.update(CartRow(cart.cart_id), changes, _free() & same, _refusal_or_moved)

        return write

    def release(self, tx: Transaction, cart: Cart) -> None:
        """The cart holds nothing from now on; RevisionMoved when it has changed meanwhile."""
        changes = [CartRow.version.add(1), *_given_back()]
        tx.update(CartRow(cart.cart_id), changes, CartRow.version == cart.version)

    def held_before(self, until: str) -> Iterator[str]:
        """Ids of the carts whose units are reserved for less long than that, the oldest first."""
        for item in self._holding(until):
            yield item["pk"]["S"]

    def holding(self, sku: str) -> Iterator[tuple[str, str, int]]:
        """(cart id, until when, units) of the carts that have units of a SKU reserved."""
        for item in self._holding("~"):
            units = sum(n for kept, _, _, n in json.loads(item["held"]["S"]) if kept == sku)
            if units:
                yield item["pk"]["S"], item["held_until"]["S"], units

    def _holding(self, until: str) -> Iterator[dict[str, Any]]:
        return pages(
            TableName=self.table,
            IndexName="held",
            KeyConditionExpression="held_pk = :held AND held_until < :until",
            ExpressionAttributeValues={":held": {"S": HELD}, ":until": {"S": until}},
        )

    def taken(self, cart: Cart, taken: dict[str, str]) -> Callable[[Transaction], None]:
        """Ends the cart in the transaction of its draft; one that was changed since gives RevisionMoved."""

        def write(tx: Transaction) -> None:
            changes = [CartRow.taken.set(taken), CartRow.version.add(1), *_closed(cart)]
            unchanged = CartRow.version == cart.version
            tx.update(CartRow(cart.cart_id), changes, unchanged & _free(), _refusal_or_moved)

        return write


def _free() -> Any:
    """Neither ordered nor taken over."""
    return (CartRow.ordered == False) & CartRow.taken.does_not_exist()  # noqa: E712


def _closed(cart: Cart) -> list[Any]:
    return [CartRow.open_pk.remove(), CartRow.open_sk.remove(), *(_given_back() if cart.held else ())]


def _given_back() -> list[Any]:
    """The cart holds nothing any more, and is deleted some time after its last change again."""
    columns = (CartRow.held, CartRow.held_pk, CartRow.held_until, CartRow.lapses_at)
    return [CartRow.expires_at.set(CartRow.lapses_at), *(column.remove() for column in columns)]


def _kept(cart: Cart, until: int) -> dict[str, Any]:
    """How long the item stays: a cart that holds stock has no TTL."""
    if not cart.held:
        return {"expires_at": until}
    held = [[one.sku, one.location, one.shard, one.units] for one in cart.held]
    return {"lapses_at": until, "held": held, "held_pk": HELD, "held_until": cart.held_until}


def _cart(row: CartRow) -> Cart:
    return Cart(
        row.pk,
        lines=tuple(CartLine(str(sku), int(quantity)) for sku, quantity in row.lines),
        contact=row.contact,
        locale=row.locale,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=int(row.version),
        ordered=row.ordered,
        taken=row.taken or {},
        held=tuple(
            Held(sku, location, int(shard), int(units)) for sku, location, shard, units in row.held or ()
        ),
        held_until=row.held_until or "",
    )


def ordered_already() -> WrongState:
    return WrongState("cart-ordered", "an order was made of this cart; begin a new one")


def taken_already() -> WrongState:
    return WrongState("cart-taken", "the shop has taken this cart over and finishes the order with you")


def _refusal(item: dict[str, Any] | None) -> Problem:
    if item is None:
        return NotFound("there is no such cart")
    return taken_already() if "taken" in item else ordered_already()


def _refusal_or_moved(item: dict[str, Any] | None) -> Exception:
    if item is None or "taken" in item or item["ordered"]["BOOL"]:
        return _refusal(item)
    return RevisionMoved("the cart has changed meanwhile")
