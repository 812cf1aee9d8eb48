"""An order's history in the customer's words."""

from collections.abc import Callable, Iterable
from typing import Any

from comanda.conversation.speech import N_, Speech
from comanda.conversation.words import PARCEL, carrier_name, word
from comanda.orders.facts import Fact
from comanda.orders.vocabulary import Channel

PLAIN = {
    "DraftStarted": N_("The shop began an order for you."),
    "DraftChanged": N_("The shop changed the draft of the order."),
    "QuotationSent": N_("The shop sent you a quotation."),
    "QuotationAccepted": N_("You accepted the quotation."),
    "QuotationExpired": N_("The quotation expired."),
    "CustomerMerged": N_("The order belongs to another profile of the same customer."),
    "OrderAssigned": N_("Somebody of the shop takes care of the order."),
    "OrderTagged": N_("The shop marked the order for itself."),
    "DraftDiscarded": N_("The shop gave the draft up."),
    "EmailVerified": N_("You confirmed your e-mail address."),
    "VerificationResent": N_("We sent you the confirmation link again."),
    "MerchantNotified": N_("The shop received your order."),
    "OrderApproved": N_("The shop confirmed the order."),
    "OrderRejected": N_("The shop could not accept the order."),
    "OrderCancelled": N_("The order was cancelled."),
    "OrderExpired": N_("The order expired because the e-mail address was not confirmed."),
    "OrderRevived": N_("Your payment arrived and the order goes on."),
    "OrderClosed": N_("The order is complete."),
    "EndingAsked": N_("The cancellation was asked for."),
    "EndingDropped": N_("The cancellation was dropped."),
    "PaymentMethodChosen": N_("You chose another way to pay."),
    "PaymentStarted": N_("The payment was started."),
    "PaymentProcessing": N_("The payment is being processed."),
    "PaymentReminded": N_("We reminded you of the payment."),
    "PaymentConfirmedAgain": N_("The payment was confirmed again."),
    "FeeRecorded": N_("The payment provider's fee was recorded."),
    "LapseWarned": N_("The shop was reminded of your authorised payment."),
    "RefundWithdrawn": N_("A refund that was granted will not be made."),
    "StockReserved": N_("Your articles were set aside."),
    "StockAllocated": N_("Your articles were assigned to the order."),
    "StockDeallocated": N_("Your articles wait for the payment again."),
    "StockReleased": N_("The articles went back to the shelf."),
    "StockWrittenOff": N_("The articles did not go back to the shelf."),
    "BackorderFilled": N_("Articles that you were waiting for came in and were set aside for you."),
    "LinesPicked": N_("Your articles are being prepared."),
    "PickUndone": N_("Articles that were prepared went back to the shelf."),
    "ShortPickUndone": N_("Articles that could not leave were found after all."),
    "PickedPutBack": N_("Articles that were prepared went back to the shelf."),
    "LinesPacked": N_("Your articles are packed."),
    "PackUndone": N_("Articles were taken out of their box again."),
    "LabelWanted": N_("The shop is getting a shipping label for your parcel."),
    "LabelBought": N_("Your parcel has its shipping label."),
    "LabelFailed": N_("A shipping label could not be had; the shop tries again."),
    "LabelVoidWanted": N_("A shipping label is not needed any more."),
    "LabelVoided": N_("A shipping label was cancelled."),
    "LabelKept": N_("A shipping label could not be cancelled."),
    "DeliveriesPlanned": N_("The shop planned how your articles are delivered."),
    "DeliveriesReady": N_("Your articles are ready to leave."),
    "ReservationEnding": N_("The articles are no longer to be set aside without a payment."),
    "ReservationKept": N_("The articles stay set aside."),
    "ReservationExpired": N_(
        "We no longer keep the articles for you because no payment arrived. If you pay now, "
        "we set them aside again while there are any left."
    ),
    "PickupPutBack": N_("The articles do not wait for you at the shop any more."),
    "PickupReminded": N_("We reminded you of the articles that wait for you."),
    "PickupOverdue": N_("The time to pick the articles up is over."),
    "HandOverUndone": N_("A pickup had been noted by mistake; the articles wait for you."),
    "CancellationUndone": N_("The order had been cancelled by mistake; it goes on."),
    "ParcelTakenBack": N_("A parcel had been noted by mistake; it has not left yet."),
    "ParcelStuck": N_("A parcel has not been scanned for some days."),
    "HoldOpened": N_("The shop put the order on hold."),
    "HoldReleased": N_("The shop goes on with the order."),
    "AddressAccepted": N_("The shop looked at the delivery address and found it right."),
    "RunStarted": N_("The order is being followed."),
    "MailsWantedAgain": N_("A message is being sent again."),
    "EffectSettledElsewhere": N_("The shop settled something in another way."),
    "EditRequested": N_("The shop worked out a change of the order."),
    "EditAcceptanceAsked": N_("The shop proposed a change of the order and asked you to accept it."),
    "UnitsReleased": N_("Some articles went back to the shelf."),
    "OrderExported": N_("The order went to the shop's own system."),
}
WITH_AMOUNT = {
    "PaymentAuthorized": N_("A payment of %(amount)s was authorised."),
    "AuthorizationLapsed": N_("The authorisation of %(amount)s lapsed: nothing was charged."),
    "PaymentCaptured": N_("We received your payment of %(amount)s."),
    "PaymentFailed": N_("A payment of %(amount)s failed."),
    "PaymentVoided": N_("A payment attempt of %(amount)s was cancelled."),
    "PaymentBounced": N_("The bank returned your payment of %(amount)s; it no longer counts."),
    "PaymentBounceUndone": N_("Your payment of %(amount)s stands after all."),
    "PaymentUnmarked": N_("A payment of %(amount)s was entered by mistake; it does not count."),
    "ChequeDeposited": N_("Your cheque of %(amount)s was deposited; it counts once the bank has cleared it."),
    "ChequeBounced": N_("The bank returned your cheque of %(amount)s."),
    "ChequeTakenBack": N_(
        "Something about a cheque of %(amount)s was entered by mistake; it was taken back."
    ),
    "FeeCharged": N_("A charge of %(amount)s was added to the order."),
    "FeeWithdrawn": N_("A charge of %(amount)s was taken off again."),
    "RefundUndone": N_("A refund of %(amount)s was entered by mistake; it was not made."),
    "RefundGranted": N_("A refund of %(amount)s was granted."),
    "RefundStarted": N_("A refund of %(amount)s is being made."),
    "RefundExecuted": N_("We refunded %(amount)s."),
    "RefundFailed": N_("A refund of %(amount)s failed."),
    "DisputeOpened": N_("A payment of %(amount)s was disputed."),
    "DisputeClosed": N_("The dispute about %(amount)s was settled."),
}


