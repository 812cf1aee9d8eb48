"""What providers pay out: asking them, and what is kept of it."""

from functools import cache
from typing import TYPE_CHECKING, cast

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comanda.backoffice.accounts.ask import AskNow
    from comanda.backoffice.accounts.days import Days
    from comanda.backoffice.accounts.disputes import Disputes
    from comanda.backoffice.accounts.ledger import Ledger
    from comanda.backoffice.accounts.locking import Locking
    from comanda.backoffice.accounts.payouts import Payouts
    from comanda.backoffice.accounts.reconciliation import Reconciliation
    from comanda.orders.model import Order
    from comanda.payments.payout import PayoutSource
    from comanda.payouts.disputes import DisputeStore
    from comanda.payouts.fetch import Fetching
    from comanda.payouts.store import PayoutStore

TELLING = ("stripe", "paypal", "mercadopago")  # providers whose adapter says what is paid out


@cache
def payouts() -> "PayoutStore":
    from comanda.payouts.store import PayoutStore

    return PayoutStore(variable("JOBS_TABLE"))


@cache
def payout_views() -> "Payouts":
    from comanda.backoffice.accounts.payouts import Payouts

    return Payouts(wiring.payouts())


@cache
def fetching() -> "Fetching":
    from comanda.payouts.fetch import Fetching

    def order(order_id: str) -> "Order | None":
        loaded = wiring.orders().load(order_id)
        return loaded.order if loaded else None

    def codes() -> list[str]:
        kept = wiring.payment_secrets()
        return [code for code in TELLING if kept.get(code)]

    def source(code: str) -> "PayoutSource":
        return cast("PayoutSource", wiring.provider(code))

    return Fetching(codes, source, order, wiring.payouts(), wiring.disputes(), wiring.now)


@cache
def disputes() -> "DisputeStore":
    from comanda.payouts.disputes import DisputeStore

    return DisputeStore(variable("JOBS_TABLE"))


@cache
def dispute_list() -> "Disputes":
    from comanda.backoffice.accounts.disputes import Disputes
    from comanda.backoffice.bulk.select import matching
    from comanda.times import stamp

    def held() -> "Iterator[str]":
        query = wiring.order_query({"hold": ["dispute"]}, stamp(wiring.now()))
        return matching(query, wiring.order_list())

    return Disputes(held, wiring.orders().load, wiring.disputes())


@cache
def reconciliation() -> "Reconciliation":
    from comanda.backoffice.accounts.reconciliation import Reconciliation
    from comanda.payments.looked_at import LookedAt
    from comanda.settings.methods import PROVIDERS

    codes = sorted(set(PROVIDERS.values()))
    looked = LookedAt(variable("JOBS_TABLE"))
    return Reconciliation(codes, looked, wiring.payouts(), wiring.pauses(), wiring.unsettled)


@cache
def asking() -> "AskNow":
    from comanda.backoffice.accounts.ask import AskNow
    from comanda.settings.methods import PROVIDERS

    codes = sorted(set(PROVIDERS.values()))
    return AskNow(lambda: wiring.aws("lambda"), variable("RECONCILE_FUNCTION"), lambda: codes)


def shop_zone() -> str:
    """The shop's time zone."""
    return str(wiring.settings().section("shop")[0].time_zone)


@cache
def locking() -> "Locking":
    from comanda.backoffice.accounts.locking import Locking

    return Locking(wiring.period_lock(), wiring.audit(), shop_zone)


@cache
def days() -> "Days":
    from comanda.backoffice.accounts.days import Days
    from comanda.closing.count import Counting
    from comanda.closing.store import ClosingStore
    from comanda.ids import new_id

    counting = Counting(wiring.figures(), wiring.orders().load, shop_zone)
    store = ClosingStore(variable("JOBS_TABLE"))
    return Days(counting, store, wiring.audit(), shop_zone, new_id, wiring.payouts())


@cache
def money_ledger() -> "Ledger":
    from comanda.backoffice.accounts.ledger import Ledger

    return Ledger(wiring.figures(), wiring.orders().load, wiring.payouts(), wiring.period_lock(), shop_zone)
