"""Fields that are typed: texts, numbers, money, percentages, lengths of time, words in two languages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from comanda.conversation.speech import N_
from comanda.money import decimal_text
from comanda.screens.house.amounts import minor_units
from comanda.screens.settings.kinds import NOTHING, Node, Reader, Refuse, Typed, last
from comanda.screens.settings.measures import LENGTH, SECONDS, percent, ppm, split, units
from comanda.times import moment, stamp

MOST = 10**12  # minor units of any amount in the settings
LONGEST = 34_560_000  # seconds of any length of time in the settings: 400 days


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


UNITS = {"s": N_("seconds"), "min": N_("minutes"), "h": N_("hours"), "d": N_("days")}
ONE = {"s": N_("1 second"), "min": N_("1 minute"), "h": N_("1 hour"), "d": N_("1 day")}


@dataclass(frozen=True, slots=True)
class Duration:
    """A number and its unit on the page; multiples of `base` seconds behind it."""

    base: int = 1
    optional: bool = False

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        if value is None:
            return {path: [""], f"{path}.unit": ["d" if self.base == 1 else "h"]}
        number, unit = split(value, self.base)
        return {path: [str(number)], f"{path}.unit": [unit]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        text, unit = last(typed, path), last(typed, f"{path}.unit")
        if not text and self.optional:
            return None
        try:
            length = whole(text) * units(self.base)[unit]
        except (ValueError, KeyError):
            refuse(path, at.tongue.say("a whole number, such as 5"))
            return None
        if length * self.base > LONGEST:
            refuse(path, at.tongue.say("at most %(n)s days", n=at.tongue.number(LONGEST // 86_400)))
        return length

    def said(self, value: Any, at: Reader) -> str:
        if value is None:
            return NOTHING
        number, unit = split(value, self.base)
        words = at.tongue.say(ONE[unit]) if number == 1 else at.tongue.say(UNITS[unit])
        return words if number == 1 else f"{at.tongue.number(number)} {words}"

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        options = [(code, at.tongue.say(UNITS[code])) for code in units(self.base)]
        values = [last(typed, path), last(typed, f"{path}.unit")]
        return Node("duration", path, "", values=values, options=options)


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


@dataclass(frozen=True, slots=True)
class Durations:
    """Several lengths of time in one line, `12 h, 3 d`; seconds behind them."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {
            path: [", ".join(f"{number} {unit}" for number, unit in (split(one, 1) for one in value or ()))]
        }

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        parts = [part.strip() for part in last(typed, path).replace(";", ",").split(",") if part.strip()]
        found = [LENGTH.fullmatch(part) for part in parts]
        if all(found):
            return [int(one[1]) * SECONDS[one[2]] for one in found if one]
        refuse(path, at.tongue.say("lengths of time with their unit, such as 12 h, 3 d"))
        return []

    def said(self, value: Any, at: Reader) -> str:
        return ", ".join(Duration().said(one, at) for one in value) if value else NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("text", path, "", values=[last(typed, path)])


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and an hour in the shop's time zone; an instant in UTC behind it, empty for none. Of an hour
    that comes twice when clocks are put back, the first is meant."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        local = moment(value).astimezone(_zone(at)) if value else None
        return {path: [local.replace(tzinfo=None).isoformat().removesuffix(":00") if local else ""]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        text = last(typed, path)
        if not text:
            return ""
        try:
            return stamp(datetime.fromisoformat(text).replace(tzinfo=_zone(at)))
        except ValueError:
            refuse(path, at.tongue.say("a day and an hour"))
            return ""

    def said(self, value: Any, at: Reader) -> str:
        return at.tongue.moment(value) if value else NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("text", path, "", values=typed.get(path, []), unit="datetime-local")


def _zone(at: Reader) -> ZoneInfo:
    return ZoneInfo(at.tongue.speech.time_zone)
