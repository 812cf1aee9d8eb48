"""UPS and FedEx put together for a running system: what they remember, their servers, their controls."""

from local.peers.config import Config, FedExConfig, UpsConfig
from local.peers.database import Database
from local.peers.delivery import Outbox
from local.peers.fedex import peer as fedex_peer
from local.peers.memory import Kept
from local.peers.records import Records
from local.peers.ups import peer as ups_peer
from local.peers.ups.control import UpsControl
from local.peers.ups.prism import Prism
from local.peers.web import App, Router


class Carriers:
    """`apps` are those that the config names, by name."""

    def __init__(self, config: Config, database: Database, outbox: Outbox, router: Router) -> None:
        self.apps: dict[str, App] = {}
        self._prism: Prism | None = None
        if config.ups:
            self.apps[ups_peer.PEER] = self._ups(config.ups, config.host, database, router)
        if config.fedex:
            self.apps[fedex_peer.PEER] = _fedex(config.fedex, database, outbox, router)

    def stop(self) -> None:
        if self._prism:
            self._prism.stop()

    def _ups(self, config: UpsConfig, host: str, database: Database, router: Router) -> App:
        if config.prism_port:
            self._prism = Prism(host, config.prism_port)
        ups = ups_peer.Ups(
            config.client_id,
            config.client_secret,
            config.account_number,
            self._prism.address if self._prism else str,
            shipments=Kept(Records(database, ups_peer.PEER), "shipment"),
        )
        UpsControl(ups, self._prism).add_routes(router)
        return ups


def _fedex(config: FedExConfig, database: Database, outbox: Outbox, router: Router) -> App:
    outbox.register(fedex_peer.PEER, fedex_peer.headers)
    before = outbox.endpoint(fedex_peer.PEER)
    outbox.configure(
        fedex_peer.PEER, config.webhook_url or (before.url if before else None), config.webhook_secret
    )

    def tell(event_id: str, body: bytes) -> None:
        outbox.enqueue(fedex_peer.PEER, event_id, fedex_peer.EVENT_TYPE, body)

    parcels = Kept(Records(database, fedex_peer.PEER), "parcel")
    peer = fedex_peer.FedEx(config.client_id, config.client_secret, tell, parcels)
    peer.add_routes(router)
    return peer
