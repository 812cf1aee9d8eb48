"""Carry out what an order wants of a carrier: a label bought, a label given back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from comanda.crash import crash_point
from comanda.errors import Busy
from comanda.fulfilment.carriers.accounts import Accounts
from comanda.fulfilment.carriers.port import CannotTell, CarrierError, Unavailable
from comanda.fulfilment.labels.files import LabelFiles
from comanda.fulfilment.labels.give_back import GivingBack
from comanda.fulfilment.labels.purchase import Buyer
from comanda.fulfilment.scan import Scanning
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.effects import Claims, origin_of
from comanda.orders.facts import Origin
from comanda.orders.outbox import Outbox
from comanda.orders.shipping_labels import BUY, VOID, label_named
from comanda.runtime.observe import logger
from comanda.times import stamp


class LabelSettling:
    """Works on one label effect at a time, under a claim that only one worker wins.

    A claim that was left is taken over: its carrier is asked for what was bought under our reference. Where
    that cannot be told the effect is unknown, and a person looks.
    """

    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        buyer: Buyer,
        giving_back: GivingBack,
        files: LabelFiles,
        accounts: Accounts,
        scanning: Scanning,
        now: Callable[[], datetime],
    ) -> None:
        self.desk = desk
        self.outbox = outbox
        self.buyer = buyer
        self.giving_back = giving_back
        self.files = files
        self.accounts = accounts
        self.scanning = scanning
        self.now = now
        self.claims = Claims(desk, outbox, now)

    def settle(self, message: dict[str, Any]) -> None:
        """`message` is the bus event; its `detail` names order and effect. Raises Busy while the carrier
        cannot be asked, so that the queue sends it again."""
        named = self.claims.named(message)
        if named is None:
            return
        loaded, effect = named
        claim = self.claims.take(loaded.order.order_id, effect)
        if claim is not None:
            crash_point("effect.after_claim")
            self._work(loaded, claim)

    def _work(self, loaded: Loaded, claim: Outgoing) -> None:
        order_id, origin = loaded.order.order_id, origin_of(claim, stamp(self.now()))
        try:
            self._carry_out(loaded, claim, origin)
        except Unavailable as down:
            self.claims.put_off(order_id, claim, down.reason, origin)
            raise Busy(down.reason) from down
        except CannotTell as unknown:
            self._unsure(order_id, claim, unknown.reason, origin)

    def _unsure(self, order_id: str, claim: Outgoing, reason: str, origin: Origin) -> None:
        """A first doubt waits for the look that follows the lease; after a look nobody knows."""
        if claim.kind == VOID:
            self.claims.put_off(order_id, claim, reason, origin)
        elif claim.progress.get("begun") or claim.data.get("begun"):
            self.claims.ask_a_person(order_id, claim, reason, origin)

    def _carry_out(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> None:
        if claim.kind == VOID:
            self.giving_back.give_back(loaded, claim, origin)
        elif claim.kind == BUY:
            number = self.buyer.buy(loaded, claim, origin)
            if number:
                self.scanning.catch_up(loaded.order.order_id, number, origin.at)
            self._fetch_file(loaded.order.order_id, str(claim.data["label_id"]))
        else:
            self.outbox.fail(loaded.order.order_id, claim.effect_id, f"nobody knows {claim.kind}")

    def _fetch_file(self, order_id: str, label_id: str) -> None:
        """The label is on the books; a file that cannot be had now is fetched when it is printed."""
        label = label_named(self.desk.load(order_id).order, label_id)
        if label is None or not label.ref or label.state != "bought" or self.files.find(order_id, label_id):
            return
        try:
            file = self.accounts.of(label.account).file(label.ref, label.tracking_number, _form(label.format))
        except CarrierError as error:
            logger.warning("no label file yet", extra={"order_id": order_id, "reason": error.reason})
        else:
            self.files.keep(order_id, label_id, file)


def _form(text: str) -> Any:
    return text
