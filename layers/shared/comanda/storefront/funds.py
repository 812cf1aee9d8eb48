"""Store credit and gift cards that a customer wants to spend on an order."""

from collections.abc import Callable

from comanda.customers.model import Customer
from comanda.customers.wallet import CREDIT, Account, Wallet, card_of
from comanda.errors import Invalid
from comanda.orders.spend import Funds
from comanda.orders.vocabulary import Method
from comanda.orders.wire import MoneyBody, OrderBody


def funds_of(
    body: OrderBody, signed_in: Customer | None, wallet: Callable[[Account], Wallet], currency: str
) -> Funds | None:
    """What there is to spend, read now; None when the customer asks for nothing of it.

    Raises Invalid for a guest who wants to spend credit, and for a card that is named twice.
    """
    by_method = body.payment_method is Method.STORE_CREDIT
    wanted = by_method or bool(body.store_credit)
    if not wanted and not body.gift_cards:
        return None
    if wanted and signed_in is None:
        raise Invalid.at("/payment_method" if by_method else "/store_credit", "sign in to spend store credit")
    accounts = [card_of(code, currency) for code in body.gift_cards or []]
    if len(set(accounts)) < len(accounts):
        raise Invalid.at("/gift_cards", "each gift card once")
    credit = wallet(Account(CREDIT, signed_in.customer_id, currency)) if wanted and signed_in else None
    named = body.store_credit if isinstance(body.store_credit, MoneyBody) else None
    return Funds(
        cards=tuple(wallet(account) for account in accounts),
        credit=credit,
        most=named.amount if named else None,
        currency=named.currency if named else currency,
    )
