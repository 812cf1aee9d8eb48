"""Which shape and colour a state has: neutral waits on others, blue is in progress, green is done,
amber needs somebody here, red is broken."""

LABEL = {
    "to_review": "amber", "pending": "neutral", "processed": "blue", "error": "red", "shipped": "blue",
    "delivered": "green",
}  # fmt: skip
LIFECYCLE = {
    "draft": "neutral", "quoted": "neutral", "awaiting_verification": "neutral", "placed": "blue",
    "closed": "green", "cancelled": "red", "expired": "neutral",
}  # fmt: skip
PAYMENT = {
    "none": "neutral", "pending": "neutral", "authorized": "blue", "partially_paid": "amber", "paid": "green",
    "overpaid": "amber", "partially_refunded": "blue", "refunded": "neutral", "voided": "neutral",
    "failed": "red",
}  # fmt: skip
FULFILMENT = {
    "unfulfilled": "neutral", "backorder": "amber", "picking": "blue", "ready_for_pickup": "blue",
    "partially_shipped": "blue", "shipped": "blue", "partially_delivered": "blue", "delivered": "green",
    "failed_delivery": "red",
}  # fmt: skip
RETURNS = {
    "none": "neutral", "requested": "amber", "approved": "blue", "in_transit": "blue", "received": "amber",
    "resolved": "green", "declined": "neutral",
}  # fmt: skip
DELIVERY = {
    "waiting_stock": "amber", "waiting_payment": "neutral", "to_ship": "amber", "to_pick": "amber",
    "picking": "blue", "picked": "blue", "packing": "blue", "packed": "blue", "at_counter": "blue",
    "shipped": "blue", "delivered": "green", "cancelled": "neutral",
}  # fmt: skip
KINDS = {
    "DELIVERY": DELIVERY,
    "LABEL": LABEL, "LIFECYCLE": LIFECYCLE, "PAYMENT": PAYMENT, "FULFILMENT": FULFILMENT, "RETURNS": RETURNS,
}  # fmt: skip


def kind_of(family: str, code: str) -> str:
    """The shape of a state; one that is not known waits."""
    return KINDS[family].get(code, "neutral")
