"""The payment providers as others see them: customers on their pages, their own pages, their own records."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests.peers.mercadopago import MercadoPagoPeer
from tests.peers.paypal import PayPalPeer
from tests.peers.provider import Peers, Wire

# What a provider has of one payment: (kind, its own id) → (amount, status in the words of our ledger)
type Record = dict[tuple[str, str], tuple[int, str]]

GOOD = (200, 201, 204)


class Refused(Exception):
    """The provider would not do this in the state that the payment is in."""


class Side(Protocol):
    """One provider; `ref` is the payment that our `payment_action` led to. Acts raise Refused."""

    code: str

    def ref(self, action: dict[str, Any]) -> str: ...
    def decline(self, ref: str) -> None: ...
    def pay(self, ref: str) -> None: ...
    def refund(self, ref: str, amount: int) -> None: ...
    def bounce(self, ref: str) -> None: ...
    def dispute(self, ref: str) -> None: ...
    def decide(self, ref: str, *, won: bool) -> None: ...
    def record(self, ref: str) -> Record: ...


@dataclass
class StripeSide:
    """By the official SDK."""

    peers: Peers
    code: str = "stripe"
    sdk: stripe.StripeClient = field(init=False)

    def __post_init__(self) -> None:
        self.sdk = self.peers.client()

    def ref(self, action: dict[str, Any]) -> str:
        return str(action["id"])

    def decline(self, ref: str) -> None:
        try:
            self.sdk.v1.payment_intents.confirm(ref, {"payment_method": "pm_card_chargeDeclined"})
        except stripe.CardError:
            return
        except stripe.StripeError as error:
            raise Refused from error

    def pay(self, ref: str) -> None:
        self._do(lambda: self.sdk.v1.payment_intents.confirm(ref, {"payment_method": "pm_card_visa"}))

    def refund(self, ref: str, amount: int) -> None:
        self._do(lambda: self.sdk.v1.refunds.create({"payment_intent": ref, "amount": amount}))

    def bounce(self, ref: str) -> None:
        refunds = self.sdk.v1.refunds.list({"payment_intent": ref}).data
        act(self.peers, f"/stripe/refunds/{newest(refunds).id}/fail")

    def dispute(self, ref: str) -> None:
        act(self.peers, "/stripe/disputes", {"payment_intent": ref})

    def decide(self, ref: str, *, won: bool) -> None:
        dispute = newest(self.sdk.v1.disputes.list({"payment_intent": ref}).data)
        act(self.peers, f"/stripe/disputes/{dispute.id}/close", {"status": "won" if won else "lost"})

    def record(self, ref: str) -> Record:
        about: Any = {"payment_intent": ref, "limit": 100}
        taken = [one for one in self.sdk.v1.charges.list(about).data if one.captured and one.paid]
        found: Record = {("capture", one.id): (one.amount_captured, "ok") for one in taken}
        refunds = {"succeeded": "ok", "failed": "failed"}
        for refund in self.sdk.v1.refunds.list(about).data:
            found["refund", refund.id] = (refund.amount, refunds[str(refund.status)])
        disputes = {"won": "void", "lost": "ok"}
        for dispute in self.sdk.v1.disputes.list(about).data:
            found["dispute", dispute.id] = (dispute.amount, disputes.get(dispute.status, "pending"))
        return found

    def _do(self, call: Any) -> None:
        try:
            call()
        except stripe.StripeError as error:
            raise Refused from error


@dataclass
class StripePageSide(StripeSide):
    """Stripe's own page: what a person sends from it, and the intent that it makes."""

    def ref(self, action: dict[str, Any]) -> str:
        return str(action["url"]).rpartition("/")[2]

    def decline(self, ref: str) -> None:
        self._send(ref, "4000 0000 0000 0002", 402)

    def pay(self, ref: str) -> None:
        self._send(ref, "4242 4242 4242 4242", 303)

    def refund(self, ref: str, amount: int) -> None:
        super().refund(self._intent(ref), amount)

    def bounce(self, ref: str) -> None:
        super().bounce(self._intent(ref))

    def dispute(self, ref: str) -> None:
        super().dispute(self._intent(ref))

    def decide(self, ref: str, *, won: bool) -> None:
        super().decide(self._intent(ref), won=won)

    def record(self, ref: str) -> Record:
        try:
            return super().record(self._intent(ref))
        except Refused:
            return {}

    def _send(self, ref: str, number: str, expected: int) -> None:
        card = {"number": number, "expiry": "12/34", "cvc": "123"}
        with Wire(self.peers.stripe_url) as wire:
            status, _, _ = wire.call("POST", f"/c/pay/{ref}", card, {})
        if status != expected:
            raise Refused

    def _intent(self, ref: str) -> str:
        intent = self.sdk.v1.checkout.sessions.retrieve(ref).payment_intent
        if not isinstance(intent, str):
            raise Refused
        return intent


