"""What printed papers look like: paper, colour, logo, the shop's own lines and words."""

from base64 import b64decode
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from comanda.settings.sections.section import Section, Words

LARGEST_LOGO = 60_000  # bytes; a section is one item, and goes with every paper to be set
BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]


def kind_of_picture(content: bytes) -> str:
    """The content type by the first bytes; empty for what is neither PNG nor JPEG."""
    return next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), "")


def _picture(text: str) -> str:
    try:
        content = b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("a PNG or JPEG picture in base64") from error
    if text and not kind_of_picture(content):
        raise ValueError("a PNG or JPEG picture in base64")
    if len(content) > LARGEST_LOGO:
        raise ValueError("a picture of at most 60 KB")
    return text


class Documents(Section):
    """`logo` is a picture in base64. `sender` stands under the shop's name, `footer` ends each page; each
    kind of paper may say something of its own below its lines."""

    format: Literal["letter", "a4", "thermal"] = "letter"
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] = "#1f3a5f"
    logo: Annotated[str, AfterValidator(_picture)] = ""
    sender: Lines = ""
    footer: Words = Words()
    order: Words = Words()
    packing_slip: Words = Words()
    receipt: Words = Words()
    pickup_slip: Words = Words()
    pick_list: Words = Words()
    hand_over: Words = Words()
