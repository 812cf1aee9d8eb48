"""What failed outside, or what nobody knows of, was settled in another way: staff's word ends it."""

from dataclasses import replace

from comanda.errors import Invalid, NotFound, WrongState
from comanda.ids import NewId
from comanda.orders.authorized import CAPTURE, authorized
from comanda.orders.decision import Decision, Loaded, Outgoing, Sealed
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order
from comanda.orders.outbox import Outbox
from comanda.orders.shipping_labels import BUY, VOID, label_named
from comanda.orders.vocabulary import HoldReason
from comanda.payments.choose import attempt_of

UNSETTLED = ("failed", "unknown")
OURS = (HoldReason.EFFECT_FAILED, HoldReason.UNKNOWN_EFFECT)
LONGEST_REASON = 300


def settling_elsewhere(effect_id: str, reason: str, at: str, outbox: Outbox, new_id: NewId) -> Decide:
    """End an effect that failed or is unknown. A refund counts as given back, a payment that was to be void
    as void, and so does an authorisation that was to be taken; what came in otherwise is noted as a payment.
    Its holds are closed.

    Raises Invalid without a reason, NotFound, WrongState for what is under way or has happened.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid.at("/reason", f"say how, in at most {LONGEST_REASON} characters")

    def decide(loaded: Loaded) -> Decision:
        effect = next((one for one in loaded.effects if one.effect_id == effect_id), None)
        if effect is None:
            raise NotFound(f"this order wants nothing called {effect_id!r}")
        if effect.state not in UNSETTLED:
            raise WrongState("effect-not-open", f"it is {effect.state}: there is nothing to settle")
        name = f"note:settled-{effect_id}"
        sealed = Sealed(reason.strip(), new_id())
        told = {"effect": effect_id, "kind": effect.kind, "personal": {name: sealed.digest}}
        closed = (hold for hold in loaded.order.open_holds if _about(hold, effect))
        facts = (
            Happened("EffectSettledElsewhere", told),
            *_money(loaded.order, effect, at),
            *_label(loaded.order, effect),
            *(Happened("HoldReleased", {"hold_id": hold.hold_id}) for hold in closed),
        )
        ending = lambda tx: outbox.settling(  # noqa: E731
            tx, loaded.order.order_id, effect_id, {"settled": "elsewhere"}
        )
        return Decision(facts, personal={name: sealed}, also=(ending,), result={"effect": effect_id})

    return decide


def _about(hold: Hold, effect: Outgoing) -> bool:
    """Whether it was opened for this effect; a refused refund names its amount instead."""
    refused = effect.kind == "payment.refund" and hold.detail.startswith(
        f"refund of {effect.data.get('amount')} "
    )
    return hold.reason in OURS and (hold.detail.startswith(f"{effect.effect_id}: ") or refused)


def _money(order: Order, effect: Outgoing, at: str) -> tuple[Happened, ...]:
    if effect.kind == "payment.void":
        attempt = attempt_of(order, str(effect.data["ref"]))
        return (_turned("PaymentVoided", attempt.to_dict() | {"status": "void"}),) if attempt else ()
    wanted = str(effect.data["entry_id"]) if "entry_id" in effect.data else ""
    if effect.kind == CAPTURE:
        held = {entry.ref for entry in authorized(order) if entry.entry_id == wanted}
        gone = (e for e in order.ledger if e.ref in held and e.kind in ("intent", "authorization"))
        return tuple(_turned("PaymentVoided", replace(e, status="void", at=at).to_dict()) for e in gone)
    if effect.kind != "payment.refund":
        return ()
    part = next((e for e in order.ledger if e.entry_id == wanted), None)
    if part is None or part.status not in ("pending", "failed"):
        return ()
    return (_turned("RefundExecuted", replace(part, status="ok", at=at).to_dict(), "customer"),)


def _label(order: Order, effect: Outgoing) -> tuple[Happened, ...]:
    """A label of which nobody knows counts as not bought (a parcel that left with it is shipped with the
    number typed); one that was to go back as given back."""
    label = label_named(order, str(effect.data.get("label_id", "")))
    if effect.kind == VOID and label and label.ref:
        return (Happened("LabelVoided", {"label_id": label.label_id}),)
    if effect.kind == BUY and label and not label.ref:
        return (Happened("LabelFailed", {"label_id": label.label_id, "reason": "settled-elsewhere"}),)
    return ()


def _turned(fact: str, entry: dict[str, object], visibility: str = "internal") -> Happened:
    return Happened(fact, {"entry": entry}, visibility)
