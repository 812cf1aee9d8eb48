"""What providers pay out: asking them, and what is kept of it."""

from functools import cache
from typing import TYPE_CHECKING, cast

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.backoffice.accounts.ask import AskNow
    from comanda.backoffice.accounts.payouts import Payouts
    from comanda.orders.model import Order
    from comanda.payments.payout import PayoutSource
    from comanda.payouts.fetch import Fetching
    from comanda.payouts.store import PayoutStore

TELLING = ("stripe",)  # providers whose adapter says what is paid out


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

    return Fetching(codes, source, order, wiring.payouts(), wiring.now)


@cache
def asking() -> "AskNow":
    from comanda.backoffice.accounts.ask import AskNow
    from comanda.settings.methods import PROVIDERS

    codes = sorted(set(PROVIDERS.values()))
    return AskNow(lambda: wiring.aws("lambda"), variable("RECONCILE_FUNCTION"), lambda: codes)
