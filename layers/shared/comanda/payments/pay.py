"""How a customer pays an order: the action the storefront carries out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from comanda.errors import Busy, Invalid, ProviderUnavailable
from comanda.orders.decision import Decision, Loaded, Outgoing
from comanda.orders.derive import amount_due
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.orders.offer import why_not
from comanda.orders.outbox import Outbox, expired
from comanda.orders.quote import collected
from comanda.orders.vocabulary import Method
from comanda.payments.choose import (
    INLINE_SECONDS,
    NOT_OFFERED,
    choosing,
    current_start,
    payable_now,
    still_open,
)
from comanda.payments.provider import CannotTell
from comanda.payments.start import Starter
from comanda.settings.formatted import plain
from comanda.settings.methods import PROVIDERS
from comanda.settings.sections import PaymentMethod
from comanda.times import stamp


class Sections(Protocol):
    def section(self, name: str) -> tuple[Any, int]: ...


class Paying:
    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        settings: Sections,
        starter: Starter,
        now: Callable[[], datetime],
    ) -> None:
        self.desk = desk
        self.outbox = outbox
        self.settings = settings
        self.starter = starter
        self.now = now

    def start(self, order_id: str, method: Method, origin: Origin) -> dict[str, Any] | None:
        """Pay again or by another method: the new `payment_action`.

        Raises NotFound, WrongState, Invalid for a method that is not offered, and
        ProviderUnavailable; the attempt then begins by itself later.
        """
        rules = self._rules(method)
        if not rules.enabled:
            raise Invalid.at("/payment_method", NOT_OFFERED)
        choose = choosing(method, rules, origin.at)

        def decide(loaded: Loaded) -> Decision:
            self._fits(loaded.order, method, rules)
            return choose(loaded)

        done = self.desk.run(order_id, decide, origin)
        return self.action(done.order, rules)

    def action(self, order: Order, rules: PaymentMethod | None = None) -> dict[str, Any] | None:
        """The way to pay now, or None when nothing is to be paid or a payment is under way.

        `rules` are the method's settings, if the caller has read them. An attempt that has not begun
        is begun here. Raises ProviderUnavailable; it then begins by itself later.
        """
        if not payable_now(order):
            return None
        if order.method not in PROVIDERS:
            return self._instructions(order, rules or self._rules(order.method))
        loaded = self.desk.load(order.order_id)
        start = current_start(loaded)
        if start is None or start.data["method"] != order.method:
            return None
        if start.state == "done":
            return _kept(loaded.order, start, stamp(self.now()))
        claim = self._claimed(loaded, start)
        return self._begun(loaded, claim) if claim else None

    def _fits(self, order: Order, method: Method, rules: PaymentMethod) -> None:
        """What the order was placed with is tried again whatever the settings say since. Raises Invalid."""
        why = self.unfit(order, method, rules)
        if why:
            raise Invalid.at("/payment_method", why)

    def unfit(self, order: Order, method: Method, rules: PaymentMethod) -> str:
        """Why what is due for the order is not paid by this method; empty where it may be."""
        if method == order.method:
            return ""
        here = not rules.pickup_only or collected(order.delivery, self.settings.section("shipping")[0])
        return why_not(rules, amount_due(order), order.currency, collected=here)

    def _rules(self, method: Method) -> PaymentMethod:
        rules: PaymentMethod = self.settings.section(f"payments.{method}")[0]
        return rules

    def _instructions(self, order: Order, rules: PaymentMethod) -> dict[str, Any]:
        text = plain(rules.instructions.of(order.locale))
        return {"type": "instructions", "text": text, "reference": order.number}

    def _claimed(self, loaded: Loaded, start: Outgoing) -> Outgoing | None:
        """The start as ours to carry out; None while somebody else is at it, or a person has to look.

        Whoever placed the order claimed it in the same write, for whichever request comes back to it.
        """
        at, order_id = stamp(self.now()), loaded.order.order_id
        if start.state == "claimed" and not start.attempts and not expired(start, at):
            return start
        if start.state == "wanted":
            return self.outbox.claim(order_id, start.effect_id, at=at, seconds=INLINE_SECONDS)
        if expired(start, at):
            return self.outbox.take_over(order_id, start, at=at, seconds=INLINE_SECONDS)
        return None

    def _begun(self, loaded: Loaded, claim: Outgoing) -> dict[str, Any] | None:
        """Begin the payment, or leave it to the worker, who is told as soon as the claim is free."""
        try:
            return self.starter.begin(loaded, claim)
        except (ProviderUnavailable, CannotTell) as down:
            self.outbox.release(loaded.order.order_id, claim, str(down), until=stamp(self.now()))
            raise ProviderUnavailable(str(down)) from down
        except Busy as busy:  # begun, but not recorded: the same again once the claim has run out
            raise ProviderUnavailable(busy.detail) from busy


def _kept(order: Order, start: Outgoing, at: str) -> dict[str, Any] | None:
    """What the provider answered when the attempt began, while it is open."""
    if not still_open(order, start, at):
        return None
    action: dict[str, Any] = start.result["action"]
    return action
