"""Exports and the destinations they go to."""

from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.exports.exporting import Exporting
    from comanda.exports.probing import Finding, Probing
    from comanda.settings.sections import Destination


@cache
def exporting() -> "Exporting":
    from zoneinfo import ZoneInfo

    from comanda.exports.contents import Contents
    from comanda.exports.couriers import courier
    from comanda.exports.exporting import Exporting
    from comanda.exports.filter import understood
    from comanda.exports.index import OrderIndex
    from comanda.exports.notice import MailNotice
    from comanda.exports.queue import RunsQueue
    from comanda.exports.reader import OrderReader
    from comanda.exports.seats import Seats
    from comanda.exports.store import BatchStore
    from comanda.ids import new_id

    return Exporting(
        batches=BatchStore(variable("JOBS_TABLE")),
        seats=Seats(variable("JOBS_TABLE")),
        contents=Contents(variable("EXPORT_BUCKET"), lambda: wiring.aws("s3")),
        index=OrderIndex(variable("ORDERS_TABLE"), wiring.orders().shards),
        reader=OrderReader(variable("ORDERS_TABLE")),
        desk=wiring.desk(),
        shop=lambda: wiring.settings().section("shop")[0],
        destinations=lambda: wiring.settings().section("exports")[0].destinations,
        courier=lambda code, destination: courier(code, destination, wiring.destination_secret),
        filters=lambda wanted, at: understood(
            wanted, at, ZoneInfo(wiring.settings().section("shop")[0].time_zone)
        ),
        runs=RunsQueue(variable("EXPORT_RUNS_QUEUE"), lambda: wiring.aws("sqs")),
        notice=MailNotice(wiring.bus),
        now=wiring.now,
        new_id=new_id,
        paused=wiring.pauses().paused,
    )


@cache
def probing() -> "Probing":
    """A secret that was mended a moment ago is read anew for each test."""
    from comanda.exports.couriers import prober
    from comanda.exports.probing import Probing
    from comanda.exports.queue import RunsQueue
    from comanda.ids import new_id
    from comanda.secrets import forget

    def tried(code: str, destination: "Destination", name: str) -> "Finding":
        forget()
        return prober(code, destination, wiring.destination_secret, name)

    return Probing(
        table=variable("JOBS_TABLE"),
        destinations=lambda: wiring.settings().section("exports")[0].destinations,
        prober=tried,
        runs=RunsQueue(variable("EXPORT_RUNS_QUEUE"), lambda: wiring.aws("sqs")),
        now=wiring.now,
        new_id=new_id,
    )


def destination_secret(code: str) -> dict[str, Any]:
    from comanda.secrets import secret

    found: dict[str, Any] = secret("DESTINATION_SECRETS").get(code, {})
    return found
