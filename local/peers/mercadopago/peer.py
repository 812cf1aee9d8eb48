"""Puts the peer together: its account, its API and page, its control, its signed notices."""

from local.peers.config import MercadoPagoConfig
from local.peers.database import Database
from local.peers.delivery import Outbox
from local.peers.mercadopago import control, signature
from local.peers.mercadopago.account import PEER, Account
from local.peers.mercadopago.api import MercadoPagoApi
from local.peers.records import Records
from local.peers.web import Reply, Request, Router, Server


class MercadoPago:
    def __init__(self, config: MercadoPagoConfig, database: Database, outbox: Outbox, router: Router) -> None:
        outbox.register(PEER, signature.headers, signature.address)
        before = outbox.endpoint(PEER)
        outbox.configure(PEER, config.webhook_url or (before.url if before else None), config.webhook_secret)
        self._records = Records(database, PEER)
        self._outbox = outbox
        self._server: Server | None = None
        self._api = MercadoPagoApi(database, self._moment, config.access_token)
        control.add_routes(router, self._api, database)

    def serve(self, host: str, port: int) -> Server:
        self._server = Server(host, port, self._answer, PEER)
        return self._server

    def _answer(self, request: Request) -> Reply:
        return self._api.serve(request)

    def _moment(self) -> Account:
        """The account as of now, for the length of one call."""
        return Account(self._records, self._outbox, self._server.url if self._server else "")
