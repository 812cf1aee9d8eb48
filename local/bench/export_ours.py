"""The build step of an export, with the canned tables and a bucket that only counts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from comanda.dynamo.client import client
from comanda.exports.build import build
from comanda.exports.contents import Contents
from comanda.exports.exporting import Exporting, Pulse
from comanda.exports.index import OrderIndex
from comanda.exports.model import Batch
from comanda.exports.reader import OrderReader
from comanda.exports.seats import Seat
from comanda.exports.select import EVERYTHING
from comanda.exports.store import BatchStore
from comanda.settings.sections import Shop
from local.bench.canned_tables import CannedTables, use

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)


class CountingBucket:
    """S3 that forgets what it is given."""

    def create_multipart_upload(self, **_: Any) -> dict[str, str]:
        return {"UploadId": "1"}

    def upload_part(self, **_: Any) -> dict[str, str]:
        return {"ETag": "1"}

    def complete_multipart_upload(self, **_: Any) -> None: ...

    def put_object(self, **_: Any) -> None: ...


def prepare(tables: CannedTables, profile: str) -> Callable[[], tuple[int, int]]:
    use([client()], tables)
    nobody = cast(Any, None)  # the build step needs neither desk nor courier
    at = Exporting(
        batches=BatchStore("jobs"),
        seats=nobody,
        contents=Contents("bucket", CountingBucket),
        index=OrderIndex("orders"),
        reader=OrderReader("orders"),
        desk=nobody,
        shop=Shop,
        destinations=dict,
        courier=nobody,
        filters=lambda wanted, now: EVERYTHING,
        runs=nobody,
        notice=nobody,
        now=lambda: NOW,
        new_id=lambda: "1",
    )
    batch = Batch("b1", "erp", profile, "machine", ",", "2026-11-21T18:00:00.000Z", "bench")
    pulse = Pulse(Seat("erp", "b1", "bench", "", NOW), lambda: NOW, lambda: 600.0)

    def work() -> tuple[int, int]:
        built = build(batch, at, pulse)
        assert built.orders == tables.orders
        return built.rows, built.size

    return work
