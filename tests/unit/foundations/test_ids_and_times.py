"""Identifiers and stamps: both must sort by time as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.ids import derived_token, new_id, same_token, token_hash
from comanda.links.keys import Keys
from comanda.times import later, moment, stamp

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def test_ids_are_short_lower_case_and_rise_with_time() -> None:
    ids = [new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(len(one) == 26 and one.isalnum() and one == one.lower() for one in ids)
    assert ids[0][:8] <= ids[-1][:8]


def test_a_token_depends_on_the_key_and_every_part() -> None:
    token = derived_token("key", "order", "o1", "1")
    assert token == derived_token("key", "order", "o1", "1")
    assert len(token) == 32
    others = [("other", "order", "o1", "1"), ("key", "link", "o1", "1"), ("key", "order", "o1", "2")]
    assert token not in [derived_token(*parts) for parts in others]
    assert len(token_hash(token)) == 64


def test_comparing_tokens() -> None:
    assert same_token("abc", "abc")
    assert not same_token("abd", "abc")
    assert not same_token("ábc", "abc")
    assert not same_token("", "abc")


def test_a_rotated_key_still_opens_what_it_signed() -> None:
    old, new = Keys("one"), Keys("two", previous="one")
    token = old.access("o1", 1)
    assert new.opens(token, "o1", 1)
    assert not new.opens(token, "o1", 2)
    assert not new.opens(token, "o2", 1)
    assert not Keys("two").opens(token, "o1", 1)
    assert new.access("o1", 1) != token


def test_a_customer_token_names_its_customer_only_when_genuine() -> None:
    keys = Keys("key")
    token = keys.customer("c-1", 3)
    assert keys.customer_of(token) == ("c-1", 3)
    head, _, rest = token.partition(".")
    forged = (f"{head}.4.{rest.partition('.')[2]}", token[:-1], "", "a.b.c", "á.1.x", f"{head}.x.y", "!.1.a")
    assert [keys.customer_of(bad) for bad in forged] == [None] * len(forged)
    assert Keys("other").customer_of(token) is None


def test_a_mailed_link_is_made_again_from_its_hash() -> None:
    old, new = Keys("one"), Keys("two", previous="one")
    token = old.link("verify", "o1", "1")
    assert new.link_with_hash("verify", "o1", "1", token_hash(token)) == token
    assert new.link_with_hash("verify", "o1", "2", token_hash(token)) is None
    assert Keys("three").link_with_hash("verify", "o1", "1", token_hash(token)) is None


@given(moments, moments)
def test_stamps_sort_as_their_moments(one: datetime, other: datetime) -> None:
    if stamp(one) < stamp(other):
        assert one < other
    elif stamp(one) == stamp(other):
        assert abs(one - other) < timedelta(milliseconds=1)


@given(moments, st.integers(1, 400 * 86_400))
def test_later_is_later_by_exactly_that(one: datetime, seconds: int) -> None:
    assert moment(later(stamp(one), seconds)) - moment(stamp(one)) == timedelta(seconds=seconds)


def test_stamps_are_utc_with_milliseconds() -> None:
    mexico = timezone(timedelta(hours=-6))
    assert stamp(datetime(2026, 11, 21, 12, 4, 5, 123_999, mexico)) == "2026-11-21T18:04:05.123Z"
    assert moment("2026-11-21T12:00:00-06:00") == datetime(2026, 11, 21, 18, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"):
        stamp(datetime(2026, 11, 21))
    with pytest.raises(ValueError, match="offset"):
        moment("2026-11-21T12:00:00")