def history_text(fact: Fact, locale: str, country: str = "") -> str:
    """One fact in words; empty for a fact of a kind that has none."""
    speech = Speech(locale, country)
    if fact.type in PLAIN:
        return speech.say(PLAIN[fact.type])
    if fact.type in WITH_AMOUNT:
        entry = fact.data["entry"]
        return speech.say(WITH_AMOUNT[fact.type], amount=speech.money(entry["amount"], entry["currency"]))
    teller = TELLERS.get(fact.type)
    return teller(fact.data, speech) if teller else ""


def customer_history(facts: Iterable[Fact], locale: str, country: str = "") -> list[dict[str, str]]:
    """What the customer may see of the history, oldest first: the contract's `{at, type, text}`."""
    seen = (fact for fact in facts if fact.visibility == "customer")
    told = ({"at": fact.at, "type": fact.type, "text": history_text(fact, locale, country)} for fact in seen)
    return [one for one in told if one["text"]]


def _shipped(data: dict[str, Any], speech: Speech) -> str:
    shipment = data["shipment"]
    units = sum(line["quantity"] for line in shipment["lines"])
    known = {"carrier": carrier_name(shipment["carrier"]), "number": shipment["tracking_number"]}
    parcel = (
        speech.say("with %(carrier)s, tracking number %(number)s", **known)
        if known["number"]
        else speech.say("with %(carrier)s", **known)
    )
    return speech.say_many(
        "%(n)d article was shipped %(parcel)s.",
        "%(n)d articles were shipped %(parcel)s.",
        units,
        parcel=parcel,
    )


def _scanned(data: dict[str, Any], speech: Speech) -> str:
    status = data.get("changes", {}).get("status", "")
    return speech.say("The carrier says: %(status)s.", status=word(PARCEL, status, speech)) if status else ""


