"""The history of an order and what was mailed, as one timeline: newest first, filtered by who it concerns."""

from collections.abc import Callable
from typing import Any

from comanda.conversation.speech import N_
from comanda.orders.mails import TO_MERCHANT
from comanda.orders.resend import WITH_OWN_LINK
from comanda.screens.house.asked import Asked
from comanda.screens.house.people import colleague
from comanda.screens.orders import words
from comanda.screens.orders.told import FACTS, detail

FILTERS = {"all": N_("All"), "customer": N_("Customer"), "internal": N_("Internal"), "system": N_("System")}
MAILS = {
    "verification": N_("Mail to the customer: confirm your address"),
    "quotation": N_("Mail to the customer: quotation"),
    "order_placed": N_("Mail to the customer: order received"),
    "order_approved": N_("Mail to the customer: order approved"),
    "order_rejected": N_("Mail to the customer: order rejected"),
    "order_cancelled": N_("Mail to the customer: order cancelled"),
    "order_edited": N_("Mail to the customer: order changed"),
    "merchant_order": N_("Mail to the shop: new order"),
    "authorization_expiring": N_("Mail to the shop: authorised money is about to lapse"),
    "authorization_lapsed": N_("Mail to the shop: authorised money has lapsed"),
    "payment_instructions": N_("Mail to the customer: how to pay"),
    "payment_reminder": N_("Mail to the customer: payment reminder"),
    "payment_received": N_("Mail to the customer: payment received"),
    "payment_failed": N_("Mail to the customer: payment failed"),
    "refunded": N_("Mail to the customer: money given back"),
    "shipped": N_("Mail to the customer: shipped"),
    "delivered": N_("Mail to the customer: delivered"),
    "order_ready": N_("Mail to the customer: ready to leave"),
    "ready_for_pickup": N_("Mail to the customer: ready for pickup"),
    "pickup_reminder": N_("Mail to the customer: still waiting to be fetched"),
    "promise_changed": N_("Mail to the customer: another date"),
}
ACTORS = {
    "system": N_("the system"),
    "customer": N_("the customer"),
    "merchant": N_("the shop, by mail"),
    "provider:stripe": "Stripe",
    "provider:mercadopago": "Mercado Pago",
    "provider:easypost": "EasyPost",
}

type Names = Callable[[str], tuple[str, ...]]


def timeline(asked: Asked, order: dict[str, Any], names: Names) -> list[dict[str, Any]]:
    """Entries `{at, title, text, who, side, badge, seq}` of the chosen filter, newest first."""
    told = _Told(asked, names)
    entries = [told.fact(fact) for fact in order["history"]]
    entries += [told.mail(mail) for mail in order.get("conversation", ())]
    chosen = chosen_filter(asked)
    kept = [entry for entry in entries if chosen == "all" or chosen in entry["sides"]]
    return sorted(kept, key=lambda entry: (entry["at"], entry["seq"] or 0), reverse=True)


def chosen_filter(asked: Asked) -> str:
    chosen = asked.word("history", "all")
    return chosen if chosen in FILTERS else "all"


def filters(asked: Asked) -> list[dict[str, Any]]:
    chosen = chosen_filter(asked)
    return [
        {
            "word": asked.tongue.say(word),
            "count": None,
            "here": code == chosen,
            "address": asked.address(history=None if code == "all" else code, do=None) + "#history",
        }
        for code, word in FILTERS.items()
    ]


def may_go_again(mail: dict[str, Any]) -> bool:
    """Whether sending it once more is offered; the command judges again."""
    return mail["state"] in ("done", "failed", "unknown") and mail["event"] not in WITH_OWN_LINK


class _Told:
    """One reader's words; a colleague's name is looked up once."""

    def __init__(self, asked: Asked, names: Names) -> None:
        self.asked, self.names = asked, names
        self.known: dict[str, str] = {}

    def fact(self, fact: dict[str, Any]) -> dict[str, Any]:
        tongue = self.asked.tongue
        title = FACTS.get(fact["type"])
        sides = {"customer" if fact["visibility"] == "customer" else "internal"}
        if not fact["actor"].startswith(("staff:", "customer")):
            sides.add("system")
        return {
            "at": fact["at"],
            "seq": fact["seq"],
            "mail": "",
            "title": tongue.say(title) if title else fact["type"],
            "text": detail(fact, tongue),
            "who": self.who(fact["actor"]),
            "cause": fact["cause"],
            "sides": sides,
            "badge": None,
        }

    def mail(self, mail: dict[str, Any]) -> dict[str, Any]:
        tongue, event = self.asked.tongue, str(mail["event"])
        badge = (words.say(tongue, words.MAIL_STATE, mail["state"]), words.MAIL_KIND[mail["state"]])
        return {
            "at": mail["wanted_at"],
            "seq": None,
            "mail": mail["effect_id"] if may_go_again(mail) else "",
            "title": tongue.say(MAILS[event]) if event in MAILS else event.replace("_", " "),
            "text": mail["reason"] or "",
            "who": "",
            "cause": "",
            "sides": {"internal" if event in TO_MERCHANT else "customer", "system"},
            "badge": badge,
        }

    def who(self, actor: str) -> str:
        """You, a colleague by the name in the settings, or the part of the system."""
        if actor not in self.known:
            self.known[actor] = self._who(actor)
        return self.known[actor]

    def _who(self, actor: str) -> str:
        tongue = self.asked.tongue
        if not actor.startswith("staff:"):
            return tongue.say(ACTORS[actor]) if actor in ACTORS else actor
        return colleague(self.asked, self.names, actor)
