"""Answer the executions that wait for an order, once it can go on."""

from collections.abc import Callable
from datetime import datetime

from comanda.orders.decision import Loaded, Wait
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.settings.pauses import LIFECYCLE, Paused, never_paused
from comanda.times import stamp
from comanda.workflow.executions import Executions
from comanda.workflow.judge import deadline, outcome
from comanda.workflow.runs import start_next_run
from comanda.workflow.waits import WaitStore


class Waker:
    """Reads orders consistently: a stale read would lose a wake-up."""

    def __init__(
        self,
        desk: Desk,
        waits: WaitStore,
        executions: Executions,
        now: Callable[[], datetime],
        paused: Paused = never_paused,
    ) -> None:
        self.paused = paused
        self.desk = desk
        self.waits = waits
        self.executions = executions
        self.now = now

    def wake(self, order_id: str) -> None:
        """Answer each wait of the order whose condition holds, then delete it."""
        loaded = self.desk.load(order_id)
        for wait in loaded.waits:
            if not self.judge(loaded, wait):
                self._bring_forward(loaded, wait)

    def judge(self, loaded: Loaded, wait: Wait) -> bool:
        """Answer one wait if it can go on; False while its order has to wait.

        While the workflow is paused, what could go on is due at once instead: the first sweep after it
        was resumed finds it. An answer that nobody took means that the execution is gone: if it is, the
        next run starts.
        """
        order = loaded.order
        answer = outcome(wait.kind, wait.run, order)
        if not answer:
            return False
        if self.paused(LIFECYCLE):
            self._put_off(order.order_id, wait)
            return True
        taken = self.executions.answer(wait.token, answer)
        self.waits.delete(order.order_id, wait)
        if not taken and order.run == wait.run and not self.executions.lives(wait.execution):
            origin = Origin("system", f"workflow:{wait.run}", stamp(self.now()))
            start_next_run(self.desk, order.order_id, wait.run, origin)
        return True

    def _put_off(self, order_id: str, wait: Wait) -> None:
        at = stamp(self.now())
        if wait.due_at > at:
            self.waits.look_again(order_id, wait, at)

    def _bring_forward(self, loaded: Loaded, wait: Wait) -> None:
        """A deadline may have come closer, as when the customer changed the way to pay."""
        due = deadline(loaded.order)
        if due < wait.due_at:
            self.waits.look_again(loaded.order.order_id, wait, due)
