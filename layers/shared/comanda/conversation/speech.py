"""How to say things to one reader: translated texts, money and dates in their language."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from comanda.conversation.catalogue import language, translations
from comanda.money import decimal_text
from comanda.times import moment

NARROW, WIDE = "\u202f", "\u00a0"  # many mail programs' fonts have no narrow space
DAY = {"es": "EEEE d 'de' MMMM", "en": "EEEE, MMMM d"}
DATE = {"es": "d 'de' MMMM 'de' y", "en": "MMMM d, y"}


def N_(text: str) -> str:
    """Mark a text for translation where it is only named and said later."""
    return text


@dataclass(frozen=True, slots=True)
class Speech:
    """`country` decides how money is written, `time_zone` is the shop's."""

    locale: str = "es"
    country: str = ""
    time_zone: str = "UTC"

    @property
    def language(self) -> str:
        return language(self.locale)

    def say(self, text: str, **values: object) -> str:
        """The translation of `text` with its %(name)s filled in; nothing of nothing, which is what a
        catalogue calls its own head."""
        said = translations(self.locale).gettext(text) if text else ""
        return said % values if values else said

    def say_many(self, one: str, many: str, n: int, **values: object) -> str:
        """The translation for `n` of something; %(n)s is filled in."""
        return translations(self.locale).ngettext(one, many, n) % {"n": n, **values}

    def money(self, amount: int, currency: str) -> str:
        """`amount` minor units as people write it, never rounded."""
        number = Decimal(decimal_text(amount, currency))
        return format_currency(number, currency, locale=self._formats(), decimal_quantization=False)

    def weight(self, grams: int) -> str:
        """1.25 kg; below one kilogram in grams."""
        if grams < 1000:
            return f"{grams}\u00a0g"
        return f"{format_decimal(Decimal(grams) / 1000, '#,##0.###', locale=self._formats())}\u00a0kg"

    def day(self, stamp: str) -> str:
        """Thursday, November 26."""
        return format_date(self._local(stamp), DAY[self.language], locale=self._formats())

    def date(self, stamp: str) -> str:
        """November 26, 2026."""
        return format_date(self._local(stamp), DATE[self.language], locale=self._formats())

    def moment(self, stamp: str) -> str:
        """November 26, 2026, 3:04 PM."""
        clock = format_time(self._local(stamp), "short", tzinfo=self._zone(), locale=self._formats())
        return f"{self.date(stamp)}, {clock.replace(NARROW, WIDE)}"

    def _local(self, stamp: str) -> datetime:
        """A carrier's bare date is that day wherever the shop is."""
        return moment(stamp).astimezone(self._zone()) if "T" in stamp else datetime.fromisoformat(stamp)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def _formats(self) -> Locale:
        return _formats(self.language, self.country)


@cache
def _formats(code: str, country: str) -> Locale:
    """The country's own way of writing where Babel knows it for the language."""
    try:
        return Locale.parse(f"{code}_{country}" if country else code)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(code)
