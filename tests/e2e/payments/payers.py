"""Customers and merchants at the providers: by their official SDKs, and plain HTTP where there is none."""

from base64 import b64encode
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import mercadopago
import pytest
import requests
import stripe
from mercadopago.config.config import Config as SdkConfig

from tests.e2e.payments.script import Bought, Script


class Payer(Protocol):
    """What can be done with the payment that an order's `payment_action` leads to."""

    method: str

    def decline(self, bought: Bought) -> None: ...
    def pay(self, bought: Bought) -> None: ...
    def taken(self, bought: Bought) -> list[int]: ...
    def given_back(self, bought: Bought) -> list[int]: ...
    def dispute(self, bought: Bought, amount: int) -> str: ...
    def decide(self, dispute: str, *, won: bool) -> None: ...


class StripePayer:
    method = "stripe"

    def __init__(self, script: Script) -> None:
        account = script.stack["stripe"]
        self.script = script
        self.api = stripe.StripeClient(account["api_key"], base_addresses={"api": account["api_url"]}).v1

    def decline(self, bought: Bought) -> None:
        with pytest.raises(stripe.CardError) as refused:
            self._confirm(bought, "pm_card_chargeDeclined")
        assert refused.value.code == "card_declined"

    def pay(self, bought: Bought) -> None:
        assert self._confirm(bought, "pm_card_visa").status == "succeeded"

    def taken(self, bought: Bought) -> list[int]:
        charges = self.api.charges.list({"payment_intent": bought.action["id"]}).data
        return sorted(charge.amount_captured for charge in charges if charge.paid)

    def given_back(self, bought: Bought) -> list[int]:
        refunds = self.api.refunds.list({"payment_intent": bought.action["id"]}).data
        return sorted(refund.amount for refund in refunds if refund.status == "succeeded")

    def dispute(self, bought: Bought, amount: int) -> str:
        wish = {"payment_intent": bought.action["id"], "amount": amount}
        return str(self.script.happens("/stripe/disputes", wish)["id"])

    def decide(self, dispute: str, *, won: bool) -> None:
        end = {"status": "won" if won else "lost"}
        self.script.happens(f"/stripe/disputes/{dispute}/close", end)
        assert self.api.disputes.retrieve(dispute).status == end["status"]

    def _confirm(self, bought: Bought, card: str) -> Any:
        return self.api.payment_intents.confirm(bought.action["id"], {"payment_method": card})


class StripePagePayer(StripePayer):
    """Who is sent to Stripe's page and types the card there."""

    def decline(self, bought: Bought) -> None:
        self._type(bought, "4000 0000 0000 0002", 402)

    def pay(self, bought: Bought) -> None:
        self._type(bought, "4242 4242 4242 4242", 303)

    def taken(self, bought: Bought) -> list[int]:
        return super().taken(self._behind(bought))

    def given_back(self, bought: Bought) -> list[int]:
        return super().given_back(self._behind(bought))

    def dispute(self, bought: Bought, amount: int) -> str:
        return super().dispute(self._behind(bought), amount)

    def _type(self, bought: Bought, number: str, status: int) -> None:
        card = {"number": number, "expiry": "12/34", "cvc": "123"}
        page = requests.post(bought.action["url"], data=card, allow_redirects=False, timeout=30)
        assert page.status_code == status, page.text

    def _behind(self, bought: Bought) -> Bought:
        """The same with the intent that the page has made."""
        session = bought.action["url"].rpartition("/")[2]
        intent = self.api.checkout.sessions.retrieve(session).payment_intent
        return replace(bought, action={"id": intent})


