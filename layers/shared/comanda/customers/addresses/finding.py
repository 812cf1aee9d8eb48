"""What a look at an address finds: a verdict, findings, and the address as it should perhaps be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIELDS = ("line1", "line2", "city", "state", "postal_code", "country")


class Verdict(StrEnum):
    """`ok`: nothing but perhaps another spelling. `odd`: a person should look. `unusable`: nobody can
    deliver there as it stands. None of them refuses an order."""

    OK = "ok"
    ODD = "odd"
    UNUSABLE = "unusable"


class What(StrEnum):
    """What is wrong with a field."""

    REQUIRED = "required"  # nothing is there, and the country's addresses have it
    UNKNOWN = "unknown"  # no such country, state or city is known
    FORMAT = "format"  # postal codes of the country look otherwise
    OTHER_AREA = "other_area"  # the postal code belongs to another state
    OTHER_CITY = "other_city"  # the postal code belongs to another city
    NO_NUMBER = "no_number"  # a street without a number
    PO_BOX = "po_box"  # a box at the post office, where couriers do not go
    TOO_LONG = "too_long"  # more characters than a line of the label has
    SPELLING = "spelling"  # understood, and written otherwise as a rule


MERELY_SPELT = frozenset({What.SPELLING})


@dataclass(frozen=True, slots=True)
class Finding:
    """`expected` is what would do: the spelling, examples, or the choices of a pick-list. `grave` says that
    nothing can be delivered because of it."""

    field: str
    what: What
    expected: tuple[str, ...] = ()
    grave: bool = False

    @property
    def code(self) -> str:
        """A warning as orders keep it: it says nothing of whom."""
        return f"address-{self.field}-{self.what}"

    def to_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {"field": self.field, "what": str(self.what)}
        told |= {"expected": list(self.expected)} if self.expected else {}
        return told | ({"grave": True} if self.grave else {})


@dataclass(frozen=True, slots=True)
class Checked:
    """`suggestion` is the whole address with what can be mended mended; None when nothing would change."""

    findings: tuple[Finding, ...] = ()
    suggestion: dict[str, Any] | None = None

    @property
    def verdict(self) -> Verdict:
        if any(found.grave for found in self.findings):
            return Verdict.UNUSABLE
        return Verdict.ODD if self.doubts else Verdict.OK

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """The findings that a person should look at."""
        return tuple(found for found in self.findings if found.what not in MERELY_SPELT)

    def to_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "verdict": str(self.verdict),
            "findings": [f.to_dict() for f in self.findings],
        }
        return told | ({"suggestion": self.suggestion} if self.suggestion else {})


def suggested(address: dict[str, Any], mended: dict[str, str]) -> dict[str, Any] | None:
    """The address with other texts in these fields, unless that is what it says already."""
    better = {name: text for name, text in mended.items() if text != str(address.get(name) or "")}
    return address | better if better else None


def together(
    first: Checked, more: Iterable[Finding], mended: dict[str, str], address: dict[str, Any]
) -> Checked:
    """A further look at the same address: its findings, and its texts where the first look left them."""
    before = first.suggestion or address
    return Checked((*first.findings, *more), suggested(address, before | mended))
