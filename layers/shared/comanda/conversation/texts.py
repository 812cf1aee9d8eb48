"""Addresses, form fields, titles and reasons as people read them."""

from collections.abc import Iterable
from typing import Any

from babel import Locale

from comanda.conversation.speech import Speech
from comanda.conversation.words import ENDED_BECAUSE, METHOD, word
from comanda.orders.decision import Loaded
from comanda.orders.model import Order
from comanda.settings.sections import FormField, PaymentMethod


def address_lines(address: Any, speech: Speech) -> tuple[str, ...]:
    """An address line by line, the country by its name; nothing when there is none."""
    if not address:
        return ()
    city = " ".join(str(address.get(part) or "") for part in ("postal_code", "city")).strip()
    place = ", ".join(part for part in (city, str(address.get("state") or "")) if part)
    country = str(address.get("country") or "")
    territories: dict[str, str] = dict(Locale.parse(speech.language).territories)
    lines = (address.get("line1"), address.get("line2"), place, territories.get(country, country))
    return tuple(str(line) for line in lines if line)


def field_rows(values: Any, fields: Iterable[FormField], speech: Speech) -> tuple[tuple[str, str], ...]:
    """What the customer filled in, under the seller's own labels, in the form's order."""
    given: dict[str, Any] = dict(values or {})
    labels: dict[str, str] = {one.name: one.label.of(speech.language) or one.name for one in fields}
    names = [name for name in labels if name in given] + [name for name in given if name not in labels]
    rows = ((labels.get(name, name), _field_value(given[name], speech)) for name in names)
    return tuple((label, value) for label, value in rows if value)


def _field_value(value: Any, speech: Speech) -> str:
    if isinstance(value, bool):
        return speech.say("yes") if value else speech.say("no")
    return "" if value is None else str(value)


def method_title(method: str, settings: PaymentMethod, speech: Speech) -> str:
    """The shop's own name for a payment method, else ours."""
    return settings.title.of(speech.language) or word(METHOD, method, speech)


def reason_text(loaded: Loaded, speech: Speech) -> str:
    """Why the order ended: what the merchant wrote when rejecting it, else what the reason's code means.
    A note on a cancellation is the staff's own."""
    written = loaded.text("note:end") if loaded.order.cancel_reason == "rejected" else ""
    if written:
        return str(written)
    known = ENDED_BECAUSE.get(loaded.order.cancel_reason)
    return speech.say(known) if known else ""


def difference_text(order: Order, speech: Speech) -> str:
    """How much more or less the order comes to with its open edit, in one sentence."""
    amount = order.edit.difference if order.edit else 0
    shown = speech.money(abs(amount), order.currency)
    if amount > 0:
        return speech.say("That is %(amount)s more than before.", amount=shown)
    if amount < 0:
        return speech.say("That is %(amount)s less than before.", amount=shown)
    return speech.say("The total stays as it is.")
