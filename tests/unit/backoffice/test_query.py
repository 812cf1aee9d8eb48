"""What the list is asked for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.backoffice.listing.query import Cursor, Query, read_query, write_cursor
from comanda.backoffice.listing.query import given as asked
from comanda.errors import Invalid

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Mexico_City")


def read(text: str) -> Query:
    return read_query(asked({"rawQueryString": text}), NOW, ZONE)


def test_nothing_asked_is_the_newest_fifty() -> None:
    query = read("")
    assert (query.sort, query.limit, query.words, query.cursor, query.filter.conditions) == (
        "-created",
        50,
        (),
        None,
        (),
    )


@pytest.mark.capability("C30")
def test_codes_are_repeated_or_joined_and_words_keep_their_commas() -> None:
    query = read("payment=paid&payment=pending,failed&not.hold=any&q=Mu%C3%B1oz%2C+Ana&sort=created&limit=7")
    assert {(c.key, c.values, c.negated) for c in query.filter.conditions} == {
        ("payment", frozenset({"paid", "pending", "failed"}), False),
        ("hold", frozenset({"any"}), True),
    }
    assert (query.words, query.sort, query.limit) == (("munoz", "ana"), "created", 7)


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("payment=gold&limit=0&sort=price", ["/payment", "/sort", "/limit"]),
        ("limit=101", ["/limit"]),
        ("limit=%C2%B2", ["/limit"]),
        ("q=%3F%21", ["/q"]),
        ("q=ana&sort=-updated", ["/sort"]),
        ("colour=red&not.q=x", ["/colour", "/not.q"]),
        ("cursor=nonsense", ["/cursor"]),
        ("payment=", ["/payment"]),
    ],
)
def test_every_mistake_is_told(text: str, pointers: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read(text)
    assert [error["pointer"] for error in refused.value.extra["errors"]] == pointers


def test_a_cursor_goes_on_with_its_own_list_only() -> None:
    first = read("payment=paid&payment=pending&limit=5")
    cursor = Cursor("2026-11-21T18:00:00.000Z#o1", merging=True, counts={"pending": 3})
    text = write_cursor(cursor, first.fingerprint)
    assert read(f"payment=pending&payment=paid&limit=9&cursor={text}").cursor == cursor
    with pytest.raises(Invalid):
        read(f"payment=paid&cursor={text}")


@given(st.text(min_size=1, max_size=60) | st.binary(min_size=1, max_size=60).map(bytes.hex))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_query({"cursor": [text]}, NOW, ZONE)
    assert [error["pointer"] for error in refused.value.extra["errors"]] == ["/cursor"]
