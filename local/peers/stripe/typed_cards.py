"""Cards as a browser sends them: Stripe's test numbers stand for its test tokens, any other is refused.

Stripe takes numbers from its own form alone, which a publishable key tells; a merchant's secret key with a
number is refused as before (https://docs.stripe.com/testing).
"""

from datetime import UTC, datetime

from local.peers.stripe.errors import ApiError
from local.peers.stripe.form import Form

TOKENS = {
    "4242424242424242": "pm_card_visa",
    "5555555555554444": "pm_card_mastercard",
    "4000000000000002": "pm_card_chargeDeclined",
    "4000000000009995": "pm_card_chargeDeclinedInsufficientFunds",
    "4000000000003220": "pm_card_threeDSecure2Required",
    "4000002500003155": "pm_card_authenticationRequired",
}


def as_token(form: Form, now: int) -> Form:
    """The same form with the card's test token in place of what was typed. Raises ApiError."""
    data = form.get("payment_method_data")
    card = data.get("card") if isinstance(data, dict) else None
    if not isinstance(card, dict):
        return form
    token = TOKENS.get(str(card.get("number", "")).replace(" ", ""))
    if token is None:
        raise _wrong("number", "incorrect_number", "Your card number is incorrect.")
    if not _in_future(str(card.get("exp_month", "")), str(card.get("exp_year", "")), now):
        raise _wrong("exp_year", "invalid_expiry_year", "Your card's expiration year is invalid.")
    cvc = str(card.get("cvc", ""))
    if not (cvc.isdecimal() and len(cvc) in (3, 4)):
        raise _wrong("cvc", "invalid_cvc", "Your card's security code is invalid.")
    rest = {name: value for name, value in form.items() if name != "payment_method_data"}
    return rest | {"payment_method": token}


def _in_future(month: str, year: str, now: int) -> bool:
    """Whether the card is good in this month still; a year may have two digits."""
    if not (month.isdecimal() and year.isdecimal() and 1 <= int(month) <= 12):
        return False
    today = datetime.fromtimestamp(now, UTC)
    return (int(year) % 100 + 2000, int(month)) >= (today.year, today.month)


def _wrong(param: str, code: str, message: str) -> ApiError:
    return ApiError(402, message, code=code, param=param, kind="card_error")
