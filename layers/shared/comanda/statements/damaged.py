"""How a bank's file is refused: as a whole, since half a statement is none."""

from comanda.errors import Invalid

FILE = "/file"


def damaged(detail: str) -> Invalid:
    """The refusal of a file; `detail` says what is wrong and, where it can, in which line."""
    return Invalid.at(FILE, detail)
