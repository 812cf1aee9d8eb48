"""What to do next with an order: one sentence, one button. Pure, derived from the order alone."""

from dataclasses import dataclass, field
from functools import partial

from comanda.backoffice.actions import suggested
from comanda.conversation.speech import N_
from comanda.fulfilment.units import BEFORE
from comanda.orders.authorized import authorized
from comanda.orders.balance import deposited
from comanda.orders.derive import DEPOSITED_MARK, amount_due, ended, payment_allows_shipping
from comanda.orders.guards import allowed, edit_is_stale, failures
from comanda.orders.model import Order
from comanda.orders.pickups import at_counter, may_leave
from comanda.orders.vocabulary import ENDED, Fulfilment, HoldReason, Lifecycle, Method
from comanda.payments.cheque import clears_on

BY_HAND = frozenset({Method.BANK_TRANSFER, Method.CHEQUE, Method.AT_PICKUP, Method.ON_DELIVERY})
READY_STATES = (Fulfilment.SHIPPED, Fulfilment.PARTIALLY_DELIVERED)


@dataclass(frozen=True, slots=True)
class Step:
    """`text` and `caption` are translated where they are shown; `form` opens a form of the page, `post` is
    sent at once, `go` leads to a page, all below the order's address. `day`: when it is expected.
    `kind`: amber needs us, neutral waits, green, red."""

    text: str
    kind: str = "neutral"
    caption: str = ""
    form: str = ""
    post: str = ""
    go: str = ""
    until: str = ""
    day: str = ""
    values: dict[str, int] = field(default_factory=dict)


def next_step(order: Order, *, fetched: bool = False) -> Step:
    """The first of these that there is something to say of: an end under way, what is broken or held, an
    open change, money to give back, then the order's way from confirmation to delivery. `fetched`: its
    customer comes for the goods."""
    counter = partial(_counter, fetched=fetched)
    for judge in (_ending, _draft, _held, _change, _money_back, _over, _deciding, _paying, counter, _goods):
        step = judge(order)
        if step is not None:
            return step
    return Step(N_("Nothing is left to do; the order completes by itself."), "green")


def _ending(order: Order) -> Step | None:
    if order.ending is None or ended(order):
        return None
    return Step(N_("The order is being cancelled: open payments are being stopped first."))


def _draft(order: Order) -> Step | None:
    if order.lifecycle == Lifecycle.DRAFT:
        text = N_("This is a draft: it holds no stock until it is placed.")
        return Step(text, "amber", N_("Go on with the draft"), go="draft")
    if order.lifecycle == Lifecycle.QUOTED:
        until = order.draft.expires_at if order.draft else ""
        text = N_("The customer is to accept the quotation.")
        return Step(text, caption=N_("Open the quotation"), go="draft", until=until)
    return None


def _held(order: Order) -> Step | None:
    """What failed is tried again; any other hold waits for somebody to look and release it."""
    if failures(order):
        return Step(N_("Something failed and waits to be tried again."), "red", N_("Try again"), post="retry")
    holds = [hold for hold in order.open_holds if hold.reason != HoldReason.LATE_PAYMENT]
    if not holds or ended(order):
        return None
    if holds[0].reason == HoldReason.NOT_COLLECTED:
        return Step(
            N_("Nobody came for it in time: call them, then wait longer, hand it over or cancel."),
            "amber", N_("Wait longer"), form="ready-for-pickup",
        )  # fmt: skip
    if holds[0].reason == HoldReason.DISPUTE:
        return Step(N_("A payment is disputed: answer the bank, then enter how it ended."), "red")
    return Step(
        N_("The order is on hold: look at the reason, then release it."), "amber", N_("Look at the hold"),
        form="release-hold",
    )  # fmt: skip


def _change(order: Order) -> Step | None:
    edit = order.edit
    if edit is None or ended(order):
        return None
    if edit_is_stale(order):
        return Step(
            N_("The order has moved on since a change was worked out: make it anew."), "amber",
            N_("Change the order"), form="edit",
        )  # fmt: skip
    if edit.asked_until:
        return Step(N_("The customer is to accept a change of the order."), until=edit.asked_until)
    return Step(
        N_("A change is worked out: carry it out, or ask the customer."), "amber", N_("See the change"),
        form="edit",
    )  # fmt: skip


def _money_back(order: Order) -> Step | None:
    """Granted money that waits, failed refunds, money that came late or was too much."""
    for action in suggested(order):
        if action["command"] == "refund":
            return Step(N_("There is money to give back."), "amber", N_("Give money back"), form="refund")
        failed = action["why"] == "refund-failed"
        text = N_("A refund failed.") if failed else N_("A refund is granted and waits to be paid back.")
        return Step(text, "red" if failed else "amber", N_("Pay it back"), post=action["command"])
    return None


