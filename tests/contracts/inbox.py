"""A destination in memory: keeps to the couriers' contract, and fails when told to."""

import hashlib
from collections.abc import Callable

from comanda.exports.exporting import Parcel
from comanda.exports.model import DeliveryFailed

CUT = DeliveryFailed("destination-cut", "the connection broke off", passing=True)


class Inbox:
    """`faults` are raised one per delivery, at its beginning; `after_rename` once, at its very end."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.faults: list[DeliveryFailed] = []
        self.after_rename: DeliveryFailed | None = None
        self.deliveries = 0
        self._cut_after: int | None = None
        self._no_directory = False

    @property
    def courier(self) -> "Inbox":
        return self

    def files(self) -> dict[str, bytes]:
        return dict(self.kept)

    def put(self, name: str, content: bytes) -> None:
        self.kept[name] = content

    def remove(self, name: str) -> None:
        del self.kept[name]

    def cut(self, after_bytes: int) -> None:
        self._cut_after = after_bytes

    def lose_directory(self) -> None:
        self._no_directory = True

    def deliver(
        self, parcel: Parcel, *, staged: bool, on_staged: Callable[[], None], beat: Callable[[], None]
    ) -> str:
        self.deliveries += 1
        if self.faults:
            raise self.faults.pop(0)
        if self._no_directory:
            raise DeliveryFailed("destination-no-directory", "no directory", passing=False)
        temporary = f".{parcel.name}.part"
        if hashlib.sha256(self.kept.get(parcel.name, b"\0")).hexdigest() == parcel.sha256:
            return "found"
        if staged and temporary not in self.kept:
            return "taken"
        self._write(temporary, parcel, beat)
        on_staged()
        self.kept[parcel.name] = self.kept.pop(temporary)
        if self.after_rename:
            fault, self.after_rename = self.after_rename, None
            raise fault
        return "renamed"

    def _write(self, temporary: str, parcel: Parcel, beat: Callable[[], None]) -> None:
        self.kept[temporary] = b""
        for piece in parcel.open():
            self.kept[temporary] += piece
            if self._cut_after is not None and len(self.kept[temporary]) > self._cut_after:
                self._cut_after = None
                raise CUT
            beat()
