"""Buy a label that an order wants: once, whatever stops on the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from comanda.crash import crash_point
from comanda.errors import WrongState
from comanda.fulfilment.carriers.accounts import Accounts
from comanda.fulfilment.carriers.port import CannotTell, Carrier, Label, Refused, Unavailable
from comanda.fulfilment.labels.files import LabelFiles
from comanda.fulfilment.labels.request import NoAddress, label_request, reference
from comanda.fulfilment.labels.ship import shipped_at_once
from comanda.ids import NewId
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing, Sealed
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.model import ShippingLabel
from comanda.orders.model.shipping_label import FAILED, GIVING_BACK, VOIDED
from comanda.orders.outbox import Outbox
from comanda.orders.shipping_labels import label_named, void_effect, words_of
from comanda.settings.sections import Carriers

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Buyer:
    """Works on `label.buy` effects. What a carrier sells in two steps is prepared first and its handle kept
    with the claim, so that however often it is bought it is one purchase; of the others only their word
    under our reference tells whether an earlier try has bought it."""

    desk: Desk
    outbox: Outbox
    accounts: Accounts
    files: LabelFiles
    settings: Callable[[], Carriers]
    new_id: NewId

    def buy(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> str:
        """Buy it, unless it was bought or is not wanted any more; returns its tracking number, or nothing.
        Raises Unavailable, and CannotTell when nobody knows what an earlier try did."""
        label = label_named(loaded.order, str(claim.data["label_id"]))
        if label is None or label.state in (FAILED, VOIDED) or label.ref:
            self.outbox.settle(loaded.order.order_id, claim.effect_id, {"skipped": "known"})
            return ""
        carrier = self.accounts.of(label.account)
        found = self._earlier(carrier, loaded, label, claim)
        if found is None and label.state == GIVING_BACK:
            return self._end(loaded, claim, origin, label, "")
        try:
            bought = found or self._bought(carrier, loaded, label, claim)
        except Refused as refused:
            return self._end(loaded, claim, origin, label, "refused", refused.reason)
        except NoAddress as missing:
            return self._end(loaded, claim, origin, label, missing.reason)
        except WrongState as guarded:
            return self._end(loaded, claim, origin, label, guarded.guard)
        return self._record(loaded, label, claim, bought, origin) if bought else ""

    def _earlier(
        self, carrier: Carrier, loaded: Loaded, label: ShippingLabel, claim: Outgoing
    ) -> Label | None:
        """What an earlier try has bought. After a person's word to go on, not knowing stops nobody until the
        carrier was asked for it once more."""
        known = {**claim.data, **claim.progress}
        if not known.get("begun"):
            return None
        told = "since" in claim.data and not claim.progress.get("begun")
        try:
            return carrier.find(reference(loaded.order, label), str(known.get("prepared", "")))
        except CannotTell:
            if told:
                return None
            raise

    def _bought(
        self, carrier: Carrier, loaded: Loaded, label: ShippingLabel, claim: Outgoing
    ) -> Label | None:
        """None when another worker has taken the claim over meanwhile."""
        check("ship", loaded.order)
        order_id = loaded.order.order_id
        wanted = label_request(loaded, label, self.settings())
        prepared = str({**claim.data, **claim.progress}.get("prepared", ""))
        if not prepared:
            crash_point("label.before_prepare")
            prepared = carrier.prepare(wanted)
            crash_point("label.after_prepare")
        if not self.outbox.keep(order_id, claim, {"prepared": prepared, "begun": True}):
            return None
        crash_point("effect.before_call")
        try:
            bought = carrier.buy(wanted, prepared)
        except Unavailable:  # it did not take the order in: the next try need not look for it
            self.outbox.keep(order_id, claim, {"prepared": prepared})
            raise
        except CannotTell as lost:
            bought = _looked_for(carrier, wanted.reference, prepared, lost)
        crash_point("effect.after_call")
        return bought

    def _record(
        self, loaded: Loaded, label: ShippingLabel, claim: Outgoing, bought: Label, origin: Origin
    ) -> str:
        order_id, shipment_id = loaded.order.order_id, self.new_id()
        if bought.file:
            self.files.keep(order_id, label.label_id, bought.file)

        def decide(now: Loaded) -> Decision:
            decision = recording(now, label.label_id, bought, shipment_id, origin.at)
            crash_point("effect.before_commit")
            told, number = {"ref": bought.ref}, bought.tracking_number
            end = lambda tx: self.outbox.buying(tx, order_id, claim.effect_id, told, number)  # noqa: E731
            return decision + Decision(also=(end,)) if decision.facts else decision

        done = self.desk.run(order_id, decide, origin)
        crash_point("effect.after_commit")
        if not done.changed:
            self.outbox.settle(order_id, claim.effect_id, {"ref": bought.ref})
        return bought.tracking_number

    def _end(
        self,
        loaded: Loaded,
        claim: Outgoing,
        origin: Origin,
        label: ShippingLabel,
        code: str,
        words: str = "",
    ) -> str:
        """Nothing was bought: the label says so, and the effect is done. A carrier's own words may tell of
        the customer: they are kept as a personal text."""
        order_id = loaded.order.order_id
        salt = self.new_id()

        def decide(now: Loaded) -> Decision:
            found = label_named(now.order, label.label_id)
            if found is None or found.ref or found.state in (FAILED, VOIDED):
                return NOTHING
            end = lambda tx: self.outbox.settling(tx, order_id, claim.effect_id, {"refused": code})  # noqa: E731
            return not_bought(found, code, words, salt) + Decision(also=(end,), outside=True)

        if not self.desk.run(order_id, decide, origin).changed:
            self.outbox.settle(order_id, claim.effect_id, {"refused": code})
        return ""


def _looked_for(carrier: Carrier, reference: str, prepared: str, lost: CannotTell) -> Label:
    """What was bought though its answer did not come, if the carrier shows it at once. Not shown yet proves
    nothing, so the doubt stays, and the look that follows the lease decides."""
    try:
        found = carrier.find(reference, prepared)
    except (CannotTell, Unavailable):
        found = None
    if found is None:
        raise lost
    return found


def not_bought(label: ShippingLabel, code: str, words: str, salt: str) -> Decision:
    """It failed, for a reason; one that was taken back meanwhile was never bought, and did not fail."""
    if label.state == GIVING_BACK:
        return Decision((Happened("LabelVoided", {"label_id": label.label_id}),))
    data: dict[str, Any] = {"label_id": label.label_id, "reason": code}
    return with_words("LabelFailed", data, words, salt)


def with_words(fact: str, data: dict[str, Any], words: str, salt: str) -> Decision:
    """A fact with what a carrier said, which its label shows to staff."""
    if not words.strip():
        return Decision((Happened(fact, data),))
    name = words_of(data["label_id"])
    sealed = Sealed(words.strip()[:LONGEST_REASON], salt)
    return Decision((Happened(fact, data | {"personal": {name: sealed.digest}}),), personal={name: sealed})


def recording(loaded: Loaded, label_id: str, bought: Label, shipment_id: str, at: str) -> Decision:
    """The decision that a label was bought. Its parcel leaves with it where that was wanted and may be now; a
    label that is not wanted any more goes back."""
    label = label_named(loaded.order, label_id)
    if label is None or label.ref:
        return NOTHING
    told = _told(bought)
    if label.state == GIVING_BACK:
        fact = Happened("LabelBought", {"label_id": label_id, "bought": told})
        back = void_effect(label)
        return Decision((fact,), effects=(back,), outside=True)
    leaving, why = NOTHING, ""
    if label.ship:
        leaving, why = shipped_at_once(loaded, replace(label, **told), shipment_id, at)
    told |= {"reason": why} if why else {}
    fact = Happened("LabelBought", {"label_id": label_id, "bought": told})
    return Decision((fact,), outside=True) + leaving


def _told(bought: Label) -> dict[str, Any]:
    """What the history keeps of it."""
    return {
        "carrier": bought.carrier,
        "service": bought.service,
        "ref": bought.ref,
        "tracking_number": bought.tracking_number,
        "tracking_url": bought.tracking_url,
        "expected_at": f"{bought.arrives_on}T12:00:00.000Z" if bought.arrives_on else "",
        "amount": bought.amount,
        "currency": bought.currency,
    }
