"""Begin a payment at its provider for a claimed `payment.start`, once, and record that it has begun."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from comanda.crash import crash_point
from comanda.orders.asking import ON_APPROVAL
from comanda.orders.decision import NOTHING, Decision, Effect, Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.ending import over, voids
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Entry, Order
from comanda.orders.outbox import Outbox
from comanda.orders.vocabulary import Method
from comanda.payments.choose import start_wanted
from comanda.payments.leave import Leaver
from comanda.payments.provider import PaymentProvider, ProviderRefused, Started, Wanted
from comanda.payments.record import Providers, Recorder
from comanda.settings.methods import PROVIDERS
from comanda.times import later, moment, stamp


class Starter:
    """`page` answers the address of the page on which its customer sees an order, who was `hosted` by the
    provider meanwhile or not."""

    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        providers: Providers,
        now: Callable[[], datetime],
        page: Callable[[Order, bool], str],
    ) -> None:
        self.desk = desk
        self.outbox = outbox
        self.providers = providers
        self.now = now
        self.page = page
        self.leaver = Leaver(desk, Recorder(desk, providers))

    def begin(self, loaded: Loaded, claim: Outgoing) -> dict[str, Any] | None:
        """The `payment_action`, or None when the provider refused or the order has ended meanwhile.

        The customer's secret lies in the effect's result, never in the history. Pages that this replaces
        are ended first; one that was paid meanwhile leaves nothing to begin. Raises ProviderUnavailable;
        the same claim may then be tried again: its key finds what was begun.
        """
        code = PROVIDERS[Method(claim.data["method"])]
        left = self.leaver.leave(loaded, code, self._origin(claim))
        if left is not loaded and not start_wanted(left, claim.effect_id):
            self.outbox.settle(left.order.order_id, claim.effect_id, {"skipped": "not wanted any more"})
            return None
        wanted = self._wanted(left, claim)
        try:
            crash_point("effect.before_call")
            started = self._started(self.providers(code), wanted, claim)
            crash_point("effect.after_call")
        except ProviderRefused as refused:
            self._refused(code, wanted, claim, refused.code)
            return None
        after = self._record(code, wanted, claim, started)
        return None if over(after) else started.action

    def _wanted(self, loaded: Loaded, claim: Outgoing) -> Wanted:
        order, hosted = loaded.order, bool(claim.data.get("hosted"))
        return Wanted(
            order.order_id,
            claim.effect_id,
            order.number,
            int(claim.data["amount"]),
            order.currency,
            self.page(order, hosted),
            _until(order),
            hosted,
            order.locale,
            str((loaded.text("contact") or {}).get("email") or "") if hosted else "",
            claim.data.get("capture") == ON_APPROVAL,
        )

    def _started(self, provider: PaymentProvider, wanted: Wanted, claim: Outgoing) -> Started:
        """Under its key a start may be repeated; once the key is forgotten we look before we begin."""
        first = moment(str(claim.data.get("since", claim.wanted_at)))
        now = self.now()
        if now - first > timedelta(seconds=provider.keeps_keys):
            ref = provider.find_by_reference(wanted.order_id, wanted.effect_id, first, now)
            if ref:
                return provider.resume(ref)
        return provider.start(wanted)

    def _record(self, code: str, wanted: Wanted, claim: Outgoing, started: Started) -> Order:
        origin = self._origin(claim)
        result = _result(started, origin.at)

        def decide(loaded: Loaded) -> Decision:
            order = loaded.order
            entry = _entry(code, wanted, claim, origin.at, f"{code}:intent:{started.ref}", started.ref)
            if any(known.entry_id == entry.entry_id for known in order.ledger):
                return NOTHING  # a webhook was faster
            crash_point("effect.before_commit")
            return Decision(
                facts=(Happened("PaymentStarted", {"entry": entry.to_dict()}),),
                effects=_unwanted(order, entry),
                also=(lambda tx: self.outbox.settling(tx, wanted.order_id, claim.effect_id, result),),
                outside=True,
            )

        done = self.desk.run(wanted.order_id, decide, origin)
        if not done.changed:
            self.outbox.settle(wanted.order_id, claim.effect_id, result)
        crash_point("effect.after_commit")
        return done.order

    def _refused(self, code: str, wanted: Wanted, claim: Outgoing, reason: str) -> None:
        """The customer is told that it failed, and may pay by another method."""
        origin = self._origin(claim)
        entry = _entry(code, wanted, claim, origin.at, f"{code}:intent:{claim.effect_id}", "")
        failed = entry.to_dict() | {"status": "failed", "reason": reason}

        def decide(loaded: Loaded) -> Decision:
            return Decision(
                facts=(Happened("PaymentFailed", {"entry": failed}, "customer"),),
                also=(lambda tx: self.outbox.failing(tx, wanted.order_id, claim.effect_id, reason),),
                outside=True,
            )

        self.desk.run(wanted.order_id, decide, origin)

    def _origin(self, claim: Outgoing) -> Origin:
        return Origin("system", f"effect:{claim.effect_id}", stamp(self.now()))


def _result(started: Started, at: str) -> dict[str, Any]:
    """What is kept of the start: the customer's way to pay, and for how long and how often it leads there."""
    kept: dict[str, Any] = {"ref": started.ref, "action": started.action}
    if started.open_seconds:
        kept["until"] = later(at, started.open_seconds)
    return kept if started.repeatable else kept | {"once": True}


def _entry(code: str, wanted: Wanted, claim: Outgoing, at: str, entry_id: str, ref: str) -> Entry:
    return Entry(
        entry_id=entry_id,
        kind="intent",
        method=str(claim.data["method"]),
        provider=code,
        amount=wanted.amount,
        currency=wanted.currency,
        status="pending",
        at=at,
        ref=ref,
    )


def _until(order: Order) -> datetime | None:
    """When the order ends, or its units go back, for want of this money."""
    ends = [text for text in (order.terms.pay_by, order.reserved_until) if text]
    return moment(min(ends)) if ends else None


def _unwanted(order: Order, entry: Entry) -> tuple[Effect, ...]:
    """An attempt that begins while the order ends is voided again."""
    return voids(replace(order, ledger=(entry,)), "ended") if over(order) else ()
