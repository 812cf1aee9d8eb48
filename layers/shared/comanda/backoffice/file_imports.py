"""A merchant's files, looked at before they are carried out: products, and what was counted where.

A file is kept for a day, so that what was looked at is what is carried out. Carrying out what is in place
already changes nothing, so looking again tells how far it has come.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Literal

from comanda.backoffice.shelf import Shelf
from comanda.dynamo.jobs import PartRow
from comanda.dynamo.row import pages
from comanda.errors import Invalid, NotFound
from comanda.orders.facts import Origin
from comanda.stock.csv_text import Remark
from comanda.stock.import_counts import Counting, import_counts
from comanda.stock.import_products import import_products

KEEP_SECONDS = 86_400
PART = 300_000  # characters of an item, which DynamoDB limits to 400 KB
KINDS = ("products", "stock")

type Kind = Literal["products", "stock"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file would still change. `refused`: nothing of it can be carried out as it is. `problems` keep
    their row from being carried out, `warnings` do not."""

    file_id: str
    kind: str
    rows: int
    created: int
    changed: int
    unchanged: int
    refused: bool
    problems: tuple[Remark, ...]
    warnings: tuple[Remark, ...] = ()

    @property
    def left(self) -> int:
        return 0 if self.refused else self.created + self.changed


@dataclass(frozen=True, slots=True)
class FileImports:
    """`table`: Jobs."""

    shelf: Shelf
    table: str
    now: Callable[[], datetime]

    def keep(self, kind: str, data: bytes) -> str:
        """Keep a file for a day; answers its id. Raises Invalid."""
        if kind not in KINDS:
            raise Invalid.at("/kind", f"one of: {', '.join(KINDS)}")
        if not data.strip():
            raise Invalid.at("/file", "choose a file that is not empty")
        file_id = f"{kind}-{hashlib.sha256(data).hexdigest()[:24]}"
        PartRow.bind(self.table)
        text = base64.b64encode(zlib.compress(data)).decode()
        expires = int(self.now().timestamp()) + KEEP_SECONDS
        for number, part in enumerate(batched(text, PART, strict=False)):
            PartRow.write(PartRow(_pk(file_id), f"PART#{number:04d}", body="".join(part), expires_at=expires))
        return file_id

    def look(self, file_id: str, origin: Origin) -> Seen:
        """What would change. Raises NotFound, Invalid, TooLarge."""
        return self._run(file_id, origin, lambda: True, dry_run=True)

    def carry_out(self, file_id: str, origin: Origin, more_time: Callable[[], bool]) -> Seen:
        """Write what the file says, as far as time goes; what came in goes to those who wait for it.
        Raises NotFound, Invalid, TooLarge, Busy."""
        done = self._run(file_id, origin, more_time, dry_run=False)
        self.shelf.arrivals().serve(more_time=more_time)
        return done

    def _run(self, file_id: str, origin: Origin, more_time: Callable[[], bool], *, dry_run: bool) -> Seen:
        data = self._content(file_id)
        if file_id.startswith("products-"):
            return self._products(file_id, data, origin, more_time, dry_run=dry_run)
        return self._counts(file_id, data, origin, more_time, dry_run=dry_run)

    def _products(
        self, file_id: str, data: bytes, origin: Origin, more_time: Callable[[], bool], *, dry_run: bool
    ) -> Seen:
        report = import_products(
            data,
            store=self.shelf.book().stock,
            currency=self.shelf.settings().section("shop")[0].currency,
            now=self.now(),
            actor=origin.actor,
            dry_run=dry_run,
            location=self.shelf.rules.default_location,
            time_left=more_time,
        )
        told = report.to_dict()
        problems, warnings = (tuple(Remark(**one) for one in told[name]) for name in ("problems", "warnings"))
        refused = report.state == "refused"
        sums = (report.created, report.updated, report.unchanged)
        return Seen(file_id, "products", report.rows, *sums, refused, problems, warnings)

    def _counts(
        self, file_id: str, data: bytes, origin: Origin, more_time: Callable[[], bool], *, dry_run: bool
    ) -> Seen:
        known = self.shelf.locations()
        work = Counting(self.shelf.book(), known[0], set(known), origin.actor, origin.at, dry_run)
        told: dict[str, Any] = import_counts(data, work, more_time)
        bad = (one for one in told["lines"] if one["outcome"] == "refused")
        problems = tuple(
            Remark(one["row"], "", f"{one['sku']} {one['location']}", one["problem"]) for one in bad
        )
        rows = len(told["lines"]) + told["remaining"]
        return Seen(
            file_id, "stock", rows, 0, told["moved"], told["unchanged"], refused=False, problems=problems
        )

    def _content(self, file_id: str) -> bytes:
        request = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :file",
            "ExpressionAttributeValues": {":file": {"S": _pk(file_id)}},
            "ConsistentRead": True,
        }
        text = "".join(item["body"]["S"] for item in pages(**request)) if file_id else ""
        if not text:
            raise NotFound("there is no such file, or it is older than a day")
        return zlib.decompress(base64.b64decode(text))


def _pk(file_id: str) -> str:
    return f"FILE#{file_id}"
