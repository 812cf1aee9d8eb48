"""All peers of one process: their servers, their outbox and their one file of state."""

import fcntl
import json
import os
import socket
from pathlib import Path
from typing import IO

from local.peers import delivery, delivery_log, easypost, faults, records
from local.peers.carriers import Carriers
from local.peers.config import Config, ConfigError
from local.peers.control import Control
from local.peers.database import Database, Json
from local.peers.easypost_api import EasyPostApi
from local.peers.fedex.peer import PEER as FEDEX
from local.peers.mercadopago import idempotency as mercadopago_keys
from local.peers.mercadopago.account import PEER as MERCADOPAGO
from local.peers.mercadopago.peer import MercadoPago
from local.peers.paypal.account import PEER as PAYPAL
from local.peers.paypal.peer import PayPal
from local.peers.stripe import control as stripe_control
from local.peers.stripe import idempotency, signature
from local.peers.stripe.account import PEER as STRIPE
from local.peers.stripe.account import Account
from local.peers.stripe.api import StripeApi
from local.peers.stripe.keys import ApiKeys
from local.peers.ups.peer import PEER as UPS
from local.peers.web import Reply, Request, Server

SCHEMA = records.SCHEMA + faults.SCHEMA + delivery.SCHEMA + delivery_log.SCHEMA
SCHEMA += idempotency.SCHEMA + mercadopago_keys.SCHEMA


class System:
    def __init__(self, config: Config) -> None:
        config.state_dir.mkdir(parents=True, exist_ok=True)
        self._claimed = _claim(config.state_dir / "lock")
        self._database = Database(config.state_dir / "peers.sqlite3", SCHEMA)
        self._outbox = delivery.Outbox(self._database, config.retry)
        self._outbox.register(STRIPE, signature.headers)
        self._outbox.register(easypost.PEER, easypost.headers)
        self._configure(STRIPE, config.stripe.webhook_url, config.stripe.webhook_secret)
        self._configure(easypost.PEER, config.easypost.webhook_url, config.easypost.webhook_secret)
        last = config.state_dir / "ports.json"
        ports = _ports(config, last)
        self._stripe = Server(config.host, ports["stripe"], self._serve_stripe, "stripe")
        self._api = self._stripe_api(config)
        controls = self._controls()
        self._control = Server(config.host, ports["control"], controls.router, "control")
        self._servers = {"stripe": self._stripe, "control": self._control}
        if config.mercadopago:
            peer = MercadoPago(config.mercadopago, self._database, self._outbox, controls.router)
            self._servers[MERCADOPAGO] = peer.serve(config.host, ports[MERCADOPAGO])
        if config.paypal:
            paypal = PayPal(config.paypal, config.state_dir, self._database, self._outbox, controls.router)
            self._servers[PAYPAL] = paypal.serve(config.host, ports[PAYPAL])
        if config.easypost.api_key:
            self._servers[easypost.PEER] = self._easypost(config, controls).serve(
                config.host, ports[easypost.PEER]
            )
        self._carriers = Carriers(config, self._database, self._outbox, controls.router)
        for name, app in self._carriers.apps.items():
            self._servers[name] = Server(config.host, ports[name], app, name)
        _write(last, {name: server.port for name, server in self._servers.items()})

    def start(self) -> Json:
        """Returns the line to print: where everything is."""
        for server in self._servers.values():
            server.start()
        self._outbox.start()
        places = {name: {"url": one.url, "port": one.port} for name, one in self._servers.items()}
        return {"ready": True, "pid": os.getpid(), **places}

    def stop(self) -> None:
        for server in self._servers.values():
            server.stop()
        self._carriers.stop()
        if self._outbox.stop():
            self._database.close()
        self._claimed.close()

    def _serve_stripe(self, request: Request) -> Reply:
        return self._api.serve(request)  # made after its server, whose address it tells

    def _configure(self, peer: str, url: str | None, secret: str) -> None:
        """A config without an address keeps the one that was configured last."""
        before = self._outbox.endpoint(peer)
        self._outbox.configure(peer, url or (before.url if before else None), secret)

    def _stripe_api(self, config: Config) -> StripeApi:
        account = Account(records.Records(self._database, STRIPE), self._outbox, self._stripe.url)
        return StripeApi(
            self._database, account, ApiKeys(config.stripe.api_key, config.stripe.publishable_key)
        )

    def _easypost(self, config: Config, controls: Control) -> EasyPostApi:
        carrier = records.Records(self._database, easypost.PEER)
        scans = easypost.EasyPost(self._database, carrier, self._outbox)
        api = EasyPostApi(self._database, scans, config.easypost.api_key)
        api.add_controls(controls.router)
        return api

    def _controls(self) -> Control:
        control = Control(self._database, self._outbox)
        stripe_control.add_routes(control.router, self._api, self._database)
        carrier = records.Records(self._database, easypost.PEER)
        easypost.EasyPost(self._database, carrier, self._outbox).add_routes(control.router)
        return control


def _claim(path: Path) -> IO[str]:
    """Two processes on one state would deliver everything twice; a killed one lets go by itself."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise ConfigError(f"{path.parent} is in use by another process") from error
    return file


def _ports(config: Config, last: Path) -> dict[str, int]:
    """Port 0 is the one of last time if it is free, so that a restart keeps its addresses."""
    before: dict[str, int] = json.loads(last.read_text()) if last.exists() else {}
    wanted = {"stripe": config.stripe.port, "control": config.control_port}
    if config.easypost.api_key:
        wanted[easypost.PEER] = config.easypost.port
    if config.mercadopago:
        wanted[MERCADOPAGO] = config.mercadopago.port
    if config.paypal:
        wanted[PAYPAL] = config.paypal.port
    if config.ups:
        wanted[UPS] = config.ups.port
    if config.fedex:
        wanted[FEDEX] = config.fedex.port
    return {
        name: port or (before.get(name, 0) if _is_free(config.host, before.get(name, 0)) else 0)
        for name, port in wanted.items()
    }


def _write(path: Path, value: Json) -> None:
    """Whole or not at all: a kill must not leave half a file to trip over."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(value))
    draft.replace(path)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
