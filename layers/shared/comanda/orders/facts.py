"""Facts: what happened to an order, past tense, chained by hash and free of personal data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.canonical import canonical, sha256
from comanda.orders.record import Record
from comanda.origin import Origin as Origin

type Data = dict[str, Any]  # what a fact tells


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact before it has its place in the chain."""

    type: str
    data: Data
    visibility: str = "internal"  # customer | internal


@dataclass(frozen=True, slots=True)
class Fact(Record):
    """One entry of the history. `hash` = SHA-256(prev_hash + canonical JSON of the fact without its hash)."""

    seq: int
    type: str
    at: str
    actor: str
    cause: str
    visibility: str
    data: dict[str, Any]
    prev_hash: str
    hash: str = ""


def chain(happened: Sequence[Happened], origin: Origin, *, after: int, prev_hash: str) -> tuple[Fact, ...]:
    """Give facts their places behind the `after`-th fact, whose hash is `prev_hash`."""
    facts = []
    for offset, one in enumerate(happened, start=1):
        bare = Fact(
            seq=after + offset,
            type=one.type,
            at=origin.at,
            actor=origin.actor,
            cause=origin.cause,
            visibility=one.visibility,
            data=one.data,
            prev_hash=prev_hash,
        )
        prev_hash = fact_hash(bare.to_dict(), prev_hash)
        facts.append(Fact.from_dict(bare.to_dict() | {"hash": prev_hash}))
    return tuple(facts)


def fact_hash(fact: dict[str, Any], prev_hash: str) -> str:
    """The hash a fact must have behind `prev_hash`."""
    return sha256(prev_hash + canonical({key: value for key, value in fact.items() if key != "hash"}))


def broken_link(facts: Iterable[Fact]) -> int | None:
    """The seq of the first fact that does not fit the chain, or None when all fit."""
    prev_hash, expected = "", 1
    for fact in facts:
        sound = fact.seq == expected and fact.prev_hash == prev_hash
        if not sound or fact.hash != fact_hash(fact.to_dict(), prev_hash):
            return fact.seq
        prev_hash, expected = fact.hash, expected + 1
    return None
