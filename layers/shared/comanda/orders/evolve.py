"""How each fact changes an order: the whole state is the fold of its history."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from comanda.orders.delivery_counts import at_hand
from comanda.orders.derive import derived
from comanda.orders.edits import steps as edits
from comanda.orders.facts import Data, Fact
from comanda.orders.model import Order
from comanda.orders.steps import life, marks, money, parcels, pickups, shipping_labels, short, undo, units
from comanda.orders.vocabulary import Lifecycle

type Step = Callable[[Order, Data, Fact], Order]

# Facts that come by themselves; they raise the revision, never the version that staff hold.
QUIET = frozenset(
    {
        "FeeRecorded",
        "EndingDropped",
        "ShipmentScanned",
        "ParcelStuck",
        "LinesDelivered",
        "DeliveryUndone",
        "RunStarted",
        "OrderExported",
        "PaymentReminded",
        "PaymentStarted",
        "LapseWarned",
    }
    | {"MerchantNotified", "VerificationResent", "MailsWantedAgain", "OrderClosed"}
    | {"ReservationEnding", "ReservationKept", "CustomerMerged", "DeliveriesPlanned", "DeliveriesReady"}
    | {"PickupReminded", "PickupOverdue"}
    | {"LinesPicked", "PickUndone", "LinesPacked", "PackUndone", "PickedPutBack"}
    | {"LabelBought", "LabelFailed", "LabelVoided", "LabelKept"}
)

# Quiet facts that a list shows all the same, and the export: what is in a batch moves out of the next
# one's way. The others leave the order's place in `-updated` alone.
SHOWN = frozenset(
    {"LinesDelivered", "DeliveryUndone", "OrderClosed", "OrderExported", "LapseWarned"}
    | {"LinesPicked", "PickUndone", "LinesPacked", "PackUndone", "PickedPutBack"}
)


# Facts that hold the whole order; a history begins with one of them.
BEGINNINGS = frozenset({"OrderPlaced", "DraftStarted"})


def replay(facts: Iterable[Fact]) -> Order:
    """Rebuild an order from its history. Raises ValueError for an empty history."""
    order: Order | None = None
    for fact in facts:
        order = evolve(order, fact)
    if order is None:
        raise ValueError("an order without history")
    return order


def evolve(order: Order | None, fact: Fact) -> Order:
    """The order after `fact`. `revision` is the writer's business and left alone."""
    if order is None:
        if fact.type not in BEGINNINGS:
            raise ValueError(f"a history cannot begin with {fact.type}")
        after = Order.from_dict(fact.data["order"])
    else:
        after = STEPS[fact.type](order, fact.data, fact)
    louder = fact.type not in QUIET
    seen = louder or fact.type in SHOWN
    return derived(
        replace(
            after,
            updated_at=fact.at if seen else after.updated_at,
            version=after.version + louder,
            facts=fact.seq,
            head_hash=fact.hash,
        )
    )


