"""The pages customers and the merchant reach by mailed links. They work without any script."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from comanda.conversation.letter import Button
from comanda.conversation.problems import explain
from comanda.conversation.qr import drawing
from comanda.conversation.render import TEMPLATES, render
from comanda.conversation.speech import N_, Speech
from comanda.conversation.texts import difference_text
from comanda.conversation.urls import web_address
from comanda.conversation.view import OrderView, ShopView
from comanda.conversation.words import PAYMENT, word
from comanda.errors import Problem
from comanda.orders.guards import allowed
from comanda.orders.model import Order
from comanda.orders.vocabulary import Lifecycle


@dataclass(frozen=True, slots=True)
class Message:
    """A page that only says something."""

    title: str
    headline: str
    paragraphs: tuple[str, ...] = ()
    link: Button | None = None


@cache
def css() -> str:
    return (TEMPLATES / "pages" / "style.css").read_text(encoding="utf-8")


@cache
def headers() -> Mapping[str, str]:
    """What goes with every page: nothing is loaded but pictures, nothing is kept, nothing leaks."""
    digest = base64.b64encode(hashlib.sha256(css().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' https:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }


def verify_page(view: OrderView, token: str) -> str:
    """GET of a verification link: what is confirmed, and the button that does it."""
    return _page("verify", view.speech, view.shop, view=view, token=token)


def verified_page(view: OrderView, order_url: str) -> str:
    say = view.speech.say
    headline = say("Your e-mail is confirmed.")
    link = Button(say("See my order"), order_url)
    return message_page(Message(headline, headline, (view.state,), link), view.speech, view.shop)


def resent_page(view: OrderView, order_url: str) -> str:
    """After asking for the verification mail again."""
    say = view.speech.say
    headline = say("We sent the message again to %(email)s.", email=view.contact.email)
    text = say("Only its button works now; older messages no longer do.")
    link = Button(say("See my order"), order_url)
    return message_page(Message(say("Message sent"), headline, (text,), link), view.speech, view.shop)


def quote_page(view: OrderView, token: str, privacy_url: str) -> str:
    """GET of a quotation's link: what is offered until when, and the button that accepts it."""
    draft = view.order.draft
    until = view.speech.moment(draft.expires_at) if draft else ""
    policy = web_address(privacy_url)
    return _page("quote", view.speech, view.shop, view=view, token=token, until=until, privacy_url=policy)


def accepted_page(view: OrderView, order_url: str) -> str:
    """After the button: the quotation is an order now."""
    say = view.speech.say
    headline = say("You accepted quotation %(number)s.", number=view.number)
    link = Button(say("See my order"), order_url)
    return message_page(Message(headline, headline, (view.state,), link), view.speech, view.shop)


def approve_page(view: OrderView, token: str) -> str:
    """GET of the merchant's link: the order, and the decisions that are still open."""
    say, order = view.speech.say, view.order
    may_approve, may_reject = allowed("approve", order), allowed("reject", order)
    name = view.contact.company or view.contact.name
    about = say("Order %(number)s from %(name)s: %(total)s.", number=view.number, name=name, total=view.total)
    standing = say(_standing(order), number=view.number)
    undecided = may_approve or may_reject
    return _page(
        "approve",
        view.speech,
        view.shop,
        view=view,
        token=token,
        headline=about if undecided else standing,
        paragraph=standing if undecided else about,
        may_approve=may_approve,
        may_reject=may_reject,
        payment=_payment(view),
    )


def decided_page(view: OrderView, decision: str) -> str:
    """After the merchant's decision: what was done and what follows."""
    say = view.speech.say
    approved = decision == "approve"
    headline = (
        say("You confirmed order %(number)s.", number=view.number)
        if approved
        else say("You rejected order %(number)s.", number=view.number)
    )
    follows = (
        say("We tell the customer by e-mail.")
        if approved
        else say("We tell the customer by e-mail; the stock is free again and money that was paid goes back.")
    )
    return message_page(Message(headline, headline, (follows,)), view.speech, view.shop)


