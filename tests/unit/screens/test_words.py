"""The back office speaks Spanish wherever it speaks, the same for the same."""

import re
from pathlib import Path

import pytest

from local.words import lacking, read, renewed, said, topics

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.name)
def test_a_topic_has_spanish_for_exactly_what_it_says(topic: Path) -> None:
    kept = {m.id if isinstance(m.id, str) else tuple(m.id) for m in read(topic) if m.id}
    assert kept == said(topic), "run `make words`"
    assert list(lacking(renewed(topic))) == []


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.name)
def test_translations_fill_in_what_the_source_fills_in(topic: Path) -> None:
    for message in read(topic):
        source = message.id if isinstance(message.id, str) else message.id[1]
        words = message.string if isinstance(message.string, tuple | list) else [message.string]
        for said_as in words if message.id else []:
            assert set(PLACEHOLDER.findall(said_as)) == set(PLACEHOLDER.findall(source)), message.id


def test_no_two_topics_say_the_same_differently() -> None:
    known: dict[str, tuple[str, str]] = {}
    for topic in topics():
        for message in read(topic):
            if message.id:
                first = known.setdefault(str(message.id), (topic.name, str(message.string)))
                assert first[1] == str(message.string), f"{message.id!r} in {first[0]} and {topic.name}"


def test_staff_are_spoken_to_calmly() -> None:
    for topic in topics():
        for message in read(topic):
            assert not re.search(r"[!¡]", str(message.string) if message.id else ""), message.id
