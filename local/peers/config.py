"""What the peers are started with: one JSON file."""

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.peers.courier import is_web_address
from local.peers.delivery import Backoff


class ConfigError(ValueError):
    """The file cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class StripeConfig:
    api_key: str
    publishable_key: str
    webhook_secret: str
    webhook_url: str | None = None  # null: as last configured
    port: int = 0


@dataclass(frozen=True, slots=True)
class EasyPostConfig:
    """Without a key there are webhooks only, and no API."""

    webhook_secret: str
    webhook_url: str | None = None
    api_key: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True)
class MercadoPagoConfig:
    access_token: str
    webhook_secret: str
    webhook_url: str | None = None
    port: int = 0


@dataclass(frozen=True, slots=True)
class PayPalConfig:
    """PayPal signs with the id of the webhook: that is its `webhook_secret`. `certificates` is the folder
    of the chain; without one it lies with the state."""

    client_id: str
    client_secret: str
    webhook_secret: str
    webhook_url: str | None = None
    certificates: str | None = None
    port: int = 0


@dataclass(frozen=True, slots=True)
class UpsConfig:
    """`prism_port` is Prism's, which holds the requests; 0: nobody does."""

    client_id: str
    client_secret: str
    account_number: str
    prism_port: int = 0
    port: int = 0


@dataclass(frozen=True, slots=True)
class FedExConfig:
    client_id: str
    client_secret: str
    webhook_secret: str
    webhook_url: str | None = None
    port: int = 0


@dataclass(frozen=True, slots=True)
class Config:
    state_dir: Path
    stripe: StripeConfig
    easypost: EasyPostConfig
    mercadopago: MercadoPagoConfig | None = None
    paypal: PayPalConfig | None = None
    ups: UpsConfig | None = None
    fedex: FedExConfig | None = None
    host: str = "127.0.0.1"
    control_port: int = 0
    log_level: str = "WARNING"
    retry: Backoff = field(default_factory=Backoff)

    def __post_init__(self) -> None:
        if self.log_level not in logging.getLevelNamesMapping():
            raise ConfigError(f"log_level: {self.log_level} is not a level")
        for peer in (self.stripe, self.easypost, self.mercadopago, self.paypal, self.fedex):
            if peer and peer.webhook_url is not None and not is_web_address(peer.webhook_url):
                raise ConfigError(f"webhook_url: {peer.webhook_url} is not a web address")


def load(path: Path) -> Config:
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        mercadopago, paypal = told.get("mercadopago"), told.get("paypal")
        ups, fedex = told.get("ups"), told.get("fedex")
        return Config(
            **{
                **told,
                "state_dir": Path(told["state_dir"]),
                "stripe": StripeConfig(**told["stripe"]),
                "easypost": EasyPostConfig(**told["easypost"]),
                "mercadopago": MercadoPagoConfig(**mercadopago) if mercadopago else None,
                "paypal": PayPalConfig(**paypal) if paypal else None,
                "ups": UpsConfig(**ups) if ups else None,
                "fedex": FedExConfig(**fedex) if fedex else None,
                "retry": Backoff(**told.get("retry", {})),
                "log_level": str(told.get("log_level", "WARNING")).upper(),
            }
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{path}: {error!r}") from error
