"""Store credit and gift cards that a draft spends when it is placed."""

from collections.abc import Callable

from comanda.customers.wallet import CREDIT, Account, Wallet, card_of
from comanda.errors import Invalid
from comanda.orders.model import ALL_CREDIT, Draft
from comanda.orders.spend import Funds
from comanda.orders.vocabulary import Method

type Read = Callable[[Account], Wallet]


def funds_of(
    draft: Draft, customer_id: str, currency: str, cards: tuple[str, ...], wallet: Read, *, reached: bool
) -> Funds | None:
    """What there is to spend, read now; None when the draft spends nothing of it.

    `reached`: the customer was, by telephone or by the mailed link. Raises Invalid for the credit of a
    customer who was not, and for a card that is named twice.
    """
    wanted = draft.method == Method.STORE_CREDIT or bool(draft.credit)
    if not wanted and not cards:
        return None
    if wanted and not reached:
        raise Invalid.at("/verified", "a customer's credit is spent when they were reached: send verified")
    accounts = [card_of(code, currency) for code in cards]
    if len(set(accounts)) < len(accounts):
        raise Invalid.at("/gift_cards", "each gift card once")
    return Funds(
        cards=tuple(wallet(account) for account in accounts),
        credit=wallet(Account(CREDIT, customer_id, currency)) if wanted else None,
        most=draft.credit if draft.credit not in (0, ALL_CREDIT) else None,
        currency=currency,
    )
