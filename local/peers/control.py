"""The control server shared by all peers: faults, deliveries, webhook addresses."""

from urllib.parse import parse_qs

from local.peers import delivery_log
from local.peers.courier import is_web_address
from local.peers.database import Database, Json
from local.peers.delivery import Outbox
from local.peers.faults import KINDS
from local.peers.web import Refused, Reply, Request, Router, json_reply


class Control:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        self.router = Router()
        self.router.add("GET", "/faults", self._list_faults)
        self.router.add("POST", "/faults", self._add_fault)
        self.router.add("DELETE", "/faults", self._clear_faults)
        self.router.add("GET", "/deliveries", self._list_deliveries)
        self.router.add("GET", "/configure", self._show_endpoints)
        self.router.add("POST", "/configure", self._configure)

    def _list_faults(self, request: Request) -> Reply:
        items = [fault.to_json() for fault in self._outbox.faults.waiting()]
        return json_reply(200, {"items": items, "next": None})

    def _add_fault(self, request: Request) -> Reply:
        wish = request.json()
        if unknown := set(wish) - {"peer", "fault", "event_type", "count", "seconds"}:
            raise Refused(400, f"unknown: {', '.join(sorted(unknown))}")
        peer, fault, event_type = wish.get("peer"), wish.get("fault"), wish.get("event_type")
        count, seconds = wish.get("count", 1), wish.get("seconds")
        if peer not in self._outbox.peers:
            raise Refused(400, f"peer is one of {', '.join(self._outbox.peers)}")
        if fault not in KINDS:
            raise Refused(400, f"fault is one of {', '.join(KINDS)}")
        if event_type is not None and not isinstance(event_type, str):
            raise Refused(400, "event_type is text")
        if type(count) is not int or count < 1:
            raise Refused(400, "count is a whole number from 1")
        if seconds is not None and (type(seconds) not in (int, float) or seconds < 0):
            raise Refused(400, "seconds is a number from 0")
        added = self._outbox.faults.add(peer, fault, event_type, seconds, count)
        return json_reply(201, added.to_json())

    def _clear_faults(self, request: Request) -> Reply:
        """Faults still to come are forgotten; what a reorder holds back is sent now."""
        self._outbox.faults.clear()
        self._outbox.release_held()
        return Reply(204)

    def _list_deliveries(self, request: Request) -> Reply:
        query = parse_qs(request.query)
        if unknown := set(query) - {"peer", "event_id"}:
            raise Refused(400, f"unknown: {', '.join(sorted(unknown))}")
        peer, event_id = query.get("peer", [None])[0], query.get("event_id", [None])[0]
        items = delivery_log.read(self._database, peer, event_id)
        return json_reply(200, {"items": items, "next": None})

    def _show_endpoints(self, request: Request) -> Reply:
        return json_reply(200, self._endpoints())

    def _configure(self, request: Request) -> Reply:
        with self._database.transaction():
            for peer, wish in request.json().items():
                self._configure_peer(peer, wish)
        return json_reply(200, self._endpoints())

    def _configure_peer(self, peer: str, wish: object) -> None:
        if peer not in self._outbox.peers:
            raise Refused(400, f"peer is one of {', '.join(self._outbox.peers)}")
        if not isinstance(wish, dict) or set(wish) - {"webhook_url", "webhook_secret"}:
            raise Refused(400, "a peer has a webhook_url and a webhook_secret")
        now = self._outbox.endpoint(peer)
        url = wish.get("webhook_url", now.url if now else None)
        secret = wish.get("webhook_secret", now.secret if now else "")
        if not isinstance(secret, str) or not secret:
            raise Refused(400, "webhook_secret is text")
        if url is not None and not is_web_address(url):
            raise Refused(400, "webhook_url is an http or https address, or null")
        self._outbox.configure(peer, url, secret)

    def _endpoints(self) -> Json:
        endpoints = {peer: self._outbox.endpoint(peer) for peer in self._outbox.peers}
        return {peer: {"webhook_url": found.url if found else None} for peer, found in endpoints.items()}
