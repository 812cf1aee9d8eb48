"""Printed papers: who sets them, and what they are made from."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.documents.press import LambdaPress
    from comanda.documents.printing import Printing
    from comanda.documents.typeset.bind import Bucket


@cache
def press() -> "LambdaPress":
    from botocore.config import Config

    from comanda.documents.press import LambdaPress

    patient = Config(
        connect_timeout=2, read_timeout=25, retries={"total_max_attempts": 2, "mode": "standard"}
    )
    return LambdaPress(lambda: wiring.aws("lambda", config=patient), variable("DOCUMENTS_FUNCTION"))


@cache
def paper_bucket() -> "Bucket":
    from comanda.documents.typeset.bind import Bucket

    return Bucket(wiring.aws("s3"), variable("EXPORT_BUCKET"))


@cache
def printing() -> "Printing":
    from comanda.documents.printing import Printing

    return Printing(wiring.orders(), wiring.settings(), wiring.press)
