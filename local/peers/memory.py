"""What a carrier's stand-in remembers, by number: in a dictionary or, past a restart, in the records."""

from collections.abc import Iterator
from typing import Protocol

from local.peers.database import Json
from local.peers.records import Records


class Memory(Protocol):
    """A dictionary is one, too. What is found is a copy: a change is put back."""

    def __getitem__(self, key: str) -> Json: ...
    def __setitem__(self, key: str, value: Json) -> None: ...
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...


def of_this_run() -> Memory:
    """Forgotten with its process."""
    kept: dict[str, Json] = {}
    return kept


class Kept:
    """The records of one kind, the latest first."""

    def __init__(self, records: Records, kind: str) -> None:
        self._records, self._kind = records, kind

    def __getitem__(self, key: str) -> Json:
        found = self._records.get(self._kind, key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: Json) -> None:
        self._records.put(self._kind, key, value | {"number": key})

    def __contains__(self, key: object) -> bool:
        return self._records.get(self._kind, str(key)) is not None

    def __iter__(self) -> Iterator[str]:
        return (str(one["number"]) for one in self._records.newest_first(self._kind))

    def __len__(self) -> int:
        return sum(1 for _ in self)
