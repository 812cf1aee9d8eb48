"""Give a label back to its carrier, which may refuse it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.crash import crash_point
from comanda.fulfilment.carriers.accounts import Accounts
from comanda.fulfilment.carriers.port import Refused
from comanda.fulfilment.labels.purchase import with_words
from comanda.ids import NewId
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Hold
from comanda.orders.model.shipping_label import GIVING_BACK
from comanda.orders.outbox import Outbox
from comanda.orders.shipping_labels import KEPT, label_named
from comanda.orders.vocabulary import HoldReason


@dataclass(frozen=True, slots=True)
class GivingBack:
    """Works on `label.void` effects. Voiding twice is voiding once: a claim that was lost is repeated."""

    desk: Desk
    outbox: Outbox
    accounts: Accounts
    new_id: NewId

    def give_back(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> None:
        """Raises Unavailable and CannotTell, after either of which it is asked again."""
        order_id = loaded.order.order_id
        label = label_named(loaded.order, str(claim.data["label_id"]))
        again = "since" in claim.data  # a person wants what the carrier refused once more
        if label is None or not label.ref or (label.state != GIVING_BACK and not again):
            self.outbox.settle(order_id, claim.effect_id, {"skipped": "not to be given back"})
            return
        try:
            crash_point("effect.before_call")
            how = self.accounts.of(label.account).void(label.ref, label.tracking_number)
            crash_point("effect.after_call")
        except Refused as refused:
            self._kept(order_id, claim, label.label_id, refused.reason, origin)
        else:
            fact = Decision((Happened("LabelVoided", {"label_id": label.label_id, "how": how}),))
            end = lambda tx: self.outbox.settling(tx, order_id, claim.effect_id, {"how": how})  # noqa: E731
            self._write(order_id, label.label_id, fact, end, origin)
            crash_point("effect.after_commit")

    def _kept(self, order_id: str, claim: Outgoing, label_id: str, words: str, origin: Origin) -> None:
        """It is paid for and unused: a person decides what to do about it."""
        fail = lambda tx: self.outbox.failing(tx, order_id, claim.effect_id, "refused")  # noqa: E731
        data = {"label_id": label_id, "reason": KEPT}
        told = with_words("LabelKept", data, words, self.new_id())
        self._write(order_id, label_id, told, fail, origin, hold=f"{claim.effect_id}: {KEPT}")

    def _write(
        self,
        order_id: str,
        label_id: str,
        told: Decision,
        end: Callable[[Any], None],
        origin: Origin,
        hold: str = "",
    ) -> None:
        def decide(now: Loaded) -> Decision:
            label = label_named(now.order, label_id)
            if label is None or label.state == "voided":
                return NOTHING
            decision = told + Decision(also=(end,), outside=True)
            crash_point("effect.before_commit")
            if not hold or any(one.detail == hold for one in now.order.open_holds):
                return decision
            opened = Hold(
                f"h{now.order.facts + 2}", HoldReason.EFFECT_FAILED, origin.at, "system", detail=hold
            )
            return decision + Decision((Happened("HoldOpened", {"hold": opened.to_dict()}),))

        self.desk.run(order_id, decide, origin)