STEPS: dict[str, Step] = {
    "OrderPlaced": life.rewritten,
    "DraftChanged": life.rewritten,
    "DraftDiscarded": life.discarded,
    "QuotationSent": life.rewritten,
    "QuotationAccepted": lambda order, data, fact: order,
    "QuotationExpired": lambda order, data, fact: replace(
        order, lifecycle=Lifecycle.EXPIRED, cancel_reason="quotation"
    ),
    "CustomerMerged": life.taken_over,
    "OrderAssigned": lambda order, data, fact: replace(order, assigned=data["to"]),
    "OrderTagged": lambda order, data, fact: replace(order, tags=tuple(data["tags"])),
    "EmailVerified": life.verified,
    "VerificationResent": life.resent,
    "MerchantNotified": lambda order, data, fact: replace(order, announced=True),
    "OrderApproved": lambda order, data, fact: replace(order, approved=True),
    "OrderRejected": life.ended,
    "OrderCancelled": life.ended,
    "OrderExpired": life.ended,
    "EndingAsked": life.ending_asked,
    "EndingDropped": lambda order, data, fact: replace(order, ending=None),
    "OrderRevived": life.revived,
    "OrderClosed": lambda order, data, fact: replace(order, lifecycle=Lifecycle.CLOSED),
    "PaymentMethodChosen": money.chosen,
    "PaymentStarted": money.ledger,
    "PaymentProcessing": money.ledger,
    "PaymentAuthorized": money.ledger,
    "CaptureAsked": money.ledger,
    "LapseWarned": money.ledger,
    "AuthorizationLapsed": money.bounced,
    "PaymentCaptured": money.ledger,
    "PaymentFailed": money.ledger,
    "PaymentVoided": money.ledger,
    "RefundGranted": money.ledger,
    "RefundStarted": money.ledger,
    "RefundWithdrawn": money.ledger,
    "RefundExecuted": money.ledger,
    "RefundFailed": money.ledger,
    "PaymentConfirmedAgain": lambda order, data, fact: order,
    "PaymentBounced": money.bounced,
    "PaymentBounceUndone": money.ledger,
    "PaymentUnmarked": money.unmarked,
    "ChequeDeposited": money.ledger,
    "ChequeBounced": money.bounced,
    "ChequeTakenBack": money.ledger,
    "FeeRecorded": money.ledger,
    "FeeCharged": money.charged,
    "FeeWithdrawn": money.fee_withdrawn,
    "DisputeOpened": money.ledger,
    "DisputeClosed": money.ledger,
    "PaymentReminded": money.reminded,
    "MailsWantedAgain": lambda order, data, fact: order,
    "EffectSettledElsewhere": lambda order, data, fact: replace(
        order, personal=order.personal | data["personal"]
    ),
    "StockReserved": units.reserved,
    "StockAllocated": units.allocated,
    "StockDeallocated": units.deallocated,
    "StockReleased": units.released,
    "StockWrittenOff": units.released,
    "BackorderFilled": units.come_in,
    "PromiseChanged": units.promised_anew,
    "ReservationEnding": lambda order, data, fact: replace(order, reservation="ending"),
    "ReservationKept": lambda order, data, fact: replace(order, reservation=""),
    "ReservationExpired": units.given_up,
    "DeliveriesPlanned": parcels.planned,
    "DeliveriesReady": lambda order, data, fact: replace(
        order, told_ready=(*order.told_ready, *data["deliveries"])
    ),
    "LinesPicked": lambda order, data, fact: at_hand(order, data["of"], picked=1),
    "PickUndone": lambda order, data, fact: at_hand(order, data["of"], picked=-1),
    "LinesPacked": lambda order, data, fact: at_hand(order, data["of"], packed=1),
    "PackUndone": lambda order, data, fact: at_hand(order, data["of"], packed=-1),
    "PickedPutBack": parcels.back_on_the_shelf,
    "LinesShortPicked": short.short_picked,
    "ShortPickUndone": short.found_after_all,
    "LinesShipped": parcels.shipped,
    "LabelWanted": shipping_labels.wanted,
    "LabelBought": shipping_labels.bought,
    "LabelFailed": shipping_labels.failed,
    "LabelVoidWanted": shipping_labels.given_back,
    "LabelVoided": shipping_labels.voided,
    "LabelKept": shipping_labels.kept,
    "ShipmentScanned": parcels.scanned,
    "ParcelStuck": parcels.stuck,
    "LinesDelivered": parcels.delivered,
    "DeliveryUndone": parcels.undelivered,
    "PickupReady": pickups.ready,
    "PickupPutBack": pickups.put_back,
    "PickupReminded": pickups.reminded,
    "PickupOverdue": pickups.overdue,
    "PickupHandedOver": pickups.handed_over,
    "HandOverUndone": pickups.taken_back,
    "HoldOpened": marks.held,
    "HoldReleased": marks.let_go,
    "AddressAccepted": marks.address_fine,
    "CancellationUndone": undo.uncancelled,
    "ParcelTakenBack": undo.taken_back,
    "RefundUndone": undo.unrefunded,
    "RunStarted": lambda order, data, fact: replace(order, run=data["run"]),
    "OrderExported": marks.exported,
    "EditRequested": edits.requested,
    "EditAcceptanceAsked": edits.asked,
    "EditConfirmed": edits.confirmed,
    "EditDeclined": edits.left,
    "EditExpired": edits.left,
    "UnitsReleased": edits.units_released,
}
