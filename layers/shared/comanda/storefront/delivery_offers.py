"""Promised prices of delivery, as signed texts that a storefront gives back when it places the order.

Loaded only where such a text is made or given: `itsdangerous` is not a part of every checkout.
"""

from datetime import datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from comanda.errors import Invalid
from comanda.links.keys import Keys
from comanda.orders.model import Carriage, Offer
from comanda.times import moment, stamp

SALT = "delivery-offer"
POINTER = "/delivery_quote"


def signed(offer: Offer, until: str, keys: Keys) -> str:
    """The offer as a text that only this shop can make; `until` is a stamp."""
    held = {"c": offer.carriage.to_dict(), "t": offer.to, "g": offer.grams, "e": until}
    return str(URLSafeSerializer(keys.current, salt=SALT).dumps(held))


def offered(text: str, delivery: str, now: datetime, keys: Keys) -> Offer:
    """The offer in such a text. Raises Invalid for what the shop did not sign, what is over, and what was
    promised for another way of delivery."""
    held = _held(text, keys)
    if held is None:
        raise Invalid.at(POINTER, "this is no price of ours: ask for the prices of delivery anew")
    if stamp(now) > stamp(moment(str(held["e"]))):
        raise Invalid.at(POINTER, "this price is not offered any more: ask for the prices of delivery anew")
    carriage = Carriage.from_dict(held["c"])
    if carriage.delivery != delivery:
        raise Invalid.at(POINTER, f"this price is for the delivery {carriage.delivery}")
    return Offer(carriage, str(held["t"]), int(held["g"]))


def _held(text: str, keys: Keys) -> dict[str, Any] | None:
    for key in keys.active:
        try:
            held: dict[str, Any] = URLSafeSerializer(key, salt=SALT).loads(text)
        except BadSignature:  # also for what is no such text at all
            continue
        return held
    return None
