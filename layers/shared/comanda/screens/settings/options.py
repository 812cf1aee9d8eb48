"""What may be chosen by name on a settings page: countries, currencies, time zones, people, deliveries."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from comanda.money import exponent
from comanda.screens.house.asked import Asked
from comanda.screens.settings.chosen import Choice, Ticks
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.kinds import Field, Reader
from comanda.screens.settings.nested import Filed, Group, Rows
from comanda.screens.settings.plain import Text

CONTINENTS = (
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
NO_COUNTRIES = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")  # unions, pseudo-locales, unknown

type Pairs = tuple[tuple[str, str], ...]


def reader(asked: Asked, desk: SettingsDesk, fields: Sequence[Field]) -> Reader:
    """Who reads a form with these fields, and what they may choose from."""
    code = asked.tongue.code
    lists: dict[str, Callable[[], Pairs]] = {
        "countries": lambda: countries(code),
        "currencies": lambda: currencies(code),
        "time_zones": time_zones,
        "staff": lambda: tuple(sorted(desk.people().items(), key=lambda one: one[1])),
        "deliveries": lambda: _deliveries(desk, code),
        "sellers": lambda: _sellers(desk),
        "places": lambda: _places(desk, code),
    }
    currency = str(desk.settings().section("shop")[0].currency)
    return Reader(asked.tongue, currency, {name: lists[name]() for name in set(_asked_for(fields))})


def _asked_for(fields: Sequence[Field]) -> Iterator[str]:
    for one in fields:
        if isinstance(one.kind, Filed):
            yield from _asked_for((one.kind.key,))
        if isinstance(one.kind, Group | Rows):
            yield from _asked_for(one.kind.fields)
        elif isinstance(one.kind, Choice | Ticks) and one.kind.more:
            yield one.kind.more
        elif isinstance(one.kind, Text) and one.kind.suggest:
            yield one.kind.suggest


@cache
def countries(language: str) -> Pairs:
    """Countries by name."""
    from babel import Locale

    known = Locale.parse(language).territories
    named = ((code, word) for code, word in known.items() if _country(code))
    return tuple(sorted(((code, f"{word} ({code})") for code, word in named), key=lambda one: one[1]))


@cache
def currencies(language: str) -> Pairs:
    """Money in use somewhere today whose decimals this system knows."""
    from babel import Locale
    from babel.numbers import get_currency_precision, get_territory_currencies

    locale = Locale.parse(language)
    places = (code for code in map(str, locale.territories) if _country(code))
    found = {money for place in places for money in get_territory_currencies(place)}
    sound = sorted(money for money in found if get_currency_precision(money) == exponent(money))
    return tuple((money, f"{money} · {locale.currencies.get(money, money)}") for money in sound)


@cache
def time_zones() -> Pairs:
    from zoneinfo import available_timezones

    names = sorted(name for name in available_timezones() if name.partition("/")[0] in CONTINENTS)
    return tuple((name, "") for name in names)


def _country(code: str) -> bool:
    """Whether a territory of the locale data is a country that goods are sent to."""
    return len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES


def _deliveries(desk: SettingsDesk, language: str) -> Pairs:
    found = desk.settings().section("shipping")[0].deliveries
    return tuple((one.code, one.title.of(language) or one.code) for one in found)


def _sellers(desk: SettingsDesk) -> Pairs:
    found = desk.settings().section("sales")[0]
    return tuple((one.name, "") for one in (*found.people, *found.teams))


def _places(desk: SettingsDesk, language: str) -> Pairs:
    """Where goods lie, by the codes of their locations."""
    stock = desk.settings().section("stock")[0]
    others = ((one.code, one.title.of(language) or one.code) for one in stock.locations)
    return ((stock.default_location, stock.default_location), *others)
