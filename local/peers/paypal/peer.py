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
from local.peers.records import Records
from local.peers.web import Reply, Request, Router, Server


class PayPal:
    """`state_dir` is where certificates lie when the config names no folder of their own."""

    def __init__(
        self, config: PayPalConfig, state_dir: Path, database: Database, outbox: Outbox, router: Router
    ) -> None:
        outbox.register(PEER, self._headers)
        before = outbox.endpoint(PEER)
        outbox.configure(PEER, config.webhook_url or (before.url if before else None), config.webhook_secret)
        self._records = Records(database, PEER)
        self._outbox = outbox
        self._server: Server | None = None
        self._chain = chain(Path(config.certificates or state_dir / PEER))
        tokens = Tokens(config.client_id, config.client_secret)
        self._api = PayPalApi(database, self._moment, tokens, self._chain)
        control.add_routes(router, self._api, database)

    def serve(self, host: str, port: int) -> Server:
        self._server = Server(host, port, self._answer, PEER)
        return self._server

    def _answer(self, request: Request) -> Reply:
        return self._api.serve(request)

    def _moment(self) -> Account:
        """The account as of now, for the length of one call."""
        return Account(self._records, self._outbox, self._server.url if self._server else "")

    def _headers(self, body: bytes, webhook_id: str, now: int) -> dict[str, str]:
        return signature.headers(self._chain, self._api.cert_url, body, webhook_id, now)
