"""What each fact of the history is called for staff."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.conversation.words import carrier_name
from comanda.screens.house.tongue import Tongue
from comanda.screens.orders import words

FACTS = {
    "OrderPlaced": N_("Order placed"),
    "DraftStarted": N_("Draft begun"),
    "DraftChanged": N_("Draft changed"),
    "QuotationSent": N_("Quotation sent"),
    "QuotationAccepted": N_("Quotation accepted"),
    "QuotationExpired": N_("Quotation expired"),
    "CustomerMerged": N_("Customer merged"),
    "OrderAssigned": N_("Order assigned"),
    "OrderTagged": N_("Tags changed"),
    "DraftDiscarded": N_("Draft given up"),
    "EmailVerified": N_("Customer verified"),
    "VerificationResent": N_("Confirmation link sent again"),
    "MerchantNotified": N_("Shop notified"),
    "OrderApproved": N_("Order approved"),
    "OrderRejected": N_("Order rejected"),
    "OrderCancelled": N_("Order cancelled"),
    "OrderExpired": N_("Order expired"),
    "EndingAsked": N_("Cancellation asked for"),
    "EndingDropped": N_("Cancellation dropped"),
    "OrderRevived": N_("Order goes on: money arrived"),
    "OrderClosed": N_("Order completed"),
    "PaymentMethodChosen": N_("Another way to pay chosen"),
    "PaymentStarted": N_("Payment started"),
    "PaymentProcessing": N_("Payment being processed"),
    "PaymentAuthorized": N_("Payment authorised"),
    "CaptureAsked": N_("Authorised money is being taken"),
    "LapseWarned": N_("Warned: the authorised money is about to lapse"),
    "AuthorizationLapsed": N_("The authorised money has lapsed"),
    "PaymentCaptured": N_("Payment received"),
    "PaymentFailed": N_("Payment failed"),
    "PaymentVoided": N_("Attempt to pay cancelled"),
    "PaymentConfirmedAgain": N_("Payment confirmed once more"),
    "PaymentReminded": N_("Payment reminder sent"),
    "RefundGranted": N_("Refund granted"),
    "RefundStarted": N_("Refund on its way"),
    "RefundWithdrawn": N_("Refund withdrawn"),
    "RefundExecuted": N_("Money given back"),
    "RefundFailed": N_("Refund failed"),
    "PaymentBounced": N_("Payment came back"),
    "PaymentBounceUndone": N_("Payment stands after all"),
    "PaymentUnmarked": N_("Payment was entered by mistake"),
    "ChequeDeposited": N_("Cheque deposited"),
    "ChequeBounced": N_("Cheque bounced"),
    "ChequeTakenBack": N_("An entry about a cheque taken back"),
    "FeeRecorded": N_("Fee noted"),
    "FeeCharged": N_("Fee charged to the customer"),
    "FeeWithdrawn": N_("Fee withdrawn"),
    "DisputeOpened": N_("Payment disputed"),
    "DisputeClosed": N_("Dispute closed"),
    "PickupReady": N_("Put aside for pickup"),
    "PickupPutBack": N_("Not waiting any more"),
    "PickupReminded": N_("Reminded of the pickup"),
    "PickupOverdue": N_("Not fetched in time"),
    "PickupHandedOver": N_("Handed over at the counter"),
    "HandOverUndone": N_("Hand-over taken back"),
    "StockReserved": N_("Units reserved"),
    "StockAllocated": N_("Units allocated"),
    "StockDeallocated": N_("Units wait for their money again"),
    "StockReleased": N_("Units back on the shelf"),
    "StockWrittenOff": N_("Units written off"),
    "BackorderFilled": N_("Missing units came in"),
    "PromiseChanged": N_("Promised for another day"),
    "ReservationEnding": N_("Reservation ending"),
    "ReservationKept": N_("Reservation kept"),
    "ReservationExpired": N_("Reservation expired"),
    "DeliveriesPlanned": N_("Delivery orders planned"),
    "DeliveriesReady": N_("Ready to leave"),
    "LinesPicked": N_("Picked"),
    "PickUndone": N_("Put back onto the shelf"),
    "LinesShortPicked": N_("Not found on the shelf"),
    "ShortPickUndone": N_("Found after all"),
    "PickedPutBack": N_("What was picked is back on the shelf"),
    "LinesPacked": N_("Packed"),
    "PackUndone": N_("Unpacked"),
    "LabelWanted": N_("Label ordered from the carrier"),
    "LabelBought": N_("Label bought"),
    "LabelFailed": N_("The carrier sold no label"),
    "LabelKept": N_("The carrier did not take the label back"),
    "LabelVoidWanted": N_("Label is being given back"),
    "LabelVoided": N_("Label given back"),
    "LinesShipped": N_("Shipped"),
    "ParcelStuck": N_("Parcel without a scan for days"),
    "ShipmentScanned": N_("Carrier's scan"),
    "LinesDelivered": N_("Delivered"),
    "DeliveryUndone": N_("Delivery undone by a later scan"),
    "AddressAccepted": N_("The address was found right"),
    "CancellationUndone": N_("Cancellation taken back"),
    "ParcelTakenBack": N_("Parcel taken back"),
    "RefundUndone": N_("Refund taken back"),
    "HoldOpened": N_("Put on hold"),
    "HoldReleased": N_("Hold released"),
    "RunStarted": N_("Workflow started anew"),
    "MailsWantedAgain": N_("Messages sent again"),
    "EffectSettledElsewhere": N_("Settled elsewhere"),
    "EditRequested": N_("Change worked out"),
    "EditAcceptanceAsked": N_("Customer asked to accept the change"),
    "EditConfirmed": N_("Order changed"),
    "EditDeclined": N_("Change dropped"),
    "EditExpired": N_("Change lapsed"),
    "UnitsReleased": N_("Some units back on the shelf"),
    "OrderExported": N_("Handed to the shop's system"),
}
REASONS = {"OrderCancelled": words.CANCEL, "EndingAsked": words.CANCEL, "PaymentBounced": words.BOUNCE,
           "ChequeBounced": words.BOUNCE,
           "RefundGranted": words.REFUND_WHY, "RefundExecuted": words.REFUND_WHY,
           "DisputeOpened": words.DISPUTE, "FeeRecorded": words.FEE, "FeeCharged": words.FEE}  # fmt: skip


def detail(fact: dict[str, Any], tongue: Tongue) -> str:
    """The few words beside a fact's name: how much, why, with whom."""
    data = fact["data"]
    entry = data.get("entry") or {}
    told = []
    if entry.get("amount"):
        taken = {"amount": entry["taking"]} if fact["type"] == "CaptureAsked" else {}
        told.append(tongue.money(entry | taken))
    reason = data.get("reason") or entry.get("reason") or (data.get("ending") or {}).get("reason")
    if reason and fact["type"] in REASONS:
        told.append(words.say(tongue, REASONS[fact["type"]], str(reason)))
    if fact["type"] == "HoldOpened":
        told.append(words.say(tongue, words.HOLD, data["hold"]["reason"]))
    told += _parcel(data, tongue)
    told += _promised(data, tongue) if fact["type"] == "PromiseChanged" else []
    told += _short(data, tongue) if fact["type"] in ("LinesShortPicked", "ShortPickUndone") else []
    told += [str(data["to"])] if fact["type"] == "OrderAssigned" and data.get("to") else []
    told += [" ".join(f"#{tag}" for tag in data["tags"])] if fact["type"] == "OrderTagged" else []
    return " · ".join(told)


