"""Shoppers in processes of their own, and what they found."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def run(mode: str, file: Path, serial: int) -> dict[str, Any]:
    return result(start(mode, file, serial))


def start(mode: str, file: Path, serial: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "local.bench.shopper", mode, str(file), str(serial)]
    environment = os.environ | {"PYTHONPATH": "layers/shared:.", "DYNAMODB_REQUESTS": "direct"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    output, errors = process.communicate(timeout=120)
    if process.returncode:
        raise RuntimeError(f"a shopper failed: {errors[-2000:]}{output[-1000:]}")
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found
