"""Store credit and gift cards as tenders of an order that is being placed: which pay how much. Pure."""

from dataclasses import dataclass

from comanda.customers.wallet import CREDIT, Wallet
from comanda.errors import Invalid, WrongState
from comanda.orders.model import Entry, Order
from comanda.orders.vocabulary import Method


@dataclass(frozen=True, slots=True)
class Funds:
    """What the customer wants to spend: gift cards first, as they were named, then store credit.

    `most` is how much of the credit, in minor units; None for as much as there is.
    """

    cards: tuple[Wallet, ...] = ()
    credit: Wallet | None = None
    most: int | None = None
    currency: str = ""  # of `most`, when the customer named an amount


def spending(order: Order, funds: Funds, at: str) -> tuple[Entry, ...]:
    """The ledger's entries of what is spent, up to the order's total.

    Raises Invalid for an order that asks for no money, a card that is unknown, disabled or used up, and
    WrongState (`credit-too-low`) when there is less than was named, or than the whole total where no
    other method pays the rest.
    """
    if not order.terms.payable:
        raise Invalid.at("/payment_method", "an order request asks for no money")
    left, entries = order.totals.total, []
    for place, card in enumerate(funds.cards):
        if card.usable <= 0:
            raise Invalid.at(f"/gift_cards/{place}", "this gift card cannot be used")
        amount = min(card.usable, left)
        left -= amount
        entries.append(_entry(order, card, amount, f"card-{place + 1}", at))
    if funds.credit is not None:
        amount = _credit(order, funds, funds.credit, left)
        left -= amount
        entries.append(_entry(order, funds.credit, amount, "credit-1", at))
    if order.method == Method.STORE_CREDIT and left:
        raise WrongState("credit-too-low", f"{left} {order.currency} are missing: pay the rest another way")
    return tuple(entry for entry in entries if entry.amount)


def _credit(order: Order, funds: Funds, credit: Wallet, left: int) -> int:
    if funds.most is None:
        return min(credit.usable, left)
    if funds.currency != order.currency:
        raise Invalid.at("/store_credit/currency", f"this shop sells in {order.currency}")
    if funds.most > credit.usable:
        raise WrongState("credit-too-low", f"{credit.usable} {order.currency} of store credit are there")
    return min(funds.most, left)


def _entry(order: Order, wallet: Wallet, amount: int, ref: str, at: str) -> Entry:
    kind = wallet.account.kind
    return Entry(
        f"{kind}:capture:{ref}",
        "capture",
        Method.STORE_CREDIT if kind == CREDIT else kind,
        kind,
        amount,
        order.currency,
        "ok",
        at,
        ref,
        wallet=wallet.account.name,
    )
