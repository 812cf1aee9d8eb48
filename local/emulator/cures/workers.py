"""Function workers: few per function, started one per core, and no idle waits between."""

import os
import signal
import threading
from collections import defaultdict
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

PER_FUNCTION = 4
LOG_SECONDS = 0.004
QUIET_SECONDS = 0.002


def apply() -> None:
    queue_above_limit()
    start_one_per_core()
    wait_less_for_logs()
    send_events_at_once()
    warm_up_when_asked()


def queue_above_limit() -> None:
    """A burst starts a process per event: let it wait for one of a few instead."""
    run = lambda_svc._execute_function_provided_warm
    turns: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(PER_FUNCTION))
    guard = threading.Lock()

    def run_in_turn(function: dict[str, Any], event: Any, request_id: str) -> Any:
        name = (function.get("config") or function).get("FunctionName", "")
        with guard:
            turn = turns[name]
        with turn:
            return run(function, event, request_id)

    lambda_svc._execute_function_provided_warm = run_in_turn


def start_one_per_core() -> None:
    """Cold starts that compete for the processor all overrun the start limit of ten seconds."""
    spawn = lambda_runtime.ProvidedWorker._spawn
    cores = threading.Semaphore(os.cpu_count() or 1)

    def spawn_in_turn(worker: Any, init_timeout: float | None = None) -> None:
        with cores:
            spawn(worker, init_timeout)

    lambda_runtime.ProvidedWorker._spawn = spawn_in_turn


def wait_less_for_logs() -> None:
    """Each call of a function that prints nothing waits 50 ms for its log lines."""
    drain = lambda_runtime.Worker._drain_stderr_bounded

    def drain_sooner(worker: Any, first_line_wait: float = LOG_SECONDS, **limits: float) -> Any:
        return drain(worker, first_line_wait=first_line_wait, **{"idle_confirm": QUIET_SECONDS, **limits})

    lambda_runtime.Worker._drain_stderr_bounded = drain_sooner


def send_events_at_once() -> None:
    """An event is sent in two small packets, of which the second waits 40 ms for a receipt of the first."""
    build = lambda_runtime.ProvidedWorker._build_handler_class

    def build_without_delay(worker: Any, generation: int, pending: Any) -> Any:
        handler = build(worker, generation, pending)
        handler.disable_nagle_algorithm = True
        return handler

    lambda_runtime.ProvidedWorker._build_handler_class = build_without_delay


def warm_up_when_asked() -> None:
    """A first call waits a second for its worker: on SIGUSR1 start one for each function of COMANDA_WARM."""
    wanted = [name for name in os.environ.get("COMANDA_WARM", "").split(",") if name]

    def warm_up() -> None:
        for _, function in list(lambda_svc._functions._data.items()):
            config = function["config"]
            if any(f"-{name}Function-" in config["FunctionName"] for name in wanted):
                _start(config, function["code_zip"])

    signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=warm_up, daemon=True).start())


def _start(config: dict[str, Any], package: bytes) -> None:
    worker, state = lambda_runtime.acquire_worker(config["FunctionName"], config, package)
    try:
        if state == "spawn":
            lambda_runtime.ensure_spawned(worker)
    finally:
        lambda_runtime.release_worker(worker)
