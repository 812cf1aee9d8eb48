"""What printed papers look like: paper, colour, the shop's own lines and words."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from comanda.settings.sections.section import Section, Words

Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]


class Documents(Section):
    """`sender` stands under the shop's name, `footer` at the end of every page; each kind of paper may say
    something of its own below its lines."""

    format: Literal["letter", "a4", "thermal"] = "letter"
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] = "#1f3a5f"
    sender: Lines = ""
    footer: Words = Words()
    order: Words = Words()
    packing_slip: Words = Words()
    receipt: Words = Words()
    pickup_slip: Words = Words()
