"""Parts of EasyPost's requests: addresses, parcels in its units, customs. Pure."""

from decimal import ROUND_UP, Decimal
from typing import Any

from comanda.fulfilment.carriers.port import Box, Contact, Goods
from comanda.money import decimal_text

GRAMS_PER_OUNCE = Decimal("28.349523125")
MM_PER_INCH = Decimal("25.4")
TENTH = Decimal("0.1")


def address(contact: Contact) -> dict[str, str]:
    """https://docs.easypost.com/docs/addresses; what is empty is left out."""
    named = {
        "name": contact.name,
        "company": contact.company,
        "street1": contact.line1,
        "street2": contact.line2,
        "city": contact.city,
        "state": contact.state,
        "zip": contact.postal_code,
        "country": contact.country,
        "phone": contact.phone,
        "email": contact.email,
    }
    return {name: value for name, value in named.items() if value}


def parcel(box: Box) -> dict[str, float]:
    """https://docs.easypost.com/docs/parcels: ounces and inches to one decimal; rounded up, since carriers
    charge what was declared too small. Sizes only when all three are known."""
    sides = {"length": box.length_mm, "width": box.width_mm, "height": box.height_mm}
    known = all(sides.values())
    sized = {name: _tenths(Decimal(size) / MM_PER_INCH) for name, size in sides.items()} if known else {}
    return {"weight": _tenths(Decimal(box.weight_grams) / GRAMS_PER_OUNCE), **sized}


def customs(sender: Contact, recipient: Contact, goods: tuple[Goods, ...]) -> dict[str, Any]:
    """https://docs.easypost.com/docs/customs-infos; only across a border."""
    if sender.country == recipient.country or not goods:
        return {}
    items = [
        {
            "description": one.description[:50],
            "quantity": one.quantity,
            "value": decimal_text(one.amount * one.quantity, one.currency),
            "currency": one.currency,
            "weight": _tenths(Decimal(one.weight_grams * one.quantity) / GRAMS_PER_OUNCE),
            "origin_country": one.origin or sender.country,
            **({"hs_tariff_number": one.tariff_code} if one.tariff_code else {}),
        }
        for one in goods
    ]
    told = {"contents_type": "merchandise", "customs_certify": True, "customs_signer": sender.name}
    return {"customs_info": {**told, "restriction_type": "none", "customs_items": items}}


def _tenths(value: Decimal) -> float:
    """EasyPost takes numbers with a point; the value is exact to its one decimal."""
    return float(value.quantize(TENTH, ROUND_UP))
