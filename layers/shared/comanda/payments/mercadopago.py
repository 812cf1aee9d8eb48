"""Mercado Pago's Checkout Pro behind the port: the customer pays on their page, we read what came of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comanda.errors import ProviderUnavailable
from comanda.money import decimal_text
from comanda.payments import mercadopago_webhook
from comanda.payments.mercadopago_http import Api
from comanda.payments.mercadopago_record import OPEN, TAKEN, Json, record_of, refund_of
from comanda.payments.provider import (
    Event,
    Notice,
    ProviderRecord,
    ProviderRefused,
    Refund,
    RefundWanted,
    Started,
    Wanted,
)

if TYPE_CHECKING:
    from comanda.payments.mercadopago_payouts import Releases
    from comanda.payments.payout import Payout, PayoutLine, SeenDispute

PREFERENCES, PAYMENTS = "/checkout/preferences", "/v1/payments"
PAGE = 100
MOST_PAGES = 100
LAST_MOMENT = timedelta(minutes=10)  # before the order ends, so that a card is not charged just too late
# A voucher's money is credited up to two business hours after it was paid at the counter:
# https://www.mercadopago.com.mx/developers/en/docs/checkout-pro-preferences/additional-settings/expiration-date
CREDITING = timedelta(hours=2)
SHORTEST_VOUCHER = timedelta(days=1)
SETTLE_LATER = ("ticket", "atm", "bank_transfer")


class MercadoPagoProvider:
    """A payment's reference is its preference's id; `fetch` takes the id of one of its payments as well."""

    code = "mercadopago"
    keeps_keys = 3600  # how long keys are kept is not documented: a later try looks first

    def __init__(
        self,
        secret_of: Callable[[], Mapping[str, Any]],
        api_base: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self.now = now
        self.api = Api(lambda: str(secret_of().get("access_token", "")), api_base)
        self._reports: Releases | None = None

    def start(self, wanted: Wanted) -> Started:
        """Keys are documented for payments and refunds only, so an earlier try is looked for."""
        reference = _reference(wanted.order_id, wanted.effect_id)
        begun = next(iter(self._preferences(reference)), None)
        return _started(begun or self.api.post(PREFERENCES, _preference(wanted, self.now()), wanted.key))

    def resume(self, ref: str) -> Started:
        preference = self.api.get(f"{PREFERENCES}/{ref}")
        if preference is None:
            raise ProviderRefused("not_found")
        return _started(preference)

    def fetch(self, ref: str) -> ProviderRecord | None:
        known: dict[str, Json] = {}
        preference = None
        if ref.isdecimal():
            payment = self.api.get(f"{PAYMENTS}/{ref}")
            if payment is None:
                return None
            known[ref] = payment
            preference = self._preference_of(payment)
        else:
            preference = self.api.get(f"{PREFERENCES}/{ref}")
            if preference is None:
                return None
        payments = self._payments(preference, known) if preference else list(known.values())
        taken = [str(one["id"]) for one in payments if one["status"] in TAKEN]
        refunds = {key: self.api.get(f"{PAYMENTS}/{key}/refunds") or [] for key in taken}
        return record_of(preference["id"] if preference else ref, preference, payments, refunds, self.now())

    def find_by_reference(
        self, order_id: str, effect_id: str, since: datetime, until: datetime
    ) -> str | None:
        span = (since - timedelta(minutes=1), until + timedelta(minutes=1))
        for preference in self._preferences(_reference(order_id, effect_id)):
            if span[0] <= datetime.fromisoformat(str(preference["date_created"])) <= span[1]:
                return str(preference["id"])
        return None

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Every payment that changed; each is named by its own id."""
        span = {"begin_date": _written(since), "end_date": _written(until + timedelta(seconds=1))}
        for one in self._searched(range="date_last_updated", **span):
            yield Event("", f"payment.{one['status']}", str(one["id"]))

    def capture(self, ref: str, amount: int, key: str) -> None:
        payments = self._tries(ref)
        held = [one for one in payments if one["status"] == "authorized"] or payments[-1:]
        if not held:
            raise ProviderRefused("nothing_to_capture")
        body = {"capture": True, "transaction_amount": _decimal(amount, held[0]["currency_id"])}
        self.api.put(f"{PAYMENTS}/{held[0]['id']}", body, key)

    def void(self, ref: str, key: str) -> None:
        if any(one["status"] in TAKEN for one in self._tries(ref)):
            raise ProviderRefused("already_captured")
        self.close(ref, key)

    def close(self, ref: str, key: str) -> None:
        """End the page first, which takes any number of payments until then, then give up the open ones."""
        if not ref.isdecimal():
            ends = {"expires": True, "expiration_date_to": _written(self.now())}
            self.api.put(f"{PREFERENCES}/{ref}", ends, key)
        for payment in self._tries(ref):
            if payment["status"] in OPEN:
                one = str(payment["id"])
                self.api.put(f"{PAYMENTS}/{one}", {"status": "cancelled"}, f"{key}:{one}")

    def refund(self, wanted: RefundWanted) -> Refund:
        """A refund carries no name of ours there; its key alone tells that it was asked for before."""
        body = {"amount": _decimal(wanted.amount, wanted.currency)}
        made = self.api.post(f"{PAYMENTS}/{wanted.charge}/refunds", body, wanted.key)
        refund = refund_of(made, {"id": wanted.charge, "currency_id": wanted.currency})
        return replace(refund, effect_id=wanted.effect_id)

    def verify_webhook(self, notice: Notice, secrets: Sequence[str], now: datetime) -> None:
        mercadopago_webhook.verify(notice, secrets, now)

    def parse_event(self, raw: bytes) -> Event:
        return mercadopago_webhook.parse_event(raw)

    def payouts(self, since: datetime, until: datetime) -> "Iterator[Payout]":
        return self._releases.payouts(since, until)

    def payout_lines(self, payout: "Payout") -> "Iterator[PayoutLine]":
        return self._releases.lines(payout)

    def disputes(self, since: datetime, until: datetime) -> "Iterator[SeenDispute]":
        from comanda.payments import mercadopago_payouts

        span = {"begin_date": _written(since), "end_date": _written(until + timedelta(seconds=1))}
        return mercadopago_payouts.disputes(self.api, self._searched, span)

    @property
    def _releases(self) -> "Releases":
        if self._reports is None:
            from comanda.payments.mercadopago_payouts import Releases

            self._reports = Releases(self.api)
        return self._reports

    def _tries(self, ref: str) -> list[Json]:
        if ref.isdecimal():
            payment = self.api.get(f"{PAYMENTS}/{ref}")
            return [payment] if payment else []
        preference = self.api.get(f"{PREFERENCES}/{ref}")
        return self._payments(preference, {}) if preference else []

    def _preference_of(self, payment: Json) -> Json | None:
        """The preference behind a payment, by way of its merchant order."""
        order_id = (payment.get("order") or {}).get("id")
        order = self.api.get(f"/merchant_orders/{order_id}") if order_id else None
        preference_id = order.get("preference_id") if order else None
        found: Json | None = self.api.get(f"{PREFERENCES}/{preference_id}") if preference_id else None
        return found

    def _payments(self, preference: Json, known: dict[str, Json]) -> list[Json]:
        """Every payment under its reference, each read for itself: a search may lag behind."""
        found = dict(known)
        for one in self._searched(external_reference=str(preference["external_reference"])):
            key = str(one["id"])
            if key not in found:
                found[key] = self.api.get(f"{PAYMENTS}/{key}") or one
        return sorted(found.values(), key=lambda one: str(one.get("date_created", "")))

    def _searched(self, **query: str) -> Iterator[Json]:
        for offset in range(0, PAGE * MOST_PAGES, PAGE):
            told = self.api.get(f"{PAYMENTS}/search", **query, limit=str(PAGE), offset=str(offset)) or {}
            yield from told.get("results", [])
            if offset + PAGE >= int((told.get("paging") or {}).get("total", 0)):
                return
        raise ProviderUnavailable("too many payments were found to look through them all")

    def _preferences(self, reference: str) -> list[Json]:
        """The preferences of a reference, as they are now."""
        told = self.api.get(f"{PREFERENCES}/search", external_reference=reference, limit=str(PAGE)) or {}
        found = (self.api.get(f"{PREFERENCES}/{one['id']}") for one in told.get("elements", []))
        return [one for one in found if one and one.get("external_reference") == reference]


