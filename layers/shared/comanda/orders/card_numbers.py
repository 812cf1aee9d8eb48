"""Card numbers that somebody types where they do not belong: they are refused, never stored. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Visa, Mastercard and Discover with 16 digits, American Express with 15 (ISO/IEC 7812-1); shorter and
# longer ones are left alone, for telephone and account numbers look like them.
LIKE_A_CARD = re.compile(r"(?<!\d)(?:4|5[1-5]|2[2-7]|6(?:011|5)|3[47])(?:[ -]?\d){11,15}(?!\d)")
LENGTHS = {"3": 15}
REFUSAL = "this looks like a card number: please leave it out, we must not keep it"


def holds_card_number(text: str) -> bool:
    """Whether a number in the text is one of a card, in groups or not."""
    found = (re.sub(r"[ -]", "", match[0]) for match in LIKE_A_CARD.finditer(text))
    return any(len(digits) == LENGTHS.get(digits[0], 16) and _luhn(digits) for digits in found)


def card_number_errors(values: Mapping[str, Any], pointer: str) -> Iterator[dict[str, str]]:
    """One for each text below `pointer` that holds a card number; the number itself is not repeated."""
    for name, value in values.items():
        if isinstance(value, str) and holds_card_number(value):
            yield {"pointer": f"{pointer}/{name}", "detail": REFUSAL}


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
