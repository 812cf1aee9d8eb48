"""Bodies of the commands about cheques."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StrictBool, StringConstraints

from comanda.backoffice.bodies import Note, PaymentId, Reason
from comanda.orders.wire import Body, MoneyBody


def _day(text: str) -> str:
    try:
        if len(text) == len("2026-11-21"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError("a day is written 2026-11-21")


Day = Annotated[str, AfterValidator(_day)]
Printed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Bank = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class DepositChequeBody(Body):
    """`number` and `bank` as printed on it. Without an amount: all that is due. `on`: the day of the deposit,
    today where it is not sent."""

    number: Printed
    bank: Bank = ""
    amount: MoneyBody | None = None
    on: Day | None = None


class ClearChequeBody(Body):
    """`on`: the day of the bank's credit, today where it is not sent. Without `cheque_id` the only deposited
    one is meant. Without `notify` the customer gets no receipt."""

    cheque_id: PaymentId = ""
    on: Day | None = None
    notify: StrictBool = True


class BounceChequeBody(Body):
    """`reason` is a code (`no_funds`, `refused` …) or words, which are kept as a note. `notify`: the customer
    is asked for the money again."""

    reason: Reason
    cheque_id: PaymentId = ""
    on: Day | None = None
    note: Note = ""
    notify: StrictBool = True


class UndoChequeBody(Body):
    cheque_id: PaymentId = ""


class ClearedParams(Body):
    """Of each order its only deposited cheque."""

    on: Day | None = None
    notify: StrictBool = True
