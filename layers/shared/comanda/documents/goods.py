"""The lines of a paper: with their prices, or as goods that leave the shop."""

from comanda.conversation.speech import Speech
from comanda.conversation.view import OrderView
from comanda.documents.sheet import Column, Row
from comanda.orders.model import Line, Order
from comanda.settings.sections import Stock


def priced_columns(speech: Speech) -> tuple[Column, ...]:
    return (
        Column(speech.say("Units"), "figure"),
        Column(speech.say("Article")),
        Column(speech.say("Price"), "figure"),
        Column(speech.say("Amount"), "figure"),
    )


def priced_rows(view: OrderView) -> tuple[Row, ...]:
    """Every line as it was charged, so that the amounts add up to the subtotal."""
    return tuple(
        Row((str(line.quantity), line.name, line.unit_price, line.total), (line.sku,)) for line in view.lines
    )


def goods_columns(speech: Speech) -> tuple[Column, ...]:
    return (
        Column("", "tick"),
        Column(speech.say("Units"), "figure"),
        Column(speech.say("Code"), "code"),
        Column(speech.say("Article")),
    )


def goods_rows(order: Order, stock: Stock, speech: Speech) -> tuple[Row, ...]:
    """What is still to leave the shop; once everything has left, all that did."""
    rest = any(line.to_ship > 0 for line in order.lines)
    wanted = [(line, line.to_ship if rest else line.wanted) for line in order.lines]
    many = {line.location for line in order.lines if line.location} - {stock.default_location}
    return tuple(
        Row(("", str(max(units - _waits(line, units), 0)), line.sku, line.name), tuple(under))
        for line, units in wanted
        if units > 0
        for under in [_under(line, units, stock if many else None, speech)]
    )


def _waits(line: Line, units: int) -> int:
    """Units that are not there yet, so nobody looks for them."""
    return min(line.backordered, units)


def _under(line: Line, units: int, stock: Stock | None, speech: Speech) -> list[str]:
    told = [f"{part.quantity * (units - _waits(line, units))} × {part.sku}" for part in line.components]
    if stock is not None and line.location:
        told.append(speech.say("From %(place)s", place=place_title(line.location, stock, speech)))
    if _waits(line, units):
        n = _waits(line, units)
        told.append(speech.say_many("%(n)d waiting for stock", "%(n)d waiting for stock", n))
    if line.barcode:
        told.append(line.barcode)
    return told


def place_title(code: str, stock: Stock, speech: Speech) -> str:
    """What the shop calls one of its locations."""
    found = next((place for place in stock.locations if place.code == code), None)
    return (found.title.of(speech.language) if found else "") or code
