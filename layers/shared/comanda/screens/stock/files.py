"""Files of products and counts: sent, looked at line by line, carried out, gone on with."""

import csv
import io
from collections.abc import Callable

from comanda.backoffice.file_imports import FileImports, Seen
from comanda.backoffice.shelf import LEAVE_MS, Shelf
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, File, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.stock.count_lines import MOST_LINES
from comanda.stock.csv_text import Remark
from comanda.stock.export_counts import export_counts

PAGE = f"{BASE}/stock/import"
SHOWN = 200  # remarks on the page; the report has all of them
KINDS = (("products", N_("Products, with prices and stock")), ("stock", N_("Counts, location by location")))


def hang_files(house: House, imports: Callable[[], FileImports], shelf: Shelf) -> None:
    @house.get("/stock/import", "stock.write")
    def page(asked: Asked) -> Answer:
        file_id = asked.word("file")
        seen = imports().look(file_id, asked.origin) if file_id else None
        return Screen(
            "stock/import.html.j2", {"seen": seen, "kinds": _kinds(asked), "shown": SHOWN, "most": MOST_LINES}
        )

    @house.post("/stock/import", "stock.write")
    def send(asked: Asked) -> Answer:
        return Goto(_address(imports().keep(asked.field("kind"), asked.files.get("file", b""))))

    @house.post("/stock/import/run", "stock.write")
    def run(asked: Asked) -> Answer:
        file_id = asked.field("file_id")
        imports().carry_out(file_id, asked.origin, asked.time_left(LEAVE_MS))
        left = imports().look(file_id, asked.origin).left
        say_many = asked.tongue.say_many
        told = say_many("%(n)s row is still to be written.", "%(n)s rows are still to be written.", left)
        return Goto(_address(file_id), told if left else asked.tongue.say("All of the file is in place."))

    @house.get("/stock/file.csv", "stock.read")
    def file(asked: Asked) -> Answer:
        home, first = shelf.rules.default_location, asked.word("from").strip()[:64]
        made = export_counts(shelf.book().stock, home, first=first, locale=asked.tongue.code)
        return File("stock.csv", made.content)

    @house.get("/stock/import.csv", "stock.write")
    def report(asked: Asked) -> Answer:
        seen = imports().look(asked.word("file"), asked.origin)
        return File("report.csv", _report(asked, seen))


def _kinds(asked: Asked) -> list[tuple[str, str]]:
    return [(code, asked.tongue.say(word)) for code, word in KINDS]


def _address(file_id: str) -> str:
    return f"{PAGE}?file={file_id}"


def _report(asked: Asked, seen: Seen) -> bytes:
    """Every remark; a value that a spreadsheet would take for a formula gets a quotation mark before it."""
    say, out = asked.tongue.say, io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow([say("Row"), say("Column"), say("Value"), say("What is wrong")])
    for one in (*seen.problems, *seen.warnings):
        sheet.writerow([one.row, one.column, _plain(one), asked.tongue.refusal(one.problem)])
    return "\ufeff".encode() + out.getvalue().encode()


def _plain(one: Remark) -> str:
    return f"'{one.value}" if one.value[:1] in ("=", "+", "-", "@", "\t", "\r") else one.value