def _delivered(data: dict[str, Any], speech: Speech) -> str:
    units = sum(line["quantity"] for line in data["lines"])
    return speech.say_many("%(n)d article was delivered.", "%(n)d articles were delivered.", units)


def _ready(data: dict[str, Any], speech: Speech) -> str:
    units = sum(line["quantity"] for line in data["pickup"]["lines"])
    return speech.say_many(
        "%(n)d article is ready for pickup.", "%(n)d articles are ready for pickup.", units
    )


def _fetched(data: dict[str, Any], speech: Speech) -> str:
    units = sum(line["quantity"] for line in data["hand_over"]["lines"])
    return speech.say_many("%(n)d article was picked up.", "%(n)d articles were picked up.", units)


def _undone(data: dict[str, Any], speech: Speech) -> str:
    units = sum(line["quantity"] for line in data["lines"])
    return speech.say_many("%(n)d article came back.", "%(n)d articles came back.", units)


def _placed(data: dict[str, Any], speech: Speech) -> str:
    by_phone = data.get("order", {}).get("channel") == Channel.PHONE
    return speech.say("The shop took down your order.") if by_phone else speech.say("You placed the order.")


def _taking(data: dict[str, Any], speech: Speech) -> str:
    entry = data["entry"]
    amount = speech.money(entry["taking"], entry["currency"])
    return speech.say("%(amount)s of an authorised payment is being taken.", amount=amount)


def _promised(data: dict[str, Any], speech: Speech) -> str:
    day = speech.date(max(line["promised_at"] for line in data["lines"]))
    return speech.say("What you are waiting for is now expected on %(day)s.", day=day)


def _edited(data: dict[str, Any], speech: Speech) -> str:
    if data.get("by") == "customer":
        return speech.say("You accepted the change of the order.")
    return speech.say("The shop changed the order.")


def _edit_declined(data: dict[str, Any], speech: Speech) -> str:
    if data.get("by") == "customer":
        return speech.say("You declined the change of the order.")
    return speech.say("The shop dropped the change of the order.")


def _edit_expired(data: dict[str, Any], speech: Speech) -> str:
    if data.get("why") == "expired":
        return speech.say("The proposed change was not accepted in time and lapsed.")
    return speech.say("The proposed change lapsed because the order has changed since.")


def _short(data: dict[str, Any], speech: Speech) -> str:
    """What waits of it; units that others have replaced are no news to the customer."""
    units = sum(line["quantity"] for line in data.get("waiting", ()))
    if data.get("replaced"):
        return " ".join(_in_place(one, speech) for one in data["replaced"])
    if "outcome" in data:
        return speech.say_many(
            "%(n)d article was not in stock after all and came off the order.",
            "%(n)d articles were not in stock after all and came off the order.",
            sum(line["quantity"] for line in data["lines"]),
        )
    if not units:
        return speech.say("Articles are taken from another place for you.")
    days = [line["promised_at"] for line in data["waiting"] if line["promised_at"]]
    if days:
        return speech.say_many(
            "%(n)d article cannot leave yet; we expect it on %(day)s.",
            "%(n)d articles cannot leave yet; we expect them on %(day)s.",
            units,
            day=speech.date(max(days)),
        )
    return speech.say_many(
        "%(n)d article cannot leave yet: it waits for stock.",
        "%(n)d articles cannot leave yet: they wait for stock.",
        units,
    )


def _in_place(told: dict[str, Any], speech: Speech) -> str:
    return speech.say_many(
        "%(was)s was not in stock after all: you get %(n)d × %(name)s in its place.",
        "%(was)s was not in stock after all: you get %(n)d × %(name)s in their place.",
        told["quantity"],
        was=told["was"],
        name=told["name"],
    )


TELLERS: dict[str, Callable[[dict[str, Any], Speech], str]] = {
    "OrderPlaced": _placed,
    "CaptureAsked": _taking,
    "PromiseChanged": _promised,
    "LinesShortPicked": _short,
    "LinesShipped": _shipped,
    "ShipmentScanned": _scanned,
    "LinesDelivered": _delivered,
    "DeliveryUndone": _undone,
    "PickupReady": _ready,
    "PickupHandedOver": _fetched,
    "EditConfirmed": _edited,
    "EditDeclined": _edit_declined,
    "EditExpired": _edit_expired,
}
