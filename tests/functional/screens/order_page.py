"""The page of an order in tests: opened, its forms sent as staff would."""

from typing import Any

from tests.functional.screens.visitor import Seen, Visitor


def at(staff: Visitor, order_id: str, do: str = "") -> Seen:
    seen = staff.get(f"/orders/{order_id}" + (f"?do={do}" if do else ""))
    assert seen.status == 200, seen.text
    return seen


def send(staff: Visitor, order_id: str, do: str, **typed: Any) -> Seen:
    """Open the form and send it with what was typed."""
    return staff.submit(at(staff, order_id, do), f"/orders/{order_id}/{do}", **typed)


def done(staff: Visitor, order_id: str, do: str, **typed: Any) -> Seen:
    """As `send`, and the page that follows."""
    return staff.follow(send(staff, order_id, do, **typed))
