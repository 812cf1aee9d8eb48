"""Answer the executions that wait for an order, once it can go on."""

from collections.abc import Callable
from datetime import datetime

from comanda.orders.decision import Loaded, Wait
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.times import stamp
from comanda.workflow.executions import Executions
from comanda.workflow.judge import deadline, outcome
from comanda.workflow.runs import start_next_run
from comanda.workflow.waits import WaitStore


class Waker:
    """Reads orders consistently: a stale read would lose a wake-up."""

    def __init__(
        self, desk: Desk, waits: WaitStore, executions: Executions, now: Callable[[], datetime]
    ) -> None:
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
        """Answer one wait if it can go on; False while it has to wait.

        An answer that nobody took means that the execution is gone: if it is, the next run starts.
        """
        order = loaded.order
        answer = outcome(wait.kind, wait.run, order)
        if not answer:
            return False
        taken = self.executions.answer(wait.token, answer)
        self.waits.delete(order.order_id, wait)
        if not taken and order.run == wait.run and not self.executions.lives(wait.execution):
            origin = Origin("system", f"workflow:{wait.run}", stamp(self.now()))
            start_next_run(self.desk, order.order_id, wait.run, origin)
        return True

    def _bring_forward(self, loaded: Loaded, wait: Wait) -> None:
        """A deadline may have come closer, as when the customer changed the way to pay."""
        due = deadline(loaded.order)
        if due < wait.due_at:
            self.waits.look_again(loaded.order.order_id, wait, due)
