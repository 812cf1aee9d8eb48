"""Executions as operators see them: what each waits for and until when, what failed, and its retry.

A step that fails beyond its retries holds its order and waits there, so the retry of an order is the command
of that name: the same execution runs the failed step again. Only an execution that ended is redriven, and
where that is not possible its order's next run starts, which passes what is settled without waiting.
"""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.bulk.look import resume
from comanda.backoffice.operations.audit import AuditLog
from comanda.backoffice.operations.machines import (
    BROKEN,
    BULK,
    LIFECYCLE,
    RUNNING,
    Failure,
    Machines,
    Run,
    readable,
)
from comanda.dynamo.batch import several
from comanda.errors import NotFound, Problem, WrongState
from comanda.orders.decision import Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Desk
from comanda.orders.guards import failures
from comanda.orders.hold import retrying
from comanda.orders.partition import loaded_from
from comanda.orders.vocabulary import HoldReason
from comanda.origin import Origin
from comanda.workflow.judge import CONDITIONS, NEVER, deadline
from comanda.workflow.runs import start_next_run

PAGE = 20
WORKERS = 8
WAITS = (*CONDITIONS, "retry")


@dataclass(frozen=True, slots=True)
class Look:
    """An execution with what its order says: what it waits for, until when, and what failed."""

    run: Run
    order_number: str = ""
    waits_for: str = ""
    until: str = ""
    failure: Failure | None = None
    redrivable: bool = False

    def to_dict(self) -> dict[str, Any]:
        run, failed = self.run, self.failure
        return {
            "machine": run.machine,
            "name": run.name,
            "state": run.state,
            "started_at": run.started_at,
            "stopped_at": run.stopped_at or None,
            "order_id": run.matter if run.machine == LIFECYCLE else None,
            "order_number": self.order_number or None,
            "job_id": run.matter if run.machine == BULK else None,
            "waits_for": self.waits_for or None,
            "until": self.until or None,
            "failed": {"step": failed.step, "error": failed.error, "cause": failed.cause} if failed else None,
            "redrivable": self.redrivable,
        }


