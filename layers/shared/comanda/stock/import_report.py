"""What became of a product file, row by row."""

from dataclasses import dataclass, field
from typing import Any, Literal

from comanda.errors import Invalid
from comanda.stock.csv_text import Remark

MOST_SHOWN = 1_000  # remarks of each kind in an answer; `problem_count` and `warning_count` tell all

type State = Literal["refused", "checked", "done", "unfinished"]


@dataclass(slots=True)
class Report:
    """`refused`: nothing was written. `checked`: nothing stands against it, and nothing was to be written.

    `unfinished`: `remaining` rows are still to be written, because the time was up or because an
    order took units in between; the rows before them are in place. Send the same file again.
    """

    import_id: str
    state: State
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    remaining: int = 0
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return {
            "import_id": self.import_id,
            "state": self.state,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "remaining": self.remaining,
            "problem_count": len(self.problems),
            "warning_count": len(self.warnings),
            "problems": [found.to_dict() for found in in_order(self.problems)[:MOST_SHOWN]],
            "warnings": [found.to_dict() for found in in_order(self.warnings)[:MOST_SHOWN]],
        }

    def refusal(self) -> Invalid:
        """The refusal as a problem document: one error per cell, and the whole report beside them."""
        report = self.to_dict()
        errors = [
            {
                "pointer": "/".join(("", "rows", str(p["row"]), *filter(None, [p["column"]]))),
                "detail": p["problem"],
            }
            for p in report["problems"]
        ]
        told = f"{len(self.problems)} problems in the file; nothing was imported"
        return Invalid(told, errors=errors, report=report)


def in_order(remarks: list[Remark]) -> list[Remark]:
    """By row; within a row as they were found."""
    return sorted(remarks, key=lambda found: found.row)