def edit_page(view: OrderView, token: str, message: str, until: str) -> str:
    """GET of a proposed change: the order as it would be, and the two answers."""
    difference = difference_text(view.order, view.speech)
    values = {"token": token, "message": message, "difference": difference, "until": until}
    return _page("edit", view.speech, view.shop, view=view, **values)


def edit_answered_page(view: OrderView, said: str, order_url: str) -> str:
    """After the customer's answer: what holds now, and where to pay if something is due."""
    say = view.speech.say
    if said == "decline":
        headline = say("You declined the change. Your order %(number)s stays as it was.", number=view.number)
        link = Button(say("See my order"), order_url)
        return message_page(Message(headline, headline, (), link), view.speech, view.shop)
    headline = say("You accepted the change of order %(number)s.", number=view.number)
    due = say("Still to pay: %(due)s by %(method)s.", due=view.due, method=view.method)
    told = (due,) if view.due_amount else (view.state,)
    link = Button(say("Pay my order") if view.due_amount else say("See my order"), order_url)
    return message_page(Message(headline, headline, told, link), view.speech, view.shop)


def _qr(view: OrderView) -> Markup:
    """The pickup code as a drawing; it is made here, of nobody's words."""
    code = view.pickup.code if view.pickup else ""
    return Markup(drawing(code.replace("-", ""))) if code else Markup()  # noqa: S704


def order_page(
    view: OrderView,
    history: Iterable[Mapping[str, str]],
    *,
    access_token: str = "",
    methods: Iterable[tuple[str, str]] = (),
    pay_url: str = "",
) -> str:
    """The customer's page of an order.

    `history` is what `customer_history` answers. `access_token` goes into the forms when no cookie
    carries it; `methods` are codes and titles of other ways to pay that need no script; `pay_url` is
    the provider's page on which it is paid.
    """
    order = view.order
    return _page(
        "order",
        view.speech,
        view.shop,
        view=view,
        history=[(view.speech.moment(one["at"]), one["text"]) for one in history],
        access_token=access_token,
        methods=tuple(methods) if allowed("pay", order) else (),
        pay_url=pay_url,
        pickup_qr=_qr(view),
        awaiting=order.lifecycle == Lifecycle.AWAITING_VERIFICATION,
        ended=order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED),
        payment=_payment(view),
    )


def problem_page(problem: Problem, speech: Speech, shop: ShopView) -> str:
    """A problem in plain words: what, why, what now."""
    headline, paragraphs = explain(problem, speech)
    return message_page(Message(headline, headline, paragraphs), speech, shop)


def message_page(message: Message, speech: Speech, shop: ShopView) -> str:
    return _page("message", speech, shop, message=message)


def _page(name: str, speech: Speech, shop: ShopView, **values: Any) -> str:
    style = Markup(css())  # noqa: S704 - our own file, whose hash the policy names
    return render(f"pages/{name}.html.j2", speech=speech, say=speech.say, shop=shop, css=style, **values)


def _payment(view: OrderView) -> str:
    return f"{view.method} · {word(PAYMENT, view.order.payment, view.speech)}"


def _standing(order: Order) -> str:
    """How far the decision on an order is, for the merchant."""
    if order.lifecycle == Lifecycle.EXPIRED:
        return N_("Order %(number)s expired: the customer did not confirm the e-mail address.")
    if order.lifecycle == Lifecycle.CANCELLED and order.cancel_reason == "rejected":
        return N_("Order %(number)s was rejected.")
    if order.lifecycle == Lifecycle.CANCELLED:
        return N_("Order %(number)s was cancelled.")
    if order.ending:
        return N_("Order %(number)s is being cancelled.")
    if order.approved:
        return N_("Order %(number)s was confirmed before.")
    if order.lifecycle == Lifecycle.AWAITING_VERIFICATION:
        return N_("You can confirm it once the customer has confirmed the e-mail address.")
    return N_("It is waiting for you to confirm or reject it.")
