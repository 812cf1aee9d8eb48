"""Mails that ask the customer for something: a confirmation, a payment."""

from comanda.conversation.letter import Button, Goods, Letter, facts, quote
from comanda.conversation.letters.occasion import Occasion
from comanda.orders.reservation import expires_at
from comanda.settings.methods import PROVIDERS


def verification(on: Occasion) -> Letter:
    """We have your request; the button confirms the address (A06)."""
    view = on.view
    until = view.speech.moment(view.order.terms.verify_by) if view.order.terms.verify_by else ""
    total = tuple(row for row in view.totals if row.strong)
    return on.letter(
        on.say("%(shop)s: confirm your e-mail for order request %(number)s"),
        on.say("We have your order request %(number)s. Confirm your e-mail so that the shop attends to it."),
        on.say("The button opens a page where you confirm. The link works once."),
        on.say("You have until %(until)s to confirm.", until=until) if until else "",
        button=Button(on.say("Verify user"), on.links["verify"]),
        blocks=(Goods(on.say("Your order request"), view.lines, total),),
        closing=(on.say("If you did not ask for this, ignore this message and the request expires."),),
    )


def quotation(on: Occasion) -> Letter:
    """What the shop offers, at which price, until when; the button opens the page that accepts it (F18)."""
    view, draft = on.view, on.view.order.draft
    until = view.speech.moment(draft.expires_at) if draft else ""
    return on.letter(
        on.say("%(shop)s: quotation %(number)s"),
        on.say("This is your quotation %(number)s: %(total)s."),
        on.say("Until %(until)s these prices hold.", until=until),
        on.say("The button opens a page where you accept it, with your purchase order if you have one."),
        button=Button(on.say("See and accept"), on.links["quote"]),
        blocks=(
            Goods(on.say("Your quotation"), view.lines, view.totals),
            *on.arrangements(),
            *quote(on.say("Comment"), view.comment),
        ),
    )


def payment_instructions(on: Occasion) -> Letter:
    """How to pay, in the merchant's words, with the reference; or by the provider's page or form."""
    view = on.view
    if view.order.method in PROVIDERS:
        return on.letter(
            on.say("%(shop)s: how to pay order %(number)s"),
            on.say(
                "You can pay your order %(number)s by %(method)s: %(due)s.", method=view.method, due=view.due
            ),
            on.say("The button opens your order's page, where you pay."),
            button=on.see_order(on.say("Pay my order")),
            blocks=(*on.how_to_pay(), on.goods()),
        )
    due = on.view.due
    return on.letter(
        on.say("%(shop)s: how to pay order %(number)s"),
        on.say("To pay your order %(number)s, send %(due)s and quote the reference %(number)s.", due=due),
        on.say("As soon as the payment arrives we tell you by e-mail."),
        button=on.see_order(),
        blocks=(*on.how_to_pay(), on.goods()),
    )


def payment_reminder(on: Occasion) -> Letter:
    view = on.view
    limit = on.say("If it does not arrive before %(until)s, the order is cancelled.", until=view.pay_by)
    kept = expires_at(view.order)
    kept = kept if kept < (view.order.terms.pay_by or kept + "~") else ""
    return on.letter(
        on.say("%(shop)s: order %(number)s waits for your payment"),
        on.say("Your order %(number)s still waits for your payment of %(due)s.", due=view.due),
        on.say("Until %(until)s we keep your articles for you.", until=view.speech.moment(kept))
        if kept
        else "",
        limit if view.pay_by else "",
        on.say("This is our last reminder.") if on.data.get("last") else "",
        on.say("On the order's page you can choose any of our ways to pay."),
        on.say("If you have just paid, there is nothing to do: we tell you when the payment arrives."),
        button=on.see_order(on.say("Pay my order")),
        blocks=(*on.how_to_pay(), on.goods()),
    )


def payment_failed(on: Occasion) -> Letter:
    """It did not go through, or the bank took it back after it had been confirmed (F05)."""
    view = on.view
    happened = (
        on.say("The bank returned your payment of %(amount)s for order %(number)s.", amount=on.amount())
        if on.data.get("bounced")
        else on.say("The payment of your order %(number)s did not go through, and nothing was charged.")
    )
    return on.letter(
        on.say("%(shop)s: the payment of order %(number)s failed"),
        happened,
        on.say("You can try again or choose another way to pay; your order is kept meanwhile."),
        button=on.see_order(on.say("Pay my order")),
        blocks=(
            *facts(
                on.say("Payment"),
                (on.say("Amount"), view.due),
                (on.say("Payment method"), view.method),
                (on.say("Pay before"), view.pay_by),
            ),
            on.goods(),
        ),
    )
