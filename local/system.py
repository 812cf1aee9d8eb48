"""The running system as a whole: its ports, its services, and how its parts know each other."""

import json
import sys
from dataclasses import dataclass
from typing import Any

from local import credentials, stand_ins
from local.emulator import service as emulator
from local.home import REPOSITORY, Home
from local.peers.sftp.settings import INBOX, username
from local.plan import Service
from local.ports import HOST, choose
from local.running import EMULATOR, EMULATOR_SECONDS

NAMES = [
    "api",
    "storefront",
    "aws",
    "mailbox",
    "smtp",
    "sftp",
    "sftp_server",
    "sftp_control",
    "stripe",
    "paypal",
    "mercadopago",
    "easypost",
    "ups",
    "ups_prism",
    "fedex",
    "control",
]
MAIL_FROM = "pedidos@tienda.example"
STAGE = "local"
TIME_ZONE = "America/Mexico_City"  # of the demo shop


@dataclass(frozen=True)
class Addresses:
    """Where each part listens on this machine."""

    ports: dict[str, int]

    def url(self, name: str) -> str:
        return f"http://{HOST}:{self.ports[name]}"


def addresses(home: Home) -> Addresses:
    return Addresses(choose(NAMES, home.ports_file))


def kept_addresses(home: Home) -> Addresses:
    """Those of the system that runs now."""
    return Addresses(json.loads(home.ports_file.read_text()))


def peers_are_built() -> bool:
    return (REPOSITORY / "local" / "peers" / "__main__.py").exists()


def services(home: Home, places: Addresses, *, enforce_roles: bool) -> list[Service]:
    """In the order in which they start."""
    port = places.ports
    host_key, client_key = credentials.sftp_host_key(home), credentials.sftp_client_key(home)

    def service(name: str, module: str, **options: object) -> Service:
        given = [
            str(part) for key, value in options.items() for part in (f"--{key.replace('_', '-')}", value)
        ]
        command = [sys.executable, "-m", module, *given]
        return Service(name, command, str(home.logs / f"{name}.log"))

    made = [
        service(
            "mailbox",
            "local.mailbox",
            folder=home.mail,
            smtp_port=port["smtp"],
            http_port=port["mailbox"],
        ),
        Service(
            EMULATOR,
            emulator.command(),
            str(home.logs / f"{EMULATOR}.log"),
            emulator.environment(home, port["aws"], port["smtp"], enforce_roles=enforce_roles),
            stop_seconds=EMULATOR_SECONDS,
            may_kill=False,
        ),
        service(
            "api", "local.proxy", port=port["api"], upstream_port=port["aws"], route=home.run / "route.json"
        ),
        service(
            "sftp",
            "local.peers.sftp",
            folder=home.sftp,
            port=port["sftp"],
            server_port=port["sftp_server"],
            control_port=port["sftp_control"],
            host_key=host_key.private,
            allowed_key=client_key.private.with_suffix(".pub"),
        ),
    ]
    if peers_are_built():
        config = home.run / "peers.json"
        config.write_text(json.dumps(stand_ins.config(home, places), indent=1))
        made.append(service("peers", "local.peers", config=config))
    made.append(
        service(
            "storefront",
            "local.storefront",
            port=port["storefront"],
            api=places.url("api"),
            mailbox=places.url("mailbox"),
            stripe=places.url("stripe"),
            publishable_key=credentials.credentials_of(home).stripe_publishable_key,
            zone=TIME_ZONE,
        )
    )
    return made


def watched_ports(places: Addresses) -> dict[str, int]:
    """Which port answers when a service is up."""
    watched = {"mailbox": "mailbox", EMULATOR: "aws", "api": "api", "sftp": "sftp_server"}
    watched |= {"storefront": "storefront"}
    if peers_are_built():
        watched["peers"] = "stripe"
    return {name: places.ports[port] for name, port in watched.items()}


def parameters(places: Addresses, architecture: str) -> dict[str, str]:
    """The template's parameters for this machine; those that it does not declare are left out."""
    return {
        "Stage": STAGE,
        "PublicUrl": places.url("api"),
        "MailFrom": MAIL_FROM,
        "SignInUrl": places.url("aws"),
        "StripeApiBase": places.url("stripe"),
        "PaypalApiBase": places.url("paypal"),
        "MercadoPagoApiBase": places.url("mercadopago"),
        "EasypostApiBase": places.url("easypost"),
        "UpsApiBase": places.url("ups"),
        "FedexApiBase": places.url("fedex"),
        "SweepRate": "rate(1 minute)",
        "LogRetentionDays": "1",
        "Tracing": "PassThrough",
        "LayerArchitecture": architecture,
    }


def sftp_description(home: Home, places: Addresses) -> dict[str, Any]:
    return {
        "host": HOST,
        "port": places.ports["sftp"],
        "username": username(),
        "private_key": str(credentials.sftp_client_key(home).private),
        "host_key_fingerprint": credentials.sftp_host_key(home).fingerprint,
        "host_key": credentials.sftp_host_key(home).public_line,
        "directory": INBOX,
        "inbox": str(home.sftp / INBOX),
        "control_url": places.url("sftp_control"),
    }
