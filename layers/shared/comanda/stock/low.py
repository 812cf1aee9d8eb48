"""Products that run low: noted and told once when they fall to their threshold, and again only after they
rose above it. The notes are the list of what is low."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from comanda.dynamo.client import client
from comanda.dynamo.row import Row
from comanda.errors import Busy
from comanda.settings.sections import Stock
from comanda.stock.model import Product
from comanda.stock.store import StockStore
from comanda.times import stamp

LOW = "LOW"  # their partition of the `catalogue` index
EVENT = "StockLow"
ATTEMPTS = 10


class LowRow(Row):
    """`LOW#<sku>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sku = UnicodeAttribute()
    since = UnicodeAttribute()
    threshold = NumberAttribute()
    available = NumberAttribute()
    told = BooleanAttribute(default=False)
    catalogue_pk = UnicodeAttribute()
    catalogue_sk = UnicodeAttribute()
    schema = NumberAttribute(default=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a product stands to its threshold. `counted`: stock of it is kept at all."""

    counted: bool
    available: int = 0
    threshold: int = 0

    @property
    def low(self) -> bool:
        return self.counted and self.available <= self.threshold


def standing(product: Product | None, available: int, rules: Stock) -> Standing:
    """`available` over all places. A product without a threshold of its own has the shop's."""
    if product is None or not product.active or not product.tracked or product.components:
        return Standing(counted=False)
    own = product.low_stock
    return Standing(True, available, rules.low_stock if own is None else own)


class LowStock:
    def __init__(
        self,
        stock: StockStore,
        rules: Callable[[], Stock],
        publish: Callable[[dict[str, Any]], None],
        now: Callable[[], datetime],
    ) -> None:
        self.stock = stock
        self.rules = rules
        self.publish = publish
        self.now = now
        LowRow.bind(stock.table)

    def look_at(self, sku: str) -> None:
        """Note a product that has become low and tell of it, or forget the note of one that recovered.

        Each step is conditional and followed by another look, so whoever looks last sees what is true
        then, whichever order changes are heard of in. Told again only after a crash right behind telling.
        Raises Busy.
        """
        for _ in range(ATTEMPTS):
            if self._settled(sku):
                return
        raise Busy(f"the stock of {sku} keeps changing")

    def _settled(self, sku: str) -> bool:
        found, note = self._standing(sku), LowRow.read(_key(sku))
        if note is None and not found.low:
            return True
        if note is None:
            _tried(lambda: LowRow.write(self._noted(sku, found), LowRow.pk.does_not_exist()))
            return False
        if not found.low:
            _tried(lambda: LowRow.remove(note, LowRow.since == note.since))
            return False
        if not note.told:
            self.publish(_event(sku, found, note.since))
            _tried(lambda: LowRow.change(note, [LowRow.told.set(True)], LowRow.since == note.since))
        return True

    def _standing(self, sku: str) -> Standing:
        rules = self.rules()
        product = self.stock.products([sku]).get(sku)
        free = self.stock.free([product], rules.default_location) if product else {}
        return standing(product, free.get(sku, 0), rules)

    def _noted(self, sku: str, found: Standing) -> LowRow:
        row = LowRow(_key(sku), sku=sku, since=stamp(self.now()), catalogue_pk=LOW, catalogue_sk=sku)
        row.threshold, row.available = found.threshold, found.available
        return row


def low_skus(table: str, *, limit: int, after: str = "") -> tuple[dict[str, str], str]:
    """SKU → since when, of one page of what is low, by SKU; and the SKU to go on after ("" at the end)."""
    answer = client().query(
        TableName=table,
        IndexName="catalogue",
        KeyConditionExpression="catalogue_pk = :low AND catalogue_sk > :after",
        ExpressionAttributeValues={":low": {"S": LOW}, ":after": {"S": after or " "}},
        Limit=limit,
    )
    found = {item["sku"]["S"]: item["since"]["S"] for item in answer["Items"]}
    return found, list(found)[-1] if "LastEvaluatedKey" in answer and found else ""


def skus_of(record: dict[str, Any]) -> Iterator[str]:
    """The product that a record of the table's stream may have made low, or not low any more: one whose
    free units changed, or which was changed itself."""
    change = record["dynamodb"]
    old, new = change.get("OldImage", {}), change.get("NewImage", {})
    pk = str(change["Keys"]["pk"]["S"])
    if pk.startswith("PRODUCT#"):
        yield pk.removeprefix("PRODUCT#")
    elif "location" in (new or old) and old.get("available") != new.get("available"):
        yield (new or old)["sku"]["S"]


def _event(sku: str, found: Standing, since: str) -> dict[str, Any]:
    detail = {"sku": sku, "available": found.available, "threshold": found.threshold, "at": since}
    return {"Source": "comanda.stock", "DetailType": EVENT, "Detail": json.dumps(detail)}


def _key(sku: str) -> str:
    return f"LOW#{sku}"


def _tried(write: Callable[[], object]) -> None:
    """Somebody else may have been faster: the next look sees."""
    try:
        write()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
