"""An order's way through its workflow as a picture: the steps, where it stands, until when."""

from dataclasses import dataclass

from comanda.conversation.speech import N_
from comanda.orders.decision import Loaded
from comanda.orders.derive import ended
from comanda.orders.model import Order
from comanda.orders.vocabulary import HoldReason, Lifecycle
from comanda.workflow.judge import CONDITIONS, NEVER, SETTLED, deadline, pay_by

STEPS = {
    "verification": N_("Verification"),
    "approval": N_("Approval"),
    "payment": N_("Payment"),
    "fulfilment": N_("Shipping"),
    "delivery": N_("Delivery"),
    "close": N_("Completed"),
}
FETCHED = STEPS | {"fulfilment": N_("Pickup")}
STATES = {
    "done": N_("done"),
    "unpaid": N_("not needed yet"),
    "now": N_("now"),
    "later": N_("later"),
    "failed": N_("failed"),
    "skipped": N_("not reached"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One step: `state` is a key of STATES, `unpaid` a payment that the goods do not wait for; `until` is
    when something is judged or lapses, if ever."""

    code: str
    state: str
    until: str = ""


def way(loaded: Loaded) -> list[Stop]:
    """The steps in their order. The execution waits in one of them; what it waits for may be settled in
    any order, so a later step may be done before an earlier one."""
    order = loaded.order
    failed = _failed(order)
    here = _waiting(loaded)
    return [Stop(code, state, _until(order, code) if state == "now" else "") for code, state in (
        (code, _state(order, code, here, failed)) for code in STEPS
    )]  # fmt: skip


def next_look(loaded: Loaded) -> str:
    """When something will be judged by itself; empty when nothing has a deadline."""
    found = deadline(loaded.order)
    return "" if found == NEVER or ended(loaded.order) else found


def console_address(arn: str) -> str:
    """Where the execution is seen in the AWS console; empty for an emulator's, whose account is all zeros."""
    parts = arn.split(":")
    if len(parts) < 8 or not parts[4].strip("0"):
        return ""
    region = parts[3]
    return f"https://{region}.console.aws.amazon.com/states/home?region={region}#/v2/executions/details/{arn}"


def _state(order: Order, code: str, here: str, failed: str) -> str:
    if code == failed:
        return "failed"
    if order.lifecycle == Lifecycle.CLOSED:
        return "done"
    if code == "payment" and order.payment not in SETTLED and not ended(order) and CONDITIONS[code](order):
        return "unpaid"
    if code != "close" and CONDITIONS[code](order):
        return "done"
    if ended(order):
        return "skipped"
    return "now" if code == here else "later"


def _waiting(loaded: Loaded) -> str:
    """What the execution waits for; before it has put its token, and before it has seen that what it waited
    for is there, the first thing that is not settled."""
    unsettled = [code for code, holds in CONDITIONS.items() if not holds(loaded.order)] + ["close"]
    waits = (wait.kind for wait in loaded.waits if wait.kind in unsettled)
    return next(waits, unsettled[0])


def _failed(order: Order) -> str:
    """The step whose failure holds the order."""
    holds = (hold for hold in order.open_holds if hold.reason == HoldReason.STEP_FAILED)
    return next((hold.detail.partition(":")[0] for hold in holds), "")


def _until(order: Order, code: str) -> str:
    return {"verification": order.terms.verify_by, "payment": pay_by(order)}.get(code, "")
