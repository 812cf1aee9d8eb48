"""Money, dates and texts for one reader."""

import pytest

from comanda.conversation.speech import Speech

MEXICAN = Speech("es", "MX", "America/Mexico_City")
ENGLISH = Speech("en", "MX", "America/Mexico_City")


@pytest.mark.parametrize(
    ("speech", "amount", "currency", "expected"),
    [
        (MEXICAN, 172_850, "MXN", "$1,728.50"),
        (MEXICAN, -18_100, "MXN", "-$181.00"),
        (ENGLISH, 172_850, "MXN", "MX$1,728.50"),
        (Speech("es", "ES"), 172_850, "EUR", "1.728,50\u00a0€"),
        (Speech("en", "US"), 0, "USD", "$0.00"),
        (Speech("en"), 1500, "JPY", "¥1,500"),
        (Speech("en"), 1_234_567, "KWD", "KWD1,234.567"),
    ],
)
def test_money_is_written_as_the_country_does_and_never_rounded(speech, amount, currency, expected):
    assert speech.money(amount, currency) == expected


def test_dates_are_the_shops():
    late = "2026-11-27T03:30:00.000Z"  # still the 26th in Mexico
    assert MEXICAN.day(late) == "jueves 26 de noviembre"
    assert ENGLISH.day(late) == "Thursday, November 26"
    assert MEXICAN.date(late) == "26 de noviembre de 2026"
    assert MEXICAN.moment(late) == "26 de noviembre de 2026, 9:30\u00a0p.m."
    assert ENGLISH.moment(late) == "November 26, 2026, 9:30\u00a0PM"


def test_a_bare_date_is_that_day_everywhere():
    assert MEXICAN.day("2026-11-26") == "jueves 26 de noviembre"


def test_texts_are_filled_in_and_counted():
    assert MEXICAN.say("Order %(number)s", number="P-1") == "Pedido P-1"
    assert ENGLISH.say("shipped (label)") == "shipped"
    assert MEXICAN.say_many("%(n)d delivered", "%(n)d delivered", 1) == "1 entregado"
    assert MEXICAN.say_many("%(n)d delivered", "%(n)d delivered", 2) == "2 entregados"


def test_a_country_without_its_own_formats_takes_the_languages():
    assert Speech("en", "MX").money(100, "USD") == "$1.00"
    assert Speech("es", "ZZ").money(100, "EUR") == "1,00\u00a0€"
