"""The bench's table: what · ours · limit beside it · figure · budget · ok."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

type Figures = dict[str, Any]

MEASURED_PEER, INSTALLS_PEER = "django-oscar", "make .tools/oscar/.ready"


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    ours: str
    beside: str
    figure: str
    budget: str
    ok: bool
    note: str = ""  # printed below the table


def print_table(lines: Sequence[Line]) -> None:
    head = ("what", "ours", "beside it", "figure", "budget", "ok")
    rows = [head, *((*astuple(line)[:-2], "yes" if line.ok else "NO") for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for number, row in enumerate(rows):
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("-|-".join("-" * width for width in widths))
    for note in filter(None, (line.note for line in lines)):
        print(f"\n{note}")


def lines_of(result: Figures) -> list[Line]:
    return LINES[result["name"]](result)


def _cold(found: Figures) -> list[Line]:
    ours, bare = f"{found['ours_ms']} ms", f"{found['bare_ms']} ms boto3 + client"
    return [Line("cold import of the checkout", ours, bare, _times(found), "≤ 1.9 ×", found["met"])]


def _imports(found: Figures) -> list[Line]:
    return [Line("nothing loaded that is not used", found["said"], "", "", "every function", found["met"])]


def _placing(found: Figures) -> list[Line]:
    ours, bare = f"{found['ours_ms']} ms", f"{found['bare_ms']} ms boto3 alone"
    return [Line("placing an order, warm CPU", ours, bare, _times(found), "≤ 2 ×", found["met"])]


def _requests(found: Figures) -> list[Line]:
    figure = f"{found['count']}, from a cart {found['count_from_cart']}"
    return [Line("DynamoDB requests of an order", figure, "", figure, "≤ 3, ≤ 4", found["met"])]


def _cart(found: Figures) -> list[Line]:
    when = "same run" if found["same_run"] else found["dated"]
    others = ", ".join(f"{peer} {ms:g} ms" for peer, ms in found["dated_ms"].items() if peer != MEASURED_PEER)
    note = f"From cart to placed, on {found['dated']}: {others}."
    if found["tuned_ms"]:
        tuned, times = found["tuned_ms"], found["tuned_ms"] / found["ours_ms"]
        note += f" {MEASURED_PEER} on a tuned SQLite took {tuned:g} ms: beside it ours is 1/{times:.1f}."
    if not found["same_run"]:
        note += f" {MEASURED_PEER} is not installed, so its figure is of that day too: `{INSTALLS_PEER}`."
    what = f"cart to placed, {found['lines']} lines, handler CPU"
    beside = f"{found['peer_ms']:g} ms {MEASURED_PEER} ({when})"
    figure = f"1/{found['advantage']}"
    return [Line(what, f"{found['ours_ms']} ms", beside, figure, "≤ 1/5", found["met"], note)]


def _hot(found: Figures) -> list[Line]:
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(found["statuses"].items()))
    beside = f"{found['units']} units, {found['wishes']} wishes"
    total = found["conflicts"] + found["sent"]
    figure = f"{found['conflicts']} of {total} writes in conflict"
    return [Line("hot product", statuses, beside, figure, "no oversell, no 5xx", found["met"])]


def _lifecycle(found: Figures) -> list[Line]:
    doubled = found["units_if_indexes_count_double_in_transactions"]
    both = f"{found['units_in_two_parcels']} in two parcels; {doubled} if indexes count double"
    units, transitions = found["units"], found["transitions"]
    return [
        Line("write units, start to close", str(units), both, str(units), "≤ 250", units <= 250),
        Line(
            "transitions, start to close", str(transitions), "", str(transitions), "≤ 14", transitions <= 14
        ),
    ]


def _list_pages(found: Figures) -> list[Line]:
    """A line for each kind of page."""
    among = f"among {found['orders']:,} orders"
    return [
        Line(
            f"list: {page['name']}",
            f"{page['requests']} requests, {page['rows']} rows",
            among,
            f"{page['units']:g} read units",
            f"≤ {page['budget']:g}",
            page["units"] <= page["budget"],
        )
        for page in found["pages"]
    ]


def _papers(found: Figures) -> list[Line]:
    one, many = f"{found['one_ms']} ms", f"{found['slips_seconds']} s, {found['slips_megabytes']} MB"
    return [
        Line("one paper as PDF, warm CPU", one, "", one, "≤ 40 ms", found["met_one"]),
        Line(
            f"{found['slips']} packing slips as one file, CPU",
            many,
            f"{found['file_megabytes']} MB written",
            many,
            "≤ 10 s, ≤ 450 MB",
            found["met_many"],
        ),
    ]


def _export(found: Figures) -> list[Line]:
    ours = f"{found['ours']['rows_per_second']} rows/s, {found['ours']['megabytes']} MB"
    bare = f"{found['bare']['rows_per_second']} rows/s boto3 + csv"
    figure = f"{found['ratio']} ×, {found['growth_megabytes']:+} MB for twice the orders"
    return [Line("export of lines", ours, bare, figure, "≥ 0.5 ×, ≤ 150 MB", found["met"])]


def _times(found: Figures) -> str:
    return f"{found['ratio']} ×"


def _screens(found: Figures) -> list[Line]:
    """A line for each page, and what the first page of the list weighs."""
    pages = [
        Line(
            f"back office: {page['page']}",
            f"{page['requests']} requests",
            f"{page['bare_units']:g} units for its bare items",
            f"{page['units']:g} read units",
            "≤ 400",
            page["units"] <= 400,
        )
        for page in found["pages"]
    ]
    kilobytes, most = found["bytes"] / 1000, found["most_bytes"] // 1000
    weight = Line(
        "back office: first page, all it brings", f"{kilobytes:.0f} KB", "", "", f"≤ {most} KB", found["met"]
    )
    return [*pages, weight]


LINES: dict[str, Callable[[Figures], list[Line]]] = {
    "cold import": _cold,
    "imports": _imports,
    "placing": _placing,
    "requests": _requests,
    "from cart to placed": _cart,
    "hot product": _hot,
    "list_pages": _list_pages,
    "papers": _papers,
    "screens": _screens,
    "lifecycle": _lifecycle,
    "export": _export,
}