def _short(data: dict[str, Any], tongue: Tongue) -> list[str]:
    """Which units, why, and what became of them."""
    told = [f"{tongue.number(one['quantity'])} × {one['sku']}" for one in data["lines"]]
    if "reason" in data:
        told.append(words.say(tongue, words.SHORT, data["reason"]))
    moved, waits = (sum(one["quantity"] for one in data.get(name, ())) for name in ("found", "waiting"))
    told += [tongue.say("from elsewhere: %(n)s", n=tongue.number(moved))] if moved else []
    told += [tongue.say("waiting for stock: %(n)s", n=tongue.number(waits))] if waits else []
    replaced = [f"{tongue.number(one['quantity'])} × {one['sku']}" for one in data.get("replaced", ())]
    told += [tongue.say("instead: %(what)s", what=", ".join(replaced))] if replaced else []
    told += [tongue.say("off the order")] if "outcome" in data and not replaced else []
    return told


def _promised(data: dict[str, Any], tongue: Tongue) -> list[str]:
    """Each day that something is promised for now, and the one before."""
    days = {(line["before"], line["promised_at"]) for line in data["lines"]}
    return [f"{tongue.speech.date(was)} → {tongue.speech.date(now)}" if was else tongue.speech.date(now)
            for was, now in sorted(days)]  # fmt: skip


def _parcel(data: dict[str, Any], tongue: Tongue) -> list[str]:
    """Units, carrier and number of a parcel that left; what a scan says."""
    shipment = data.get("shipment")
    if isinstance(shipment, dict):
        units = sum(line["quantity"] for line in shipment["lines"])
        parcel = f"{carrier_name(shipment['carrier'])} {shipment['tracking_number']}".strip()
        return [tongue.say_many("%(n)s unit", "%(n)s units", units), parcel]
    status = (data.get("changes") or {}).get("status")
    return [tongue.word("PARCEL", str(status))] if status else []
