"""The payment ledger: what was paid, given back, or is to be."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class RefundLine(Record):
    """Units of a line that are given back, with their share of its price, tax and discount as charged."""

    line_id: str
    quantity: int
    amount: int  # what the customer gets for them, tax included
    tax: int
    discount: int


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """One line of the payment ledger. Statuses: granted · pending · processing · ok · foreign · failed ·
    bounced · void; foreign is money in another currency than the order's, a bounced capture is money that
    its bank took back again.

    `entry_id` is the identity of the effect (`stripe:charge:ch_…`), so the same money is never
    counted twice. `kind`: intent | authorization | capture | refund | dispute | fee | grant. A grant is
    the decision to give money back; it is no money itself, its refunds are (`grant` names it on both).
    """

    entry_id: str
    kind: str
    method: str
    provider: str
    amount: int
    currency: str
    status: str
    at: str
    ref: str = ""  # the provider's id
    parent: str = ""  # the provider's id of the intent or charge this belongs to
    reference: str = ""  # name of the personal text with what staff noted as the bank's reference
    reason: str = ""
    bank_ref: str = ""  # the bank's own reference as the provider reports it
    grant: str = ""  # id of the granted refund that this is, or is part of
    destination: str = ""  # of a grant: original | credit | elsewhere
    lines: tuple[RefundLine, ...] = ()  # of a grant by lines
    shipping: int = 0  # of a grant: how much of it is shipping
    on: str = ""  # the day by the bank: of a cheque's deposit and clearing, of a transfer on a statement
    until: str = ""  # of an authorisation: when its bank lets go of the money
    warned: bool = False  # of an authorisation: staff were told that it is about to lapse
    taking: int = 0  # of an authorisation: how much of it is being taken
    wallet: str = ""  # whose store credit, or which gift card, this comes from or goes to
