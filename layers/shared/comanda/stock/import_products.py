"""Import a merchant's product file: everything is judged first, then written in small transactions.

The import is resumed by sending the same file again. A product and its stock are written in one
transaction, and a count moves the stock by its difference to the last count, so rows that are in
place already are found unchanged: no row counts twice, wherever the first run ended.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, OutOfStock, TooLarge
from comanda.stock.bundles import parts_of
from comanda.stock.csv_text import Remark, remark
from comanda.stock.import_plan import Change, plan_row, warnings_of
from comanda.stock.import_report import Report
from comanda.stock.import_store import barcodes, note_import, standings, write
from comanda.stock.model import DEFAULT_LOCATION, Product
from comanda.stock.product_csv import ProductFile, ProductLine, read_products
from comanda.stock.store import StockStore
from comanda.times import stamp

MOST_BYTES = 5_000_000
CHUNK = 20  # products a transaction: small, so that orders for one of them seldom have to wait
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class _Import:
    """One run over one file. The id is the file's own digest, so a repeat is known as such."""

    store: StockStore
    location: str
    import_id: str

    def plan(self, lines: Sequence[ProductLine]) -> tuple[list[Change], list[Remark]]:
        """What the lines change, judged against what is stored now."""
        before = standings(self.store, [line.sku for line in lines], self.location)
        planned = [plan_row(line, before[line.sku]) for line in lines]
        return [change for change, _ in planned], [found for _, problems in planned for found in problems]

    def write(self, changes: Sequence[Change]) -> list[Remark]:
        """Write some changes together; answers why not, when orders have taken the units in between."""
        for _ in range(ATTEMPTS):
            try:
                write(changes, self.location, self.import_id)
                return []
            except (RevisionMoved, OutOfStock):
                again, problems = self.plan([change.line for change in changes])
                changes = [change for change in again if change.outcome != "unchanged"]
                if problems or not changes:
                    return problems
        raise Busy("others keep changing the same products; send the same file again")


def import_products(
    data: bytes,
    *,
    store: StockStore,
    currency: str,
    now: datetime,
    actor: str,
    dry_run: bool = False,
    location: str = DEFAULT_LOCATION,
    time_left: Callable[[], bool] = lambda: True,
) -> Report:
    """Judge the whole file, then write what changes. `time_left` is asked before each transaction.

    Nothing is written unless every row is in order. Raises TooLarge, and Busy when others keep
    changing the same products; the same file can be sent again then.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"a product file takes at most {MOST_BYTES} bytes, this one has {len(data)}")
    work = _Import(store, location, hashlib.sha256(data).hexdigest()[:16])
    file = read_products(data, currency)
    changes = _judged(work, file)
    report = Report(work.import_id, "refused", file.rows, problems=file.problems, warnings=file.warnings)
    if file.problems:
        return report
    if dry_run:
        report.state = "checked"
        _tell(report, changes, remaining=0)
        return report
    _note(work, report, "writing", now, actor)
    _write_all(work, changes, report, time_left)
    _note(work, report, report.state, now, actor)
    return report


def _judged(work: _Import, file: ProductFile) -> list[Change]:
    """What each readable row changes; what stands against it is added to the file's problems."""
    changes, problems = work.plan(file.lines)
    file.problems += problems + _taken_barcodes(work.store, changes) + _odd_bundles(work.store, changes)
    file.warnings += [found for change in changes for found in warnings_of(change)]
    return changes


def _taken_barcodes(store: StockStore, changes: Sequence[Change]) -> list[Remark]:
    """Barcodes that another product of the catalogue has, one that the file does not touch."""
    fresh = [
        change
        for change in changes
        if change.product.barcode
        and change.product.barcode != (change.before.product.barcode if change.before.product else "")
    ]
    if not fresh:
        return []
    owners, touched = barcodes(store), {change.line.sku for change in changes}
    return [
        remark(change.line.row, "barcode", change.product.barcode, f"belongs to {owner} already")
        for change in fresh
        if (owner := owners.get(change.product.barcode, change.line.sku)) not in touched
    ]


def _odd_bundles(store: StockStore, changes: Sequence[Change]) -> list[Remark]:
    """Bundles of what is not there, of themselves, or of other bundles."""
    fresh = [c for c in changes if c.product.components and c.outcome != "unchanged"]
    if not fresh:
        return []
    known = {change.line.sku: change.product for change in changes}
    known |= store.products(parts_of(c.product for c in fresh) - known.keys())
    return [
        remark(change.line.row, "components", part.sku, told)
        for change in fresh
        for part in change.product.components
        if (told := _why_not(known.get(part.sku)))
    ]


def _why_not(part: Product | None) -> str:
    if part is None:
        return "there is no such product, neither in the file nor in the catalogue"
    return "is a bundle itself: name what it is made of" if part.components else ""


def _write_all(
    work: _Import, changes: Sequence[Change], report: Report, time_left: Callable[[], bool]
) -> None:
    """Write in chunks. Counts that take units away come first: only they can be refused by an order
    that was faster, so a refusal almost always finds nothing written yet."""
    wanted = sorted((c for c in changes if c.outcome != "unchanged"), key=lambda c: not c.lowers)
    written: list[Change] = []
    for chunk in batched(wanted, CHUNK, strict=False):
        if not time_left():
            break
        report.problems += work.write(chunk)
        if report.problems:
            break
        written += chunk
    same = [change for change in changes if change.outcome == "unchanged"]
    _tell(report, [*written, *same], remaining=len(wanted) - len(written))
    refused = bool(report.problems) and not written
    report.state = "refused" if refused else "unfinished" if report.remaining else "done"


def _tell(report: Report, changes: Sequence[Change], remaining: int) -> None:
    outcomes = [change.outcome for change in changes]
    report.created = outcomes.count("created")
    report.updated = outcomes.count("updated")
    report.unchanged = outcomes.count("unchanged")
    report.remaining = remaining


def _note(work: _Import, report: Report, state: str, now: datetime, actor: str) -> None:
    note_import(work.store, work.import_id, state=state, at=stamp(now), actor=actor, rows=report.rows)
