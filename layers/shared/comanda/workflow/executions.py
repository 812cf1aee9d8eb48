"""Step Functions as the workflow needs it: start, answer, ask whether an execution lives."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

# The execution or its token is gone: AWS and the emulator name it differently.
GONE = frozenset({"TaskDoesNotExist", "TaskTimedOut", "InvalidToken", "ExecutionDoesNotExist"})


class Executions:
    """`state_machine` is asked only where executions are started or named: the state machine's own
    task does not know its ARN."""

    def __init__(self, client: Any, state_machine: Callable[[], str]) -> None:
        self.client = client
        self.state_machine = state_machine

    def start(self, order_id: str, run: int) -> str:
        """Start run `run` of an order and answer its ARN; a run that was started before is the same."""
        name = f"{order_id}-{run}"
        try:
            answer = self.client.start_execution(
                stateMachineArn=self.state_machine(),
                name=name,
                input=json.dumps({"order_id": order_id, "run": run}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise
            return self.arn(order_id, run)
        return str(answer["executionArn"])

    def arn(self, order_id: str, run: int) -> str:
        """The ARN a run has, started or not."""
        return f"{self.state_machine().replace(':stateMachine:', ':execution:')}:{order_id}-{run}"

    def answer(self, token: str, outcome: str) -> bool:
        """Answer a waiting token; False when nobody waits behind it any more."""
        return self._sent(
            lambda: self.client.send_task_success(taskToken=token, output=json.dumps({"next": outcome}))
        )

    def fail(self, token: str, error: str, cause: str) -> bool:
        return self._sent(
            lambda: self.client.send_task_failure(taskToken=token, error=error, cause=cause[:8000])
        )

    def _sent(self, send: Any) -> bool:
        try:
            send()
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            return False
        return True

    def lives(self, execution: str) -> bool:
        """Whether an execution is running."""
        try:
            return str(self.client.describe_execution(executionArn=execution)["status"]) == "RUNNING"
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            return False
