"""Orders that wait for units to come in: one item per order and SKU, oldest order first."""

from collections.abc import Iterable, Iterator

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.row import Row, pages
from comanda.dynamo.transaction import Transaction

QUEUE = "WAITING"  # its partition of the `catalogue` index


class WaitingRow(Row):
    """`WAITING#<sku>#<order id>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sku = UnicodeAttribute()
    order_id = UnicodeAttribute()
    since = UnicodeAttribute()
    catalogue_pk = UnicodeAttribute()
    catalogue_sk = UnicodeAttribute()
    schema = NumberAttribute(default=1)


def write_waiting(
    tx: Transaction, order_id: str, since: str, begin: Iterable[str], end: Iterable[str]
) -> None:
    """Queue an order for some SKUs, take it out for others; in the transaction that makes it so."""
    for sku in sorted(begin):
        row = WaitingRow(_key(sku, order_id), sku=sku, order_id=order_id, since=since)
        row.catalogue_pk, row.catalogue_sk = QUEUE, f"{sku}#{since}#{order_id}"
        tx.put(row)
    for sku in sorted(end):
        tx.delete(WaitingRow(_key(sku, order_id)))


def queue(table: str, sku: str = "") -> Iterator[tuple[str, str]]:
    """(SKU, order id) of all who wait, by SKU and the order's age; of one SKU when it is given."""
    found = pages(
        TableName=table,
        IndexName="catalogue",
        KeyConditionExpression="catalogue_pk = :all AND begins_with(catalogue_sk, :sku)"
        if sku
        else "catalogue_pk = :all",
        ExpressionAttributeValues={":all": {"S": QUEUE}} | ({":sku": {"S": f"{sku}#"}} if sku else {}),
    )
    for item in found:
        yield item["sku"]["S"], item["order_id"]["S"]


def _key(sku: str, order_id: str) -> str:
    return f"WAITING#{sku}#{order_id}"
