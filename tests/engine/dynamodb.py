"""AWS's own DynamoDB engine on this machine: started, stopped, given our tables."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import boto3

from tests.template import table_variable, tables

JAR_FOLDER = Path(__file__).parent.parent.parent / ".tools" / "dynamodb-local"
JAR = JAR_FOLDER / "DynamoDBLocal.jar"
READY_SECONDS = 60


def missing() -> str:
    """Why it cannot run here; empty when it can."""
    if not JAR.exists():
        return "make tools brings AWS's DynamoDB engine"
    return "" if shutil.which("java") else "make tools brings java"


class Engine:
    """One server in memory on a free port."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = ["java", "-Xmx512m", f"-Djava.library.path={JAR_FOLDER / 'DynamoDBLocal_lib'}", "-jar", JAR]
        command += ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        self._process = subprocess.Popen([str(part) for part in command], cwd=JAR_FOLDER, **quiet)  # type: ignore[call-overload]
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        raise RuntimeError("the DynamoDB engine did not start")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def client(self) -> Any:
        return boto3.client("dynamodb", endpoint_url=self.url, region_name="us-east-1")

    def fresh_tables(self) -> None:
        """Every table of the template anew and empty; the environment names them."""
        database = self.client()
        for name in database.list_tables()["TableNames"]:
            database.delete_table(TableName=name)
        for name, definition in tables().items():
            database.create_table(TableName=name, **definition)
            os.environ[table_variable(name)] = name
