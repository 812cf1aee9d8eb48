"""Settings in DynamoDB: sections with versions, number blocks, link tokens, registries."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from comanda.dynamo.batch import get_many
from comanda.dynamo.row import Row
from comanda.dynamo.transaction import Transaction
from comanda.errors import NotFound, Stale
from comanda.settings.sections import DEFAULTS, SECTIONS, Section

MOST_NUMBERS = 64  # order numbers that a process takes at once; unused ones are lost
SOON = 10.0  # seconds: whoever needs the next block within these takes twice as many


class SectionRow(Row):
    """`SECTION#<name>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    version = NumberAttribute(default=0)
    changed_at = UnicodeAttribute(default="")
    changed_by = UnicodeAttribute(default="")
    schema = NumberAttribute(default=1)


class CounterRow(Row):
    """`COUNTER#<name>`: the last number handed out."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    last = NumberAttribute(default=0)


class RegistryRow(Row):
    """`REGISTRY#<name>`: an add-only set of signatures."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    members = UnicodeSetAttribute(null=True)


def section_key(name: str) -> str:
    return f"SECTION#{name}"


_read: ContextVar[dict[str, tuple[Any, int]] | None] = ContextVar("sections read for this page", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it each section is read once: all parts of a page show the same shop. For reading alone."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


@lru_cache(maxsize=128)
def parsed(name: str, body: str) -> Section:
    """A section from its stored text; the same text is parsed once per process."""
    return SECTIONS[name].model_validate(json.loads(body))


def default_body(name: str) -> str:
    return json.dumps(DEFAULTS.get(name, {}))


class SettingsStore:
    """Reads and writes the Settings table."""

    def __init__(self, table: str) -> None:
        self.table = table
        for row in (SectionRow, CounterRow, RegistryRow):
            row.bind(table)
        self._numbers: list[int] = []
        self._block = 1
        self._taken_at = -SOON
        self._lock = Lock()
        self._known: dict[str, set[str]] = {"state": set(), "source": set()}

    def sections(self, names: Iterable[str]) -> dict[str, Any]:
        """Sections by name; one that was never set has its defaults. Raises NotFound for an unknown name."""
        wanted = list(names)
        for name in wanted:
            known(name)
        raw = get_many({self.table: [section_key(name) for name in wanted]})[self.table]
        return {name: self.from_raw(name, raw) for name in wanted}

    def from_raw(self, name: str, raw: dict[str, dict[str, Any]]) -> Any:
        item = raw.get(section_key(name))
        return parsed(name, item["body"]["S"] if item else default_body(name))

    def section(self, name: str) -> tuple[Any, int]:
        """One section and its version (0: defaults)."""
        known(name)
        read = _read.get()
        if read is not None and name in read:
            return read[name]
        row = SectionRow.read(section_key(name))
        found = parsed(name, row.body if row else default_body(name)), int(row.version) if row else 0
        if read is not None:
            read[name] = found
        return found

    def put(self, name: str, section: Section, *, version: int, at: str, actor: str) -> int:
        """Replace a section whose version is `version`; answers the new one. Raises Stale."""
        tx = Transaction()
        self.write(tx, name, section, version=version, at=at, actor=actor)
        tx.commit()
        return version + 1

    def write(
        self, tx: Transaction, name: str, section: Section, *, version: int, at: str, actor: str
    ) -> None:
        """Replace a section whose version is `version`, in somebody's transaction; refused it is Stale."""
        row = SectionRow(section_key(name), body=section.model_dump_json(), version=version + 1)
        row.changed_at, row.changed_by = at, actor
        unchanged = SectionRow.version == version if version else SectionRow.pk.does_not_exist()
        tx.put(row, unchanged, lambda item: Stale(f"section {name} is not at version {version} any more"))

    def next_number(self) -> int:
        """The next order number. A quiet shop counts one by one; under load each process takes blocks,
        so that the counter is never hot, and numbers leave gaps."""
        with self._lock:
            if not self._numbers:
                self._take_numbers()
            return self._numbers.pop()

    def _take_numbers(self) -> None:
        now = monotonic()
        self._block = min(self._block * 2, MOST_NUMBERS) if now - self._taken_at < SOON else 1
        self._taken_at = now
        taken = CounterRow.change(CounterRow("COUNTER#order"), [CounterRow.last.add(self._block)])
        last = int(taken["last"]["N"])
        self._numbers = list(range(last, last - self._block, -1))

    def know(self, state: str, source: str) -> None:
        """Make sure both signatures are registered before their first use."""
        for family, signature in (("state", state), ("source", source)):
            if signature not in self._known[family]:
                row = RegistryRow(f"REGISTRY#{family}")
                RegistryRow.change(row, [RegistryRow.members.add({signature})])
                self._known[family].add(signature)

    def signatures(self, family: str) -> set[str]:
        row = RegistryRow.read(f"REGISTRY#{family}")
        return set(row.members or ()) if row else set()


def known(name: str) -> None:
    if name not in SECTIONS:
        raise NotFound(f"there is no settings section {name!r}")
