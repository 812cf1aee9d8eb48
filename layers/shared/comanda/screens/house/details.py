"""What is wrong with a field, in the reader's words: shapes by the name people know, the rest as refusals."""

from comanda.conversation.speech import N_
from comanda.screens.house.tongue import Tongue

# Shapes that people know by another name than their pattern.
SHAPES = {
    r"^[a-z0-9][a-z0-9_-]{0,39}$": N_(
        "takes small letters, digits, _ and -, and begins with a letter or digit"
    ),
    r"^[A-Z0-9-]{0,8}$": N_("takes up to 8 capitals, digits or dashes"),
    r"^[A-Z]{2}$": N_("takes two capitals, such as MX"),
    r"^[A-Z]{3}$": N_("takes three capitals, such as MXN"),
    r"^[^@\s]+@[^@\s]+$": N_("takes an e-mail address, such as ana@example.com"),
    r"^[A-Za-z0-9-]{1,12}$": N_("takes a postal code: letters, digits and dashes"),
    r"^[A-Za-z0-9_-]{2,40}$": N_("takes 2 to 40 letters, digits, _ and -"),
    r"^([A-Za-z]{2})?$": N_("takes two letters, such as MX"),
    r"^[^@\s.]+(\.[^@\s.]+)+$": N_("takes a domain, such as example.com"),
}


def detail(text: str, tongue: Tongue) -> str:
    """A finding in the reader's language; one that nobody foresaw stays as it was said."""
    shape = text.removeprefix("must look like ")
    return tongue.say(SHAPES[shape]) if shape != text and shape in SHAPES else tongue.refusal(text)
