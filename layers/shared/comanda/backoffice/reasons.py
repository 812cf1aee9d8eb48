"""Reasons as staff write them: a known code goes into the history, words are kept apart as a note."""

from collections.abc import Container

from comanda.orders.vocabulary import (
    BounceReason,
    CancelReason,
    DisputeReason,
    FeeReason,
    HoldReason,
    RefundReason,
)


def cancel_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a cancellation. Facts keep the code, so it may hold no personal data."""
    return _parted(written, note, CancelReason, CancelReason.OTHER)


def refund_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a refund."""
    return _parted(written, note, RefundReason, RefundReason.OTHER)


def hold_reason(written: str, note: str) -> tuple[str, str]:
    """Kind and note of a hold."""
    return _parted(written, note, HoldReason, HoldReason.MANUAL)


def bounce_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a payment that came back."""
    return _parted(written, note, BounceReason, BounceReason.OTHER)


def fee_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a fee."""
    return _parted(written, note, FeeReason, FeeReason.OTHER)


def dispute_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a dispute."""
    return _parted(written, note, DisputeReason, DisputeReason.OTHER)


def _parted(written: str, note: str, known: Container[str], unknown: str) -> tuple[str, str]:
    """A known code as it is; other words join the note, under the code for what is not known."""
    code = written.lower()
    if code in known:
        return code, note
    return unknown, f"{written}\n{note}" if note else written
