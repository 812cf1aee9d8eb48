"""Asked by other functions — sets papers in type; alone carries Typst, and reads nothing."""

import base64
from pathlib import Path
from typing import Any

from comanda.documents.typeset.render import Typesetter

typesetter = Typesetter(Path(__file__).parent / "fonts")


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`{papers}` → `{pdf}` in base64."""
    return {"pdf": base64.b64encode(typesetter.pdf(event["papers"])).decode()}
