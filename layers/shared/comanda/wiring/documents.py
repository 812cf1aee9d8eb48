"""Printed papers: who sets them, and what they are made from."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.documents.enclosing import Enclosing
    from comanda.documents.press import LambdaPress
    from comanda.documents.printing import Printing
    from comanda.documents.typeset.bind import Bucket


@cache
def press() -> "LambdaPress":
    return _press(read_timeout=25, attempts=2)


@cache
def enclosing() -> "Enclosing":
    """A mail waits little for its paper: five of them share the function's thirty seconds."""
    from comanda.documents.enclosing import Enclosing

    return Enclosing(lambda: _press(read_timeout=6, attempts=1), wiring.now)


def _press(read_timeout: int, attempts: int) -> "LambdaPress":
    from botocore.config import Config

    from comanda.documents.press import LambdaPress

    config = Config(
        connect_timeout=2,
        read_timeout=read_timeout,
        retries={"total_max_attempts": attempts, "mode": "standard"},
    )
    return LambdaPress(lambda: wiring.aws("lambda", config=config), variable("DOCUMENTS_FUNCTION"))


@cache
def paper_bucket() -> "Bucket":
    from comanda.documents.typeset.bind import Bucket

    return Bucket(wiring.aws("s3"), variable("EXPORT_BUCKET"))


@cache
def printing() -> "Printing":
    from comanda.documents.printing import Printing

    return Printing(wiring.orders(), wiring.settings(), wiring.press, wiring.stock(), wiring.keys)
