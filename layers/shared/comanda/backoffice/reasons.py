"""Reasons as staff write them: a known code goes into the history, words are kept apart as a note."""

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
    if written.lower() in frozenset(CancelReason):
        return written.lower(), note
    return CancelReason.OTHER, _together(written, note)


def refund_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a refund."""
    if written.lower() in frozenset(RefundReason):
        return written.lower(), note
    return RefundReason.OTHER, _together(written, note)


def hold_reason(written: str, note: str) -> tuple[str, str]:
    """Kind and note of a hold."""
    if written.lower() in frozenset(HoldReason):
        return written.lower(), note
    return HoldReason.MANUAL, _together(written, note)


def bounce_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a payment that came back."""
    if written.lower() in frozenset(BounceReason):
        return written.lower(), note
    return BounceReason.OTHER, _together(written, note)


def fee_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a fee."""
    if written.lower() in frozenset(FeeReason):
        return written.lower(), note
    return FeeReason.OTHER, _together(written, note)


def dispute_reason(written: str, note: str) -> tuple[str, str]:
    """Code and note of a dispute."""
    if written.lower() in frozenset(DisputeReason):
        return written.lower(), note
    return DisputeReason.OTHER, _together(written, note)


def _together(words: str, note: str) -> str:
    return f"{words}\n{note}" if note else words
