"""What the carriers' labels have room for, and which carriers go to a box at the post office.

Characters per line as the carriers' own specifications give them: UPS and FedEx 35, DHL Express 45. Of
a carrier that is not listed the narrowest is taken.
"""

from dataclasses import dataclass

from comanda.fulfilment.carriers import carrier_code


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters of a label's fields; `boxes`: whether a box at the post office is served; `phone`:
    whether the carrier asks for the telephone of whoever receives it."""

    name: int = 35
    line: int = 35
    city: int = 30
    phone: int = 15
    boxes: bool = False
    asks_phone: bool = False


USUAL = Limits()
LIMITS: dict[str, Limits] = {
    "dhl": Limits(name=60, line=45, city=45, phone=25, asks_phone=True),
    "estafeta": Limits(),
    "fedex": Limits(city=35, asks_phone=True),
    "paquetexpress": Limits(),
    "redpack": Limits(),
    "ups": Limits(asks_phone=True),
    "usps": Limits(name=48, line=48, boxes=True),
    "correos": Limits(name=50, line=50, boxes=True),
}


def limits_of(carrier: str) -> Limits:
    """Of a carrier by its code or any spelling that is known."""
    written = carrier_code(carrier)
    return LIMITS.get(written, LIMITS.get(written.casefold(), USUAL))