class MercadoPagoPayer:
    method = "mercadopago"

    def __init__(self, script: Script) -> None:
        account = script.stack["mercadopago"]
        SdkConfig._Config__api_base_url = account["api_url"]  # the SDK knows one address only
        self.script = script
        self.sdk = mercadopago.SDK(account["access_token"])

    def decline(self, bought: Bought) -> None:
        self._press(bought, "decline")

    def pay(self, bought: Bought) -> None:
        self._press(bought, "pay")

    def taken(self, bought: Bought) -> list[int]:
        return sorted(round(one["transaction_amount"] * 100) for one in self._payments(bought))

    def given_back(self, bought: Bought) -> list[int]:
        refunds = [r for p in self._payments(bought) for r in self._ok(self.sdk.refund().list_all(p["id"]))]
        return sorted(round(refund["amount"] * 100) for refund in refunds)

    def dispute(self, bought: Bought, amount: int) -> str:
        """The bank takes what is left, which is `amount`."""
        (payment,) = self._payments(bought)
        made = self.script.happens(f"/mercadopago/payments/{payment['id']}/chargeback")
        assert round(made["amount"] * 100) == amount
        return str(made["id"])

    def decide(self, dispute: str, *, won: bool) -> None:
        end = {"status": "won" if won else "lost"}
        self.script.happens(f"/mercadopago/chargebacks/{dispute}/close", end)

    def _press(self, bought: Bought, outcome: str) -> None:
        page = requests.post(
            bought.action["url"], data={"outcome": outcome}, allow_redirects=False, timeout=30
        )
        assert page.status_code == 303, page.text

    def _payments(self, bought: Bought) -> list[dict[str, Any]]:
        """Those that brought money."""
        ref = parse_qs(urlsplit(bought.action["url"]).query)["pref_id"][0]
        reference = self._ok(self.sdk.preference().get(ref))["external_reference"]
        found = self._ok(self.sdk.payment().search({"external_reference": reference}))["results"]
        return [one for one in found if one["status"] in ("approved", "refunded", "charged_back")]

    def _ok(self, answer: dict[str, Any]) -> Any:
        assert answer["status"] == 200, answer
        return answer["response"]


class PayPalPayer:
    """PayPal's SDK knows no address but PayPal's."""

    method = "paypal"

    def __init__(self, script: Script) -> None:
        self.script = script
        self.account = script.stack["paypal"]

    def decline(self, bought: Bought) -> None:
        self._press(bought, "decline")

    def pay(self, bought: Bought) -> None:
        self._press(bought, "pay")

    def taken(self, bought: Bought) -> list[int]:
        return [_units(one["amount"]["value"]) for one in self._made(bought, "captures")]

    def given_back(self, bought: Bought) -> list[int]:
        return [_units(one["amount"]["value"]) for one in self._made(bought, "refunds")]

    def dispute(self, bought: Bought, amount: int) -> str:
        (capture,) = self._made(bought, "captures")
        money = {"currency_code": "MXN", "value": f"{amount // 100}.{amount % 100:02d}"}
        made = self.script.happens("/paypal/disputes", {"capture": capture["id"], "amount": money})
        return str(made["dispute_id"])

    def decide(self, dispute: str, *, won: bool) -> None:
        outcome = "RESOLVED_SELLER_FAVOUR" if won else "RESOLVED_BUYER_FAVOUR"
        self.script.happens(f"/paypal/disputes/{dispute}/close", {"outcome": outcome})

    def _press(self, bought: Bought, decision: str) -> None:
        page = requests.post(
            bought.action["url"], data={"decision": decision}, allow_redirects=False, timeout=30
        )
        assert page.status_code == 303, page.text

    def _made(self, bought: Bought, kind: str) -> list[dict[str, Any]]:
        """Captures or refunds of the order, as PayPal has them."""
        basic = b64encode(f"{self.account['client_id']}:{self.account['client_secret']}".encode()).decode()
        base = self.account["api_url"]
        grant = requests.post(
            f"{base}/v1/oauth2/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {basic}"},
            timeout=30,
        )
        token = grant.json()["access_token"]
        self.script.private.add(token)
        order = requests.get(
            f"{base}/v2/checkout/orders/{bought.action['url'].rpartition('token=')[2]}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        ).json()
        found: list[dict[str, Any]] = order["purchase_units"][0].get("payments", {}).get(kind, [])
        return sorted(found, key=lambda one: _units(one["amount"]["value"]))


def _units(value: str) -> int:
    return round(float(value) * 100)
