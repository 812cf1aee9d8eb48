"""Words, money and times in the language of whoever looks."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision

LANGUAGES = ("es", "en")
LOCALES = {"es": "es_MX", "en": "en_US"}
WORDS = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Speech:
    """One language. `say` takes the name of a text; a text that is not there is an error, not a gap."""

    language: str
    zone: str

    def say(self, name: str, /, **values: object) -> str:
        return words(self.language)[name].format(**values)

    def known(self, name: str, otherwise: str = "") -> str:
        """A text that may be missing, such as the word for a status that is new."""
        return words(self.language).get(name, otherwise)

    def money(self, amount: dict[str, Any]) -> str:
        """Minor units and currency, as people write it."""
        currency = str(amount["currency"])
        value = Decimal(int(amount["amount"])).scaleb(-get_currency_precision(currency))
        return str(format_currency(value, currency, locale=LOCALES[self.language]))

    def moment(self, text: str) -> str:
        """A time in UTC, in the shop's time zone."""
        at = datetime.fromisoformat(text).astimezone(ZoneInfo(self.zone))
        return str(format_datetime(at, "d MMM y, HH:mm", locale=LOCALES[self.language]))

    def date(self, text: str) -> str:
        """A day (2026-11-30, or a time of it), as people write it."""
        found = date.fromisoformat(text[:10])
        return str(format_date(found, "long", locale=LOCALES[self.language]))

    def country(self, code: str) -> str:
        return str(Locale.parse(LOCALES[self.language]).territories.get(code, code))


@cache
def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))
    return found


def preferred(accepted: str) -> str:
    """The first of our languages in an Accept-Language header by weight; Spanish without any."""
    offers = []
    for place, offer in enumerate(accepted.split(",")):
        name, _, parameters = offer.partition(";")
        weight = parameters.strip().removeprefix("q=")
        offers.append((-_number(weight) if weight else -1.0, place, name.strip().lower()[:2]))
    return next((name for weight, _, name in sorted(offers) if name in LANGUAGES and weight), "es")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
