"""The items of an order's partition, as PynamoDB rows. Private to the store."""

from typing import Any

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import BINARY, MAP

from comanda.dynamo.packed import pack, unpack
from comanda.dynamo.row import Row


class PackedAttribute(Attribute[str]):
    """A text that is stored compressed; the plain text of an earlier writer is read as well."""

    attr_type = BINARY

    def serialize(self, value: str) -> bytes:
        return pack(value)

    def get_value(self, value: dict[str, Any]) -> str:
        return unpack(value)

    def deserialize(self, value: str) -> str:
        return value


class TextsAttribute(Attribute[dict[str, str]]):
    """Texts by short names, which an index shows as they are."""

    attr_type = MAP

    def serialize(self, value: dict[str, str]) -> dict[str, dict[str, str]]:
        return {name: {"S": text} for name, text in value.items()}

    def deserialize(self, value: dict[str, dict[str, str]]) -> dict[str, str]:
        return {name: text["S"] for name, text in value.items()}


class OrdersRow(Row):
    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    schema = NumberAttribute(default=1)


class OrderRow(OrdersRow):
    """`ORDER`: the snapshot and the keys of the list indexes."""

    class Meta:
        table_name = "unbound"

    revision = NumberAttribute()
    body = PackedAttribute()
    row = TextsAttribute()
    created_pk = UnicodeAttribute()
    created_sk = UnicodeAttribute()
    updated_pk = UnicodeAttribute()
    updated_sk = UnicodeAttribute()
    state_pk = UnicodeAttribute()
    state_sk = UnicodeAttribute()
    source_pk = UnicodeAttribute()
    source_sk = UnicodeAttribute()
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)


class CommitRow(OrdersRow):
    """`FACT#<revision>`: the facts of one commit; history and outbox in one."""

    class Meta:
        table_name = "unbound"

    body = PackedAttribute()


class LedgerRow(OrdersRow):
    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()


class ShipmentRow(OrdersRow):
    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    tracking_pk = UnicodeAttribute()
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    scans = PackedAttribute(null=True)  # as carriers told them: not in the history, so not in the body


class PersonalRow(OrdersRow):
    """`PII#<name>`: a personal text and its salt; erasure deletes both."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    salt = UnicodeAttribute()


class IdentityRow(OrdersRow):
    """`EFFECT#<identity>`: an outside event that has had its effect, kept for good."""

    class Meta:
        table_name = "unbound"

    revision = NumberAttribute()


STUCK_PARCELS = "PARCELS"  # partition of the `due` index: parcels without a scan for too long
DUE, STUCK = "DUE", "STUCK"  # partitions of the `due` index: what is looked after, what waits for a person


class OutRow(OrdersRow):
    """`OUT#<effect id>`: an outside effect; in the `due` index until it is settled."""

    class Meta:
        table_name = "unbound"

    kind = UnicodeAttribute()
    state = UnicodeAttribute()
    body = UnicodeAttribute()
    wanted_at = UnicodeAttribute()
    lease_until = UnicodeAttribute(default="")
    claim = UnicodeAttribute(default="")  # the winner's mark, so that a repeated request knows itself
    attempts = NumberAttribute(default=0)
    revision = NumberAttribute(default=0)  # of the commit that wanted it
    result = UnicodeAttribute(default="{}")
    progress = UnicodeAttribute(null=True)
    tracking_pk = UnicodeAttribute(null=True)  # of the label that was bought: scans find the order by it
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)


class WaitRow(OrdersRow):
    """`WAIT#<kind>`: the token of a waiting workflow; in the `due` index while it waits."""

    class Meta:
        table_name = "unbound"

    token = UnicodeAttribute()
    run = NumberAttribute()
    since = UnicodeAttribute()
    due_at = UnicodeAttribute()
    execution = UnicodeAttribute()
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)


ROWS: tuple[type[OrdersRow], ...] = (
    OrderRow,
    CommitRow,
    LedgerRow,
    ShipmentRow,
    PersonalRow,
    IdentityRow,
    OutRow,
    WaitRow,
)
