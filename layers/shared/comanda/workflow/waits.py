"""WAIT items: the tokens of waiting executions. Put, then judge; answer, then delete — never before."""

from collections.abc import Callable

from botocore.exceptions import ClientError

from comanda.orders.decision import Wait
from comanda.orders.rows import WaitRow


class WaitStore:
    def __init__(self, table: str) -> None:
        WaitRow.bind(table)

    def put(self, order_id: str, wait: Wait) -> bool:
        """Store a token unless a later one waits already; False then.

        Later is a higher run, or a later attempt of the same: Step Functions may call a step again
        while the call that it gave up still runs.
        """
        row = WaitRow(
            order_id,
            f"WAIT#{wait.kind}",
            token=wait.token,
            run=wait.run,
            since=wait.since,
            due_at=wait.due_at,
            execution=wait.execution,
            due_pk="DUE",
            due_sk=f"{wait.due_at}#WAIT",
        )
        earlier = (WaitRow.run < wait.run) | ((WaitRow.run == wait.run) & (WaitRow.since <= wait.since))
        return _unless_refused(lambda: WaitRow.write(row, WaitRow.pk.does_not_exist() | earlier))

    def look_again(self, order_id: str, wait: Wait, due_at: str) -> bool:
        """Move the next look at a wait; False when it has been answered meanwhile."""
        row = WaitRow(order_id, f"WAIT#{wait.kind}")
        changes = [WaitRow.due_at.set(due_at), WaitRow.due_sk.set(f"{due_at}#WAIT")]
        return _unless_refused(lambda: WaitRow.change(row, changes, WaitRow.token == wait.token))

    def delete(self, order_id: str, wait: Wait) -> bool:
        """Delete an answered wait, if it still is the same one."""
        row = WaitRow(order_id, f"WAIT#{wait.kind}")
        return _unless_refused(lambda: WaitRow.remove(row, WaitRow.token == wait.token))


def _unless_refused(write: Callable[[], object]) -> bool:
    try:
        write()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
