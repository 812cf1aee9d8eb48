"""What forms wish of the shelf."""

from comanda.errors import Invalid
from comanda.screens.house.asked import Asked
from comanda.stock.adjust_stock import MOST_UNITS, Correction
from comanda.stock.transfer import Transfer

LONGEST_REASON = 200
REASONS = ("count", "found", "damaged", "lost", "received", "returned", "sample")


def correction(asked: Asked, sku: str) -> Correction:
    """A difference. Raises Invalid."""
    delta = whole(asked, "delta", -MOST_UNITS)
    return Correction(sku, delta, reason(asked, "count"), asked.field("location"))


def count(asked: Asked, sku: str) -> Correction:
    """What lies on the shelf. Raises Invalid."""
    counted = whole(asked, "counted", 0)
    return Correction(sku, 0, reason(asked, "count"), asked.field("location"), counted)


def transfer(asked: Asked, sku: str) -> Transfer:
    """Raises Invalid."""
    units, why = whole(asked, "units", 1), reason(asked, "transfer")
    return Transfer(sku, units, asked.field("from"), asked.field("to"), why)


def whole(asked: Asked, name: str, least: int) -> int:
    """A whole number of a form. Raises Invalid at its field."""
    text = asked.field(name).replace("\u2212", "-")
    try:
        number = int(text)
    except ValueError:
        raise Invalid.at(f"/{name}", "takes a whole number") from None
    if not least <= number <= MOST_UNITS:
        raise Invalid.at(f"/{name}", f"takes a number from {least} to {MOST_UNITS}")
    return number


def reason(asked: Asked, otherwise: str) -> str:
    """Why, as chosen or typed. Raises Invalid at its field."""
    text = asked.field("reason") or otherwise
    if len(text) > LONGEST_REASON:
        raise Invalid.at("/reason", f"takes at most {LONGEST_REASON} characters")
    return text
