"""The running Mercado Pago peer as an outsider sees it: the official SDK, and the control URL."""

from typing import Any

import mercadopago
from mercadopago.config import RequestOptions
from mercadopago.config.config import Config as SdkConfig

from tests.peers.provider import Peers

ACCESS_TOKEN = "TEST-7434700000000000-112215-peer-446566691"
WEBHOOK_SECRET = "a4ba0f6c1d3e"


class MercadoPagoPeer(Peers):
    """`url` is that of the API."""

    def __init__(self, url: str, control_url: str) -> None:
        super().__init__("", control_url)
        self.url = url

    def sdk(self, access_token: str = ACCESS_TOKEN) -> Any:
        """The SDK knows one address only; this is where it keeps it."""
        SdkConfig._Config__api_base_url = self.url
        return mercadopago.SDK(access_token)

    def act(self, path: str, body: object = None, status: int = 200) -> dict[str, Any]:
        """What happens in the world outside."""
        answered, told = self.control("POST", f"/mercadopago/{path}", body)
        assert answered == status, told
        found: dict[str, Any] = told
        return found

    def attempt(self, ref: str, outcome: str) -> dict[str, Any]:
        """A try of the customer on the checkout page of a preference."""
        return self.act(f"preferences/{ref}/{outcome}")

    def preference(self, ref: str) -> dict[str, Any]:
        found: dict[str, Any] = self.sdk().preference().get(ref)["response"]
        return found

    def payments(self, ref: str) -> list[dict[str, Any]]:
        """The tries at a preference, newest first."""
        reference = self.preference(ref)["external_reference"]
        answer = self.sdk().payment().search({"external_reference": reference})
        found: list[dict[str, Any]] = answer["response"]["results"]
        return found


def keyed(key: str) -> RequestOptions:
    return RequestOptions(access_token=ACCESS_TOKEN, custom_headers={"x-idempotency-key": key})
