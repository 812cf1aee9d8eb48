"""What PayPal withdraws to the merchant's bank, and what came onto the balance before, in the port's words.

PayPal has no payouts that say what is in them: the account is one balance, and a withdrawal takes of it.
What is in one is what moved the balance since the one before, with what lay there then, less what stays.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from comanda.payments.payout import (
    BEFORE,
    CHARGE,
    DISPUTE,
    FEE,
    LEFT,
    OTHER,
    REFUND,
    Payout,
    PayoutLine,
)
from comanda.payments.paypal_record import Reference
from comanda.payments.paypal_transactions import (
    MOVED,
    Get,
    Json,
    amount_of,
    at_of,
    balance_after,
    code_of,
    currency_of,
    fee_of,
    movements,
)
from comanda.times import moment, stamp

CODE = "paypal"
WITHDRAWAL = "T04"  # the group alone tells: withdrawals from the balance to a bank
STATES = {"S": "paid", "P": "in_transit", "V": "failed", "D": "failed"}
DENIED = "D"  # never left the balance
SETTLED = timedelta(hours=3)  # until when all movements before are told
BACK = (
    timedelta(days=7),
    timedelta(days=31),
    timedelta(days=93),
)  # where the withdrawal before is looked for
GROUPS = {"T00": CHARGE, "T01": FEE}
KINDS = {
    "T1107": REFUND,
    "T1106": DISPUTE,  # taken back by PayPal: the end of a chargeback
    "T1110": DISPUTE,  # held while it is looked into
    "T1111": DISPUTE,  # let go again
    "T1201": DISPUTE,
    "T1202": DISPUTE,
    "T1205": DISPUTE,
    "T1207": DISPUTE,
    "T1108": FEE,  # fees given back
    "T1109": FEE,
}


def payouts(get: Get, since: datetime, until: datetime) -> Iterator[Payout]:
    """The withdrawals between two moments. A fresh one does not say yet what is in it."""
    for one in movements(get, since, until):
        if is_withdrawal(one):
            yield payout_of(one, until)


def payout_of(movement: Json, now: datetime) -> Payout:
    at = at_of(movement)
    status = str(movement.get("transaction_status") or "")
    listed = "never" if status == DENIED else "not_yet" if now - at < SETTLED else "yes"
    return Payout(
        provider=CODE,
        ref=str(movement["transaction_id"]),
        status=STATES.get(status, "pending"),
        amount=-amount_of(movement),
        currency=currency_of(movement),
        created_at=stamp(at),
        arrives_on=str(movement["transaction_initiation_date"])[:10],
        listed=listed,
        bank_ref=str(movement.get("bank_reference_id") or ""),
        failure={"D": "denied", "V": "returned"}.get(status, ""),
    )


def payout_lines(get: Get, payout: Payout, traced: "Traced") -> Iterator[PayoutLine]:
    """What moved the balance since the withdrawal before, the balance then, and what stays on it."""
    own, before = _account(get, payout)
    if own is None:
        return
    opening = _opening(get, before)
    if opening:
        yield _carried(payout, BEFORE, opening)
    for one in before:
        if not is_withdrawal(one):
            yield line_of(one, traced)
    if fee := fee_of(own):
        yield _line(own, FEE, -fee, 0, f"{own['transaction_id']}-fee")
    left = balance_after(get, own)
    if left:
        yield _carried(payout, LEFT, -left)


class Traced:
    """Whose a movement is: the order by the text that our payments carry, the dispute by its payment.

    `custom` answers that text of a capture, `dispute` the dispute about a capture; both may be empty.
    """

    def __init__(self, custom: Callable[[str], str], dispute: Callable[[str], str]) -> None:
        self.custom, self.dispute = custom, dispute
        self._known: dict[str, str] = {}

    def order(self, movement: Json) -> str:
        named = Reference.of({"custom_id": movement.get("custom_field")}).order_id
        above = str(movement.get("paypal_reference_id") or "")
        if named or not above or movement.get("paypal_reference_id_type") not in (None, "TXN"):
            return named
        if above not in self._known:
            self._known[above] = Reference.of({"custom_id": self.custom(above)}).order_id
        return self._known[above]


def is_withdrawal(movement: Json) -> bool:
    return code_of(movement).startswith(WITHDRAWAL) and amount_of(movement) < 0


def kind_of(movement: Json) -> str:
    """What a movement counts as; a payment that the merchant made is none of the shop's."""
    code = code_of(movement)
    kind = KINDS.get(code) or GROUPS.get(code[:3], OTHER)
    return OTHER if kind == CHARGE and amount_of(movement) <= 0 else kind


def line_of(movement: Json, traced: Traced) -> PayoutLine:
    kind, above = kind_of(movement), str(movement.get("paypal_reference_id") or "")
    own = str(movement["transaction_id"])
    order_id = traced.order(movement) if kind in (CHARGE, REFUND, DISPUTE) else ""
    source = (above and traced.dispute(above)) or own if kind == DISPUTE else own
    return _line(movement, kind, amount_of(movement), fee_of(movement), own, source, above, order_id)


def _line(
    movement: Json,
    kind: str,
    amount: int,
    fee: int,
    ref: str,
    source: str = "",
    payment: str = "",
    order_id: str = "",
) -> PayoutLine:
    return PayoutLine(
        ref=ref,
        kind=kind,
        amount=amount,
        fee=fee,
        net=amount - fee,
        currency=currency_of(movement),
        at=stamp(at_of(movement)),
        source=source,
        payment=payment,
        order_id=order_id,
        own_amount=abs(amount),
        own_currency=currency_of(movement),
        what=code_of(movement),
    )


def _account(get: Get, payout: Payout) -> tuple[Json | None, Sequence[Json]]:
    """The withdrawal itself, and what moved the balance before, from the withdrawal before on (which is the
    first); from as far back as is looked where there is none."""
    at = moment(payout.created_at)
    own, before = None, list[Json]()
    for back in BACK:
        found = movements(get, at - back, at + timedelta(seconds=1))
        ours = [one for one in found if currency_of(one) == payout.currency and _counts(one)]
        place = next((n for n, one in enumerate(ours) if one["transaction_id"] == payout.ref), None)
        if place is None:
            return None, ()
        own, before = ours[place], ours[:place]
        first = next((n for n in range(place - 1, -1, -1) if is_withdrawal(ours[n])), None)
        if first is not None:
            return own, before[first:]
    return own, before


def _counts(movement: Json) -> bool:
    status = movement.get("transaction_status")
    return status in MOVED or (is_withdrawal(movement) and status != DENIED)


def _opening(get: Get, before: Sequence[Json]) -> int:
    """What lay on the balance before the first of the lines; nothing where PayPal does not say."""
    if not before:
        return 0
    after = balance_after(get, before[0])
    if after is None or is_withdrawal(before[0]):
        return after or 0
    return after - amount_of(before[0]) + fee_of(before[0])


def _carried(payout: Payout, kind: str, amount: int) -> PayoutLine:
    ref = f"{payout.ref}-{kind}"
    return PayoutLine(ref, kind, amount, 0, amount, payout.currency, payout.created_at)
