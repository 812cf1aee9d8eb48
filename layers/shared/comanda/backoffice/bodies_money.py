"""Bodies of the commands that move money."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from comanda.backoffice.bodies import LineId, Note, PaymentId, Reason, UnitsBody
from comanda.errors import Invalid
from comanda.orders.vocabulary import Method
from comanda.orders.wire import Body, MoneyBody, Short
from comanda.payments.refund_plan import Unit, Wish


class MarkPaidBody(Body):
    """Without an amount: all that is due. `reference` is the bank's. Without `notify` this order gets no
    receipt, now or later."""

    amount: MoneyBody | None = None
    reference: Short = ""
    notify: bool = True


class CaptureBody(Body):
    """Without an amount: all that is authorised and due. Without `payment_id` the only authorisation is
    meant."""

    amount: MoneyBody | None = None
    payment_id: PaymentId = ""


class RefundBody(Body):
    """By lines or by an amount. `shipping`: true for what is left of it, or an amount of it; with neither
    lines nor amount that is all that goes back. None of the three gives back all that is left, `shipping`
    false all but the shipping. Without `execute` the refund is only granted.
    `reason` is a code (`customer`, `damaged`, `goodwill` …) or words; words are kept as a note."""

    lines: Annotated[list[UnitsBody], Field(max_length=200)] | None = None
    amount: MoneyBody | None = None
    shipping: StrictBool | MoneyBody | None = None
    reason: Reason
    note: Note = ""
    execute: StrictBool = True
    destination: Literal["original", "credit", "elsewhere"] = "original"

    def wish(self, currency: str) -> Wish:
        """In minor units of the order's currency. Raises Invalid for another one."""
        lines = None if self.lines is None else tuple(map(_units, self.lines))
        amount = None if self.amount is None else minor(self.amount, currency, "/amount")
        shipping = self.shipping
        if isinstance(shipping, MoneyBody):
            return Wish(lines, amount, minor(shipping, currency, "/shipping"))
        return Wish(lines, amount, shipping)


def _units(line: UnitsBody) -> Unit:
    return Unit(line.quantity, line.line_id or "", line.sku or "")


def minor(money: MoneyBody, currency: str, pointer: str) -> int:
    """An amount above nothing in the order's currency. Raises Invalid."""
    if money.currency != currency:
        raise Invalid.at(f"{pointer}/currency", f"send an amount in {currency}")
    if money.amount <= 0:
        raise Invalid.at(f"{pointer}/amount", "an amount is more than nothing")
    return money.amount


class PaymentMethodBody(Body):
    """The way to pay from now on. `notify`: the customer is told how."""

    payment_method: Method
    notify: StrictBool = True


class BounceBody(Body):
    """`reason` is a code (`no_funds`, `refused`, `mistake` …) or words, which are kept as a note. Without
    `payment_id` the only payment by hand is meant. `notify`: the customer is asked for the money again."""

    reason: Reason
    payment_id: PaymentId = ""
    note: Note = ""
    notify: StrictBool = True


class UndoBounceBody(Body):
    payment_id: PaymentId = ""


class UndoPaidBody(Body):
    payment_id: PaymentId = ""


class UndoRefundBody(Body):
    refund_id: LineId


class FeeBody(Body):
    """`reason` is a code (`bank`, `provider`, `bounced` …) or words. With a `title`, which the customer
    reads, the fee is charged to the customer; without one it is only noted."""

    amount: MoneyBody
    reason: Reason
    title: Short = ""
    payment_id: PaymentId = ""
    note: Note = ""
    notify: StrictBool = True


class DisputeBody(Body):
    """Without an amount: all that was not given back. `reason` is a code (`fraudulent`, `not_received` …) or
    words."""

    reason: Reason
    amount: MoneyBody | None = None
    payment_id: PaymentId = ""
    note: Note = ""


class CloseDisputeBody(Body):
    outcome: Literal["won", "lost"]
