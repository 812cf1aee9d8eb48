"""Fields of time: a length with its unit, several of them, a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from comanda.conversation.speech import N_
from comanda.screens.settings.kinds import NOTHING, Node, Reader, Refuse, Typed, last
from comanda.screens.settings.measures import LENGTH, SECONDS, split, units
from comanda.screens.settings.plain import whole
from comanda.times import moment, stamp

LONGEST = 34_560_000  # seconds of any length of time in the settings: 400 days
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
        _not_too_long(length * self.base, path, at, refuse)
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
            lengths = [int(one[1]) * SECONDS[one[2]] for one in found if one]
            _not_too_long(max(lengths, default=0), path, at, refuse)
            return lengths
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


def _not_too_long(seconds: int, path: str, at: Reader, refuse: Refuse) -> None:
    if seconds > LONGEST:
        refuse(path, at.tongue.say("at most %(n)s days", n=at.tongue.number(LONGEST // 86_400)))
