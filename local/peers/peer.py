"""A payment provider with a server of its own: its records, its webhook's address, its account as of now."""

from collections.abc import Callable
from typing import Protocol

from local.peers.delivery import Addresser, Outbox, Signer
from local.peers.records import Records
from local.peers.web import App, Reply, Request, Server


class Webhook(Protocol):
    """Where a provider's events go, and what they are signed with. No address: as last configured."""

    @property
    def webhook_url(self) -> str | None: ...
    @property
    def webhook_secret(self) -> str: ...


class Peer[A]:
    """`account` makes the account of one call from the records, the outbox and the server's address;
    `api` answers what comes to the server."""

    api: App

    def __init__(
        self, name: str, account: Callable[[Records, Outbox, str], A], records: Records, outbox: Outbox
    ) -> None:
        self._name, self._account = name, account
        self._records, self._outbox = records, outbox
        self._server: Server | None = None

    def send_events(
        self, webhook: Webhook, signer: Signer, addresser: Addresser = lambda url, _: url
    ) -> None:
        """Let the outbox sign and send this provider's events."""
        self._outbox.register(self._name, signer, addresser)
        before = self._outbox.endpoint(self._name)
        url = webhook.webhook_url or (before.url if before else None)
        self._outbox.configure(self._name, url, webhook.webhook_secret)

    def serve(self, host: str, port: int) -> Server:
        self._server = Server(host, port, self._answer, self._name)
        return self._server

    def _answer(self, request: Request) -> Reply:
        return self.api(request)

    def moment(self) -> A:
        """The account as of now, for the length of one call."""
        return self._account(self._records, self._outbox, self._server.url if self._server else "")
