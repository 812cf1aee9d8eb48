"""The made-up keys and passwords of one local system: drawn once, kept, never those of a real account."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from local.home import Home
from local.peers.sftp.keys import KeyPair, key_pair

ROLES = ("admin", "staff", "picker")


@dataclass(frozen=True)
class Credentials:
    """What functions, peers and people sign in and sign with."""

    signing: str
    stripe_api_key: str
    stripe_publishable_key: str
    stripe_webhook_secret: str
    easypost_webhook_secret: str
    passwords: dict[str, str]

    def secret_values(self, sftp_key: str) -> dict[str, Any]:
        """The content of each secret of the template, by its name there."""
        stripe = {"api_key": self.stripe_api_key, "webhook_secrets": [self.stripe_webhook_secret]}
        return {
            "SigningSecret": {"current": self.signing},
            "PaymentSecrets": {"stripe": stripe},
            "CarrierSecrets": {"easypost": {"webhook_secrets": [self.easypost_webhook_secret]}},
            "DestinationSecrets": {"sftp": {"private_key": sftp_key}},
        }


def user_name(role: str) -> str:
    return f"{role}@comanda.example"


def credentials_of(home: Home) -> Credentials:
    file = home.keys / "credentials.json"
    if not file.exists():
        drawn = json.dumps(asdict(_draw()), indent=1)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(drawn)
    return Credentials(**json.loads(file.read_text()))


def sftp_host_key(home: Home) -> KeyPair:
    return key_pair(home.keys / "sftp_host_ed25519")


def sftp_client_key(home: Home) -> KeyPair:
    return key_pair(home.keys / "sftp_client_ed25519")


def _draw() -> Credentials:
    return Credentials(
        signing=secrets.token_hex(32),
        stripe_api_key=f"sk_test_{secrets.token_hex(16)}",
        stripe_publishable_key=f"pk_test_{secrets.token_hex(16)}",
        stripe_webhook_secret=f"whsec_{secrets.token_hex(16)}",
        easypost_webhook_secret=secrets.token_hex(16),
        passwords={role: f"{role.title()}-{secrets.token_hex(6)}-0" for role in ROLES},
    )
