"""Canonical JSON as RFC 8785 has it, for data without fractions."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.canonical import canonical, digest, sha256

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def test_the_literals_and_strings_of_the_rfc() -> None:
    """RFC 8785, section 3.2.2, without its numbers."""
    value = {
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value) == ('{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}')


def test_keys_are_sorted_by_their_utf_16_units() -> None:
    """RFC 8785, section 3.2.3: the emoji comes before the Hebrew letter, whose code point is smaller."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(value)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    nested = [{"a": {"\ufb33": 1, "\U0001f600": 2}}]
    assert canonical(nested) == '[{"a":{"\U0001f600":2,"\ufb33":1}}]'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 2, "a": 1}, '{"a":1,"b":2}'),
        ("\b\t\n\f\r\u0000\u001f\u007f", '"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f"'),
        ([], "[]"),
        ({}, "{}"),
        (-0, "0"),
        (("a", 1), '["a",1]'),
        ("Ñandú 🥐", '"Ñandú 🥐"'),
    ],
)
def test_texts(value: object, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize("value", [1.0, [1, [2.5]], {"a": {"b": (0.0,)}}, float("nan")])
def test_fractions_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no floats"):
        canonical(value)


@given(plain)
def test_reading_it_gives_the_same_and_writing_it_again_the_same_text(value: object) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(), st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_digests() -> None:
    assert sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest({"é": 1}) == hashlib.sha256('{"é":1}'.encode()).hexdigest()
