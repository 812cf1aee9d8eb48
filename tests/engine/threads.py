"""Let one process run a handler in many threads.

A Lambda process serves one request at a time, and the framework keeps the request on its class.
Here it is kept per thread, so that the real handler can be called by hundreds at once.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import api_gateway

KEPT = ("current_event", "lambda_context")


class _PerThread:
    """Stands where the framework assigns to its class."""

    def __init__(self, router: Any, here: threading.local) -> None:
        object.__setattr__(self, "router", router)
        object.__setattr__(self, "here", here)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.here, name, value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.here if name in KEPT else self.router, name)


@contextmanager
def one_request_per_thread() -> Iterator[None]:
    router, here = api_gateway.BaseRouter, threading.local()
    for name in KEPT:
        setattr(router, name, property(lambda self, name=name: getattr(here, name)))  # type: ignore[misc]
    setattr(router, "context", property(partial(_context, here), lambda *_: None))  # noqa: B010
    api_gateway.BaseRouter = _PerThread(router, here)  # type: ignore[misc,assignment]
    try:
        yield
    finally:
        api_gateway.BaseRouter = router  # type: ignore[misc]
        for name in (*KEPT, "context"):
            delattr(router, name)


def _context(here: threading.local, router: Any) -> dict[str, Any]:
    """What a resolver notes about the request at hand, which it forgets when any request has ended."""
    notes: dict[Any, dict[str, Any]] = here.__dict__.setdefault("notes", {})
    return notes.setdefault(id(router), {})


def all_at_once[T](work: Callable[[int], T], many: int) -> list[T]:
    """Call `work` with 0, 1, … in as many threads, which all begin at the same moment."""
    gate = threading.Barrier(many)

    def run(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))
