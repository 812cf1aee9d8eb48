"""Fields that are typed: texts, words in two languages, codes, numbers, money, percentages."""

from dataclasses import dataclass
from typing import Any

from comanda.money import decimal_text
from comanda.screens.house.amounts import minor_units
from comanda.screens.settings.kinds import NOTHING, Node, Reader, Refuse, Typed, last
from comanda.screens.settings.measures import percent, ppm

MOST = 10**12  # minor units of any amount in the settings


@dataclass(frozen=True, slots=True)
class Text:
    """One line, or several; empty is None where `optional`. `suggest` names a list to choose from."""

    long: bool = False
    optional: bool = False
    suggest: str = ""
    input: str = "text"

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: [value or ""]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return last(typed, path) or (None if self.optional else "")

    def said(self, value: Any, at: Reader) -> str:
        return str(value) if value else NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        options = list(at.options.get(self.suggest, ()))
        kind = "long" if self.long else "text"
        return Node(kind, path, "", values=typed.get(path, []), unit=self.input, options=options)


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of short texts, one on a line."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: ["\n".join(value)]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return [text for line in last(typed, path).split("\n") if (text := line.strip())]

    def said(self, value: Any, at: Reader) -> str:
        return ", ".join(value) or NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("lines", path, "", values=typed.get(path, []))


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages, side by side."""

    long: bool = False

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {f"{path}.{code}": [value[code]] for code in ("es", "en")}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return {code: last(typed, f"{path}.{code}") for code in ("es", "en")}

    def said(self, value: Any, at: Reader) -> str:
        return " · ".join(text for text in (value["es"], value["en"]) if text) or NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        both = [
            Node(
                "long" if self.long else "text",
                f"{path}.{code}",
                word,
                values=typed.get(f"{path}.{code}", []),
                unit="text",
            )
            for code, word in (("es", "Español"), ("en", "English"))
        ]
        return Node("words", path, "", nodes=both)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    optional: bool = False

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: ["" if value is None else str(value)]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        text = last(typed, path)
        if not text and self.optional:
            return None
        try:
            return whole(text)
        except ValueError:
            refuse(path, at.tongue.say("a whole number, such as 5"))
            return None

    def said(self, value: Any, at: Reader) -> str:
        return NOTHING if value is None else at.tongue.number(value)

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("number", path, "", values=typed.get(path, []))


def whole(text: str) -> int:
    """Raises ValueError for anything but plain digits."""
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise ValueError(text)
    return int(text)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of the shop's currency, in minor units behind the form."""

    optional: bool = False

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: ["" if value is None else decimal_text(value, at.currency)]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        text = last(typed, path)
        if not text and self.optional:
            return None
        try:
            amount = minor_units(text, at.currency)
        except ValueError:
            refuse(path, at.tongue.say("an amount, such as 1,250.50"))
            return None
        if amount > MOST:
            refuse(path, at.tongue.say("at most %(most)s", most=at.tongue.speech.money(MOST, at.currency)))
        return amount

    def said(self, value: Any, at: Reader) -> str:
        return NOTHING if value is None else at.tongue.speech.money(value, at.currency)

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("amount", path, "", values=typed.get(path, []), unit=at.currency)


@dataclass(frozen=True, slots=True)
class Percent:
    """Per cent on the page, millionths behind it."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: [percent(value)]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        try:
            return ppm(last(typed, path))
        except ValueError:
            refuse(path, at.tongue.say("a percentage from 0 to 100, such as 12.5"))
            return None

    def said(self, value: Any, at: Reader) -> str:
        return f"{percent(value)} %"

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("amount", path, "", values=typed.get(path, []), unit="%")


@dataclass(frozen=True, slots=True)
class Codes:
    """Several codes in one line, `MXN, EUR`."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: [", ".join(value or ())]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return [part.upper() for part in last(typed, path).replace(",", " ").split()]

    def said(self, value: Any, at: Reader) -> str:
        return ", ".join(value) or NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("text", path, "", values=[last(typed, path)])
