"""Puts the peer together: its account, its API and page, its control, its certificates and signed events."""

from pathlib import Path

from local.peers.config import PayPalConfig
from local.peers.database import Database
from local.peers.delivery import Outbox
from local.peers.paypal import control, signature
from local.peers.paypal.account import PEER, Account
from local.peers.paypal.api import PayPalApi
from local.peers.paypal.certificates import chain
from local.peers.paypal.tokens import Tokens
from local.peers.peer import Peer
from local.peers.records import Records
from local.peers.web import Router


class PayPal(Peer[Account]):
    """`state_dir` is where certificates lie when the config names no folder of their own."""

    def __init__(
        self, config: PayPalConfig, state_dir: Path, database: Database, outbox: Outbox, router: Router
    ) -> None:
        super().__init__(PEER, Account, Records(database, PEER), outbox)
        own = chain(Path(config.certificates or state_dir / PEER))
        api = PayPalApi(database, self.moment, Tokens(config.client_id, config.client_secret), own)
        self.api = api.serve

        def headers(body: bytes, webhook_id: str, now: int) -> dict[str, str]:
            return signature.headers(own, api.cert_url, body, webhook_id, now)

        self.send_events(config, headers)
        control.add_routes(router, api, database)
