"""Stripe behind the port, by the official SDK, which is loaded at its first call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from comanda.errors import ProviderUnavailable
from comanda.payments import stripe_payouts, stripe_webhook
from comanda.payments.payout import Payout, PayoutLine, SeenDispute
from comanda.payments.provider import (
    CannotTell,
    Event,
    Notice,
    ProviderRecord,
    ProviderRefused,
    Refund,
    RefundWanted,
    Started,
    Wanted,
)
from comanda.payments.stripe_record import record_of, refund_of

if TYPE_CHECKING:
    from stripe import StripeClient

TIMEOUT = 6.0  # seconds for one request
RETRIES = 1  # a connection that slept with the function is dead on its first use
MOST_PAGES = 20
TURNS = 20
WRONG_KEY = (401, 403)


class StripeProvider:
    code = "stripe"
    keeps_keys = 23 * 3600  # Stripe promises 24 hours

    def __init__(self, secret_of: Callable[[], Mapping[str, Any]], api_base: Callable[[], str]) -> None:
        self.secret_of = secret_of
        self.api_base = api_base
        self._made: tuple[str, StripeClient] | None = None

    def start(self, wanted: Wanted) -> Started:
        intent = self._keyed(
            wanted.key,
            lambda options: self._api.payment_intents.create(
                {
                    "amount": wanted.amount,
                    "currency": wanted.currency.lower(),
                    "automatic_payment_methods": {"enabled": True},
                    "description": wanted.number,
                    "metadata": {
                        "order_id": wanted.order_id,
                        "effect_id": wanted.effect_id,
                        "number": wanted.number,
                    },
                },
                options,
            ),
        )
        return _started(intent)

    def resume(self, ref: str) -> Started:
        return _started(self._called(lambda: self._api.payment_intents.retrieve(ref)))

    def fetch(self, ref: str) -> ProviderRecord | None:
        try:
            intent = self._called(
                lambda: self._api.payment_intents.retrieve(ref, {"expand": ["latest_charge.refunds"]})
            )
        except ProviderRefused as refused:
            if refused.code == "resource_missing":
                return None
            raise
        found = intent.to_dict()
        charge = found.get("latest_charge") or {}
        refunds = charge.get("refunds") or {}
        made = self._all("refunds", ref) if refunds.get("has_more") else refunds.get("data", [])
        disputes = self._all("disputes", ref) if charge.get("disputed") else []
        return record_of(found, made, disputes)

    def find_by_reference(
        self, order_id: str, effect_id: str, since: datetime, until: datetime
    ) -> str | None:
        span = {"gte": int(since.timestamp()) - 60, "lte": int(until.timestamp()) + 60}
        wanted = (order_id, effect_id)
        page = self._called(lambda: self._api.payment_intents.list({"limit": 100, "created": span}))
        for _ in range(MOST_PAGES):
            for intent in page.data:
                metadata = intent.to_dict().get("metadata") or {}
                if (metadata.get("order_id"), metadata.get("effect_id")) == wanted:
                    return str(intent.id)
            if not page.has_more:
                return None
            page = self._called(page.next_page)
        raise CannotTell("too many payments were begun in that time to look through them all")

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        span = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
        types = list(stripe_webhook.TYPES)
        page = self._called(lambda: self._api.events.list({"limit": 100, "created": span, "types": types}))
        while True:
            yield from (stripe_webhook.event_of(one.to_dict()) for one in page.data)
            if not page.has_more:
                return
            page = self._called(page.next_page)

    def capture(self, ref: str, amount: int, key: str) -> None:
        self._keyed(
            key,
            lambda options: self._api.payment_intents.capture(ref, {"amount_to_capture": amount}, options),
        )

    def void(self, ref: str, key: str) -> None:
        self._keyed(key, lambda options: self._api.payment_intents.cancel(ref, {}, options))

    def close(self, ref: str, key: str) -> None:
        """A PaymentIntent takes one payment."""

    def refund(self, wanted: RefundWanted) -> Refund:
        made = self._keyed(
            wanted.key,
            lambda options: self._api.refunds.create(
                {
                    "charge": wanted.charge,
                    "amount": wanted.amount,
                    "metadata": {"order_id": wanted.order_id, "effect_id": wanted.effect_id},
                },
                options,
            ),
        )
        return refund_of(made.to_dict())

    def payouts(self, since: datetime, until: datetime) -> Iterator[Payout]:
        return stripe_payouts.payouts(self._api, self._called, since, until)

    def payout_lines(self, payout: Payout) -> Iterator[PayoutLine]:
        return stripe_payouts.payout_lines(self._api, self._called, payout.ref)

    def disputes(self, since: datetime, until: datetime) -> Iterator[SeenDispute]:
        return stripe_payouts.disputes(self._api, self._called, since, until)

    def verify_webhook(self, notice: Notice, secrets: Sequence[str], now: datetime) -> None:
        stripe_webhook.verify(notice.raw, notice.headers.get("stripe-signature", ""), secrets, now)

    def parse_event(self, raw: bytes) -> Event:
        return stripe_webhook.parse_event(raw)

    @property
    def _api(self) -> Any:
        """The SDK's client, made anew when the key was rotated."""
        from stripe import RequestsClient, StripeClient

        key = str(self.secret_of().get("api_key", ""))
        if not key:
            raise ProviderUnavailable("no API key for Stripe is set")
        if self._made is None or self._made[0] != key:
            client = StripeClient(
                key,
                base_addresses={"api": self.api_base()},
                max_network_retries=RETRIES,
                http_client=RequestsClient(timeout=TIMEOUT),
            )
            self._made = (key, client)
        return self._made[1].v1

    def _all(self, kind: str, ref: str) -> list[dict[str, Any]]:
        """Every refund or dispute of a payment."""
        service = getattr(self._api, kind)
        page = self._called(lambda: service.list({"payment_intent": ref, "limit": 100}))
        found = [one.to_dict() for one in page.data]
        while page.has_more:
            page = self._called(page.next_page)
            found += [one.to_dict() for one in page.data]
        return found

    def _keyed(self, key: str, call: Callable[[Any], Any]) -> Any:
        """Call under an idempotency key. A refusal that Stripe only repeats from an earlier try is
        old news: the next key of the series asks anew. Each worker walks the same series."""
        from stripe import StripeError

        for turn in range(1, TURNS + 1):
            try:
                return call({"idempotency_key": key if turn == 1 else f"{key}:{turn}"})
            except StripeError as error:
                problem = _problem(error)
                if not (isinstance(problem, ProviderRefused) and _replayed(error)):
                    raise problem from error
        raise ProviderRefused("refused_too_often")

    def _called(self, call: Callable[[], Any]) -> Any:
        from stripe import StripeError

        try:
            return call()
        except StripeError as error:
            raise _problem(error) from error


def _started(intent: Any) -> Started:
    action = {"type": "stripe_payment_intent", "id": intent.id, "client_secret": intent.client_secret}
    return Started(str(intent.id), action)


def _problem(error: Any) -> Exception:
    """Passing or final. A wrong key is the operator's to mend, not the customer's fault: passing."""
    status = error.http_status
    if status is None or status >= 500 or status in (409, 429, *WRONG_KEY):
        return ProviderUnavailable(f"Stripe does not answer as it should ({status or 'no connection'})")
    return ProviderRefused(str(error.code or "refused"))


def _replayed(error: Any) -> bool:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return str(headers.get("idempotent-replayed", "")).lower() == "true"
