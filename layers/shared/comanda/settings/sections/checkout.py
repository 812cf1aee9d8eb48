"""The checkout: what is asked, verified, approved, and for how long links hold."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from comanda.settings.sections.section import Code, Minor, Seconds, Section, Text, Words


class FormField(Section):
    """A field the seller asks for at checkout beside the contact and the address."""

    name: Code
    type: Literal["text", "number", "date", "choice", "checkbox"] = "text"
    label: Words = Words()
    required: bool = False
    choices: tuple[Text, ...] = ()


class Privacy(Section):
    version: Text = "1"
    url: Text = ""


class DiscountCode(Section):
    """`percent_ppm` in millionths of the subtotal, or a fixed `amount`."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=40)]
    percent_ppm: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    amount: Minor = 0
    active: bool = True


class Checkout(Section):
    verification_seconds: Seconds = 86_400
    verification_resends: Annotated[int, Field(ge=0, le=20)] = 5
    approval: Literal["manual", "automatic"] = "manual"
    notify_merchant: Literal["placed", "verified"] = "verified"
    fields: tuple[FormField, ...] = ()
    privacy: Privacy = Privacy()
    discount_codes: tuple[DiscountCode, ...] = ()
    minimum_order: Minor = 0
    link_seconds: Seconds = 14 * 86_400
    edit_seconds: Seconds = 3 * 86_400  # how long a customer may think about a proposed change
    cart_seconds: Seconds = 30 * 86_400
