"""The history chain: any change to it is found and named."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.canonical import canonical, sha256
from comanda.orders.decision import Sealed
from comanda.orders.facts import Fact, Happened, broken_link, chain
from tests.examples import ORIGIN

data = st.dictionaries(st.text(max_size=8), st.integers(-9, 9) | st.text(max_size=8) | st.none(), max_size=3)
happenings = st.lists(
    st.builds(Happened, st.sampled_from(["OrderPlaced", "OrderApproved", "HoldOpened"]), data),
    min_size=1,
    max_size=6,
)


def history(happened: list[Happened]) -> list[Fact]:
    return list(chain(happened, ORIGIN, after=0, prev_hash=""))


THREE = [
    Happened("OrderPlaced", {"n": 1}),
    Happened("EmailVerified", {}),
    Happened("OrderApproved", {"by": "x"}),
]


def test_a_hash_is_what_the_contract_says() -> None:
    """hash = SHA-256(prev_hash + canonical JSON of the fact without its hash)."""
    first, second, _ = history(THREE)
    bare = {
        "seq": 2,
        "type": "EmailVerified",
        "at": ORIGIN.at,
        "actor": "system",
        "cause": "test",
        "visibility": "internal",
        "data": {},
        "prev_hash": first.hash,
    }
    assert {k: v for k, v in second.to_dict().items() if k != "hash"} == bare
    assert second.hash == sha256(first.hash + canonical(bare))
    assert first.prev_hash == ""


@given(happenings)
def test_a_history_in_parts_is_the_history_in_one(happened: list[Happened]) -> None:
    whole = history(happened)
    parts: list[Fact] = []
    for one in happened:
        last = parts[-1].hash if parts else ""
        parts += chain([one], ORIGIN, after=len(parts), prev_hash=last)
    assert parts == whole
    assert broken_link(whole) is None


@given(happenings, st.data())
@pytest.mark.capability("G09")
def test_one_flipped_byte_of_the_stored_text_is_found_at_its_fact(
    happened: list[Happened], draw: st.DataObject
) -> None:
    """Whatever byte of a stored fact is changed, and still reads as JSON, `verify` names that fact."""
    texts = [canonical(fact.to_dict()) for fact in history(happened)]
    index = draw.draw(st.integers(0, len(texts) - 1))
    raw = bytearray(texts[index].encode())
    place = draw.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= 1 << draw.draw(st.integers(0, 6))
    changed = _read(bytes(raw), json.loads(texts[index]))
    if changed is None:
        return  # not readable any more, or it says the same: nothing to detect
    facts = [Fact.from_dict(json.loads(text)) for text in texts]
    facts[index] = changed
    assert broken_link(facts) == changed.seq


def _read(raw: bytes, before: dict[str, Any]) -> Fact | None:
    try:
        value = json.loads(raw.decode())
        fact = Fact.from_dict(value)
    except (ValueError, TypeError, KeyError):
        return None
    return fact if value != before and fact.to_dict() != before else None


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"n": 2}},
        {"at": "2026-11-21T18:00:00.001Z"},
        {"actor": "staff:9"},
        {"cause": "sweep"},
        {"visibility": "customer"},
        {"type": "OrderRejected"},
        {"hash": "0" * 64},
    ],
)
@pytest.mark.capability("G09")
def test_a_changed_field_is_named(change: dict[str, Any]) -> None:
    facts = history(THREE)
    facts[1] = replace(facts[1], **change)
    assert broken_link(facts) == 2


def test_a_fact_rewritten_with_its_own_hash_breaks_the_next() -> None:
    facts = history(THREE)
    rewritten = chain([Happened("EmailVerified", {"by": "x"})], ORIGIN, after=1, prev_hash=facts[0].hash)
    assert broken_link([facts[0], *rewritten, facts[2]]) == 3


def test_missing_doubled_and_swapped_facts_are_named() -> None:
    one, two, three = history(THREE)
    assert broken_link([one, three]) == 3
    assert broken_link([two, three]) == 2
    assert broken_link([one, two, two, three]) == 2
    assert broken_link([one, three, two]) == 3
    assert broken_link([one, two]) is None  # what was cut off at the end shows in the snapshot's head


def test_a_personal_text_is_in_the_history_by_its_salted_digest_only() -> None:
    text = {"email": "ana@example.com"}
    assert Sealed(text, "salt-1").digest == sha256('salt-1{"email":"ana@example.com"}')
    assert Sealed(text, "salt-2").digest != Sealed(text, "salt-1").digest
