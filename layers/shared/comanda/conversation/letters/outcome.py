"""Mails that tell the customer where the order stands: received, confirmed, rejected, cancelled."""

from comanda.conversation.letter import Letter, quote
from comanda.conversation.letters.occasion import Occasion
from comanda.orders.balance import balance
from comanda.orders.refunds import refundable


def order_placed(on: Occasion) -> Letter:
    """The whole order, once it is real: a request until the shop accepts it (A09, A11)."""
    view = on.view
    approved = view.order.approved
    return on.letter(
        on.say("%(shop)s: order %(number)s received")
        if approved
        else on.say("%(shop)s: order request %(number)s received"),
        on.say("We have your order %(number)s and it is confirmed.")
        if approved
        else on.say("The shop has your order request %(number)s and is reviewing it."),
        on.payment_line(),
        button=on.see_order(),
        blocks=(on.goods(), *on.arrangements(), *quote(on.say("Your comment"), view.comment)),
    )


def order_approved(on: Occasion) -> Letter:
    """The shop said yes (A22)."""
    return on.letter(
        on.say("%(shop)s: order %(number)s confirmed"),
        on.say("The shop confirmed your order %(number)s."),
        on.payment_line() or on.say("We prepare it and tell you when it leaves."),
        button=on.see_order(),
        blocks=(*on.how_to_pay(), on.goods(), *on.arrangements()),
    )


def order_rejected(on: Occasion) -> Letter:
    return on.letter(
        on.say("%(shop)s: order request %(number)s not accepted"),
        on.say("The shop could not accept your order request %(number)s."),
        _money_back(on),
        button=on.see_order(),
        blocks=(*quote(on.say("What the shop says"), on.view.reason), on.goods()),
    )


def order_cancelled(on: Occasion) -> Letter:
    return on.letter(
        on.say("%(shop)s: order %(number)s cancelled"),
        on.say("Your order %(number)s was cancelled."),
        _money_back(on),
        button=on.see_order(),
        blocks=(*quote(on.say("Reason"), on.view.reason), on.goods()),
    )


def _money_back(on: Occasion) -> str:
    """What becomes of the money; nothing is promised that the shop has not granted."""
    sums = balance(on.view.order.ledger)
    if sums.kept > 0 and refundable(on.view.order):
        return on.say(
            "About what you paid, %(paid)s, write to the shop: reply to this message.", paid=on.view.paid
        )
    if sums.kept > 0:
        return on.say("What you paid, %(paid)s, goes back to you.", paid=on.view.paid)
    if sums.captured:
        return on.say("What you paid has been returned to you.")
    return on.say("Nothing was charged to you.")
