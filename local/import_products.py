"""`make import-products FILE=…`: sends a product CSV to the shop and prints what became of each row."""

import argparse
import sys
import uuid
from pathlib import Path
from typing import Any

from local import stackfile
from local.console import Failure, report, say
from local.demo.outside import Answer, Api
from local.demo.staff import sign_in
from local.home import home_from_environment

PATH = "/admin/products/import"
PASSING = {429, 503}  # nothing happened; the same file may be sent again


def import_file(api: Api, data: bytes, *, dry_run: bool = False) -> dict[str, Any]:
    """The report of a whole import. A large file is sent again until nothing remains of it."""
    remaining: int | None = None
    while True:
        found = _sent(api, data, dry_run=dry_run)
        if found["state"] != "unfinished" or found["problems"] or found["remaining"] == remaining:
            return found
        remaining = found["remaining"]


def _sent(api: Api, data: bytes, *, dry_run: bool) -> dict[str, Any]:
    headers = {"Content-Type": _content_type(data), "Idempotency-Key": uuid.uuid4().hex}
    for _ in range(5):
        answer = api.send("POST", PATH + ("?dry_run=true" if dry_run else ""), data, headers=headers)
        if answer.status not in PASSING:
            return _report_in(answer)
    raise Failure(f"the shop is too busy for an import: {answer.brief()}")


def _content_type(data: bytes) -> str:
    """Text that is not UTF-8 goes as plain bytes, so that nobody on the way mends its accents."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/csv; charset=utf-8"


def _report_in(answer: Answer) -> dict[str, Any]:
    if answer.status not in (200, 202, 422) or (answer.status == 422 and "report" not in answer.body):
        raise Failure(f"the import was not taken: {answer.brief()}")
    found: dict[str, Any] = answer.body.get("report") or answer.body
    return found


def show(found: dict[str, Any]) -> None:
    """The report as a person reads it: problems last, where the eye is."""
    for title, kind in (("Warnings", "warnings"), ("Problems", "problems")):
        rows = found[kind]
        if rows:
            say(f"\n{title}")
            _table(rows)
            hidden = found.get(f"{kind[:-1]}_count", len(rows)) - len(rows)
            if hidden > 0:
                say(f"  … and {hidden} more")
    counts = f"{found['created']} created, {found['updated']} updated, {found['unchanged']} unchanged"
    outcome = {
        "done": f"{found['rows']} rows: {counts}.",
        "checked": f"{found['rows']} rows would be: {counts}. Nothing was imported.",
        "refused": "Nothing was imported. Mend the rows above and send the file again.",
        "unfinished": f"{counts}; {found['remaining']} rows were not written. Send the file again.",
    }
    say("\n" + outcome[found["state"]])


def _table(rows: list[dict[str, Any]]) -> None:
    cells = [(f"row {row['row']}", row["column"], row["value"], row["problem"]) for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(3)]
    for line in cells:
        start = "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=False))
        say(f"  {start}  {line[3]}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make import-products", description=__doc__)
    parser.add_argument("file", type=Path, help="make import-products FILE=products.csv")
    parser.add_argument("--dry-run", action="store_true", help="judge the file and write nothing")
    chosen = parser.parse_args()
    home = home_from_environment()
    if not chosen.file.is_file():
        sys.exit(f"there is no file {str(chosen.file)!r}; make import-products FILE=products.csv")
    if not home.stack_file.exists():
        sys.exit("nothing is running; `make up` starts it")
    stack = stackfile.read(home)
    try:
        api = Api(stack["api_url"], sign_in(stack, "admin"))
        found = import_file(api, chosen.file.read_bytes(), dry_run=chosen.dry_run)
    except Failure as failure:
        report(failure)
        sys.exit(1)
    show(found)
    sys.exit(0 if found["state"] in ("done", "checked") else 1)


if __name__ == "__main__":
    main()
