"""Import what was counted at each location, line by line, and in which bins it lies.

A count is what the merchant's own books say; orders move our figures between two files. So a line moves
the stock by its difference to the last count there, and reservations stand. Each line is a transaction
of its own with its entry in the movements: sending the file again does what is left and nothing twice.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.transaction import RevisionMoved, Transaction
from comanda.errors import Busy, Invalid, NotFound, OutOfStock, TooLarge
from comanda.stock.adjust_stock import ATTEMPTS, Book, over_shards
from comanda.stock.count_lines import CountLine, read_counts
from comanda.stock.csv_text import clean
from comanda.stock.model import Adjustment, Level, Move, Product
from comanda.stock.moves import allowed, sold_out, written
from comanda.stock.places import Spot
from comanda.stock.rows import StockRow, level_of, stock_key

MOST_BYTES = 2_000_000
REASON = "stock file"


@dataclass(frozen=True, slots=True)
class Counting:
    """Where and by whom. `home`: the shop's default location; `locations`: all that the settings know."""

    book: Book
    home: str
    locations: Collection[str]
    actor: str
    at: str
    dry_run: bool = False


def import_counts(
    data: bytes, work: Counting, time_left: Callable[[], bool] = lambda: True
) -> dict[str, Any]:
    """`{lines, moved, unchanged, refused, remaining}`; each line with `outcome`, `delta`, `before`, `after`
    or `problem`. `remaining` lines were not looked at in time: send the file again.

    Raises Invalid for what is no stock file, TooLarge.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"a stock file takes at most {MOST_BYTES} bytes, this one has {len(data)}")
    lines = read_counts(data, work.home, work.locations)
    told: list[dict[str, Any]] = []
    for line in lines:
        if not time_left():
            break
        told.append(_carried_out(line, work))
    outcomes = [one["outcome"] for one in told]
    sums = {name: outcomes.count(name) for name in ("moved", "unchanged", "refused")}
    return sums | {"remaining": len(lines) - len(told), "dry_run": work.dry_run, "lines": told}


def set_bin(book: Book, sku: str, location: str, bin_: str) -> dict[str, Any]:
    """Say in which bin of a location a product lies; empty: in none. Raises NotFound, Invalid."""
    if not bin_.isprintable():
        raise Invalid.at("/bin", "contains a line break or another invisible character")
    bin_ = clean(bin_)  # as a file's cell is read, so that files say the same
    tx = Transaction()
    gone = NotFound(f"no stock of {sku} is kept at {location}")
    tx.update(StockRow(stock_key(sku, location)), [_bin(bin_)], StockRow.pk.exists(), lambda item: gone)
    tx.commit()
    return {"sku": sku, "location": location, "bin": bin_ or None}


def _carried_out(line: CountLine, work: Counting) -> dict[str, Any]:
    named = {"row": line.row, "sku": line.sku, "location": line.location}
    if line.problem:
        return named | {"outcome": "refused", "problem": line.problem}
    for _ in range(ATTEMPTS):
        try:
            return named | _moved(line, work)
        except RevisionMoved:
            continue
        except (NotFound, OutOfStock, Busy) as refusal:
            return named | {"outcome": "refused", "problem": refusal.detail}
    return named | {"outcome": "refused", "problem": "the stock of this product keeps changing"}


def _moved(line: CountLine, work: Counting) -> dict[str, Any]:
    product, levels = work.book.stock.shelf(line.sku, work.home)
    if product is None or not product.tracked:
        raise NotFound(f"there is no product {line.sku} whose stock is counted")
    here = {spot: level for spot, level in levels.items() if spot[0] == line.location}
    if not here and line.count is None:
        raise NotFound(f"no stock of {line.sku} is kept at {line.location}")
    first = here.get((line.location, 0))
    before = sum(level.on_hand for level in here.values())
    delta = _delta(line, first, before)
    known = first is not None and line.bin in (None, first.bin) and line.count in (None, first.counted)
    told = {"delta": delta, "before": before, "after": before + delta}
    if known and not delta:
        return told | {"outcome": "unchanged"}
    shares = over_shards(line.sku, here, delta) if here else {}
    if not work.dry_run:
        _write(line, work, product, here, shares, before + delta)
    return told | {"outcome": "moved"}


def _delta(line: CountLine, first: Level | None, on_hand: int) -> int:
    """By how much a line moves the stock: against the last count, else against what is there."""
    if line.count is None:
        return 0
    last = first.counted if first else None
    return line.count - (on_hand if last is None else last)


def _write(
    line: CountLine,
    work: Counting,
    product: Product,
    here: Mapping[Spot, Level],
    shares: Mapping[Spot, int],
    after: int,
) -> None:
    tx, book = Transaction(), work.book
    if not here:
        home, bin_ = work.home, line.bin or ""
        book.stock.open_place(tx, product, line.location, after, home, counted=line.count, bin_=bin_)
    for spot, units in shares.items():
        if spot[1]:
            book.stock.write_correction(tx, here[spot], units, spot[1])
        else:
            _write_first(tx, line, here[spot], units)
    delta = after - sum(level.on_hand for level in here.values())
    if line.count is not None:
        made = (book.new_id(), line.sku, line.location, delta, REASON, after, work.at, work.actor)
        book.adjustments.add(tx, Adjustment(*made))
    tx.commit()


def _write_first(tx: Transaction, line: CountLine, level: Level, units: int) -> None:
    """The first shard also keeps the last count and the bin; RevisionMoved when its figures have changed."""
    move = Move(level.sku, level.location, on_hand=units)
    same = StockRow.on_hand == level.on_hand
    last = level.counted
    same &= StockRow.counted.does_not_exist() if last is None else StockRow.counted == last
    changes = written(move)
    if line.count is not None:
        changes.append(StockRow.counted.set(line.count))
    if line.bin is not None:
        changes.append(_bin(line.bin))

    def refusal(item: dict[str, Any] | None) -> Exception:
        found = level_of(item) if item else None
        if found is None or (found.on_hand, found.counted) != (level.on_hand, last):
            return RevisionMoved("the stock was counted or moved in the meantime")
        return sold_out(move)(item)

    tx.update(StockRow(stock_key(level.sku, level.location)), changes, allowed(move) & same, refusal)


def _bin(bin_: str) -> Any:
    return StockRow.bin.set(bin_) if bin_ else StockRow.bin.remove()
