"""Reasons as staff write them: a known code goes into the history, words are kept apart as a note."""

from comanda.orders.vocabulary import HoldReason

OTHER = "other"
CANCEL_REASONS = frozenset(
    {"customer", "out_of_stock", "unpaid", "fraud", "address", "duplicate", "mistake", "test", OTHER}
)


def cancel_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a cancellation. Facts keep the code, so it may hold no personal data."""
    if written.lower() in CANCEL_REASONS:
        return written.lower(), note
    return OTHER, _together(written, note)


def hold_reason(written: str, note: str) -> tuple[str, str]:
    """Kind and note of a hold."""
    if written.lower() in frozenset(HoldReason):
        return written.lower(), note
    return HoldReason.MANUAL, _together(written, note)


def _together(words: str, note: str) -> str:
    return f"{words}\n{note}" if note else words
