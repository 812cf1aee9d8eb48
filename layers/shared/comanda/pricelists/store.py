"""Price lists in the Stock table, beside the products: one item per list and SKU."""

import json
from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.batch import get_many
from comanda.dynamo.client import client
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import NotFound, Stale
from comanda.pricelists.model import EVERYONE, Entry, Tariff
from comanda.settings.sections import Checkout, Customers

MOST_WRITES = 50


class PriceRow(Row):
    """`PRICE#<group>#<sku>`; one that says nothing is not in the index."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    version = NumberAttribute()
    catalogue_pk = UnicodeAttribute(null=True)
    catalogue_sk = UnicodeAttribute(null=True)
    schema = NumberAttribute(default=1)


def price_key(group: str, sku: str) -> str:
    return f"PRICE#{group}#{sku}"


class PriceStore:
    def __init__(self, table: str) -> None:
        self.table = table
        PriceRow.bind(table)

    # -- what a buyer pays -----------------------------------------------------------------------

    def keys(self, skus: Iterable[str], group: str) -> list[str]:
        """The items that decide what these products cost this group, to be read with others of the table."""
        lists = (group, EVERYONE) if group else (EVERYONE,)
        return [price_key(one, sku) for sku in skus for one in lists]

    def tariff(
        self,
        raw: Mapping[str, dict[str, Any]],
        skus: Iterable[str],
        group: str,
        customers: Customers,
        checkout: Checkout,
    ) -> Tariff:
        """The tariff of a group (empty: a guest), from raw items by their keys."""
        terms = customers.group(group) if group else None
        lists = {
            sku: tuple(entry_of(raw[key]) for key in self.keys([sku], group if terms else "") if key in raw)
            for sku in skus
        }
        least = terms.minimum_order if terms and terms.minimum_order is not None else checkout.minimum_order
        return Tariff(lists, terms.percent_ppm if terms else 0, least)

    def tariff_for(self, skus: Iterable[str], group: str, customers: Customers, checkout: Checkout) -> Tariff:
        """The same, with the items read here."""
        wanted = list(skus)
        keys = self.keys(wanted, group)
        raw = get_many({self.table: keys})[self.table] if keys else {}
        return self.tariff(raw, wanted, group, customers, checkout)

    # -- the lists -------------------------------------------------------------------------------

    def load(self, group: str, sku: str) -> Entry:
        """Raises NotFound."""
        found = self.many(group, [sku]).get(sku)
        if found is None:
            raise NotFound(f"the list {group} says nothing of {sku}")
        return found

    def many(self, group: str, skus: Iterable[str]) -> dict[str, Entry]:
        """What a list says of these products, also entries that were emptied."""
        keys = [price_key(group, sku) for sku in skus]
        found = get_many({self.table: keys})[self.table] if keys else {}
        return {entry.sku: entry for entry in map(entry_of, found.values())}

    def listed(self, group: str, *, limit: int, after: str = "") -> tuple[list[Entry], str]:
        """One page of a list by SKU, and the SKU to go on after ("" at the end)."""
        answer = client().query(
            TableName=self.table,
            IndexName="catalogue",
            KeyConditionExpression="catalogue_pk = :list AND catalogue_sk > :after",
            ExpressionAttributeValues={":list": {"S": f"PRICES#{group}"}, ":after": {"S": after or " "}},
            Limit=limit,
        )
        entries = [entry_of(item) for item in answer["Items"]]
        return entries, entries[-1].sku if "LastEvaluatedKey" in answer and entries else ""

    def replace(self, entries: Iterable[Entry]) -> None:
        """Write the next version of each entry, fifty at a time in one transaction. Raises Stale."""
        for some in batched(entries, MOST_WRITES, strict=False):
            tx = Transaction()
            for entry in some:
                stale = Stale(f"{entry.sku} of list {entry.group} is not at version {entry.version - 1}")
                fresh = entry.version == 1
                seen = PriceRow.pk.does_not_exist() if fresh else PriceRow.version == entry.version - 1
                tx.put(_row(entry), seen, lambda item, stale=stale: stale)  # type: ignore[misc]
            tx.commit()


def entry_of(item: dict[str, Any]) -> Entry:
    body = json.loads(item["body"]["S"])
    return Entry(**body | {"breaks": tuple((start, amount) for start, amount in body["breaks"])})


def _row(entry: Entry) -> PriceRow:
    body = {name: getattr(entry, name) for name in entry.__slots__}
    row = PriceRow(price_key(entry.group, entry.sku), body=json.dumps(body), version=entry.version)
    if not entry.empty:
        row.catalogue_pk, row.catalogue_sk = f"PRICES#{entry.group}", entry.sku
    return row
