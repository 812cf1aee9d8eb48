"""PayPal behind the port: Orders v2 by a thin client of our own, since its SDK knows no other address."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from comanda.payments.paypal_client import Json, NotPermitted, PayPalClient, segment
from comanda.payments.paypal_event import CAPTURE, event_of, parse_event
from comanda.payments.paypal_money import told
from comanda.payments.paypal_record import (
    GIVEN_UP,
    HELD,
    TAKEN,
    Reference,
    authorization_of,
    captures_of,
    record_of,
    refund_of,
    unit_of,
)
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
from comanda.runtime.observe import tally

if TYPE_CHECKING:
    from comanda.payments.payout import Payout, PayoutLine, SeenDispute
    from comanda.payments.paypal_webhook import Verifier

OPEN_SECONDS = 10_000  # PayPal forgets an order that nobody completes after three hours
APPROVAL_LINKS = ("payer-action", "approve")
GONE = ("RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
EVENTS, PAGE_SIZE = "/v1/notifications/webhooks-events", 100
ORDERS, PAYMENTS = "/v2/checkout/orders", "/v2/payments"


class PayPalProvider:
    code = "paypal"
    keeps_keys = 5 * 3600  # of orders PayPal keeps them for 6 hours, of refunds for 45 days

    def __init__(self, secret_of: Callable[[], Mapping[str, Any]], api_base: Callable[[], str]) -> None:
        self.client = PayPalClient(secret_of, api_base)
        self._verifier: Verifier | None = None

    def start(self, wanted: Wanted) -> Started:
        unit = {
            "reference_id": "default",
            "custom_id": wanted.key,
            "description": wanted.number,
            "amount": told(wanted.amount, wanted.currency),
        }
        context = {"user_action": "PAY_NOW", "shipping_preference": "NO_SHIPPING"}
        if wanted.return_url:
            context |= {"return_url": wanted.return_url, "cancel_url": wanted.return_url}
        order = self.client.post(
            ORDERS,
            {
                "intent": "CAPTURE",
                "purchase_units": [unit],
                "payment_source": {"paypal": {"experience_context": context}},
            },
            wanted.key,
        )
        return _started(order)

    def resume(self, ref: str) -> Started:
        return _started(self.client.get(f"{ORDERS}/{segment(ref)}"))

    def fetch(self, ref: str) -> ProviderRecord | None:
        """`ref` is an order's id, or that of a capture behind `capture/`, as events name it."""
        try:
            order = self.client.get(f"{ORDERS}/{segment(self._order_id(ref))}")
        except ProviderRefused as refused:
            if refused.code in GONE:
                return None
            raise
        taken = [one for one in captures_of(order) if one.get("status") in TAKEN]
        return record_of(order, [dispute for one in taken for dispute in self._disputes(str(one["id"]))])

    def find_by_reference(
        self, order_id: str, effect_id: str, since: datetime, until: datetime
    ) -> str | None:
        raise CannotTell("PayPal cannot be asked for a payment by our reference")

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        """By the list of webhook events, which PayPal keeps for 30 days, delivered or not."""
        last = _moment(until + timedelta(seconds=1))  # PayPal counts in whole seconds
        span = {"start_time": _moment(since), "end_time": last, "page_size": PAGE_SIZE}
        path = f"{EVENTS}?{urlencode(span)}"
        while path:
            page = self.client.get(path)
            yield from map(event_of, page.get("events") or [])
            path = _next(page)

    def capture(self, ref: str, amount: int, key: str) -> None:
        """Take what was authorised, or what the customer has approved: then all of it."""
        order = self.client.get(f"{ORDERS}/{segment(ref)}")
        unit, held = unit_of(order), authorization_of(order)
        if Reference.of(unit).given_up:
            raise ProviderRefused("GIVEN_UP")
        currency = str(unit["amount"]["currency_code"])
        if held is not None:
            body = {"amount": told(amount, currency), "final_capture": True}
            self.client.post(f"{PAYMENTS}/authorizations/{segment(str(held['id']))}/capture", body, key)
            return
        if unit["amount"] != told(amount, currency):
            raise ProviderRefused("AMOUNT_MISMATCH")
        self.client.post(f"{ORDERS}/{segment(ref)}/capture", {}, key)

    def void(self, ref: str, key: str) -> None:
        """Free what was authorised. An order that is not captured yet cannot be cancelled there: it is
        marked, and what is marked is never captured; PayPal forgets it by itself."""
        try:
            order = self.client.get(f"{ORDERS}/{segment(ref)}")
        except ProviderRefused as refused:
            if refused.code in GONE:
                return
            raise
        held, unit = authorization_of(order), unit_of(order)
        if held is not None and held.get("status") in HELD:
            self.client.post(f"{PAYMENTS}/authorizations/{segment(str(held['id']))}/void", {}, key)
        elif captures_of(order):
            raise ProviderRefused("ORDER_ALREADY_CAPTURED")
        elif held is None and not Reference.of(unit).given_up:
            self._mark(ref, unit)

    def close(self, ref: str, key: str) -> None:
        """An order is captured once."""

    def refund(self, wanted: RefundWanted) -> Refund:
        body = {"amount": told(wanted.amount, wanted.currency), "custom_id": wanted.key}
        path = f"{PAYMENTS}/captures/{segment(wanted.charge)}/refund"
        return refund_of(self.client.post(path, body, wanted.key))

    def verify_webhook(self, notice: Notice, secrets: Sequence[str], now: datetime) -> None:
        """`secrets` are the ids of the webhook, which PayPal signs with."""
        from comanda.payments.paypal_webhook import Verifier

        self._verifier = self._verifier or Verifier(self.client)
        self._verifier.verify(notice.raw, notice.headers, secrets, now)

    def parse_event(self, raw: bytes) -> Event:
        return parse_event(raw)

    def payouts(self, since: datetime, until: datetime) -> "Iterator[Payout]":
        """Needs the application's right to search transactions; NotPermitted without it."""
        from comanda.payments import paypal_payouts

        return paypal_payouts.payouts(self.client.get, since, until)

    def payout_lines(self, payout: "Payout") -> "Iterator[PayoutLine]":
        from comanda.payments import paypal_payouts

        def dispute(capture: str) -> str:
            return next((str(one["dispute_id"]) for one in self._disputes(capture)), "")

        traced = paypal_payouts.Traced(self._custom_of, dispute)
        return paypal_payouts.payout_lines(self.client.get, payout, traced)

    def disputes(self, since: datetime, until: datetime) -> "Iterator[SeenDispute]":
        from comanda.payments import paypal_disputes

        try:
            yield from paypal_disputes.disputes(self.client.get, since)
        except NotPermitted:  # payouts are read all the same
            tally("DisputesNotReadable", sender=self.code)

    def _mark(self, ref: str, unit: Json) -> None:
        name = unit.get("reference_id") or "default"
        path = f"/purchase_units/@reference_id=='{name}'/custom_id"
        marked = f"{unit.get('custom_id', '')}:{GIVEN_UP}"
        patch = json.dumps([{"op": "replace", "path": path, "value": marked}]).encode()
        self.client.call("PATCH", f"{ORDERS}/{segment(ref)}", patch)

    def _order_id(self, ref: str) -> str:
        if not ref.startswith(CAPTURE):
            return ref
        capture = self.client.get(f"{PAYMENTS}/captures/{segment(ref.removeprefix(CAPTURE))}")
        related = (capture.get("supplementary_data") or {}).get("related_ids") or {}
        return str(related.get("order_id") or "none")

    def _custom_of(self, capture: str) -> str:
        """The text that a capture carries; empty for one that PayPal does not have."""
        try:
            found = self.client.get(f"{PAYMENTS}/captures/{segment(capture)}")
        except ProviderRefused:
            return ""
        return str(found.get("custom_id") or "")

    def _disputes(self, capture: str) -> list[Json]:
        """The disputes about a capture, each as a whole: a list tells only how they stand."""
        query = urlencode({"disputed_transaction_id": capture, "page_size": 50})
        try:
            found = self.client.get(f"/v1/customer/disputes?{query}").get("items") or []
        except NotPermitted:  # payments go on; the metric tells the operator which right is missing
            tally("DisputesNotReadable", sender=self.code)
            return []
        return [self.client.get(f"/v1/customer/disputes/{segment(str(one['dispute_id']))}") for one in found]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _next(page: Json) -> str:
    """The next page of a list, at the address that we know."""
    links = {link.get("rel"): str(link.get("href")) for link in page.get("links") or []}
    there = urlsplit(links.get("next", ""))
    return f"{there.path}?{there.query}" if page.get("events") and there.path else ""


def _started(order: Json) -> Started:
    """Where the customer approves. A declined approval is followed by a new order, not by the same."""
    links = {link.get("rel"): link.get("href") for link in order.get("links") or []}
    url = next((links[rel] for rel in APPROVAL_LINKS if rel in links), None)
    if not url:
        raise ProviderRefused("NO_APPROVAL_LINK")
    return Started(str(order["id"]), {"type": "redirect", "url": str(url)}, OPEN_SECONDS, repeatable=False)
