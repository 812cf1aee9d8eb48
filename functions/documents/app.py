"""Asked by other functions — sets papers in type and binds them; alone carries Typst, reads no order."""

import base64
from pathlib import Path
from typing import Any

from comanda.documents.typeset.render import Typesetter

typesetter = Typesetter(Path(__file__).parent / "fonts")


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`{papers}` → `{pdf}` in base64. `{papers, to}` keeps the file in the bucket, `{bind, to}` makes one of
    kept ones, `{labels, to}` one of labels: → `{size, sha256}`; of labels that are none → `{unreadable}`."""
    if "to" not in event:
        return {"pdf": base64.b64encode(typesetter.pdf(event["papers"])).decode()}
    from comanda import wiring
    from comanda.documents.typeset.bind import bound, kept

    bucket = wiring.paper_bucket()
    if "labels" in event:
        from comanda.documents.typeset.labels import labels_bound

        return labels_bound(event["labels"], event["to"], bucket, typesetter.picture)
    if "bind" in event:
        return bound(event["bind"], event["to"], bucket)
    return kept(typesetter.pdf(event["papers"]), event["to"], bucket)
