"""The words of an order: its axes, its flags and what merchants call them."""

from enum import StrEnum

from comanda.settings.methods import Method as Method


class Lifecycle(StrEnum):
    DRAFT = "draft"  # saved incomplete by staff
    QUOTED = "quoted"  # offered, waits for the customer
    AWAITING_VERIFICATION = "awaiting_verification"  # placed by a guest whose address is not confirmed
    PLACED = "placed"  # the merchant knows of it
    CLOSED = "closed"  # paid and delivered, nothing left to do
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # never verified in time


UNPLACED = frozenset({Lifecycle.DRAFT, Lifecycle.QUOTED})
GIVEN_UP = frozenset({Lifecycle.CANCELLED, Lifecycle.EXPIRED})
ENDED = frozenset({Lifecycle.CLOSED, Lifecycle.CANCELLED, Lifecycle.EXPIRED})


class Payment(StrEnum):
    NONE = "none"  # this order asks for no payment
    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    FAILED = "failed"


class Fulfilment(StrEnum):
    UNFULFILLED = "unfulfilled"
    BACKORDER = "backorder"
    PICKING = "picking"
    READY_FOR_PICKUP = "ready_for_pickup"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_DELIVERED = "partially_delivered"
    DELIVERED = "delivered"
    FAILED_DELIVERY = "failed_delivery"


class Returns(StrEnum):
    NONE = "none"
    REQUESTED = "requested"
    APPROVED = "approved"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    RESOLVED = "resolved"
    DECLINED = "declined"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    CLAROSHOP = "claroshop"
    IMPORT = "import"


class Label(StrEnum):
    """What merchants call the state of an order; projected from the axes, never stored as truth."""

    TO_REVIEW = "to_review"  # por revisar
    PENDING = "pending"  # pendiente
    PROCESSED = "processed"  # tramitado
    ERROR = "error"
    SHIPPED = "shipped"  # embarcado
    DELIVERED = "delivered"  # entregado


class Stage(StrEnum):
    """The second vocabulary: what those who sell by quotation call an order; projected like labels."""

    QUOTATION = "quotation"  # cotización: a draft, or a cart that its customer still fills
    QUOTATION_SENT = "quotation_sent"  # cotización enviada: confirmed, not paid
    ORDER = "order"  # orden: paid, or confirmed by the merchant where money comes later or never


class CancelReason(StrEnum):
    """Why staff cancel an order. What is written in other words is kept as a note under `other`."""

    CUSTOMER = "customer"
    OUT_OF_STOCK = "out_of_stock"
    UNPAID = "unpaid"
    FRAUD = "fraud"
    ADDRESS = "address"
    DUPLICATE = "duplicate"
    MISTAKE = "mistake"
    TEST = "test"
    NOT_COLLECTED = "not_collected"  # nobody came for it in time
    OTHER = "other"


class RefundReason(StrEnum):
    """Why money is given back. Other words are kept as a note under `other`."""

    CUSTOMER = "customer"
    OUT_OF_STOCK = "out_of_stock"
    DAMAGED = "damaged"
    LOST = "lost"
    LATE = "late"
    PRICE = "price"
    OVERPAID = "overpaid"
    LATE_PAYMENT = "late_payment"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    FRAUD = "fraud"
    DUPLICATE = "duplicate"
    GOODWILL = "goodwill"
    OTHER = "other"


class BounceReason(StrEnum):
    """Why a bank took a payment back. Other words are kept as a note under `other`."""

    NO_FUNDS = "no_funds"
    REFUSED = "refused"  # signature, date, amount in words: the bank did not accept the paper
    ACCOUNT_CLOSED = "account_closed"
    STOPPED = "stopped"  # its payer stopped or recalled it
    MISTAKE = "mistake"  # it never was this order's money: recorded by mistake
    OTHER = "other"


class FeeReason(StrEnum):
    """What a fee is for. Other words are kept as a note under `other`."""

    PROVIDER = "provider"
    BANK = "bank"
    BOUNCED = "bounced"  # for a payment that came back
    DISPUTE = "dispute"
    OTHER = "other"


class DisputeReason(StrEnum):
    """Why a payer disputes a payment, as banks tell it apart. Other words are kept under `other`."""

    FRAUDULENT = "fraudulent"
    UNRECOGNIZED = "unrecognized"
    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"
    DUPLICATE = "duplicate"
    CREDIT_NOT_PROCESSED = "credit_not_processed"
    OTHER = "other"


class HoldReason(StrEnum):
    """Why an order is held. `ERROR_HOLDS` are those a person must mend, shown under the label `error`."""

    MANUAL = "manual"
    FRAUD = "fraud"
    FRAUD_SUSPECTED = "fraud_suspected"  # a rule of the settings found signs of it
    DUPLICATE_SUSPECTED = "duplicate_suspected"  # the same goods for the same customer a moment ago
    PAYMENT_MISMATCH = "payment_mismatch"  # amount or currency differs from the order
    PAYMENT_BOUNCED = "payment_bounced"  # a payment that was counted came back
    LATE_PAYMENT = "late_payment"  # money for an order that had ended, and stock is gone
    OUT_OF_STOCK = "out_of_stock"  # money or approval came, and the stock was gone
    UNKNOWN_EFFECT = "unknown_effect"  # an outside call whose outcome nobody knows
    EFFECT_FAILED = "effect_failed"  # an outside call was refused for good, such as a refund
    STEP_FAILED = "step_failed"  # a workflow step failed beyond its retries
    DISPUTE = "dispute"
    ADDRESS = "address"
    DELIVERY_EXCEPTION = "delivery_exception"
    EXPORT = "export"
    NOT_COLLECTED = "not_collected"  # put aside for its customer, who did not come in time
    CREDIT_LIMIT = "credit_limit"  # on terms, beyond what the customer may owe
    ERROR = "error"  # a person marked the order as faulty


ERROR_HOLDS = frozenset(
    {
        HoldReason.PAYMENT_MISMATCH,
        HoldReason.PAYMENT_BOUNCED,
        HoldReason.LATE_PAYMENT,
        HoldReason.OUT_OF_STOCK,
        HoldReason.UNKNOWN_EFFECT,
        HoldReason.EFFECT_FAILED,
        HoldReason.STEP_FAILED,
        HoldReason.ADDRESS,
        HoldReason.DELIVERY_EXCEPTION,
        HoldReason.EXPORT,
        HoldReason.ERROR,
    }
)
