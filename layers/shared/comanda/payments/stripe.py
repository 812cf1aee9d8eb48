"""Stripe behind the port, by the official SDK: intents for a form of the shop's own, or Stripe's page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

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
from comanda.payments.stripe_api import OTHER_REQUEST, StripeApi
from comanda.payments.stripe_checkout import PAID_ON, Sessions, is_session, record_on_page
from comanda.payments.stripe_record import record_of, refund_of

MOST_PAGES = 20
KEYS_LAST = timedelta(hours=25)


class StripeProvider:
    """A payment's reference is its intent's id, or its session's where it is paid on Stripe's page; `fetch`
    takes the id of such a session's intent as well."""

    code = "stripe"
    keeps_keys = 23 * 3600  # Stripe promises 24 hours

    def __init__(
        self,
        secret_of: Callable[[], Mapping[str, Any]],
        api_base: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self.now = now
        self.api = StripeApi(secret_of, api_base)
        self.sessions = Sessions(self.api, now)

    def start(self, wanted: Wanted) -> Started:
        """Where an earlier try under this key asked for something else (the customer's address was mended,
        the shop changed where its customers pay), what that try began is found."""
        try:
            return self._begun(wanted)
        except ProviderRefused as refused:
            now = self.now()
            earlier = refused.code == OTHER_REQUEST and self.find_by_reference(
                wanted.order_id, wanted.effect_id, now - KEYS_LAST, now
            )
            if not earlier:
                raise
            return self.resume(earlier)

    def _begun(self, wanted: Wanted) -> Started:
        names = {"order_id": wanted.order_id, "effect_id": wanted.effect_id, "number": wanted.number}
        hold = {"capture_method": "manual"} if wanted.hold else {}
        intent = {"description": wanted.number} | hold
        if wanted.hosted:
            return self.sessions.start(wanted, names, intent)
        asked = {
            "amount": wanted.amount,
            "currency": wanted.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "metadata": names,
        }
        return _started(
            self.api.keyed(
                wanted.key, lambda options: self.api.v1.payment_intents.create(asked | intent, options)
            )
        )

    def resume(self, ref: str) -> Started:
        if is_session(ref):
            return self.sessions.resume(ref)
        return _started(self.api.called(lambda: self.api.v1.payment_intents.retrieve(ref)))

    def fetch(self, ref: str) -> ProviderRecord | None:
        if is_session(ref):
            session = self.sessions.read(ref)
            intent = session and session.get("payment_intent")
        else:
            whole = {"expand": ["latest_charge.refunds"]}
            intent = self.api.found(lambda: self.api.v1.payment_intents.retrieve(ref, whole))
            session = intent and self.sessions.of_intent(intent)
        record = self._record(intent) if intent else None
        return record_on_page(session, record) if session else record

    def _record(self, intent: dict[str, Any]) -> ProviderRecord:
        charge = intent.get("latest_charge") or {}
        refunds = charge.get("refunds") or {}
        made = self._all("refunds", intent["id"]) if refunds.get("has_more") else refunds.get("data", [])
        disputes = self._all("disputes", intent["id"]) if charge.get("disputed") else []
        return record_of(intent, made, disputes)

    def find_by_reference(
        self, order_id: str, effect_id: str, since: datetime, until: datetime
    ) -> str | None:
        """An intent that a session made is not what was begun: the session is."""
        wanted = (order_id, effect_id)
        span = {"gte": int(since.timestamp()) - 60, "lte": int(until.timestamp()) + 60}
        for service in (self.api.v1.checkout.sessions, self.api.v1.payment_intents):
            for one in self._listed(service, {"limit": 100, "created": span}):
                names = one.get("metadata") or {}
                told = (names.get("order_id"), names.get("effect_id"))
                if told == wanted and PAID_ON not in names:
                    return str(one["id"])
        return None

    def _listed(self, service: Any, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        page = self.api.called(lambda: service.list(query))
        for _ in range(MOST_PAGES):
            yield from (one.to_dict() for one in page.data)
            if not page.has_more:
                return
            page = self.api.called(page.next_page)
        raise CannotTell("too many payments were begun in that time to look through them all")

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        span = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
        types = list(stripe_webhook.SWEPT)
        page = self.api.called(
            lambda: self.api.v1.events.list({"limit": 100, "created": span, "types": types})
        )
        while True:
            yield from (stripe_webhook.event_of(one.to_dict()) for one in page.data)
            if not page.has_more:
                return
            page = self.api.called(page.next_page)

    def capture(self, ref: str, amount: int, key: str) -> None:
        intent = self._intent_of(ref)
        self.api.keyed(
            key,
            lambda options: self.api.v1.payment_intents.capture(
                intent, {"amount_to_capture": amount}, options
            ),
        )

    def void(self, ref: str, key: str) -> None:
        if not is_session(ref):
            self.api.keyed(key, lambda options: self.api.v1.payment_intents.cancel(ref, {}, options))
        elif session := self.sessions.read(ref):
            self.sessions.give_up(session, key)

    def close(self, ref: str, key: str) -> None:
        """An intent takes one payment, and so does a session."""

    def refund(self, wanted: RefundWanted) -> Refund:
        made = self.api.keyed(
            wanted.key,
            lambda options: self.api.v1.refunds.create(
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
        return stripe_payouts.payouts(self.api.v1, self.api.called, since, until)

    def payout_lines(self, payout: Payout) -> Iterator[PayoutLine]:
        return stripe_payouts.payout_lines(self.api.v1, self.api.called, payout.ref)

    def disputes(self, since: datetime, until: datetime) -> Iterator[SeenDispute]:
        return stripe_payouts.disputes(self.api.v1, self.api.called, since, until)

    def verify_webhook(self, notice: Notice, secrets: Sequence[str], now: datetime) -> None:
        stripe_webhook.verify(notice.raw, notice.headers.get("stripe-signature", ""), secrets, now)

    def parse_event(self, raw: bytes) -> Event:
        return stripe_webhook.parse_event(raw)

    def _intent_of(self, ref: str) -> str:
        session = self.sessions.read(ref) if is_session(ref) else None
        intent = (session or {}).get("payment_intent") or {}
        if is_session(ref) and not intent:
            raise ProviderRefused("nothing_to_capture")
        return str(intent.get("id", ref))

    def _all(self, kind: str, ref: str) -> list[dict[str, Any]]:
        """Every refund or dispute of a payment."""
        return list(self._listed(getattr(self.api.v1, kind), {"payment_intent": ref, "limit": 100}))


def _started(intent: Any) -> Started:
    action = {"type": "stripe_payment_intent", "id": intent.id, "client_secret": intent.client_secret}
    return Started(str(intent.id), action)
