"""The back office's desk: orders read and commanded by staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.history_answer import past_answer
from comanda.backoffice.order_answer import order_answer, whole_answer
from comanda.backoffice.run_command import CommandDesk, Commanded
from comanda.errors import NotFound
from comanda.fulfilment.scan import Scanning
from comanda.idempotency.store import KeyStore, Request
from comanda.ids import NewId
from comanda.links.issue import Links
from comanda.orders.as_stored import AsStored
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide, Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.orders.past import past
from comanda.orders.store import OrderStore
from comanda.runtime.http import answer


@dataclass(frozen=True, slots=True)
class Office:
    """What staff work with. `execution_arn` names the workflow of an order's run."""

    desk: Desk
    orders: OrderStore
    keys_seen: KeyStore
    scanning: Scanning
    links: Links
    execution_arn: Callable[[str, int], str]
    new_id: NewId
    now: Callable[[], datetime]
    public_url: Callable[[], str]

    def stored(self, order_id: str) -> AsStored:
        """The items of an order as they lie in the table. Raises NotFound."""
        found = self.orders.as_stored(order_id)
        if found is None:
            raise NotFound("no such order")
        return found

    def show_past(self, order_id: str, when: str) -> Response[dict[str, Any]]:
        """An order as of an instant or a revision; see `past`. It has no ETag: nobody can change the past."""
        then = past(self.stored(order_id), when)
        return answer(past_answer(then, self._execution(then.order)), headers={"Cache-Control": "no-store"})

    def show(self, order_id: str) -> Response[dict[str, Any]]:
        """An order with all that is known of it; its version is the ETag. Raises NotFound."""
        loaded, whole = self.whole(order_id)
        return answer(whole, headers=etag(loaded.order.version))

    def _link(self, order: Order) -> dict[str, str]:
        """The customer's own page, for staff to hand on to whoever gets no mail."""
        if not order.without_mail:
            return {}
        token = self.links.keys().access(order.order_id, order.token_version)
        return {"tracking_url": f"{self.public_url()}/orders/{order.order_id}?token={token}"}

    def whole(self, order_id: str) -> tuple[Loaded, dict[str, Any]]:
        """The order, and what `show` answers of it. Raises NotFound."""
        loaded = self.desk.load(order_id)
        facts = list(self.orders.facts(order_id))
        told = whole_answer(loaded, facts, self._execution(loaded.order))
        return loaded, told | self._link(loaded.order)

    def command(
        self, order_id: str, decide: Decide, origin: Origin, *, version: int, request: Request | None
    ) -> Commanded:
        """See CommandDesk.run."""
        done = CommandDesk(self.desk, self.orders, self.keys_seen)
        return done.run(order_id, decide, origin, version=version, request=request)

    def begin(self, decide: Callable[[], Decision], origin: Origin, *, request: Request | None) -> Commanded:
        """See CommandDesk.begin."""
        return CommandDesk(self.desk, self.orders, self.keys_seen).begin(decide, origin, request=request)

    def told(self, done: Commanded, status: int = 200) -> Response[dict[str, Any]]:
        """The answer to a command."""
        order = done.order
        body = {
            "order": order_answer(order, done.personal, self._execution(order)) | self._link(order),
            "version": order.version,
            "result": done.result,
        }
        replayed = {"Idempotent-Replay": "true"} if done.replayed else {}
        return answer(body, status, headers=etag(order.version) | replayed)

    def _execution(self, order: Order) -> str:
        return self.execution_arn(order.order_id, order.run) if order.run else ""


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"', "Cache-Control": "no-store"}
