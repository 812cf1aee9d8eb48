"""A provider in trouble: slow, out of order, or losing its answers; asked for through the control URL."""

import threading
import time
from dataclasses import asdict, dataclass, replace

from local.peers.database import Json
from local.peers.web import Refused, Request


@dataclass(frozen=True, slots=True)
class Trouble:
    count: int
    seconds: float = 0.0  # how long the request waits before it is looked at
    status: int | None = None  # answer this and do nothing
    lost_answer: bool = False  # do the work, then cut the connection
    method: str = "POST"
    path: str = "/"  # only requests whose path begins so

    def fits(self, request: Request) -> bool:
        return self.count > 0 and request.method == self.method and request.path.startswith(self.path)


class Troubles:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Trouble] = []

    def add(self, wish: Json) -> None:
        try:
            trouble = Trouble(**wish)
            sound = trouble.count > 0 and trouble.seconds >= 0 and trouble.status in (None, *range(400, 600))
        except TypeError as error:
            raise Refused(400, str(error)) from error
        if not sound:
            raise Refused(400, "count is at least 1, seconds not negative, status an error")
        with self._lock:
            self._waiting.append(trouble)

    def waiting(self) -> list[Json]:
        with self._lock:
            return [asdict(trouble) for trouble in self._waiting]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, request: Request) -> Trouble | None:
        with self._lock:
            for index, trouble in enumerate(self._waiting):
                if trouble.fits(request):
                    left = replace(trouble, count=trouble.count - 1)
                    self._waiting[index : index + 1] = [left] if left.count else []
                    return trouble
        return None


def wait(trouble: Trouble | None) -> None:
    if trouble is not None and trouble.seconds:
        time.sleep(trouble.seconds)