@dataclass(frozen=True, slots=True)
class Operating:
    """Everything behind executions. `orders_table` is read by keys only."""

    machines: Machines
    desk: Desk
    audit: AuditLog
    bulking: Callable[[], Bulking]
    bulk_runs: Callable[[], Runs]
    orders_table: str

    def listed(self, machine: str, state: str, cursor: str = "", limit: int = PAGE) -> tuple[list[Look], str]:
        """One page: a request for the executions, two for the orders of a page, one for each that failed."""
        runs, after = self.machines.runs(machine, state, limit, cursor)
        return self._looks(machine, runs), after

    def broken(self, limit: int) -> tuple[list[Look], bool]:
        """The newest runs of orders that ended in failure and that no other run has followed; whether there
        may be more."""
        runs, more = [], False
        for state in sorted(BROKEN):
            found, after = self.machines.runs(LIFECYCLE, state, limit)
            runs += found
            more = more or bool(after)
        orders = self._orders(run.matter for run in runs)
        looks = [_with_order(Look(run), orders.get(run.matter)) for run in runs]
        return self._explained([look for look in looks if look.redrivable]), more

    def look(self, machine: str, name: str) -> Look:
        """Raises NotFound."""
        return self._looks(machine, [self.machines.run(machine, name)])[0]

    def redrive(self, machine: str, name: str, origin: Origin) -> str:
        """Run the failed step again; answers how: `retried` (the order was held and waits), `redriven` (the
        execution had ended and goes on), `next_run` (a new one passes what is settled), `resumed` (a job).

        Raises NotFound, WrongState when nothing of it failed, or another run has taken over.
        """
        run = self.machines.run(machine, name)
        done = self._resumed(run) if machine == BULK else self._redriven(run, origin)
        order_id = run.matter if machine == LIFECYCLE else ""
        self.audit.add(origin, "redriven", f"execution:{machine}:{name}", order_id=order_id, detail=done)
        return done

    def redrive_all(self, machine: str, names: Iterable[str], origin: Origin) -> dict[str, str]:
        """Each of a selection by itself: how, or the guard that refused it."""
        told = {}
        for name in dict.fromkeys(names):
            try:
                told[name] = self.redrive(machine, name, origin)
            except Problem as problem:
                told[name] = str(problem.extra.get("guard") or problem.type)
        return told

    # -- how ---------------------------------------------------------------------------------------

    def _redriven(self, run: Run, origin: Origin) -> str:
        order = self.desk.load(run.matter).order
        if order.run > run.number:
            raise WrongState("next-run", f"the order went on in its run {order.run}")
        if failures(order):
            self.desk.run(run.matter, retrying, origin)
            return "retried"
        if run.state not in BROKEN:
            raise WrongState("nothing-failed", "this execution waits for its order, nothing of it failed")
        if self.machines.redrive(run):
            return "redriven"
        if not start_next_run(self.desk, run.matter, run.number, origin).changed:
            raise WrongState("order-over", "the order is over: there is nothing left to do")
        return "next_run"

    def _resumed(self, run: Run) -> str:
        resume(run.matter, at=self.bulking(), runs=self.bulk_runs())
        return "resumed"

    # -- looking -----------------------------------------------------------------------------------

    def _looks(self, machine: str, runs: list[Run]) -> list[Look]:
        looks = [Look(run) for run in runs]
        if machine == LIFECYCLE:
            orders = self._orders(run.matter for run in runs)
            looks = [_with_order(look, orders.get(look.run.matter)) for look in looks]
        return self._explained(looks)

    def _explained(self, looks: list[Look]) -> list[Look]:
        """With what failed in each that ended so."""
        broken = [look.run for look in looks if look.run.state in BROKEN]
        with ThreadPoolExecutor(WORKERS) as pool:
            failed = dict(zip(broken, pool.map(self._failure, broken), strict=True))
        return [replace(look, failure=look.failure or failed.get(look.run)) for look in looks]

    def _failure(self, run: Run) -> Failure | None:
        try:
            return self.machines.failure(run)
        except NotFound:
            return None

    def _orders(self, order_ids: Iterable[str]) -> dict[str, Loaded]:
        """The snapshots and waits of a page's orders, in as few requests as their keys take."""
        ids = list(dict.fromkeys(order_ids))
        names = ("ORDER", *(f"WAIT#{kind}" for kind in WAITS))
        keys = [(order_id, name) for order_id in ids for name in names]
        found: dict[str, list[dict[str, Any]]] = {order_id: [] for order_id in ids}
        for item in several(self.orders_table, keys):
            found[item["pk"]["S"]].append(item)
        read = {order_id: loaded_from(items) for order_id, items in found.items()}
        return {order_id: loaded for order_id, loaded in read.items() if loaded}


def _with_order(look: Look, loaded: Loaded | None) -> Look:
    """What the order tells of its execution."""
    if loaded is None:
        return look
    order, run = loaded.order, look.run
    held = next((hold for hold in order.open_holds if hold.reason == HoldReason.STEP_FAILED), None)
    mine = order.run == run.number
    wait = next((one.kind for one in loaded.waits if one.run == run.number), "")
    until = deadline(order)
    broken = run.state in BROKEN and mine and not ended(order)
    look = replace(look, order_number=order.number, redrivable=broken or bool(held and mine))
    if held and mine and run.state == RUNNING:
        step, _, detail = held.detail.partition(":")
        return replace(look, waits_for="retry", failure=_failure_of(step, detail))
    if run.state == RUNNING:
        return replace(look, waits_for=wait, until="" if until == NEVER else until)
    return look


def _failure_of(step: str, detail: str) -> Failure:
    try:
        told = json.loads(detail)
        return Failure(step, str(told.get("Error", "")), readable(str(told.get("Cause", ""))))
    except (ValueError, AttributeError):
        return Failure(step, "", detail.strip()[:500])
