"""What validation found, in the reader's words: the wording of `runtime.http.wording` beside a field."""

import re

from comanda.conversation.speech import N_
from comanda.screens.house.tongue import Tongue

PLAIN = (
    N_("is missing"),
    N_("must not be empty"),
    N_("must be a text"),
    N_("must be a whole number"),
    N_("is too large a number"),
    N_("must be a number"),
    N_("must be a list"),
    N_("there is no such field"),
    N_("takes a whole number"),
)
# In English as validation says it; what the pattern catches is filled in.
PATTERNS = (
    (re.compile(r"one of: (?P<n>.+)"), N_("one of: %(n)s")),
    (re.compile(r"at least (?P<n>\d+) characters?"), N_("at least %(n)s characters")),
    (re.compile(r"at most (?P<n>\d+) characters?"), N_("at most %(n)s characters")),
    (re.compile(r"at least (?P<n>\d+) entr(?:y|ies)"), N_("at least %(n)s entries")),
    (re.compile(r"at most (?P<n>\d+) entr(?:y|ies)"), N_("at most %(n)s entries")),
    (re.compile(r"must be more than (?P<n>\S+)"), N_("must be more than %(n)s")),
    (re.compile(r"must be at least (?P<n>\S+)"), N_("must be at least %(n)s")),
    (re.compile(r"must be less than (?P<n>\S+)"), N_("must be less than %(n)s")),
    (re.compile(r"must be at most (?P<n>\S+)"), N_("must be at most %(n)s")),
)
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
    r"^[^@\s.]+(\.[^@\s.]+)+$": N_("takes a domain, such as example.com"),
}


def detail(text: str, tongue: Tongue) -> str:
    """A finding in the reader's language; one that nobody foresaw stays as it was said."""
    shape = text.removeprefix("must look like ")
    if shape != text:
        return tongue.say(SHAPES[shape]) if shape in SHAPES else text
    for pattern, said in PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return tongue.say(said, n=found["n"])
    return tongue.say(text)
