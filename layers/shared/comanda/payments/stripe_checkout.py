"""Stripe's Checkout Sessions: the customer pays on Stripe's page. What behaves like a page, not an intent.

https://docs.stripe.com/api/checkout/sessions
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from comanda.payments.provider import ProviderRecord, ProviderRefused, Started, Wanted
from comanda.payments.stripe_api import StripeApi

type Json = dict[str, Any]

PREFIX = "cs_"
PAID_ON, SESSION = "paid_on", "checkout_session"  # written on the intents that sessions make
# A session lasts between half an hour and a day from its making; a minute is left for clocks that differ.
SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23, minutes=59)
# Vouchers and transfers are paid days later, and nothing but their own expiry ends them: an order could
# neither be cancelled nor paid by another method meanwhile, so they are not offered.
NOT_OFFERED = ("boleto", "customer_balance", "konbini", "multibanco", "oxxo")
OVER = "session_over"
DEAD, GIVEN_UP = ("requires_payment_method", "requires_confirmation"), "given_up"
LOCALES = {"es": "es", "en": "en"}


def is_session(ref: str) -> bool:
    """Whether Stripe calls a Checkout Session so; else it is a PaymentIntent."""
    return ref.startswith(PREFIX)


class Sessions:
    def __init__(self, api: StripeApi, now: Callable[[], datetime]) -> None:
        self.api = api
        self.now = now

    def start(self, wanted: Wanted, names: Json, intent: Json) -> Started:
        """A session for the whole amount; `names` and `intent` are what its PaymentIntent is given, too."""
        asked = _asked(wanted, names, intent, self.now())
        made = self.api.keyed(
            wanted.key, lambda options: self.api.v1.checkout.sessions.create(asked, options)
        )
        return self._started(made.to_dict())

    def resume(self, ref: str) -> Started:
        return self._started(self.api.called(lambda: self.api.v1.checkout.sessions.retrieve(ref)).to_dict())

    def read(self, ref: str) -> Json | None:
        """The session with its intent, charge and refunds."""
        whole = {"expand": ["payment_intent.latest_charge.refunds"]}
        return self.api.found(lambda: self.api.v1.checkout.sessions.retrieve(ref, whole))

    def of_intent(self, intent: Json) -> Json | None:
        """The session that an intent was made by, with that intent; None for an intent of its own."""
        if (intent.get("metadata") or {}).get(PAID_ON) != SESSION:
            return None
        page = self.api.called(
            lambda: self.api.v1.checkout.sessions.list({"payment_intent": intent["id"], "limit": 1})
        )
        return page.data[0].to_dict() | {"payment_intent": intent} if page.data else None

    def give_up(self, session: Json, key: str) -> None:
        """An open session is ended. Of one that was gone through, what is reserved is let go; one whose money
        has failed to come can neither be paid nor ended there, so it is marked. Raises ProviderRefused, also
        where money has come."""
        ref, intent = session["id"], session.get("payment_intent") or {}
        if session["status"] == "open":
            self.api.keyed(key, lambda options: self.api.v1.checkout.sessions.expire(ref, {}, options))
        elif session["status"] == "complete" and intent.get("status") in DEAD:
            mark = {"metadata": {GIVEN_UP: "yes"}}
            self.api.called(lambda: self.api.v1.checkout.sessions.update(ref, mark))
        elif session["status"] == "complete":
            self.api.keyed(
                f"{key}:reserved",
                lambda options: self.api.v1.payment_intents.cancel(intent["id"], {}, options),
            )

    def _started(self, session: Json) -> Started:
        """Its address, while anybody can pay there. After a decline elsewhere than on the page, or of what
        settles later, another session begins."""
        left = int(session["expires_at"] - self.now().timestamp())
        if session["status"] != "open" or left <= 0 or not session.get("url"):
            raise ProviderRefused(OVER)
        action = {"type": "redirect", "url": session["url"]}
        return Started(str(session["id"]), action, left, repeatable=False)


def _asked(wanted: Wanted, names: Json, intent: Json, now: datetime) -> Json:
    """The whole order as one item: what the customer bought is nobody's business but the shop's. It is paid
    in its own currency alone, and until the order waits no longer, as far as Stripe has such a time."""
    price = {
        "currency": wanted.currency.lower(),
        "unit_amount": wanted.amount,
        "product_data": {"name": wanted.number},
    }
    back = wanted.return_url
    asked: Json = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "client_reference_id": wanted.order_id,
        "metadata": names,
        "payment_intent_data": intent | {"metadata": names | {PAID_ON: SESSION}},
        "success_url": f"{back}{'&' if '?' in back else '?'}redirect_status=succeeded",
        "cancel_url": back,
        "locale": LOCALES.get(wanted.locale, "auto"),
        "adaptive_pricing": {"enabled": False},
        "excluded_payment_method_types": [*NOT_OFFERED],
    }
    if wanted.email:
        asked["customer_email"] = wanted.email
    if wanted.until and wanted.until - now < LONGEST:  # else a day, which is what Stripe gives by itself
        asked["expires_at"] = int(max(wanted.until, now + SHORTEST).timestamp())
    return asked


def record_on_page(session: Json, paid: ProviderRecord | None) -> ProviderRecord:
    """The session as the payment, with what came of its intent. Each is named by the session, so that the
    order has one attempt, whichever of the two an event is about."""
    names = session.get("metadata") or {}
    record = paid or ProviderRecord("stripe", "", "pending", 0, "")
    return replace(
        record,
        ref=session["id"],
        status=_standing("expired" if names.get(GIVEN_UP) else session["status"], record.status),
        amount=session.get("amount_total") or 0,
        currency=str(session.get("currency") or "").upper(),
        order_id=str(names.get("order_id", "")),
        effect_id=str(names.get("effect_id", "")),
    )


def _standing(page: str, intent: str) -> str:
    """Money, and what may still bring it, counts whatever has become of the page."""
    if intent in ("succeeded", "authorized", "processing"):
        return intent
    if page == "expired":
        return "void"
    return "pending" if page == "open" and intent == "void" else intent
