"""What the codes of an order are called in Spanish and English."""

from collections.abc import Mapping

from comanda.conversation.speech import N_, Speech

LIFECYCLE = {
    "draft": N_("draft"),
    "quoted": N_("quotation"),
    "awaiting_verification": N_("waiting for the e-mail to be confirmed"),
    "placed": N_("received"),
    "closed": N_("completed"),
    "cancelled": N_("cancelled"),
    "expired": N_("expired"),
}
PAYMENT = {
    "none": N_("no payment needed"),
    "pending": N_("payment pending"),
    "authorized": N_("payment authorised"),
    "partially_paid": N_("partly paid"),
    "paid": N_("paid"),
    "overpaid": N_("paid in excess"),
    "partially_refunded": N_("partly refunded"),
    "refunded": N_("refunded"),
    "voided": N_("payment cancelled"),
    "failed": N_("payment failed"),
}
FULFILMENT = {
    "unfulfilled": N_("not prepared yet"),
    "backorder": N_("waiting for stock"),
    "picking": N_("being prepared"),
    "ready_for_pickup": N_("ready for pickup"),
    "partially_shipped": N_("partly shipped"),
    "shipped": N_("shipped"),
    "partially_delivered": N_("partly delivered"),
    "delivered": N_("delivered"),
    "failed_delivery": N_("delivery failed"),
}
RETURNS = {
    "none": N_("no return"),
    "requested": N_("return requested"),
    "approved": N_("return accepted"),
    "in_transit": N_("return on its way"),
    "received": N_("return received"),
    "resolved": N_("return completed"),
    "declined": N_("return declined"),
}
LABEL = {
    "to_review": N_("to review"),
    "pending": N_("pending"),
    "processed": N_("processed"),
    "error": N_("error"),
    "shipped": N_("shipped (label)"),
    "delivered": N_("delivered"),
}
STAGE = {
    "quotation": N_("quotation"),
    "quotation_sent": N_("quotation sent"),
    "order": N_("order (stage)"),
}
METHOD = {
    "stripe": N_("Card"),
    "paypal": "PayPal",
    "mercadopago": "Mercado Pago",
    "bank_transfer": N_("Bank transfer"),
    "cheque": N_("Cheque"),
    "on_delivery": N_("Cash on delivery"),
    "at_pickup": N_("Pay at pickup"),
    "store_credit": N_("Store credit"),
    "request": N_("Order request without payment"),
}
PARCEL = {
    "pre_transit": N_("ready for the carrier"),
    "shipped": N_("handed to the carrier"),
    "in_transit": N_("on its way"),
    "out_for_delivery": N_("out for delivery"),
    "available_for_pickup": N_("waiting for you at the carrier's office"),
    "exception": N_("delayed by the carrier"),
    "delivered": N_("delivered"),
    "returned_to_sender": N_("on its way back to the shop"),
    "lost": N_("lost by the carrier"),
}
DELIVERY = {  # a delivery order
    "waiting_stock": N_("waiting for stock"),
    "waiting_payment": N_("waiting for the payment"),
    "to_ship": N_("to ship"),
    "to_pick": N_("to pick"),
    "picking": N_("being picked"),
    "picked": N_("picked"),
    "packing": N_("being packed"),
    "packed": N_("packed"),
    "at_counter": N_("at the counter"),
    "shipped": N_("shipped"),
    "delivered": N_("delivered"),
    "cancelled": N_("cancelled"),
}
ENDED_BECAUSE = {
    "unpaid": N_("The payment did not arrive in time."),
    "expired": N_("The e-mail address was not confirmed in time."),
    "customer": N_("You asked for it."),
    "fraud": N_("The shop could not verify the order."),
    "out_of_stock": N_("An article was no longer available."),
    "not_collected": N_("Nobody came for it in time."),
}
CARRIERS = {
    "dhl": "DHL",
    "dhlexpress": "DHL Express",
    "easypost": "EasyPost",
    "estafeta": "Estafeta",
    "fedex": "FedEx",
    "paquetexpress": "Paquetexpress",
    "redpack": "Redpack",
    "ups": "UPS",
    "usps": "USPS",
}


def word(words: Mapping[str, str], code: str, speech: Speech) -> str:
    """The reader's word for a code; a code that has none stands for itself."""
    known = words.get(code)
    return speech.say(known) if known else code.replace("_", " ")


def carrier_name(code: str) -> str:
    """How a carrier writes itself."""
    written = code if any(letter.isupper() for letter in code) else code.replace("_", " ").title()
    return CARRIERS.get(code.lower(), written)
