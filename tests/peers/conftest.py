"""A running system of peers, a receiver for its webhooks, and the official SDK pointed at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from local.peers.config import Config, EasyPostConfig, MercadoPagoConfig, PayPalConfig, StripeConfig
from local.peers.delivery import Backoff
from local.peers.system import System
from tests.peers.mercadopago import ACCESS_TOKEN, WEBHOOK_SECRET, MercadoPagoPeer
from tests.peers.provider import (
    API_KEY,
    EASYPOST_SECRET,
    PAYPAL_CLIENT,
    PAYPAL_SECRET,
    PUBLISHABLE_KEY,
    STRIPE_SECRET,
    WEBHOOK_ID,
    Peers,
    Wire,
)
from tests.peers.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def config(tmp_path: Path, receiver: Receiver) -> Config:
    return Config(
        state_dir=tmp_path / "state",
        stripe=StripeConfig(API_KEY, PUBLISHABLE_KEY, STRIPE_SECRET, f"{receiver.url}/stripe"),
        easypost=EasyPostConfig(EASYPOST_SECRET, f"{receiver.url}/easypost"),
        mercadopago=MercadoPagoConfig(ACCESS_TOKEN, WEBHOOK_SECRET, f"{receiver.url}/mercadopago"),
        paypal=PayPalConfig(PAYPAL_CLIENT, PAYPAL_SECRET, WEBHOOK_ID, f"{receiver.url}/paypal"),
        retry=Backoff(first_seconds=0.05, longest_seconds=0.2),
    )


@pytest.fixture
def peers(config: Config) -> Iterator[Peers]:
    system = System(config)
    ready = system.start()
    yield Peers(ready["stripe"]["url"], ready["control"]["url"], ready["paypal"]["url"])
    system.stop()


@pytest.fixture
def mercadopago(config: Config) -> Iterator[MercadoPagoPeer]:
    system = System(config)
    ready = system.start()
    yield MercadoPagoPeer(ready["mercadopago"]["url"], ready["control"]["url"])
    system.stop()


@pytest.fixture
def client(peers: Peers) -> stripe.StripeClient:
    return peers.client()


@pytest.fixture
def wire(peers: Peers) -> Iterator[Wire]:
    with Wire(peers.stripe_url) as wire:
        yield wire
