"""What the state machine's tasks do: wait, hold for a retry, close."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from comanda.errors import NotFound, RetryLater
from comanda.orders.close import close_order
from comanda.orders.decision import NOTHING, Decision, Loaded, Wait
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened, Origin
from comanda.orders.model import Hold
from comanda.orders.outbox import Outbox
from comanda.orders.vocabulary import HoldReason
from comanda.runtime.observe import logger
from comanda.settings.pauses import Paused, never_paused
from comanda.times import later, stamp
from comanda.workflow.executions import Executions
from comanda.workflow.judge import NEXT_RUN, deadline
from comanda.workflow.waits import WaitStore
from comanda.workflow.wake import Waker

FIRST_LOOK_SECONDS = 120


class Steps:
    def __init__(
        self,
        desk: Desk,
        waits: WaitStore,
        executions: Executions,
        outbox: Outbox,
        now: Callable[[], datetime],
        suspect: Callable[[str], object] = lambda order_id: None,
        paused: Paused = never_paused,
    ) -> None:
        """`suspect` looks for signs of a fraud or a duplicate on an order that has been placed."""
        self.desk = desk
        self.waits = waits
        self.executions = executions
        self.outbox = outbox
        self.now = now
        self.suspect = suspect
        self.waker = Waker(desk, waits, executions, now, paused)

    def run(self, event: dict[str, Any]) -> dict[str, Any]:
        """One task. A wait answers its token itself, and also says so when it fails.

        The emulator swallows what a waiting task raises, and on AWS a named failure is clearer than
        a stack trace: so failures are sent, not raised.
        """
        step, order_id, run = event["step"], event["order_id"], int(event["run"])
        logger.append_keys(order_id=order_id, step=step, run=run)
        if step == "close":
            return self._close(order_id, run)
        try:
            self._wait(event, order_id, run)
        except Exception as error:
            logger.exception("step failed")
            name = "Busy" if isinstance(error, RetryLater) else "StepFailed"
            self.executions.fail(event["token"], name, f"{type(error).__name__}: {error}")
        return {"step": step}

    def _wait(self, event: dict[str, Any], order_id: str, run: int) -> None:
        kind = event["step"]
        if kind == "approval":
            self.suspect(order_id)
        if kind == "hold_for_retry":
            kind = "retry"
            self._hold(order_id, run, event.get("failed") or {})
        at = stamp(self.now())
        # Looked at once soon after, whatever the deadline: this process may die before it has judged.
        due = min(deadline(self.desk.load(order_id).order), later(at, FIRST_LOOK_SECONDS))
        wait = Wait(kind, event["token"], run, at, due, event["execution"])
        if not self.waits.put(order_id, wait):
            self.executions.answer(wait.token, NEXT_RUN)  # a later run, or attempt, has taken over
            return
        # Written first, judged after: whoever changed the order before the write is seen here,
        # whoever changes it later finds the token.
        loaded = self.desk.load(order_id)
        self.waker.judge(loaded, wait)

    def _hold(self, order_id: str, run: int, failed: dict[str, Any]) -> None:
        """Hold the order with the reason, once per failure."""
        name = str(failed.get("step", "unknown"))
        detail = json.dumps(failed.get("error", {}))[:1000]
        origin = Origin("system", f"workflow:{run}", stamp(self.now()))
        self.desk.run(order_id, lambda loaded: _held(loaded, run, name, detail, origin), origin)
        logger.error("order held: a step failed beyond its retries", extra={"failed_step": name})

    def _close(self, order_id: str, run: int) -> dict[str, Any]:
        origin = Origin("system", f"workflow:{run}", stamp(self.now()))
        try:
            done = close_order(self.desk, order_id, run, origin)
        except NotFound:
            return {"lifecycle": "purged"}
        self.outbox.settle(order_id, f"run-{run}", {"closed": origin.at})
        return {"lifecycle": done.order.lifecycle}


def _held(loaded: Loaded, run: int, step: str, detail: str, origin: Origin) -> Decision:
    order = loaded.order
    held = any(hold.reason == HoldReason.STEP_FAILED for hold in order.open_holds)
    if held or order.run > run:
        return NOTHING
    hold = Hold(
        f"h{order.facts + 1}", HoldReason.STEP_FAILED, origin.at, "system", detail=f"{step}: {detail}"
    )
    return Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),))
