"""Mails about money that moved."""

from comanda.conversation.letter import Letter, facts
from comanda.conversation.letters.occasion import Occasion


def payment_received(on: Occasion) -> Letter:
    """The receipt (C20)."""
    view = on.view
    rest = on.say("Still to pay: %(due)s by %(method)s.", due=view.due, method=view.method)
    return on.letter(
        on.say("%(shop)s: payment of order %(number)s received"),
        on.say("We received your payment of %(amount)s for order %(number)s.", amount=on.amount()),
        rest if view.due_amount else on.say("Your order is paid in full."),
        on.say("Your receipt is attached as a PDF.") if on.enclosed else "",
        button=on.see_order(),
        blocks=(
            on.goods(),
            *facts(
                on.say("Payment"),
                (on.say("Payment method"), view.method),
                (on.say("Received now"), on.amount()),
                (on.say("Paid so far"), view.paid),
                (on.say("Still to pay"), view.due if view.due_amount else ""),
            ),
        ),
    )


def refunded(on: Occasion) -> Letter:
    view = on.view
    credit = int(on.data.get("credit", 0))
    banks = on.say("The money goes back the way you paid; banks can take some days to show it.")
    told = view.speech.money(credit, view.order.currency)
    kept = on.say("%(credit)s of it is store credit for your next order.", credit=told)
    return on.letter(
        on.say("%(shop)s: refund for order %(number)s"),
        on.say("We refunded %(amount)s of your order %(number)s.", amount=on.amount()),
        kept if credit else "",
        banks if credit < int(on.data["amount"]) else "",
        button=on.see_order(),
        blocks=facts(
            on.say("Refund"),
            (on.say("Refunded"), on.amount()),
            (on.say("Payment method"), view.method),
            (on.say("Total of the order"), view.total),
        ),
    )
