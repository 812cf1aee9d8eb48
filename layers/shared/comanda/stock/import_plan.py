"""Decides what one row of a product file changes. Pure: judged before anything is written.

A count is not what is on the shelf now but what the merchant's own books say. Orders move our
figures between two files, so a count moves them by its difference to the last one:
on_hand := on_hand + (count − last count). The first count of a product is its stock.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from comanda.stock.csv_cells import PROMISED
from comanda.stock.csv_text import Remark, remark
from comanda.stock.model import Level, Product
from comanda.stock.product_csv import ProductLine

type Outcome = Literal["created", "updated", "unchanged"]

NEEDED = ("price", "tax")  # columns a new product cannot do without
OVERSOLD = ("backorder", "preorder")
FIELDS = {
    "barcode": "barcode",
    "price": "price",
    "tax": "tax_ppm",
    "weight": "weight_grams",
    "image": "image",
    "components": "components",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is stored of a SKU. `counted`: the last count of a file; None when there was none."""

    product: Product | None = None
    level: Level | None = None
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a row makes of a product. `delta` is None when its stock row is not touched."""

    line: ProductLine
    before: Standing
    product: Product
    count: int | None = None
    delta: int | None = None

    @property
    def outcome(self) -> Outcome:
        if self.before.product is None:
            return "created"
        return "updated" if self.product != self.before.product or self.delta is not None else "unchanged"

    @property
    def lowers(self) -> bool:
        return self.delta is not None and self.delta < 0


def plan_row(line: ProductLine, before: Standing) -> tuple[Change, list[Remark]]:
    """The change of a row, and what stands against it."""
    product, problems = _product(line, before.product)
    count = _count(line)
    if "stock" not in line.given:
        return Change(line, before, product), problems
    if count is None:
        forgotten = None if before.counted is None else 0
        return Change(line, before, product, None, forgotten), problems
    delta = _delta(count, before)
    level = before.level
    if delta and before.product and any(shards > 1 for _, shards in before.product.places):
        told = "is spread over shards: gather it first, or count it in the back office"
        problems.append(remark(line.row, "stock", count, told))
    elif delta is not None and level and level.available + delta < 0:
        held = f"{level.reserved} reserved and {level.allocated} allocated for orders"
        told = f"takes {-delta} units away, but only {level.available} are free ({held})"
        problems.append(remark(line.row, "stock", count, told))
    return Change(line, before, product, count, delta), problems


def _beyond_stock(line: ProductLine, before: Product, problems: list[Remark]) -> dict[str, str]:
    """What the file says of selling more than there is; nothing when it has neither column."""
    told = {kind: str(line.given[kind]) for kind in OVERSOLD if kind in line.given}
    wanted = [kind for kind in told if told[kind]]
    if len(wanted) > 1:
        problems.append(remark(line.row, "preorder", told["preorder"], "is either backorder or preorder"))
    if not wanted:
        return {"oversell": "", "promised_at": ""} if before.oversell in told else {}
    kind = wanted[0]
    dated = told[kind] if told[kind] != PROMISED else ""
    if kind == "preorder" and not dated:
        problems.append(remark(line.row, kind, told[kind], "needs the date on which it comes out"))
    return {"oversell": kind, "promised_at": dated}


def _count(line: ProductLine) -> int | None:
    given = line.given.get("stock")
    return given if isinstance(given, int) else None


def warnings_of(change: Change) -> list[Remark]:
    """What is allowed, and may still be a mistake."""
    was = change.before.product
    if was and was.tracked and not change.product.tracked:
        return [remark(change.line.row, "stock", "", "stock of this product is no longer counted")]
    return []


def _delta(count: int, before: Standing) -> int | None:
    """By how much a count moves the stock; None when it is the last count again."""
    if before.level is None:
        return count
    if before.counted is None:
        return count - before.level.on_hand
    return count - before.counted if count != before.counted else None


def _product(line: ProductLine, before: Product | None) -> tuple[Product, list[Remark]]:
    """The product with the file's columns, and what it lacks."""
    given = line.given
    missing = [column for column in NEEDED if column not in given] if before is None else []
    note = "this product is new, so the file needs this column"
    problems = [remark(line.row, column, "", note) for column in missing]
    before = before or Product(line.sku, {}, 0, tracked=False)
    values: dict[str, Any] = {FIELDS[column]: given[column] for column in FIELDS if column in given}
    if given.get("on_sale") is not None:
        values["active"] = given["on_sale"]
    if "stock" in given:
        values["tracked"] = given["stock"] is not None
    names = before.names | {x: str(given[f"name_{x}"]) for x in ("es", "en") if f"name_{x}" in given}
    values["names"] = {locale: name for locale, name in names.items() if name}
    if values.get("components", before.components) and given.get("stock") is not None:
        told = "a bundle has the stock of its components: leave this empty"
        problems.append(remark(line.row, "stock", given["stock"], told))
    values |= _beyond_stock(line, before, problems)
    if not values["names"]:
        problems.append(remark(line.row, "name_es", "", "a product needs a name in Spanish or English"))
    return replace(before, **values), problems
