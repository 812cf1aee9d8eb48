"""A shop with Stripe, PayPal and Mercado Pago: real handlers on moto beside the running peers."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from comanda import secrets, wiring
from comanda.inbox.bodies import Bodies
from comanda.times import stamp
from local.peers.config import Config, EasyPostConfig, MercadoPagoConfig, PayPalConfig, StripeConfig
from local.peers.delivery import Backoff
from local.peers.paypal.certificates import chain
from local.peers.system import System
from tests.functional.conftest import Call
from tests.functional.providers.shop import Clock, Shop
from tests.functional.providers.sides import MercadoPagoSide, PayPalSide, Side, StripePageSide, StripeSide
from tests.functional.shop import set_section, stock_product
from tests.peers.mercadopago import ACCESS_TOKEN, MercadoPagoPeer
from tests.peers.provider import (
    API_KEY,
    PAYPAL_CLIENT,
    PAYPAL_SECRET,
    PUBLISHABLE_KEY,
    STRIPE_SECRET,
    WEBHOOK_ID,
)
from tests.peers.receiver import Receiver

MERCADO_SECRET = "mercado-signs-with-this"
PROVIDERS = ("stripe", "paypal", "mercadopago")
SIDES = (*PROVIDERS, "stripe_page")


@dataclass
class Running:
    peers: MercadoPagoPeer
    receiver: Receiver
    ready: dict[str, Any]
    keys: dict[str, dict[str, Any]]
    certificates: Path


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The three peers, and the address that their webhooks go to."""
    folder: Path = tmp_path_factory.mktemp("peers")
    receiver = Receiver()
    hook = f"{receiver.url}/webhooks/payments"
    system = System(
        Config(
            state_dir=folder / "state",
            stripe=StripeConfig(API_KEY, PUBLISHABLE_KEY, STRIPE_SECRET, f"{hook}/stripe"),
            easypost=EasyPostConfig("secret"),
            mercadopago=MercadoPagoConfig(ACCESS_TOKEN, MERCADO_SECRET, f"{hook}/mercadopago"),
            paypal=PayPalConfig(
                PAYPAL_CLIENT, PAYPAL_SECRET, WEBHOOK_ID, f"{hook}/paypal", str(folder / "certificates")
            ),
            retry=Backoff(first_seconds=0.02, longest_seconds=0.1),
        )
    )
    ready = system.start()
    peers = MercadoPagoPeer(ready["mercadopago"]["url"], ready["control"]["url"])
    peers.stripe_url, peers.paypal_url = ready["stripe"]["url"], ready["paypal"]["url"]
    certificates = folder / "certificates"
    yield Running(peers, receiver, ready, our_keys(chain(certificates).root.decode()), certificates)
    system.stop()
    receiver.stop()


def our_keys(authority: str) -> dict[str, dict[str, Any]]:
    """What the operator has put into our secret."""
    paypal = {"client_id": PAYPAL_CLIENT, "client_secret": PAYPAL_SECRET, "webhook_id": WEBHOOK_ID}
    return {
        "stripe": {"api_key": API_KEY, "webhook_secrets": ["whsec_next", STRIPE_SECRET]},
        "paypal": paypal | {"webhook_ca": authority},
        "mercadopago": {"access_token": ACCESS_TOKEN, "webhook_secrets": ["next", MERCADO_SECRET]},
    }


@pytest.fixture
def shop(call: Call, aws: None, running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    clock = Clock()
    real = secrets.secret
    monkeypatch.setattr(
        secrets, "secret", lambda name: running.keys if name == "PAYMENT_SECRETS" else real(name)
    )
    monkeypatch.setattr(wiring, "now", clock)
    for code in PROVIDERS:
        monkeypatch.setitem(os.environ, f"{code.upper()}_API_BASE", running.ready[code]["url"])
        set_section(f"payments.{code}", enabled=True)
    set_section("limits", per_address=10**6, per_email=10**6)
    stock_product(units=10_000)
    sides: dict[str, Side] = {
        "stripe": StripeSide(running.peers),
        "paypal": PayPalSide(running.peers),
        "mercadopago": MercadoPagoSide(running.peers),
        "stripe_page": StripePageSide(running.peers),
    }
    made = Shop(call, running.peers, sides, clock)
    monkeypatch.setattr(Bodies, "put", made.storing(Bodies.put))
    running.receiver.status = made.gateway
    for code in PROVIDERS:  # the first sweep looks back a whole day
        wiring.reconciling().marks.move(code, stamp(clock()))
    yield made
    running.receiver.status = lambda path, headers, body: 200
    running.peers.control("DELETE", "/faults")
    for code in PROVIDERS:
        made.arrive(code)
