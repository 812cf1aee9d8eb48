"""The staff's office: its order list, its search, its bulk jobs."""

from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comanda.backoffice.bulk.bulking import Bulking, BulkRuns
    from comanda.backoffice.counter import Counter
    from comanda.backoffice.dashboard.look import Dashboard
    from comanda.backoffice.listing.page import OrderList
    from comanda.backoffice.listing.query import Query
    from comanda.backoffice.office import Office
    from comanda.backoffice.undoing import Undoing
    from comanda.backoffice.views import SavedViews
    from comanda.figures.store import FigureStore
    from comanda.search.store import SearchStore


@cache
def office() -> "Office":
    from comanda.backoffice.office import Office
    from comanda.ids import new_id

    return Office(
        desk=wiring.desk(),
        orders=wiring.orders(),
        keys_seen=wiring.keys_seen(),
        scanning=wiring.scanning(),
        links=wiring.links(),
        execution_arn=lambda order_id, run: wiring.executions().arn(order_id, run),
        new_id=new_id,
        now=wiring.now,
        public_url=wiring.public_url,
    )


@cache
def undoing() -> "Undoing":
    from comanda.backoffice.undoing import Undoing

    return Undoing(wiring.orders(), wiring.outbox())


@cache
def counter() -> "Counter":
    from comanda.backoffice.bulk.select import ids_of
    from comanda.backoffice.counter import Counter
    from comanda.runtime.limits import Rate

    return Counter(
        codes=wiring.pickup_codes(),
        settings=wiring.settings(),
        orders=wiring.order_list(),
        numbers=lambda numbers: ids_of(numbers, wiring.search_tokens(), variable("ORDERS_TABLE")),
        count=lambda what, who, limit, now: Rate(variable("DEDUPE_TABLE"), what, who, limit, now).count(),
        now=wiring.now,
    )


@cache
def search_tokens() -> "SearchStore":
    from comanda.search.store import SearchStore

    return SearchStore(variable("SEARCH_TABLE"))


@cache
def figures() -> "FigureStore":
    from comanda.figures.store import FigureStore

    return FigureStore(variable("SEARCH_TABLE"))


@cache
def order_list() -> "OrderList":
    from comanda.backoffice.listing.counts import Counts
    from comanda.backoffice.listing.index import ListIndex
    from comanda.backoffice.listing.kept_counts import KeptCounts
    from comanda.backoffice.listing.page import OrderList

    index = ListIndex(variable("ORDERS_TABLE"), wiring.orders().shards)
    keeping = KeptCounts(variable("DEDUPE_TABLE"))
    counts = Counts(index, lambda: wiring.settings().signatures("state"), keeping, lambda: wiring.now())
    return OrderList(
        index,
        wiring.settings(),
        wiring.search_tokens(),
        counts,
        wiring.orders().parcels,
        wiring.own_changes().of,
    )


def order_query(filter: dict[str, Any], at: str) -> "Query":
    """A bulk job's filter as the list's query. Raises Invalid."""
    from zoneinfo import ZoneInfo

    from comanda.backoffice.bulk.select import understood

    return understood(filter, at, ZoneInfo(wiring.settings().section("shop")[0].time_zone))


@cache
def bulking() -> "Bulking":
    from time import sleep

    from comanda.backoffice.bulk.bulking import Bulking
    from comanda.backoffice.bulk.select import ids_of, matching
    from comanda.backoffice.bulk.store import JobStore
    from comanda.backoffice.run_command import CommandDesk
    from comanda.ids import new_id
    from comanda.times import shop_day

    return Bulking(
        jobs=JobStore(variable("JOBS_TABLE")),
        commands=CommandDesk(wiring.desk(), wiring.orders(), wiring.keys_seen()),
        orders=wiring.orders(),
        scanning=wiring.scanning,
        exporting=wiring.exporting,
        printing=lambda: wiring.printing(),
        labels=lambda: wiring.label_desk(),
        select=lambda filter, at: matching(wiring.order_query(filter, at), wiring.order_list()),
        left_on=_left_on,
        ids_of=lambda numbers: ids_of(numbers, wiring.search_tokens(), variable("ORDERS_TABLE")),
        now=wiring.now,
        new_id=new_id,
        pause=sleep,
        today=lambda: shop_day(wiring.now(), wiring.settings().section("shop")[0].time_zone),
        paused=wiring.pauses().paused,
    )


def _left_on(at: str, day: str, carrier: str, location: str) -> "Iterable[str]":
    from comanda.backoffice.bulk.left_on import left_on
    from comanda.documents.lists import leaving

    sections = wiring.settings().sections(["shop", "stock"])
    return left_on(leaving(sections, at, day, carrier, location), wiring.order_list(), wiring.now)


@cache
def bulk_runs() -> "BulkRuns":
    from comanda.backoffice.bulk.bulking import BulkRuns

    return BulkRuns(wiring.aws("stepfunctions"), variable("BULK_STATE_MACHINE"))


@cache
def saved_views() -> "SavedViews":
    from comanda.backoffice.views import SavedViews
    from comanda.ids import new_id

    return SavedViews(variable("JOBS_TABLE"), new_id)


def order_numbers(order_ids: "Iterable[str | None]") -> dict[str, str]:
    """The numbers of orders by their ids."""
    from comanda.backoffice.bulk.select import numbers_of

    return numbers_of(order_ids, variable("ORDERS_TABLE"))


@cache
def dashboard() -> "Dashboard":
    from comanda.backoffice.dashboard.health import Sources
    from comanda.backoffice.dashboard.kept import Keeping
    from comanda.backoffice.dashboard.look import Dashboard
    from comanda.figures.book import Book
    from comanda.stock.list_stock import list_stock

    def low(limit: int) -> list[dict[str, Any]]:
        rules = wiring.settings().section("stock")[0]
        found: list[dict[str, Any]] = list_stock(wiring.stock(), rules, low=True, limit=limit)["items"]
        return found

    return Dashboard(
        book=Book(wiring.figures()),
        orders=wiring.order_list,
        keeping=Keeping(variable("DEDUPE_TABLE")),
        sources=Sources(
            notices=lambda: wiring.inbox().store,
            batches=lambda: wiring.exporting().batches,
            jobs=lambda: wiring.bulking().jobs,
            troubles=lambda limit: wiring.troubles().recent(limit),
            low=low,
        ),
        shop=lambda: wiring.settings().section("shop")[0],
        stuck=lambda: wiring.stuck_parcels().count(),
    )
