"""What the back-office indexes hold of an order: keys, signatures and the row to filter by."""

import json
from collections.abc import Mapping

from comanda.orders.derive import SETTLED, SOLD, label, stage
from comanda.orders.model import Order
from comanda.orders.shown import SHORT, promised
from comanda.orders.vocabulary import ENDED, ERROR_HOLDS, Fulfilment, Label, Lifecycle, Payment, Stage

type Traits = Mapping[str, frozenset[str]]  # filter key → what the order has of it

STATE = ("lifecycle", "payment", "fulfilment", "returns", "hold")
SOURCE = ("channel", "method", "verified")
REVIEW, NONE = "review", "-"
ANY_HOLD = "any"
APPROVED_LABELS = frozenset({Label.PENDING, Label.PROCESSED, Label.SHIPPED, Label.DELIVERED})
NOBODY = "none"  # an order that is not assigned
UNLABELLED = frozenset({Lifecycle.CANCELLED, Lifecycle.EXPIRED, Lifecycle.DRAFT, Lifecycle.QUOTED})


def state_signature(order: Order) -> str:
    """lifecycle|payment|fulfilment|returns|hold kinds — one partition of the `state` index each.

    Where nothing holds an order that the merchant has not approved, the kind is `review`; so the
    signature also tells the label.
    """
    held = "+".join(sorted({hold.reason for hold in order.open_holds}))
    kind = held or (REVIEW if label(order) == Label.TO_REVIEW else NONE)
    return "|".join((order.lifecycle, order.payment, order.fulfilment, order.returns, kind))


def source_signature(order: Order) -> str:
    """channel|method|verified — one partition of the `source` index each."""
    return "|".join((order.channel, order.method, "yes" if order.verified else "no"))


def row(order: Order) -> dict[str, str]:
    """The filter attributes that every index carries (≤ 220 bytes without tags and with one hold)."""
    sold = str(stage(order) or NONE)
    told = sold == stage_told_by(state_signature(order), str(label(order) or NONE))
    own = {"a": order.assigned, "t": "+".join(order.tags), "g": "" if told else sold, "m": order.money}
    return {name: value for name, value in own.items() if value} | {
        "s": state_signature(order),
        "o": source_signature(order),
        "l": str(label(order) or NONE),
        "n": order.number,
    }


def traits(row: Mapping[str, str]) -> Traits:
    """What filters look at, of a row or of an order's own row."""
    own = {"label": frozenset({row["l"]}), "stage": frozenset({shown_stage(row)})}
    own["assigned"] = frozenset({row.get("a", NOBODY).casefold()})
    own["tag"] = frozenset(row.get("t", "").split("+")) - {""}
    own["money"] = frozenset({row.get("m", "")}) - {""}
    own |= {"promised": _promised(row["w"])} if "w" in row else {}
    return state_traits(row["s"]) | source_traits(row["o"]) | own


def traits_of(order: Order) -> Traits:
    """The same of an order at hand."""
    return {**traits(row(order)), "promised": frozenset({promised(order)}) - {""}}


def _promised(shows: str) -> frozenset[str]:
    """The day that a row shows; most show none and are not taken apart for it."""
    mark = SHORT["promised_at"]
    return frozenset({str(json.loads(shows)[mark])}) if f'"{mark}":"' in shows else frozenset()


def may_be_promised(state: str) -> bool:
    """Whether an order of this signature may have anything to ship still."""
    lifecycle, _, fulfilment, *_ = state.split("|")
    return lifecycle not in ENDED and fulfilment not in (Fulfilment.SHIPPED, Fulfilment.DELIVERED)


def shown_stage(row: Mapping[str, str]) -> str:
    """The stage of a row, NONE for an order that has none."""
    return row.get("g") or stage_told_by(row["s"], row["l"])


def state_traits(signature: str) -> dict[str, frozenset[str]]:
    *axes, kind = signature.split("|")
    held = frozenset(kind.split("+")) - {REVIEW, NONE}
    found = {name: frozenset({value}) for name, value in zip(STATE, axes, strict=False)}
    return found | {"hold": held | {ANY_HOLD} if held else held}


def source_traits(signature: str) -> dict[str, frozenset[str]]:
    channel, method, verified = signature.split("|")
    flag = "true" if verified == "yes" else "false"
    return {"channel": frozenset({channel}), "method": frozenset({method}), "verified": frozenset({flag})}


def labels(state: str) -> frozenset[str]:
    """The labels that an order of this signature may have; nearly always it is one."""
    lifecycle, payment, fulfilment, _, kind = state.split("|")
    if lifecycle in UNLABELLED:
        return frozenset({NONE})
    if ERROR_HOLDS & set(kind.split("+")):
        return frozenset({Label.ERROR})
    if fulfilment == Fulfilment.DELIVERED:
        return frozenset({Label.DELIVERED})
    if fulfilment in (Fulfilment.SHIPPED, Fulfilment.PARTIALLY_DELIVERED):
        return frozenset({Label.SHIPPED})
    if lifecycle == Lifecycle.AWAITING_VERIFICATION:
        return frozenset({NONE})
    if kind != NONE:
        return frozenset({Label.TO_REVIEW})
    if fulfilment == Fulfilment.READY_FOR_PICKUP or payment == Payment.NONE:
        return frozenset({Label.PROCESSED})
    return frozenset({Label.PENDING, Label.PROCESSED})


def may_be_marked(state: str) -> bool:
    """Whether something may be due for an order of this signature: only then its money has a mark."""
    lifecycle, payment, *_ = state.split("|")
    return lifecycle not in ENDED and payment not in SETTLED


def stage_told_by(state: str, label: str) -> str:
    """The stage as far as a row tells it: not whether the shop ships first, nor what a hold hides."""
    lifecycle, payment, *_ = state.split("|")
    if lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED):
        return NONE
    if lifecycle == Lifecycle.DRAFT:
        return Stage.QUOTATION
    unasked = payment == Payment.NONE and label in APPROVED_LABELS
    return Stage.ORDER if payment in SOLD or unasked else Stage.QUOTATION_SENT


def stages(state: str) -> frozenset[str]:
    """The stages that an order of this signature may be in."""
    lifecycle = state.partition("|")[0]
    if lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED):
        return frozenset({NONE})
    if lifecycle == Lifecycle.DRAFT:
        return frozenset({Stage.QUOTATION})
    return frozenset({Stage.QUOTATION_SENT, Stage.ORDER})


def position(order: Order) -> str:
    """Sort key of `created`, `state` and `source`: by time of placing, ties by id."""
    return f"{order.created_at}#{order.order_id}"
