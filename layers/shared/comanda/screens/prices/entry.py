"""What a list says of one product, as a form: prices by quantity, box, minimum."""

from typing import Any

from comanda.errors import Invalid, Malformed
from comanda.money import decimal_text
from comanda.pricelists.model import Entry
from comanda.screens.house.amounts import minor_units
from comanda.screens.house.asked import Asked

SPARE = 3  # empty rows for further quantities
MOST_BREAKS = 50
MOST_UNITS = 100_000


def rows(asked: Asked, action: str, entry: Entry, currency: str) -> list[tuple[str, str]]:
    """(from how many units, what each costs) as it stands, or as it was typed; some rows are empty."""
    given = asked.given
    typed = given.action == action
    found = [(str(start), decimal_text(amount, currency)) for start, amount in entry.breaks]
    if typed:
        pairs = [_pair(given.fields, index) for index in range(MOST_BREAKS)]
        last = max((index for index, pair in enumerate(pairs) if any(pair)), default=-1)
        return pairs[: last + 1 + SPARE]
    return [*(found or [("1", "")]), *[("", "")] * SPARE][:MOST_BREAKS]


def wanted(asked: Asked, group: str, sku: str, currency: str) -> Entry:
    """What the form says. Raises Invalid at every field that cannot be read."""
    errors: list[dict[str, str]] = []
    breaks = tuple(_breaks(asked, currency, errors))
    box, least = (_units(asked, name, errors) for name in ("units_per_box", "minimum_quantity"))
    starts = [start for start, _ in breaks]
    if not errors and starts != sorted(set(starts)):
        errors.append({"pointer": "/breaks", "detail": "each quantity once, from few to many"})
    if errors:
        raise Invalid("some fields cannot be read", errors=errors)
    return Entry(group, sku, breaks, box, least)


def version(asked: Asked) -> int:
    """The version of the entry that the form was made from. Raises Malformed."""
    text = asked.field("seen")
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise Malformed("the form does not say which version it was made from")
    return int(text)


def _breaks(asked: Asked, currency: str, errors: list[dict[str, str]]) -> Any:
    for index in range(MOST_BREAKS):
        start, price = _pair(asked.form, index)
        if not start and not price:
            continue
        units = _number(start or "1")
        if units is None:
            detail = f"takes whole units from 1 to {MOST_UNITS}"
            errors.append({"pointer": f"/breaks/{index}/from_quantity", "detail": detail})
        try:
            amount = minor_units(price, currency)
        except ValueError:
            detail = asked.tongue.say("an amount, such as 1,250.50")
            errors.append({"pointer": f"/breaks/{index}/unit_price", "detail": detail})
            continue
        if units is not None:
            yield units, amount


def _units(asked: Asked, name: str, errors: list[dict[str, str]]) -> int | None:
    text = asked.field(name)
    units = _number(text) if text else None
    if text and units is None:
        errors.append({"pointer": f"/{name}", "detail": f"takes whole units from 1 to {MOST_UNITS}"})
    return units


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) < 9
    return int(text) if plain and 1 <= int(text) <= MOST_UNITS else None


def _pair(fields: dict[str, list[str]], index: int) -> tuple[str, str]:
    names = (f"breaks.{index}.from_quantity", f"breaks.{index}.unit_price")
    start, price = (fields.get(name, [""])[-1].strip() for name in names)
    return start, price
