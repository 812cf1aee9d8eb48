"""Mails to the merchant."""

from typing import Any

from comanda.conversation.letter import Block, Button, Goods, Letter, Note, facts, quote
from comanda.conversation.letters.occasion import Occasion
from comanda.conversation.speech import Speech
from comanda.conversation.view import ShopView
from comanda.conversation.words import PAYMENT, word
from comanda.orders.balance import open_authorizations
from comanda.orders.derive import ended


def merchant_order(on: Occasion) -> Letter:
    """The order with all that is needed to say yes or no (A08, A16, A17, D02)."""
    view = on.view
    name = view.contact.company or view.contact.name
    open_question = not view.order.approved and not ended(view.order) and bool(on.links.get("approve"))
    return on.letter(
        on.say("%(shop)s: new order %(number)s to review")
        if open_question
        else on.say("%(shop)s: new order %(number)s"),
        on.say("New order %(number)s from %(name)s: %(total)s.", name=name),
        on.say("It is waiting for you to confirm or reject it.") if open_question else "",
        button=_decide(on) if open_question else _csv(on),
        more=tuple(link for link in (_reject(on), _csv(on)) if link) if open_question else (),
        blocks=(
            *_unverified(on),
            Goods(on.say("Order"), view.lines, view.totals),
            *_contact(on),
            *_terms(on),
            *facts(on.say("Form"), *view.fields),
            *quote(on.say("Customer's comment"), view.comment),
        ),
        invites_reply=False,
    )


def authorization_expiring(on: Occasion) -> Letter:
    """The bank is about to let go of a card's money that nobody has taken yet."""
    held = open_authorizations(on.view.order.ledger)
    until = on.view.speech.moment(
        min((one.until for one in held if one.until), default=on.view.order.updated_at)
    )
    amount = on.view.speech.money(sum(one.amount for one in held), on.view.order.currency)
    return on.letter(
        on.say("%(shop)s: the authorised money of order %(number)s is about to lapse"),
        on.say("Until %(until)s, %(amount)s of order %(number)s are authorised.", amount=amount, until=until),
        on.say("Approve the order, or take the money on its page; later its customer has to pay again."),
        button=_office(on),
        blocks=_terms(on),
        invites_reply=False,
    )


def authorization_lapsed(on: Occasion) -> Letter:
    """The bank has let go of a card's money before it was taken."""
    return on.letter(
        on.say("%(shop)s: the authorised money of order %(number)s has lapsed"),
        on.say("The bank let go of the money of order %(number)s: nothing was charged."),
        on.say("The order waits for its money again; its customer can pay on the order's page."),
        button=_office(on),
        blocks=_terms(on),
        invites_reply=False,
    )


def export_failed(speech: Speech, shop: ShopView, data: dict[str, Any]) -> Letter:
    """Orders did not reach the merchant's own system; not about one order."""
    values = {"shop": shop.name, "destination": data.get("destination", ""), "batch": data["batch_id"]}
    return Letter(
        "export_failed",
        speech,
        shop,
        speech.say("%(shop)s: orders did not reach %(destination)s", **values),
        speech.say("The orders of batch %(batch)s did not reach %(destination)s.", **values),
        (speech.say("They are kept, and the same file is sent again; no order is handed over twice."),),
        blocks=quote(speech.say("What happened"), str(data.get("problem") or "")),
        invites_reply=False,
    )


def _decide(on: Occasion) -> Button:
    return Button(on.say("Confirm the order"), on.links["approve"])


def _office(on: Occasion) -> Button:
    return Button(on.say("Open the order"), on.links["office"])


def _reject(on: Occasion) -> Button:
    return Button(on.say("Reject"), f"{on.links['approve']}#reject")


def _csv(on: Occasion) -> Button | None:
    url = on.links.get("csv")
    return Button(on.say("Download as CSV"), url) if url else None


def _unverified(on: Occasion) -> tuple[Note, ...]:
    """The customer's address is not confirmed; money in the order made us tell it all the same (A10)."""
    order = on.view.order
    if order.verified:
        return ()
    return (Note(on.say("E-mail not confirmed: the customer has not verified the address yet.")),)


def _contact(on: Occasion) -> tuple[Block, ...]:
    contact, verified = on.view.contact, on.view.order.verified
    mark = on.say("Verified") if verified else on.say("not confirmed")
    return facts(
        on.say("Customer"),
        (on.say("Name"), contact.name),
        (on.say("E-mail"), f"{contact.email} ({mark})" if contact.email else ""),
        (on.say("Phone"), contact.phone),
        (on.say("Company"), contact.company),
        (on.say("Tax number"), contact.tax_id),
        (on.say("Ship to"), "\n".join(on.view.shipping)),
        (on.say("Bill to"), "\n".join(on.view.billing)),
    )


def _terms(on: Occasion) -> tuple[Block, ...]:
    view = on.view
    return facts(
        on.say("Details"),
        (on.say("Placed"), view.placed_at),
        (on.say("Payment"), f"{view.method} · {word(PAYMENT, view.order.payment, view.speech)}"),
        (on.say("Delivery"), view.delivery),
        (on.say("Purchase order"), view.purchase_order),
    )
