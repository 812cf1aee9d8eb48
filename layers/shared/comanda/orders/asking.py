"""When an order asks for its money by the settings of its payment method. Pure."""

from typing import Any, Protocol

from comanda.orders.model import Order, Terms
from comanda.times import later

AT_ONCE, ON_APPROVAL = "at_once", "approval"


class Rules(Protocol):
    """What a payment method's settings say of waiting; lengths in seconds."""

    @property
    def reminding(self) -> tuple[int, ...]: ...

    @property
    def cancel_seconds(self) -> int | None: ...

    @property
    def remind_seconds(self) -> int | None: ...

    @property
    def on_approval(self) -> int: ...


def deadlines(rules: Rules, at: str) -> dict[str, Any]:
    """Fields of an order's terms, counted from `at`: reminders, and when it ends for want of money."""
    turns = [later(at, seconds) for seconds in rules.reminding]
    told: dict[str, Any] = {
        "remind_at": turns[0] if turns else "",
        "pay_by": later(at, rules.cancel_seconds) if rules.cancel_seconds else "",
    }
    return told | ({"reminders": turns[1:]} if turns[1:] else {})


def taking(rules: Rules) -> dict[str, Any]:
    """Fields of an order's terms where money is taken on approval: also how long to ask for it anew should
    its authorisation lapse. Nothing where it is taken at once."""
    if not rules.on_approval:
        return {}
    lengths = {"pay_seconds": rules.cancel_seconds or 0, "remind_seconds": rules.remind_seconds or 0}
    return {"capture": ON_APPROVAL, "warn_seconds": rules.on_approval} | lengths


def retaking(order: Order, rules: Rules) -> dict[str, Any]:
    """The same for an order that was placed under other rules perhaps."""
    now = taking(rules)
    return now or ({"capture": AT_ONCE} if order.terms.capture != AT_ONCE else {})


def after_lapse(terms: Terms, at: str) -> dict[str, Any]:
    """Fields of the terms of an order whose authorisation has lapsed: it is asked for its money as if it had
    just been placed. One placed under other rules is not given up by itself."""
    return {
        "remind_at": later(at, terms.remind_seconds) if terms.remind_seconds else "",
        "pay_by": later(at, terms.pay_seconds) if terms.pay_seconds else "",
        "reminders": [],
    }


def anew(order: Order, rules: Rules, at: str) -> dict[str, Any]:
    """The same for an order that has asked before, by other rules perhaps."""
    none: dict[str, Any] = {"reminders": []} if order.terms.reminders else {}
    return none | deadlines(rules, at)


def next_reminder(terms: Terms, after: str) -> str:
    """The first further reminder later than `after`; empty when none is left. What was missed meanwhile is
    not made up for: nobody is reminded twice in a row."""
    return next((at for at in terms.reminders if at > after), "")
