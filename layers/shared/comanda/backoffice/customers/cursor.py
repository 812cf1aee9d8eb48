"""The cursor of lists by position: where the page ended, and the list it belongs to."""

import base64
import json

from comanda.errors import Invalid
from comanda.search.of_customer import POSITION


def write_cursor(position: str, of: str) -> str | None:
    """A cursor behind a position of the list `of`; None at its end."""
    if not position:
        return None
    return base64.urlsafe_b64encode(json.dumps([of, position]).encode()).decode().rstrip("=")


def read_cursor(text: str, of: str) -> str:
    """The position behind which the list goes on; empty for its beginning. Raises Invalid."""
    if not text:
        return ""
    try:
        mark, position = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, TypeError):
        mark, position = None, ""
    if mark != of or not isinstance(position, str) or not POSITION.fullmatch(position):
        raise Invalid.at("/cursor", "belongs to another list; begin without a cursor")
    return position
