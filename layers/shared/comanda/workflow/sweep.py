"""The sweep: deadlines, lost runs and stuck effects, whatever else failed to happen."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from comanda.dynamo.row import pages
from comanda.errors import NotFound
from comanda.orders.decision import Decision, Loaded, Outgoing, Wait
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.outbox import Outbox, expired
from comanda.orders.stuck import noticing, stuck_at
from comanda.runtime.observe import logger
from comanda.settings.pauses import LIFECYCLE, Paused, never_paused
from comanda.times import moment, stamp
from comanda.workflow.executions import Executions
from comanda.workflow.judge import deadline
from comanda.workflow.publish import Bus, effect_entry
from comanda.workflow.runs import start_next_run
from comanda.workflow.timeouts import judge_deadlines
from comanda.workflow.wake import Waker

LONGEST_PAUSE = timedelta(hours=24)
AGAIN = timedelta(minutes=2)
OF_THE_WORKFLOW = ("WAIT#", "OUT#run-")  # what stands still while the workflow is paused
STEP = timedelta(minutes=5)  # longer than any step takes to put its wait


class Sweep:
    def __init__(
        self,
        table: str,
        desk: Desk,
        waker: Waker,
        outbox: Outbox,
        bus: Bus,
        executions: Executions,
        now: Callable[[], datetime],
        finish_purge: Callable[[str], object] | None = None,
        paused: Paused = never_paused,
        stuck_after: Callable[[], int | None] = lambda: None,
    ) -> None:
        """`stuck_after`: the days without a scan after which a parcel is stuck.
        `finish_purge` deletes what is left of a purged order; it raises NotFound for any other."""
        self.table = table
        self.desk = desk
        self.waker = waker
        self.outbox = outbox
        self.bus = bus
        self.executions = executions
        self.now = now
        self.finish_purge = finish_purge
        self.paused = paused
        self.stuck_after = stuck_after

    def run(
        self, *, everything: bool = False, more_time: Callable[[], bool] = lambda: True
    ) -> dict[str, int]:
        """Look at each order with something due (`everything`: at each that waits at all).

        Stops when `more_time` says so; the rest is due still and comes with the next sweep. While the
        workflow is paused, deadlines, waits and runs stay due, too: only other effects are looked after.
        """
        standing = self.paused(LIFECYCLE)
        counts = {"orders": 0, "failed": 0}
        seen: set[str] = set()
        for order_id in self._due(everything, standing):
            if not more_time():
                break
            if order_id in seen:
                continue
            seen.add(order_id)
            counts["orders"] += 1
            try:
                self._settle(order_id, everything, standing)
            except NotFound:
                continue
            except Exception:
                counts["failed"] += 1
                logger.exception("sweep could not settle an order", extra={"order_id": order_id})
        return counts

    def _due(self, everything: bool, standing: bool) -> Iterator[str]:
        until = "~" if everything else stamp(self.now())
        for item in pages(
            TableName=self.table,
            IndexName="due",
            KeyConditionExpression="due_pk = :due AND due_sk < :until",
            ExpressionAttributeValues={":due": {"S": "DUE"}, ":until": {"S": until}},
        ):
            if not (standing and item["sk"]["S"].startswith(OF_THE_WORKFLOW)):
                yield item["pk"]["S"]

    def _settle(self, order_id: str, everything: bool, standing: bool) -> None:
        try:
            self.look_at(order_id, everything=everything, standing=standing)
        except NotFound:
            if self.finish_purge is None:
                raise
            self.finish_purge(order_id)

    def look_at(self, order_id: str, *, everything: bool = False, standing: bool = False) -> None:
        """Judge deadlines, answer waits, look after effects of one order."""
        now = stamp(self.now())
        origin = Origin("system", "sweep", now)
        if not standing:
            self.desk.run(order_id, lambda loaded: self._judged(loaded, now), origin)
        loaded = self.desk.load(order_id)
        for wait in () if standing else loaded.waits:
            if not self.waker.judge(loaded, wait):
                self._postpone(loaded, wait, now)
        for effect in loaded.effects:
            if standing and effect.kind == "lifecycle":
                continue
            if everything or self._effect_due(effect, now):
                self._look_after(loaded, effect, now)

    def _judged(self, loaded: Loaded, now: str) -> Decision:
        decision = judge_deadlines(loaded, now)
        if decision.facts or not loaded.order.shipments:
            return decision
        return noticing(loaded, now, self.stuck_after())

    def _postpone(self, loaded: Loaded, wait: Wait, now: str) -> None:
        due = deadline(loaded.order)
        if loaded.order.shipments:
            due = min(due, stuck_at(loaded.order, self.stuck_after()) or due)
        if wait.due_at != due and due > now:
            self.waker.waits.look_again(loaded.order.order_id, wait, due)

    def _effect_due(self, effect: Outgoing, now: str) -> bool:
        return effect.state in ("wanted", "claimed") and effect.due_at <= now

    def _look_after(self, loaded: Loaded, effect: Outgoing, now: str) -> None:
        order_id = loaded.order.order_id
        if effect.state not in ("wanted", "claimed"):
            return
        if effect.kind == "lifecycle" and effect.state == "claimed":
            self._look_after_run(loaded, effect)
        elif effect.kind == "mail" and expired(effect, now):
            self.outbox.doubt(order_id, effect, "the sender stopped; nobody knows whether it was sent")
        elif effect.state == "wanted" or expired(effect, now):
            self.bus.publish([effect_entry(order_id, effect.effect_id, effect.kind)])
            self.outbox.defer(order_id, effect, until=stamp(self.now() + AGAIN))

    def _look_after_run(self, loaded: Loaded, effect: Outgoing) -> None:
        """A run that died without a word, or whose step did before it waited, is followed by the next;
        the looks grow rarer with its age."""
        order, run = loaded.order, int(effect.data["run"])
        if order.run > run:
            self.outbox.settle(order.order_id, effect.effect_id, {"superseded": order.run})
            return
        age = self.now() - moment(effect.wanted_at)
        waits = age < STEP or any(wait.run == run for wait in loaded.waits)
        if waits and self.executions.lives(self.executions.arn(order.order_id, run)):
            pause = min(max(age / 2, AGAIN), LONGEST_PAUSE)
            self.outbox.defer(order.order_id, effect, until=stamp(self.now() + pause))
        else:
            origin = Origin("system", "sweep", stamp(self.now()))
            done = start_next_run(self.desk, order.order_id, run, origin)
            if not done.changed or done.order.run > run:
                self.outbox.settle(order.order_id, effect.effect_id, {"lost": run})
