"""Words, money and times for one reader: each topic's own translations, then those of mails and pages."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal

from comanda.conversation import words
from comanda.conversation.catalogue import translations
from comanda.conversation.speech import Speech
from comanda.refusals.spanish import in_spanish
from comanda.times import moment

SCREENS = Path(__file__).resolve().parents[1]
DAY_SECONDS = 86_400


@cache
def catalogue(code: str) -> NullTranslations:
    """English is said as it is written in code and templates; Spanish is in each topic's `es.po`."""
    made = NullTranslations()
    if code == "es":
        for topic in sorted(SCREENS.glob("*/es.po")) or sorted(SCREENS.glob("*/es.mo")):
            made.add_fallback(_read(topic))
    made.add_fallback(translations(code))
    return made


def _read(path: Path) -> GNUTranslations:
    if path.suffix == ".mo":
        with path.open("rb") as file:
            return GNUTranslations(file)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Tongue:
    """`speech` knows language, country and the shop's time zone."""

    speech: Speech
    now: datetime

    @property
    def code(self) -> str:
        return self.speech.language

    def say(self, text: str, **values: object) -> str:
        """The translation of `text` with its %(name)s filled in; nothing of nothing, which is what a
        catalogue calls its own head."""
        said = catalogue(self.code).gettext(text) if text else ""
        return said % values if values else said

    def say_many(self, one: str, many: str, n: int, **values: object) -> str:
        """The translation for `n` of something; %(n)s is filled in."""
        return catalogue(self.code).ngettext(one, many, n) % {"n": self.number(n), **values}

    def refusal(self, detail: str) -> str:
        """The detail of a problem or of a remark, which code writes in English."""
        return in_spanish(detail) if self.code == "es" else detail

    def word(self, kind: str, code: str) -> str:
        """The word for a code of the order: kind is `LABEL`, `PAYMENT`, `METHOD` … of conversation.words."""
        return words.word(getattr(words, kind), code, self.speech)

    def number(self, value: int) -> str:
        return str(format_decimal(value, locale=self.speech._formats()))

    def money(self, value: dict[str, object]) -> str:
        """`{amount, currency}` in minor units, with the currency."""
        return self.speech.money(int(str(value["amount"])), str(value["currency"]))

    def ago(self, stamp: str) -> str:
        """Within a day how long ago, then the date; whole moments are for the title."""
        then = moment(stamp)
        seconds = int((self.now - then).total_seconds())
        local = then.astimezone(self.speech._zone())
        if 0 <= seconds < DAY_SECONDS:
            if seconds < 60:
                return self.say("now")
            if seconds < 3600:
                return self.say("%(n)s min", n=seconds // 60)
            return self.say("%(n)s h", n=seconds // 3600)
        same_year = local.year == self.now.astimezone(self.speech._zone()).year
        return str(format_date(local, "d MMM" if same_year else "d MMM y", locale=self.speech._formats()))

    @property
    def today(self) -> str:
        """The shop's day, as a date field takes it."""
        return self.now.astimezone(self.speech._zone()).date().isoformat()

    def day(self, text: str) -> str:
        """`2026-11-21` as one reads it."""
        return str(format_date(date.fromisoformat(text), "d MMM y", locale=self.speech._formats()))

    def moment(self, stamp: str) -> str:
        """Day and time in the shop's time zone, to the minute."""
        local, locale = moment(stamp).astimezone(self.speech._zone()), self.speech._formats()
        day = str(format_date(local, "medium", locale=locale))
        pattern = str(get_datetime_format("medium", locale=locale)).replace("'", "")
        return pattern.replace("{0}", self.clock(stamp)).replace("{1}", day)

    def country(self, code: str) -> str:
        """A country's name by its ISO 3166-1 code; the code itself where it is not known."""
        return str(Locale.parse(self.speech.language).territories.get(code.upper(), code))

    def clock(self, stamp: str) -> str:
        local = moment(stamp).astimezone(self.speech._zone())
        return str(format_time(local, "short", tzinfo=self.speech._zone(), locale=self.speech._formats()))
