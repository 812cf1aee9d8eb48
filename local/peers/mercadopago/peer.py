"""Puts the peer together: its account, its API and page, its control, its signed notices."""

from local.peers.config import MercadoPagoConfig
from local.peers.database import Database
from local.peers.delivery import Outbox
from local.peers.mercadopago import control, signature
from local.peers.mercadopago.account import PEER, Account
from local.peers.mercadopago.api import MercadoPagoApi
from local.peers.peer import Peer
from local.peers.records import Records
from local.peers.web import Router


class MercadoPago(Peer[Account]):
    def __init__(self, config: MercadoPagoConfig, database: Database, outbox: Outbox, router: Router) -> None:
        super().__init__(PEER, Account, Records(database, PEER), outbox)
        self.send_events(config, signature.headers, signature.address)
        api = MercadoPagoApi(database, self.moment, config.access_token)
        self.api = api.serve
        control.add_routes(router, api, database)
