"""What is typed into the forms of an order, read into the bodies of the staff API."""

from typing import Any

from pydantic import ValidationError

from comanda.errors import Invalid
from comanda.orders.wire import Body
from comanda.runtime.http.wording import worded
from comanda.screens.house.amounts import minor_units
from comanda.screens.house.asked import Asked

MOST_ROWS = 200


def body_of[B: Body](kind: type[B], values: dict[str, Any]) -> B:
    """The body, as the API would take it. Raises Invalid with the form's own field names as pointers."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        errors = [{"pointer": _pointer(one["loc"]), "detail": worded(one)} for one in error.errors()]
        raise Invalid("look at the fields that are marked", errors=errors) from error


def _pointer(loc: tuple[str | int, ...]) -> str:
    """An amount's own field is where its money stands."""
    parts = loc[:-1] if len(loc) > 1 and loc[-1] in ("amount", "currency") else loc
    return "".join(f"/{part}" for part in parts)


def money(asked: Asked, name: str) -> dict[str, Any] | None:
    """A field of money in the form's currency; None when it is empty. Raises Invalid."""
    text, currency = asked.field(name), asked.field("currency")
    if not text:
        return None
    try:
        return {"amount": minor_units(text, currency), "currency": currency}
    except ValueError:
        raise Invalid.at(
            f"/{name.replace('.', '/')}", asked.tongue.say("an amount, such as 1,250.50")
        ) from None


def units(asked: Asked, of: str = "") -> list[dict[str, Any]]:
    """Rows `lines.<n>.line_id` and `lines.<n>.quantity` with something in them; `of` stands before their
    names. Raises Invalid."""
    rows = []
    for number in range(MOST_ROWS):
        row = f"{of}lines.{number}"
        line_id, text = asked.field(f"{row}.line_id"), asked.field(f"{row}.quantity")
        if not line_id:
            break
        if text not in ("", "0"):
            where = f"/{row.replace('.', '/')}/quantity"
            rows.append({"line_id": line_id, "quantity": whole(asked, text, where)})
    return rows


def whole(asked: Asked, text: str, where: str) -> int:
    """A whole number from 0 to 999,999. Raises Invalid."""
    if not text.isdecimal() or not text.isascii() or len(text) > 6:
        raise Invalid.at(where, asked.tongue.say("a whole number from 0 to 999,999"))
    return int(text)


def ticked(asked: Asked, name: str) -> bool:
    return bool(asked.field(name))
