"""Long JSON texts as they lie in a table: compressed, since DynamoDB charges by the kilobyte.

Read them by hand with `python -c "import zlib,base64,sys; print(zlib.decompress(base64.b64decode(…)))"`.
"""

import json
import zlib
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

LEVEL = 6


def pack(text: str) -> bytes:
    return zlib.compress(text.encode(), LEVEL)


def unpack(attribute: Mapping[str, Any]) -> str:
    """The text of a raw attribute: bytes from a table, base64 from a stream, plain from an old writer.

    Raises ValueError for what is none of these.
    """
    if "S" in attribute:
        return str(attribute["S"])
    held = attribute["B"]
    try:
        return zlib.decompress(b64decode(held) if isinstance(held, str) else bytes(held)).decode()
    except zlib.error as error:
        raise ValueError("a packed text that does not unpack") from error


def body_of(item: Mapping[str, Any]) -> Any:
    """The JSON in a raw item's `body`."""
    return json.loads(unpack(item["body"]))
