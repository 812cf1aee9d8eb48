"""What only the world outside a provider's API does, asked for through the control URL."""

from collections.abc import Callable
from typing import Protocol

from local.peers.database import Database, Json
from local.peers.trouble import Troubles
from local.peers.web import Refused, Reply, Request, Router, json_reply


class ProviderError(Exception):
    """An answer of a provider's API other than 2xx; each provider tells it in its own words."""

    status: int


class Api[A](Protocol):
    """`moment` answers the account as of now."""

    troubles: Troubles

    def moment(self) -> A: ...


class Outside[A]:
    """The control routes of one provider below its name. `shown`: how its things are told as JSON."""

    def __init__(
        self,
        name: str,
        router: Router,
        api: Api[A],
        database: Database,
        shown: Callable[[Json], Json] = lambda thing: thing,
    ) -> None:
        self._name, self._router, self._api = name, router, api
        self._database, self._shown = database, shown

    def add(self, method: str, path: str, act: Callable[[A, Request], Json]) -> None:
        """Serve `act` in one transaction; what the provider's API would refuse is refused here, too."""

        def handler(request: Request) -> Reply:
            try:
                with self._database.transaction():
                    return json_reply(200, self._shown(act(self._api.moment(), request)))
            except ProviderError as error:
                raise Refused(error.status, str(error)) from error

        self._router.add(method, f"/{self._name}{path}", handler)

    def add_trouble(self, **usual: str) -> None:
        """Serve `/trouble`; `usual`: what a wish says unless it says something else."""
        troubles, path = self._api.troubles, f"/{self._name}/trouble"

        def waiting(status: int) -> Reply:
            return json_reply(status, {"items": troubles.waiting()})

        def begin(request: Request) -> Reply:
            troubles.add({**usual, **request.json()})
            return waiting(201)

        def end(request: Request) -> Reply:
            troubles.clear()
            return Reply(204)

        self._router.add("POST", path, begin)
        self._router.add("GET", path, lambda request: waiting(200))
        self._router.add("DELETE", path, end)
