"""CPU of importing the checkout's handler in fresh processes, beside boto3 with one DynamoDB client."""

import os
import subprocess
import sys
from typing import Any

MOST_RATIO = 1.9
ROUNDS = 7
HANDLER = "import functions.place_order.app"
BARE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"
READY = HANDLER + "; from comanda.dynamo.client import client; client()"
CODE = "import time; begin = time.process_time(); {work}; print(time.process_time() - begin)"


def measure() -> dict[str, Any]:
    """Best of several rounds, taken in turns, with byte code there; the interpreter's start is left out."""
    for work in (HANDLER, BARE, READY):
        _seconds(work)  # writes the byte code
    best = {"ours": 9e9, "bare": 9e9, "ready": 9e9}
    for _ in range(ROUNDS):
        for name, work in (("ours", HANDLER), ("bare", BARE), ("ready", READY)):
            best[name] = min(best[name], _seconds(work))
    ratio = best["ours"] / best["bare"]
    milliseconds = {name: round(seconds * 1000, 1) for name, seconds in best.items()}
    return {
        "name": "cold import",
        "ours_ms": milliseconds["ours"],
        "bare_ms": milliseconds["bare"],
        "with_its_client_ms": milliseconds["ready"],
        "ratio": round(ratio, 2),
        "met": ratio <= MOST_RATIO,
    }


def _seconds(work: str) -> float:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": "layers/shared:.",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
    }
    command = [sys.executable, "-c", CODE.format(work=work)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout.splitlines()[-1])