@dataclass
class PayPalSide:
    """By plain HTTP: PayPal's SDK knows no address but PayPal's."""

    peers: Peers
    code: str = "paypal"
    peer: PayPalPeer = field(init=False)

    def __post_init__(self) -> None:
        self.peer = PayPalPeer(self.peers)

    def ref(self, action: dict[str, Any]) -> str:
        return str(action["url"]).rpartition("token=")[2]

    def decline(self, ref: str) -> None:
        self._press(ref, "decline")

    def pay(self, ref: str) -> None:
        self._press(ref, "pay")

    def refund(self, ref: str, amount: int) -> None:
        money = {"currency_code": "MXN", "value": f"{Decimal(amount) / 100:.2f}"}
        status, _ = self.peer.call(
            "POST", f"/v2/payments/captures/{self._capture(ref)}/refund", {"amount": money}
        )
        if status not in GOOD:
            raise Refused

    def bounce(self, ref: str) -> None:
        refunds = self._made(ref).get("refunds", [])
        act(self.peers, f"/paypal/refunds/{newest(refunds[::-1])['id']}/fail")

    def dispute(self, ref: str) -> None:
        act(self.peers, "/paypal/disputes", {"capture": self._capture(ref)})

    def decide(self, ref: str, *, won: bool) -> None:
        outcome = "RESOLVED_SELLER_FAVOUR" if won else "RESOLVED_BUYER_FAVOUR"
        dispute = newest(self._disputes(ref))["dispute_id"]
        act(self.peers, f"/paypal/disputes/{dispute}/close", {"outcome": outcome})

    def record(self, ref: str) -> Record:
        made = self._made(ref)
        found: Record = {}
        for capture in made.get("captures", []):
            if capture["status"] in ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"):
                found["capture", capture["id"]] = (units(capture["amount"]["value"]), "ok")
        for refund in made.get("refunds", []):
            status = {"COMPLETED": "ok", "FAILED": "failed"}[refund["status"]]
            found["refund", refund["id"]] = (units(refund["amount"]["value"]), status)
        outcomes = {"RESOLVED_SELLER_FAVOUR": "void", "RESOLVED_BUYER_FAVOUR": "ok"}
        for dispute in self._disputes(ref) if made.get("captures") else []:
            outcome = dispute.get("dispute_outcome", {}).get("outcome_code")
            amount = units(dispute["dispute_amount"]["value"])
            found["dispute", dispute["dispute_id"]] = (amount, outcomes.get(outcome, "pending"))
        return found

    def _press(self, ref: str, button: str) -> None:
        status, _ = self.peer.decide(ref, button)
        if status != 303:
            raise Refused

    def _made(self, ref: str) -> dict[str, Any]:
        order = next(one for one in self.peer.all() if one["id"] == ref)
        made: dict[str, Any] = order["purchase_units"][0].get("payments", {})
        return made

    def _capture(self, ref: str) -> str:
        return str(newest(self._made(ref).get("captures", []))["id"])

    def _disputes(self, ref: str) -> list[dict[str, Any]]:
        path = f"/v1/customer/disputes?disputed_transaction_id={self._capture(ref)}"
        listed = self.peer.call("GET", path)[1]["items"]
        return [self.peer.call("GET", f"/v1/customer/disputes/{one['dispute_id']}")[1] for one in listed]


@dataclass
class MercadoPagoSide:
    """By the official SDK; a payment of ours is a preference there, and each try a payment of its own."""

    peers: MercadoPagoPeer
    code: str = "mercadopago"

    def ref(self, action: dict[str, Any]) -> str:
        return dict(parse_qsl(urlsplit(action["url"]).query))["pref_id"]

    def decline(self, ref: str) -> None:
        act(self.peers, f"/mercadopago/preferences/{ref}/decline")

    def pay(self, ref: str) -> None:
        act(self.peers, f"/mercadopago/preferences/{ref}/pay")

    def refund(self, ref: str, amount: int) -> None:
        act(self.peers, f"/mercadopago/payments/{self._taken(ref)}/refund", {"amount": amount / 100})

    def bounce(self, ref: str) -> None:
        refunds = self.peers.sdk().refund().list_all(self._taken(ref))["response"]
        act(self.peers, f"/mercadopago/refunds/{newest(refunds[::-1])['id']}/decide", {"outcome": "rejected"})

    def dispute(self, ref: str) -> None:
        act(self.peers, f"/mercadopago/payments/{self._taken(ref)}/chargeback")

    def decide(self, ref: str, *, won: bool) -> None:
        chargeback = newest(self._chargebacks(self._taken(ref)))["id"]
        end = {"status": "won" if won else "lost"}
        act(self.peers, f"/mercadopago/chargebacks/{chargeback}/close", end)

    def record(self, ref: str) -> Record:
        found: Record = {}
        for payment in self.peers.payments(ref):
            key = str(payment["id"])
            if payment["status"] not in ("approved", "refunded", "charged_back"):
                continue
            found["capture", key] = (units(payment["transaction_amount"]), "ok")
            refunds = {"approved": "ok", "rejected": "failed"}
            for refund in self.peers.sdk().refund().list_all(key)["response"]:
                found["refund", str(refund["id"])] = (units(refund["amount"]), refunds[refund["status"]])
            ends = {"reimbursed": "void", "settled": "ok"}
            for chargeback in self._chargebacks(key):
                status = ends.get(chargeback["status"], "pending")
                found["dispute", f"chargeback-{key}"] = (units(chargeback["amount"]), status)
        return found

    def _taken(self, ref: str) -> str:
        taken = ("approved", "refunded", "charged_back")
        return str(newest([one for one in self.peers.payments(ref) if one["status"] in taken])["id"])

    def _chargebacks(self, payment: str) -> list[dict[str, Any]]:
        answer = self.peers.sdk().chargeback().search({"payment_id": payment})
        found: list[dict[str, Any]] = answer["response"]["results"]
        return found


def act(peers: Peers, path: str, body: Any = None) -> None:
    """What happens in the world outside, by the control address."""
    status, _ = peers.control("POST", path, body)
    if status not in GOOD:
        raise Refused


def newest(things: Any) -> Any:
    if not things:
        raise Refused
    return things[0]


def units(decimal: Any) -> int:
    return int(Decimal(str(decimal)) * 100)
