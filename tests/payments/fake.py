"""A payment provider in memory. It keeps the port's contract, which the real adapter is held to as well."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from comanda.errors import ProviderUnavailable
from comanda.payments import stripe_webhook
from comanda.payments.payout import CHARGE, DISPUTE, REFUND, Payout, PayoutLine, SeenDispute
from comanda.payments.provider import (
    Charge,
    Dispute,
    Event,
    Notice,
    ProviderRecord,
    ProviderRefused,
    Refund,
    RefundWanted,
    Started,
    Wanted,
)
from comanda.times import later, stamp

type Move = tuple[str, ProviderRecord, str, int, str]

OPEN = ("pending", "failed")
VOIDABLE = (*OPEN, "processing", "authorized")


@dataclass
class FakeProvider:
    """`down`: answer nothing; `lost`: so many times do the work and lose the answer."""

    code: str = "stripe"
    keeps_keys: int = 23 * 3600
    down: bool = False
    lost: int = 0
    refusing: str = ""
    payments: dict[str, ProviderRecord] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)  # begun to be authorised only
    born: dict[str, datetime] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    serial: int = 0
    told: list[Event] = field(default_factory=list)
    paid_out: list[tuple[Payout, list[PayoutLine]]] = field(default_factory=list)

    # -- the port -----------------------------------------------------------------------------------

    def start(self, wanted: Wanted) -> Started:
        def begin() -> Started:
            ref = self._id("pi")
            self.born[ref] = self.now()
            self.held |= {ref} if wanted.hold else set()
            self.payments[ref] = ProviderRecord(
                self.code, ref, "pending", wanted.amount, wanted.currency, wanted.order_id, wanted.effect_id
            )
            return self._started(ref)

        return self._once("start", wanted.key, begin)

    def resume(self, ref: str) -> Started:
        self._call("resume")
        return self._started(ref)

    def fetch(self, ref: str) -> ProviderRecord | None:
        self._call("fetch")
        return self.payments.get(ref)

    def find_by_reference(
        self, order_id: str, effect_id: str, since: datetime, until: datetime
    ) -> str | None:
        self._call("find_by_reference")
        for ref, record in self.payments.items():
            if (record.order_id, record.effect_id) == (order_id, effect_id) and (
                since.timestamp() - 60 <= self.born[ref].timestamp() <= until.timestamp() + 60
            ):
                return ref
        return None

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        self._call("happened")
        yield from (one for one in self.told if one.told_at and since <= one.told_at <= until)

    def capture(self, ref: str, amount: int, key: str) -> None:
        def take() -> None:
            self._allow(self.payments[ref].status == "authorized", "unexpected_state")
            self._take(ref, amount)

        self._once("capture", key, take)

    def void(self, ref: str, key: str) -> None:
        def give_up() -> None:
            self._allow(self.payments[ref].status in VOIDABLE, "unexpected_state")
            self._change(ref, status="void", charges=())

        self._once("void", key, give_up)

    def close(self, ref: str, key: str) -> None:
        self._once("close", key, lambda: self._change(ref, open=False))

    def refund(self, wanted: RefundWanted) -> Refund:
        def give_back() -> Refund:
            record = self.payments[wanted.ref]
            left = sum(c.captured for c in record.charges) - sum(
                r.amount for r in record.refunds if r.status != "failed"
            )
            self._allow(0 < wanted.amount <= left, "amount_too_large")
            made = Refund(
                self._id("re"), wanted.charge, wanted.amount, wanted.currency, "ok", wanted.effect_id
            )
            self._change(wanted.ref, refunds=(*record.refunds, made))
            return made

        return self._once("refund", wanted.key, give_back)

    def verify_webhook(self, notice: Notice, secrets: Sequence[str], now: datetime) -> None:
        stripe_webhook.verify(notice.raw, notice.headers.get("stripe-signature", ""), secrets, now)

    def parse_event(self, raw: bytes) -> Event:
        return stripe_webhook.parse_event(raw)

    def payouts(self, since: datetime, until: datetime) -> Iterator[Payout]:
        self._up()
        yield from (one for one, _ in self.paid_out if stamp(since) <= one.created_at <= stamp(until))

    def payout_lines(self, payout: Payout) -> Iterator[PayoutLine]:
        self._up()
        yield from next(lines for one, lines in self.paid_out if one.ref == payout.ref)

    def disputes(self, since: datetime, until: datetime) -> Iterator[SeenDispute]:
        self._up()
        for record in self.payments.values():
            for one in record.disputes:
                at = stamp(self.born[record.ref])
                due = later(at, 9 * 24 * 3600)
                yield SeenDispute(
                    self.code, one.ref, one.status, one.amount, one.currency, at, one.charge, record.order_id,
                    one.reason, due, f"https://pay.example.com/disputes/{one.ref}",
                )  # fmt: skip

    # -- the world outside --------------------------------------------------------------------------

    def pay(self, ref: str, amount: int | None = None, currency: str = "") -> None:
        """The customer pays; `amount` and `currency` only where something went wrong."""
        record = self.payments[ref]
        if ref in self.held and record.status in OPEN:
            self.authorize(ref)
            return
        if record.status in (*OPEN, "processing"):
            self._take(ref, record.amount if amount is None else amount, currency)

    def authorize(self, ref: str) -> None:
        record = self.payments[ref]
        charge = Charge(self._id("ch"), record.amount, 0, record.currency)
        until = self.now() + timedelta(days=7)
        self._change(ref, status="authorized", charges=(charge,), failure="", capture_before=until)

    def lapse(self, ref: str) -> None:
        """The bank lets go of the money."""
        self._change(ref, status="void", charges=(), lapsed=True)

    def decline(self, ref: str) -> None:
        if self.payments[ref].status in (*OPEN, "processing"):
            self._change(ref, status="failed", failure="generic_decline")

    def process(self, ref: str) -> None:
        if self.payments[ref].status in OPEN:
            self._change(ref, status="processing", failure="")

    def cancel(self, ref: str) -> None:
        if self.payments[ref].status in VOIDABLE:
            self._change(ref, status="void", charges=())

    def refund_outside(self, ref: str, amount: int) -> str:
        """A refund made in the provider's own pages."""
        record = self.payments[ref]
        made = Refund(self._id("re"), record.charges[0].ref, amount, record.currency, "ok")
        self._change(ref, refunds=(*record.refunds, made))
        return made.ref

    def fail_refund(self, ref: str, refund: str) -> None:
        self._change(
            ref,
            refunds=tuple(
                replace(one, status="failed", reason="expired_card") if one.ref == refund else one
                for one in self.payments[ref].refunds
            ),
        )

    def dispute(self, ref: str, amount: int) -> str:
        record = self.payments[ref]
        made = Dispute(self._id("du"), record.charges[0].ref, amount, record.currency, "open", "fraudulent")
        self._change(ref, disputes=(*record.disputes, made))
        return made.ref

    def close_dispute(self, ref: str, dispute: str, status: str) -> None:
        self._change(
            ref,
            disputes=tuple(
                replace(one, status=status) if one.ref == dispute else one
                for one in self.payments[ref].disputes
            ),
        )

    def pay_out(self, **changes: Any) -> Payout:
        """Everything that was not paid out before goes to the bank, less 2.9 % and 30 of each charge."""
        gone = {line.source for _, lines in self.paid_out for line in lines}
        moves = [self._line(*move) for record in self.payments.values() for move in _moves(record)]
        lines = [line for line in moves if line.source not in gone]
        now = stamp(self.now())
        amount = sum(line.net for line in lines)
        made = Payout(self.code, self._id("po"), "paid", amount, "MXN", now, now[:10])
        made = replace(made, **changes)
        self.paid_out.append((made, lines))
        return made

    def _line(self, kind: str, record: ProviderRecord, ref: str, amount: int, currency: str) -> PayoutLine:
        fee = amount * 29 // 1000 + 30 if kind == CHARGE else 0
        return PayoutLine(
            self._id("txn"), kind, amount, fee, amount - fee, currency, stamp(self.now()), ref, record.ref,
            record.order_id, abs(amount), currency,
        )  # fmt: skip

    # -- inside -------------------------------------------------------------------------------------

    def _take(self, ref: str, amount: int, currency: str = "") -> None:
        record = self.payments[ref]
        known = record.charges[0].ref if record.charges else self._id("ch")
        charge = Charge(known, record.amount, amount, currency or record.currency)
        self._change(ref, status="succeeded", charges=(charge,), failure="")

    def _change(self, ref: str, **changes: Any) -> None:
        self.payments[ref] = replace(self.payments[ref], **changes)
        self.told.append(Event(f"evt_own_{len(self.told)}", "payment_intent.changed", ref, self.now()))

    def _started(self, ref: str) -> Started:
        secret = f"{ref}_secret"
        return Started(ref, {"type": "stripe_payment_intent", "id": ref, "client_secret": secret})

    def _once(self, name: str, key: str, work: Callable[[], Any]) -> Any:
        """Under one key the work is done once; a refusal is forgotten."""
        self._call(name)
        if key not in self.answers:
            if self.refusing:
                raise ProviderRefused(self.refusing)
            self.answers[key] = work()
        if self.lost:
            self.lost -= 1
            raise ProviderUnavailable("the answer was lost")
        return self.answers[key]

    def _call(self, name: str) -> None:
        self.calls.append(name)
        self._up()

    def _up(self) -> None:
        if self.down:
            raise ProviderUnavailable("the provider is down")

    def _allow(self, allowed: bool, code: str) -> None:
        if not allowed:
            raise ProviderRefused(code)

    def _id(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}_{self.serial:04d}"


def _moves(record: ProviderRecord) -> Iterator[Move]:
    """What a payment has moved: charges in, refunds and open or lost disputes out."""
    for charge in record.charges:
        if charge.captured:
            yield CHARGE, record, charge.ref, charge.captured, charge.currency
    for refund in record.refunds:
        if refund.status == "ok":
            yield REFUND, record, refund.ref, -refund.amount, refund.currency
    for dispute in record.disputes:
        if dispute.status != "won":
            yield DISPUTE, record, dispute.ref, -dispute.amount, dispute.currency
