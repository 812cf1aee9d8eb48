"""One paper set warm, and 500 packing slips as one file: time and memory of the documents function.

python -m local.bench.papers
"""

import base64
import json
import os
import resource
import time
from io import BytesIO
from typing import Any

SLIPS, AT_ONCE, ROUNDS = 500, 25, 20
MOST_MS, MOST_SECONDS, MOST_MEGABYTES = 40, 10, 450


class Bucket:
    """S3's client with the files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put_object(self, Key: str, Body: bytes, **_: Any) -> None:
        self.files[Key] = Body

    def get_object(self, Key: str, **_: Any) -> dict[str, Any]:
        return {"Body": BytesIO(self.files[Key])}


def measure() -> dict[str, Any]:
    """CPU of the real handler, all threads counted: the clock would tell what else the machine does."""
    from comanda import wiring
    from comanda.documents.kinds import Kind
    from functions.documents.app import lambda_handler
    from tests.unit.documents.papers import asked, printed

    os.environ["EXPORT_BUCKET"] = "bench"
    bucket = Bucket()
    wiring.aws = lambda service, **_: bucket
    papers = asked(Kind.ORDER, printed())
    assert base64.b64decode(lambda_handler({"papers": papers}, None)["pdf"]).startswith(b"%PDF")
    one = min(_seconds(lambda: lambda_handler({"papers": papers}, None)) for _ in range(ROUNDS))

    def slips() -> None:
        keys = []
        for first in range(0, SLIPS, AT_ONCE):
            some = [printed(number=f"P-{first + n:06}") for n in range(AT_ONCE)]
            keys.append(f"parts/{first}.pdf")
            lambda_handler({"papers": asked(Kind.PACKING_SLIP, some), "to": keys[-1]}, None)
        lambda_handler({"bind": keys, "to": "bulk/all.pdf"}, None)

    many = _seconds(slips)
    megabytes = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return {
        "name": "papers",
        "one_ms": round(one * 1000, 1),
        "slips": SLIPS,
        "slips_seconds": round(many, 1),
        "slips_megabytes": megabytes,
        "file_megabytes": round(len(bucket.files["bulk/all.pdf"]) / 1e6, 1),
        "met_one": one * 1000 <= MOST_MS,
        "met_many": many <= MOST_SECONDS and megabytes <= MOST_MEGABYTES,
    }


def _seconds(work: Any) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    print(json.dumps(measure()))
