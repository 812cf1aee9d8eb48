"""Mails about a changed order: what it is now, or what the shop proposes and asks to accept."""

from comanda.conversation.letter import Button, Facts, Goods, Letter, contents, facts, quote
from comanda.conversation.letters.occasion import Occasion
from comanda.conversation.texts import difference_text
from comanda.orders.derive import amount_due
from comanda.orders.edits.ask_acceptance import message_name


def order_edited(on: Occasion) -> Letter:
    if on.data.get("asks"):
        return _proposal(on)
    return _not_found(on) if on.data.get("gone") else _changed(on)


def _not_found(on: Occasion) -> Letter:
    """What the shop does not have after all came off the order; what was paid for it goes back (F23)."""
    view, back = on.view, int(on.data.get("amount", 0))
    gone, instead = (
        tuple((int(units), str(name)) for name, units in on.data.get(which, ()))
        for which in ("gone", "instead")
    )
    returned = view.speech.money(back, view.order.currency)
    return on.letter(
        on.say("%(shop)s: we are short of something for order %(number)s"),
        on.say("While preparing your order %(number)s we found that we do not have all of it. We are sorry."),
        on.say("You get another article in its place; the order now comes to %(total)s.")
        if instead
        else on.say("We took it off the order, which now comes to %(total)s."),
        on.say(
            "We give you back %(amount)s the way you paid; banks can take some days to show it.",
            amount=returned,
        )
        if back
        else on.payment_line(),
        button=on.see_order(on.say("Pay my order") if view.due_amount else ""),
        blocks=(
            *contents(on.say("Taken off the order"), gone),
            *contents(on.say("You get instead"), instead),
            *on.how_to_pay(),
            on.goods(),
        ),
        closing=(on.say("If something is not as you wished, tell the shop."),),
    )


def _changed(on: Occasion) -> Letter:
    """The order as it is now, and what is left to pay (F03, D35)."""
    view = on.view
    return on.letter(
        on.say("%(shop)s: order %(number)s changed"),
        on.say("The shop changed your order %(number)s. It now comes to %(total)s."),
        on.payment_line(),
        _paid_too_much(on),
        button=on.see_order(on.say("Pay my order") if view.due_amount else ""),
        blocks=(*on.how_to_pay(), on.goods(), *on.arrangements()),
        closing=(on.say("If something is not as you wished, tell the shop."),),
    )


def _paid_too_much(on: Occasion) -> str:
    over = -amount_due(on.view.order)
    if over <= 0:
        return ""
    shown = on.view.speech.money(over, on.view.order.currency)
    return on.say("You have paid %(amount)s more than that; the shop sees to it.", amount=shown)


def _proposal(on: Occasion) -> Letter:
    """The order as it would be; the button opens the page with the two answers."""
    view = on.view
    edit = view.order.edit
    until = view.speech.moment(edit.asked_until) if edit and edit.asked_until else ""
    message = str(on.texts.get(message_name(edit.edit_id)) or "") if edit else ""
    return on.letter(
        on.say("%(shop)s: please accept a change of order %(number)s"),
        on.say("The shop proposes a change of your order %(number)s. With it the order comes to %(total)s."),
        difference_text(view.order, view.speech),
        on.say("Nothing changes until you accept.")
        + (" " + on.say("You have until %(until)s to answer.", until=until) if until else ""),
        button=Button(on.say("See the change"), on.links["edit"]),
        blocks=(
            *quote(on.say("What the shop says"), message),
            Goods(on.say("Your order with the change"), view.lines, view.totals),
            *_where(on),
        ),
    )


def _where(on: Occasion) -> tuple[Facts, ...]:
    view = on.view
    return facts(
        on.say("Delivery"),
        (on.say("Delivery"), view.delivery),
        (on.say("Ship to"), "\n".join((view.contact.name, *view.shipping)) if view.shipping else ""),
    )
