"""What an order is found by."""

import pytest

from comanda.search.words import typed_words, words_of
from tests.examples import an_order

TEXTS = {
    "contact": {
        "email": "Ana.Munoz@Example.com",
        "name": "Ana Muñoz-Pérez",
        "phone": "+52 55 1234 5678",
        "company": "Café & Cía. S.A.",
    },
    "purchase_order": "OC 7/2026",
    "note:paid-1": "SPEI 889123",
    "note:h3": "llamar el lunes",
}
WORDS = words_of(an_order(number="P-000123"), TEXTS)


@pytest.mark.capability("D23", "C06")
@pytest.mark.parametrize(
    "typed",
    [
        "P-000123", "p-0001", "123",
        "ana.munoz@example.com", "ANA.MUN",
        "muñoz-pérez", "MUNOZ", "perez", "ana",
        "5678", "55 1234 5678", "+52 55 1234-5678", "525512345678",
        "cafe", "cia", "oc", "7/2026", "2026", "889123", "CAFE-1", "taza",
        "ana 5678 cafe-1",
    ],
)  # fmt: skip
def test_an_order_is_found_by(typed: str) -> None:
    assert all(WORDS.fit(word) for word in typed_words(typed))


@pytest.mark.parametrize("typed", ["noz", "1234", "78", "lunes", "9999", "example.com", "ana lopez", "0123"])
def test_an_order_is_not_found_by(typed: str) -> None:
    assert not all(WORDS.fit(word) for word in typed_words(typed))


def test_the_longest_word_comes_first() -> None:
    assert typed_words("  de la  Peña ") == ["pena", "de", "la"]
    assert typed_words("¿?") == []


def test_tokens_are_few_and_a_telephone_lies_backwards() -> None:
    assert sorted(WORDS.tokens) == [
        "123", "2026", "7/2026", "876543215525", "889123",
        "ana", "ana.munoz@example.com", "cafe", "cafe-1", "cia", "munoz", "munoz-perez", "oc",
        "p-000123", "perez", "s.a", "spei", "taza-1",
    ]  # fmt: skip


def test_a_token_is_short_and_holds_no_mark_of_ours() -> None:
    words = words_of(an_order(), {"contact": {"name": "x" * 100 + " #1# a", "phone": "9" * 80}})
    assert {"x" * 60} <= words.plain
    assert all(1 < len(token) <= 60 and "#" not in token for token in words.tokens)
