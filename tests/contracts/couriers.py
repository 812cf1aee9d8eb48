"""What every courier must do, the real ones and the one that tests use instead."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from comanda.exports.exporting import Courier, Parcel
from comanda.exports.model import DeliveryFailed

NAME = "tienda_lines_20261121_180405_b1.csv"
CONTENT = "número,cliente\r\nP-000001,Ángel Peñafiel\r\n".encode() * 20_000  # 840 kB


class Place(Protocol):
    """A destination as a test sees it."""

    courier: Courier

    def files(self) -> dict[str, bytes]: ...

    def put(self, name: str, content: bytes) -> None: ...

    def remove(self, name: str) -> None: ...

    def cut(self, after_bytes: int) -> None: ...

    def lose_directory(self) -> None: ...


@dataclass
class Run:
    """One delivery, with what the courier reported meanwhile."""

    content: bytes = CONTENT
    staged: int = 0
    beats: int = 0
    failing: Callable[[], None] = field(default=lambda: None)
    on_staged: Callable[[], None] = field(default=lambda: None)

    def through(self, courier: Courier, *, staged: bool = False) -> str:
        digest = hashlib.sha256(self.content).hexdigest()
        parcel = Parcel(NAME, len(self.content), digest, self._pieces)
        return courier.deliver(parcel, staged=staged, on_staged=self._staged, beat=self._beat)

    def _pieces(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), 64 * 1024):
            yield self.content[start : start + 64 * 1024]
        self.failing()

    def _staged(self) -> None:
        self.staged += 1
        self.on_staged()

    def _beat(self) -> None:
        self.beats += 1


class CourierContract:
    """Subclasses give the fixture `place`."""

    def test_the_file_arrives_whole_under_its_final_name(self, place: Place) -> None:
        run = Run()
        assert run.through(place.courier) == "renamed"
        assert place.files() == {NAME: CONTENT}
        assert run.staged == 1
        assert run.beats > 5

    def test_before_it_is_staged_nothing_has_the_final_name(self, place: Place) -> None:
        seen: list[dict[str, bytes]] = []
        run = Run(on_staged=lambda: seen.append(place.files()))
        run.through(place.courier)
        assert seen == [{f".{NAME}.part": CONTENT}]

    def test_a_file_that_is_there_is_not_sent_again(self, place: Place) -> None:
        Run().through(place.courier)
        again = Run()
        assert again.through(place.courier) == "found"
        assert (again.staged, again.beats) == (0, 0)
        assert place.files() == {NAME: CONTENT}

    def test_other_bytes_of_the_same_length_are_replaced(self, place: Place) -> None:
        place.put(NAME, b"x" * len(CONTENT))
        assert Run().through(place.courier) == "renamed"
        assert place.files() == {NAME: CONTENT}

    def test_what_is_left_of_an_earlier_attempt_is_overwritten(self, place: Place) -> None:
        place.put(f".{NAME}.part", CONTENT + b"longer than the file")
        assert Run().through(place.courier) == "renamed"
        assert place.files() == {NAME: CONTENT}

    def test_a_staged_file_that_is_gone_has_been_taken(self, place: Place) -> None:
        run = Run()
        assert run.through(place.courier, staged=True) == "taken"
        assert (run.staged, place.files()) == (0, {})

    def test_a_staged_file_that_still_has_its_temporary_name_is_delivered(self, place: Place) -> None:
        place.put(f".{NAME}.part", CONTENT)
        assert Run().through(place.courier, staged=True) == "renamed"
        assert place.files() == {NAME: CONTENT}

    def test_a_cut_in_the_middle_leaves_no_final_name_and_the_retry_sends_the_same(
        self, place: Place
    ) -> None:
        place.cut(after_bytes=300_000)
        with pytest.raises(DeliveryFailed) as failed:
            Run().through(place.courier)
        assert (failed.value.type, failed.value.passing) == ("destination-cut", True)
        assert NAME not in place.files()
        assert len(place.files().get(f".{NAME}.part", b"")) < len(CONTENT)
        assert Run().through(place.courier) == "renamed"
        assert place.files() == {NAME: CONTENT}

    def test_content_that_turns_out_wrong_never_gets_the_final_name(self, place: Place) -> None:
        def wrong() -> None:
            raise DeliveryFailed("content-changed", "not what was recorded", passing=False)

        run = Run(failing=wrong)
        with pytest.raises(DeliveryFailed, match="not what was recorded"):
            run.through(place.courier)
        assert run.staged == 0
        assert NAME not in place.files()

    def test_a_missing_directory_is_named(self, place: Place) -> None:
        place.lose_directory()
        with pytest.raises(DeliveryFailed) as failed:
            Run().through(place.courier)
        assert (failed.value.type, failed.value.passing) == ("destination-no-directory", False)

    def test_an_empty_file_arrives(self, place: Place) -> None:
        assert Run(content=b"").through(place.courier) == "renamed"
        assert place.files() == {NAME: b""}
