"""What the shoppers are to send, handed from process to process as JSON with its bytes."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

BYTES = "base64 of bytes"


def write(file: Path, recipe: dict[str, Any]) -> None:
    file.write_text(json.dumps(recipe, default=lambda value: {BYTES: b64encode(value).decode()}))


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(), object_hook=_hook)
    return found


def _hook(data: dict[str, Any]) -> Any:
    return b64decode(data[BYTES]) if data.keys() == {BYTES} else data
