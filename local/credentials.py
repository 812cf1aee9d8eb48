"""The made-up keys and passwords of one local system: drawn once, kept, never those of a real account."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.home import Home
from local.peers.paypal.certificates import chain
from local.peers.sftp.keys import KeyPair, key_pair

ROLES = ("admin", "staff", "picker")


@dataclass(frozen=True)
class Credentials:
    """What functions, peers and people sign in and sign with."""

    signing: str
    stripe_api_key: str
    stripe_publishable_key: str
    stripe_webhook_secret: str
    mercadopago_access_token: str
    mercadopago_webhook_secret: str
    easypost_webhook_secret: str
    easypost_api_key: str
    ups_client_id: str
    ups_client_secret: str
    ups_account_number: str
    fedex_client_id: str
    fedex_client_secret: str
    fedex_webhook_secret: str
    paypal_client_id: str
    paypal_client_secret: str
    paypal_webhook_id: str
    passwords: dict[str, str]

    def secret_values(self, sftp_key: str, paypal_root: str) -> dict[str, Any]:
        """The content of each secret of the template, by its name there. `paypal_root` is the certificate
        under which PayPal's stand-in signs."""
        stripe = {"api_key": self.stripe_api_key, "webhook_secrets": [self.stripe_webhook_secret]}
        paypal = {
            "client_id": self.paypal_client_id,
            "client_secret": self.paypal_client_secret,
            "webhook_id": self.paypal_webhook_id,
            "webhook_ca": paypal_root,
        }
        mercadopago = {
            "access_token": self.mercadopago_access_token,
            "webhook_secrets": [self.mercadopago_webhook_secret],
        }
        return {
            "SigningSecret": {"current": self.signing},
            "PaymentSecrets": {"stripe": stripe, "paypal": paypal, "mercadopago": mercadopago},
            "CarrierSecrets": self._carriers(),
            "DestinationSecrets": {"sftp": {"private_key": sftp_key}},
        }

    def _carriers(self) -> dict[str, Any]:
        return {
            "easypost": {
                "api_key": self.easypost_api_key,
                "webhook_secrets": [self.easypost_webhook_secret],
            },
            "ups": {
                "client_id": self.ups_client_id,
                "client_secret": self.ups_client_secret,
                "account_number": self.ups_account_number,
            },
            "fedex": {
                "client_id": self.fedex_client_id,
                "client_secret": self.fedex_client_secret,
                "webhook_secrets": [self.fedex_webhook_secret],
            },
        }


def user_name(role: str) -> str:
    return f"{role}@comanda.example"


def credentials_of(home: Home) -> Credentials:
    """Drawn at the first start; what an older version did not know yet is drawn then."""
    file = home.keys / "credentials.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    drawn = asdict(_draw()) | kept
    if drawn != kept:
        written = file.with_suffix(".new")
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as whole:
            whole.write(json.dumps(drawn, indent=1))
        written.replace(file)
    return Credentials(**drawn)


def sftp_host_key(home: Home) -> KeyPair:
    return key_pair(home.keys / "sftp_host_ed25519")


def sftp_client_key(home: Home) -> KeyPair:
    return key_pair(home.keys / "sftp_client_ed25519")


def paypal_folder(home: Home) -> Path:
    """Where the stand-in for PayPal keeps its certificates."""
    return home.keys / "paypal"


def paypal_root(home: Home) -> str:
    return chain(paypal_folder(home)).root.decode()


def _draw() -> Credentials:
    return Credentials(
        signing=secrets.token_hex(32),
        stripe_api_key=f"sk_test_{secrets.token_hex(16)}",
        stripe_publishable_key=f"pk_test_{secrets.token_hex(16)}",
        stripe_webhook_secret=f"whsec_{secrets.token_hex(16)}",
        mercadopago_access_token=f"TEST-{secrets.token_hex(16)}",
        mercadopago_webhook_secret=secrets.token_hex(32),
        easypost_webhook_secret=secrets.token_hex(16),
        easypost_api_key=f"EZTK{secrets.token_hex(24)}",
        ups_client_id=secrets.token_urlsafe(36),
        ups_client_secret=secrets.token_urlsafe(48),
        ups_account_number=secrets.token_hex(3).upper(),
        fedex_client_id=f"l7{secrets.token_hex(16)}",
        fedex_client_secret=secrets.token_hex(16),
        fedex_webhook_secret=secrets.token_hex(16),
        paypal_client_id=f"A{secrets.token_urlsafe(24)}",
        paypal_client_secret=f"E{secrets.token_urlsafe(24)}",
        paypal_webhook_id=secrets.token_hex(8).upper(),
        passwords={role: f"{role.title()}-{secrets.token_hex(6)}-0" for role in ROLES},
    )