def _reference(order_id: str, effect_id: str) -> str:
    return f"{order_id}_{effect_id}"


def _preference(wanted: Wanted, now: datetime) -> Json:
    """The whole order as one item: what the customer bought is nobody's business but the shop's."""
    price = _decimal(wanted.amount, wanted.currency)
    item = {"title": wanted.number, "quantity": 1, "unit_price": price, "currency_id": wanted.currency}
    names = {"order_id": wanted.order_id, "effect_id": wanted.effect_id, "number": wanted.number}
    body: Json = {
        "items": [item],
        "external_reference": _reference(wanted.order_id, wanted.effect_id),
        "metadata": names,
    }
    if wanted.return_url:
        back = dict.fromkeys(("success", "pending", "failure"), wanted.return_url)
        body |= {"back_urls": back, "auto_return": "approved"}
    return body | (_deadlines(wanted.until, now) if wanted.until else {})


def _deadlines(until: datetime, now: datetime) -> Json:
    """Both before ours. A voucher that could not be paid and credited in time is not offered."""
    told: Json = {
        "expires": True,
        "expiration_date_to": _written(max(until - LAST_MOMENT, now + LAST_MOMENT)),
    }
    voucher_ends = until - CREDITING
    if voucher_ends - now >= SHORTEST_VOUCHER:
        return told | {"date_of_expiration": _written(voucher_ends)}
    excluded = [{"id": kind} for kind in SETTLE_LATER]
    return told | {"payment_methods": {"excluded_payment_types": excluded}}


def _started(preference: Json) -> Started:
    return Started(str(preference["id"]), {"type": "redirect", "url": str(preference["init_point"])})


def _decimal(amount: int, currency: str) -> Decimal:
    return Decimal(decimal_text(amount, currency))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