def _over(order: Order) -> Step | None:
    if order.lifecycle not in ENDED:
        return None
    if order.lifecycle == Lifecycle.CLOSED:
        if amount_due(order) > 0:
            return _collect(order)
        return Step(N_("The order is complete. Nothing is left to do."), "green")
    if order.lifecycle == Lifecycle.EXPIRED:
        return Step(N_("The order expired. Nothing is left to do."))
    return Step(N_("The order is cancelled. Nothing is left to do."))


def _deciding(order: Order) -> Step | None:
    """Whether the customer is real and the shop wants the order."""
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        return Step(
            N_("The customer has not confirmed the e-mail address. If you reached them by phone, vouch for "
               "them."), "neutral", N_("Verify by phone"), post="verify", until=order.terms.verify_by,
        )  # fmt: skip
    if allowed("approve", order) and authorized(order):
        return Step(
            N_("This order waits for your approval: its money is authorised, and taken when you approve."),
            "amber", N_("Approve"), post="approve", until=min(one.until for one in authorized(order)),
        )  # fmt: skip
    if allowed("approve", order):
        return Step(N_("This order waits for your approval."), "amber", N_("Approve"), post="approve")
    return None


def _paying(order: Order) -> Step | None:
    if payment_allows_shipping(order):
        return None
    if any(entry.taking for entry in authorized(order)):
        return Step(N_("The authorised money is being taken; the provider reports it."))
    if order.money == DEPOSITED_MARK:
        cheque = min(deposited(order.ledger), key=lambda entry: entry.on)
        return Step(
            N_("A cheque is at the bank: once it has said so, enter that it cleared or bounced."), "neutral",
            N_("It has cleared"), form="clear-cheque", day=clears_on(cheque.on),
        )  # fmt: skip
    if order.method in BY_HAND:
        return Step(
            N_("Has the money arrived? Confirm it, and the order goes on."), "neutral",
            N_("Confirm the payment"), form="mark-paid", until=order.terms.pay_by,
        )  # fmt: skip
    return Step(N_("The customer is to pay; the provider reports it."), until=order.terms.pay_by)


def _counter(order: Order, *, fetched: bool) -> Step | None:
    """What waits for its customer, and what is to be put aside for one who fetches it."""
    waits = sum(units for _, units in at_counter(order))
    if waits:
        until = order.pickup.until if order.pickup else ""
        return Step(
            N_("Units waiting at the counter: %(n)s."), "neutral", N_("Hand over"),
            go="hand-over", until=until, values={"n": waits},
        )  # fmt: skip
    ready = sum(may_leave(line) for line in order.lines)
    if ready and fetched and allowed("ready-for-pickup", order):
        return Step(
            N_("Units to put aside for who fetches them: %(n)s."), "amber", N_("Ready for pickup"),
            form="ready-for-pickup", values={"n": ready},
        )  # fmt: skip
    return None


def _goods(order: Order) -> Step | None:
    """Units that may leave, units that are missing, parcels on their way, money to collect."""
    ready = sum(min(line.to_ship, line.allocated) if line.tracked else line.to_ship for line in order.lines)
    at_hand = _at_hand(order) if ready and order.terms.steps != "ship" else ready
    if at_hand != ready and allowed("pick", order):
        return _preparing(order, ready)
    if ready and allowed("ship", order):
        return Step(N_("Ready to ship: %(n)s."), "amber", N_("Ship"), form="ship", values={"n": ready})
    if order.fulfilment == Fulfilment.FAILED_DELIVERY:
        return Step(N_("The delivery failed: talk to the customer and the carrier."), "red")
    if any(line.to_ship > 0 for line in order.lines):
        return Step(N_("Waiting for stock to come in."))
    if order.fulfilment in READY_STATES:
        return Step(N_("On its way: the carrier reports the delivery."))
    return _collect(order) if amount_due(order) > 0 else None


def _at_hand(order: Order) -> int:
    """Units that have gone the steps before they leave."""
    name = BEFORE[order.terms.steps][0]
    return sum(int(getattr(line, name)) for line in order.lines)


def _preparing(order: Order, ready: int) -> Step:
    left = ready - sum(line.picked for line in order.lines)
    if left:
        return Step(N_("Ready to pick: %(n)s."), "amber", N_("Pick"), form="pick", values={"n": left})
    left = ready - sum(line.packed for line in order.lines)
    return Step(N_("Ready to pack: %(n)s."), "amber", N_("Pack"), form="pack", values={"n": left})


def _collect(order: Order) -> Step:
    return Step(
        N_("Delivered, and not paid in full yet."), "amber", N_("Confirm the payment"), form="mark-paid",
        until=order.terms.due_at,
    )  # fmt: skip
