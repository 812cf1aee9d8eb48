"""One-click events on a row of the list: which there are, what each does, and how it is undone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.backoffice import deciding
from comanda.backoffice.bodies import CancelBody
from comanda.backoffice.bodies_money import MarkPaidBody, RefundBody
from comanda.backoffice.deciding import By
from comanda.conversation.speech import N_
from comanda.fulfilment.ship import Parcel, shipping_rest
from comanda.orders.approve import approving
from comanda.orders.desk import Decide
from comanda.screens.house.asked import Asked

OPEN = frozenset({"placed", "awaiting_verification"})
TO_PAY = frozenset({"pending", "partially_paid", "failed"})
TO_SHIP = frozenset({"unfulfilled", "backorder", "picking", "ready_for_pickup", "partially_shipped"})
UNSENT = frozenset({"unfulfilled", "backorder", "picking", "ready_for_pickup"})
KEPT_MONEY = frozenset({"paid", "overpaid", "partially_refunded"})


@dataclass(frozen=True, slots=True)
class Event:
    """`command` is the staff API's; `asks`: what follows cannot be taken back, so a page says it first.
    `fits` judges a row; the command's own guards judge again."""

    code: str
    word: str
    command: str
    told: str
    fits: Callable[[dict[str, Any]], bool]
    asks: bool = True
    warns: str = ""
    kind: str = ""


def _placed(row: dict[str, Any]) -> bool:
    return row["lifecycle"] in OPEN


EVENTS = (
    Event(
        "approved", N_("Approve"), "approve", N_("%(number)s is approved."),
        lambda row: row["lifecycle"] == "placed" and not row["approved"], asks=False,
    ),
    Event(
        "paid", N_("Mark as paid"), "mark-paid", N_("%(number)s is marked as paid."),
        lambda row: _placed(row) and row["payment"] in TO_PAY, asks=False,
    ),
    Event(
        "shipped", N_("Ship…"), "ship", N_("%(number)s is shipped."),
        lambda row: row["lifecycle"] == "placed" and row["approved"] and row["fulfilment"] in TO_SHIP
        and not row["holds"],
        warns=N_("All that is left of the order leaves as one parcel, and the customer is told."),
    ),
    Event(
        "cancelled", N_("Cancel…"), "cancel", N_("%(number)s is cancelled."),
        lambda row: _placed(row) and row["fulfilment"] in UNSENT,
        warns=N_("The order ends: units go back to stock, money goes back, the customer is told."),
        kind="danger",
    ),
    Event(
        "refunded", N_("Refund…"), "refund", N_("The refund of %(number)s is under way."),
        lambda row: row["payment"] in KEPT_MONEY,
        warns=N_("What was paid and not given back yet goes back the way it came; the customer is told."),
        kind="danger",
    ),
)  # fmt: skip
BY_CODE = {event.code: event for event in EVENTS}


def events_of(row: dict[str, Any]) -> list[Event]:
    """What is offered on a row of the list."""
    return [event for event in EVENTS if event.fits(row)]


def deciding_on(event: Event, asked: Asked, by: By) -> tuple[Decide, dict[str, Any]]:
    """The event's command with what its form says; the second is what the form's key stands for."""
    if event.code == "approved":
        return approving, {}
    if event.code == "paid":
        return deciding.mark_paid(MarkPaidBody(), by), {}
    if event.code == "shipped":
        carrier, number = asked.field("carrier"), asked.field("tracking_number")
        parcel = Parcel((), carrier, number)
        return shipping_rest(parcel, by.new_id(), by.origin.at), {
            "carrier": carrier,
            "tracking_number": number,
        }
    reason = asked.field("reason") or "customer"
    if event.code == "cancelled":
        return deciding.cancel(CancelBody(reason=reason), by), {"reason": reason}
    return deciding.refund(RefundBody(reason=reason), by), {"reason": reason}
