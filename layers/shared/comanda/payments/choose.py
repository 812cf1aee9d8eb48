"""Pay again, or by another method: which attempt goes on, which ends, which begins. Pure."""

from dataclasses import replace
from typing import Any

from comanda.errors import Invalid
from comanda.orders.asking import anew, retaking
from comanda.orders.attempts import START, attempt_number, begin, first_entry, held_at_first, next_number
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.derive import to_ask
from comanda.orders.desk import Decide
from comanda.orders.ending import MANUAL, open_attempts, voids
from comanda.orders.facts import Happened
from comanda.orders.guards import GUARDS, check
from comanda.orders.mails import mail
from comanda.orders.model import Entry, Order
from comanda.orders.reservation import ENDING
from comanda.orders.steps.money import agreed
from comanda.orders.vocabulary import Method
from comanda.settings.methods import PROVIDERS
from comanda.settings.sections import PaymentMethod
from comanda.times import later

NOT_OFFERED = "this way to pay is not offered"
INLINE_SECONDS = 30  # how long a request itself may take to reach the provider


def choosing(method: Method, rules: PaymentMethod, at: str) -> Decide:
    """Go on with the open attempt of `method`, or give up the others and begin one.

    The total stays what the customer agreed to: a surcharge of the first method is neither taken off
    nor replaced by the second's. Raises WrongState, or Invalid for a method that takes no payment.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("pay", order)
        if method is Method.REQUEST:
            raise Invalid.at("/payment_method", "an order cannot be turned into a request without payment")
        if method is Method.STORE_CREDIT:
            raise Invalid.at("/payment_method", "store credit is spent when an order is placed")
        return NOTHING if _goes_on(loaded, method, rules, at) else _anew(loaded, method, rules, at)

    return decide


def moving(method: Method, rules: PaymentMethod, at: str, *, notify: bool = True) -> Decide:
    """Staff move the order to another way to pay, as its customer could; a payment at a provider is begun by
    the worker. With `notify` the customer is told how to pay now. `result.method` is the way that holds.

    Raises WrongState, or Invalid for a method that takes no payment or is not offered.
    """
    choose = choosing(method, rules, at)

    def decide(loaded: Loaded) -> Decision:
        check("pay", loaded.order)
        if not rules.enabled:
            raise Invalid.at("/payment_method", NOT_OFFERED)
        decision = choose(loaded)
        if not decision.facts:
            return Decision(result={"method": method})
        started = tuple(replace(e, claimed_until="") if e.kind == START else e for e in decision.effects)
        told = tuple(effect for effect in started if effect.kind != "mail")
        letter = (mail("payment_instructions", str(next_number(loaded))),) if notify else ()
        return replace(decision, effects=(*told, *letter), result={"method": method})

    return decide


def payable_now(order: Order) -> bool:
    """Whether a customer may pay at this moment."""
    return not any(guard.forbids(order) for guard in GUARDS["pay"])


def current_start(loaded: Loaded) -> Outgoing | None:
    """The newest attempt to begin a payment at a provider."""
    starts = [effect for effect in loaded.effects if effect.kind == START]
    return max(starts, key=lambda effect: attempt_number(effect.effect_id), default=None)


def attempt_of(order: Order, ref: str) -> Entry | None:
    """The open attempt that its provider calls `ref`."""
    return next((e for e in open_attempts(order) if e.ref == ref and e.provider != MANUAL), None)


def page_to_pay(loaded: Loaded) -> str:
    """The provider's page on which the open attempt is paid; empty when there is none."""
    start = current_start(loaded)
    if start is None or start.state != "done" or not payable_now(loaded.order):
        return ""
    if attempt_of(loaded.order, str(start.result.get("ref", ""))) is None:
        return ""
    return str(start.result["action"].get("url", ""))


def start_wanted(loaded: Loaded, effect_id: str) -> bool:
    """Whether this attempt still is to begin: the newest, of the order's method, for an order to pay."""
    start = current_start(loaded)
    if start is None or start.effect_id != effect_id:
        return False
    return payable_now(loaded.order) and start.data["method"] == loaded.order.method


def still_open(order: Order, start: Outgoing, at: str) -> bool:
    """Whether the payment that was begun can still be completed, where the customer was sent to: some
    providers forget it after a while, some take no second try after a decline."""
    attempt = attempt_of(order, str(start.result.get("ref", "")))
    if attempt is None or str(start.result.get("until", at)) < at:
        return False
    return not (attempt.status == "failed" and start.result.get("once"))


def _goes_on(loaded: Loaded, method: Method, rules: PaymentMethod, at: str) -> bool:
    order, due = loaded.order, to_ask(loaded.order)
    if method != order.method or order.reservation == ENDING:
        return False  # an attempt that is being voided brings nobody any further
    if method not in PROVIDERS:
        return any((e.provider, e.method, e.amount) == (MANUAL, method, due) for e in open_attempts(order))
    start = current_start(loaded)
    if start is None or start.data["amount"] != due or start.data["method"] != method:
        return False
    if start.data.get("hosted", False) != rules.hosted:
        return False  # the shop has changed since where its customers pay
    if start.state in ("wanted", "claimed"):
        return True
    return start.state == "done" and still_open(order, start, at)


def _anew(loaded: Loaded, method: Method, rules: PaymentMethod, at: str) -> Decision:
    order, number, amount = loaded.order, next_number(loaded), to_ask(loaded.order)
    terms = _page(order, rules) | _terms(order, rules, at)
    chosen = Happened("PaymentMethodChosen", {"method": method, "terms": terms})
    given_up = tuple(
        Happened("PaymentVoided", {"entry": entry.to_dict() | {"status": "void"}})
        for entry in open_attempts(order)
        if entry.provider == MANUAL
    )
    decision = Decision(facts=(*given_up, chosen), effects=voids(order, "replaced"))
    if method in PROVIDERS:
        hold = held_at_first(replace(order, terms=agreed(order.terms, terms)))
        until = later(at, INLINE_SECONDS)
        start = begin(number, method, amount, hosted=rules.hosted, until=until, hold=hold)
        return decision + Decision(effects=(start,))
    entry = replace(first_entry(replace(order, method=method), at, number), amount=amount)
    return decision + Decision(
        facts=(Happened("PaymentStarted", {"entry": entry.to_dict()}),),
        effects=(mail("payment_instructions", str(number)),),
    )


def _page(order: Order, rules: PaymentMethod) -> dict[str, Any]:
    """Whether the provider's page is where the customer pays, if that is something new."""
    return {} if rules.hosted == order.terms.hosted else {"hosted": rules.hosted}


def _terms(order: Order, rules: PaymentMethod, at: str) -> dict[str, Any]:
    """The deadlines of the method from now on; who pays later by agreement has others."""
    if order.terms.on_credit:
        return {}
    asked = anew(order, rules, at) | retaking(order, rules)
    return asked | {
        "ship_before_payment": rules.ship_before_payment,
        "hold_seconds": rules.reserved_seconds,
    }
