"""What staff read for the codes of an order that customers never see: reasons, guards, ledger, facts."""

from collections.abc import Mapping

from comanda.conversation.speech import N_
from comanda.screens.house.tongue import Tongue

POLICY = {
    "backorder": N_("gets other units, or waits for them"),
    "refund": N_("does without; what was paid goes back"),
    "substitute": N_("gets another article, never dearer"),
}
SHORT = {
    "missing": N_("not there"),
    "damaged": N_("it is broken"),
    "misplaced": N_("somewhere else"),
}
HOLD = {
    "manual": N_("to be looked at"),
    "fraud": N_("possible fraud"),
    "fraud_suspected": N_("signs of fraud"),
    "duplicate_suspected": N_("looks like a duplicate"),
    "payment_mismatch": N_("the payment does not match the order"),
    "payment_bounced": N_("a payment came back"),
    "late_payment": N_("money came after the end"),
    "out_of_stock": N_("stock is missing"),
    "unknown_effect": N_("nobody knows how an outside call ended"),
    "effect_failed": N_("an outside call was refused"),
    "step_failed": N_("a step of the workflow failed"),
    "dispute": N_("a payment is disputed"),
    "address": N_("the address is in doubt"),
    "delivery_exception": N_("the carrier reports a problem"),
    "export": N_("the hand-over to the shop's system failed"),
    "not_collected": N_("nobody came for it in time"),
    "credit_limit": N_("beyond the customer's credit"),
    "error": N_("something is wrong"),
}
WARNING = {
    "phone-unreadable": N_("the telephone number cannot be read"),
    "phone-not-valid": N_("there is no such telephone number"),
    "email-special-domain": N_("no mail reaches an e-mail address of this kind"),
}
CANCEL = {
    "customer": N_("the customer asked for it"),
    "out_of_stock": N_("stock is missing"),
    "unpaid": N_("it was not paid"),
    "fraud": N_("possible fraud"),
    "address": N_("the address is in doubt"),
    "duplicate": N_("it was ordered twice"),
    "mistake": N_("entered by mistake"),
    "test": N_("it was a test"),
    "not_collected": N_("nobody came for it in time"),
    "other": N_("another reason"),
}
REFUND = {
    "customer": N_("the customer asked for it"),
    "out_of_stock": N_("stock is missing"),
    "damaged": N_("it arrived damaged"),
    "lost": N_("it was lost on the way"),
    "late": N_("it came too late"),
    "price": N_("the price was wrong"),
    "overpaid": N_("too much was paid"),
    "late_payment": N_("money came after the end"),
    "cancelled": N_("the order was cancelled"),
    "returned": N_("it was sent back"),
    "fraud": N_("possible fraud"),
    "duplicate": N_("it was ordered twice"),
    "goodwill": N_("out of goodwill"),
    "other": N_("another reason"),
}
BOUNCE = {
    "no_funds": N_("there were no funds"),
    "refused": N_("the bank did not accept it"),
    "account_closed": N_("the account is closed"),
    "stopped": N_("its payer stopped it"),
    "mistake": N_("entered by mistake"),
    "other": N_("another reason"),
}
FEE = {
    "provider": N_("the payment provider's"),
    "bank": N_("the bank's"),
    "bounced": N_("for a payment that came back"),
    "dispute": N_("for a dispute"),
    "other": N_("another reason"),
}
DISPUTE = {
    "fraudulent": N_("the payer did not make it"),
    "unrecognized": N_("the payer does not recognise it"),
    "not_received": N_("the goods did not arrive"),
    "not_as_described": N_("the goods are not as described"),
    "duplicate": N_("it was charged twice"),
    "credit_not_processed": N_("a refund was promised and did not come"),
    "other": N_("another reason"),
}
PURGE = {
    "test": N_("it was a test"),
    "duplicate": N_("it was ordered twice"),
    "mistake": N_("entered by mistake"),
    "spam": N_("nobody meant to buy"),
    "request": N_("the person asked for it"),
}
ENTRY = {
    "intent": N_("attempt to pay"),
    "authorization": N_("authorisation"),
    "capture": N_("payment"),
    "refund": N_("refund"),
    "dispute": N_("dispute"),
    "fee": N_("fee"),
}
ENTRY_STATUS = {
    "granted": N_("granted"),
    "pending": N_("waiting"),
    "processing": N_("being processed"),
    "ok": N_("done"),
    "foreign": N_("in another currency"),
    "failed": N_("failed"),
    "bounced": N_("came back"),
    "void": N_("void"),
}
ENTRY_KIND = {
    "granted": "amber", "pending": "neutral", "processing": "blue", "ok": "green", "foreign": "amber",
    "failed": "red", "bounced": "red", "void": "neutral",
}  # fmt: skip
REFUND_WHY = REFUND | {"not_found": N_("it was not found on the shelf")}
REFUND_STATUS = {
    "granted": N_("granted, not paid back yet"),
    "pending": N_("on its way back"),
    "partially_executed": N_("partly paid back"),
    "executed": N_("paid back"),
    "failed": N_("failed"),
    "withdrawn": N_("withdrawn"),
}
REFUND_KIND = {
    "granted": "amber", "pending": "blue", "partially_executed": "amber", "executed": "green",
    "failed": "red", "withdrawn": "neutral",
}  # fmt: skip
DESTINATION = {
    "original": N_("the way it was paid"),
    "credit": N_("as store credit"),
    "elsewhere": N_("in another way, by us"),
}
CHANNEL = {
    "web": N_("online shop"),
    "phone": N_("by phone"),
    "claroshop": "Claro Shop",
    "import": N_("imported"),
}
MAIL_STATE = {
    "wanted": N_("waiting to be sent"),
    "claimed": N_("being sent"),
    "done": N_("sent"),
    "failed": N_("failed"),
    "unknown": N_("nobody knows whether it went out"),
}
MAIL_KIND = {"wanted": "neutral", "claimed": "blue", "done": "green", "failed": "red", "unknown": "amber"}
EDIT_WARNING = {
    "delivery-not-offered-there": N_("The delivery does not go to this address."),
    "delivery-price-differs": N_("The delivery costs something else to this address."),
}
GUARD = {
    "called-off": N_("The order was cancelled or has expired."),
    "nothing-received": N_("Nothing was paid for this order."),
    "nothing-to-pick": N_("All was picked, has left or waits for stock."),
    "not-sent-then": N_("No parcel of this order left on that day."),
    "order-ended": N_("The order has ended."),
    "order-closed": N_("The order is complete, and nothing is due."),
    "awaiting-verification": N_("The customer has neither confirmed the address nor paid."),
    "not-awaiting-verification": N_("The order does not wait for a confirmation."),
    "already-approved": N_("The order was approved before."),
    "not-approved": N_("The order has not been approved."),
    "something-shipped": N_("Part of it has been shipped: use a return."),
    "on-hold": N_("The order is on hold: release it first."),
    "not-paid": N_("This payment method ships only what is paid."),
    "already-verified": N_("The address is confirmed."),
    "nothing-failed": N_("Nothing has failed."),
    "ending": N_("The order is being cancelled."),
    "payment-in-progress": N_("A payment is under way."),
    "payment-under-way": N_("A payment is under way."),
    "payment-authorized": N_("All that is due is authorised."),
    "nothing-authorized": N_("No payment is authorised and waits to be taken."),
    "no-mail-address": N_("The customer has no e-mail address: tell them by telephone."),
    "all-shipped": N_("Everything has been shipped: use a return."),
    "edit-open": N_("Another change is open: confirm or drop it first."),
    "edit-not-open": N_("No change is open."),
    "nothing-due": N_("Nothing is due."),
    "nothing-to-refund": N_("No money is here that was not given back or granted before."),
    "nothing-to-bounce": N_("No payment was entered by hand."),
    "nothing-waits": N_("Nothing of it waits for stock."),
    "not-cancelled": N_("It was not cancelled."),
    "nothing-picked": N_("Nothing of it is picked."),
    "not-enough-to-pick": N_("So many do not lie there for it."),
    "nothing-to-put-back": N_("Nothing that was picked of it is to be put back."),
    "nothing-packed": N_("Nothing of it is packed."),
    "nothing-left": N_("Nothing of it is on its way."),
    "nothing-granted": N_("No money was given back."),
    "nothing-at-counter": N_("Nothing of it waits at the counter."),
    "nothing-handed-over": N_("Nothing of it was handed over."),
    "given-up": N_("The order was cancelled or has expired."),
    "no-cheque": N_("No cheque waits for its bank's word."),
    "no-cheque-to-undo": N_("No cheque is deposited or came back before it counted."),
    "nothing-bounced": N_("No payment has come back."),
    "nothing-to-dispute": N_("No payment is here that a bank could take back."),
    "no-dispute": N_("No payment is disputed."),
    "not-placed": N_("It is a draft or a quotation: place it first."),
    "not-ended": N_("Cancel the order first."),
    "goods-on-it": N_("Units are set aside for it."),
    "money-on-it": N_("Money of it was not given back."),
    "not-quoted": N_("No quotation of this is open."),
    "not-a-draft": N_("It is no draft any more."),
    "no-label": N_("No shipping label of it is bought or on its way."),
}


def say(tongue: Tongue, words: Mapping[str, str], code: str) -> str:
    """The reader's word for a code; one that has none stands for itself."""
    known = words.get(code)
    return tongue.say(known) if known else code.replace("_", " ")


def options(tongue: Tongue, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Code and word, as a choice wants them."""
    return [(code, say(tongue, words, code)) for code in words]
