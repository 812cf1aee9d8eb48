"""Bank statements in the back office: sent, looked at, confirmed, matched by hand, set aside."""

import re
from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.visitor import SITE, Seen, Visitor, staff_at
from tests.functional.staff import command, show
from tests.functional.statements_world import HEAD, captures, line, statement, waiting
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("G15")


def send(staff: Visitor, *lines: str) -> Seen:
    """Choose a file on the page and send it, as a browser does."""
    fields = staff.get("/money/statements").form("/money/statements")
    mark = "----browser7"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
        for n, v in fields.items()
        if n != "file"
    ]
    text = "\n".join((HEAD, *lines))
    named = 'Content-Disposition: form-data; name="file"; filename="banco.csv"\r\nContent-Type: text/csv'
    body = "".join([*parts, f"--{mark}\r\n{named}\r\n\r\n{text}\r\n--{mark}--\r\n"])
    headers = {"origin": SITE, "content-type": f"multipart/form-data; boundary={mark}"}
    return staff.send("POST", "/money/statements", body, headers)


def ticks(page: Seen) -> list[str]:
    """The values of the rows that could be ticked, in the order of the page."""
    return [part.partition('"')[0] for part in page.text.split('name="row" value="')[1:]]


def orders() -> Any:
    return contents()["OrdersTable"]


def test_only_what_fits_is_ticked_and_only_what_is_ticked_is_recorded(call: Call) -> None:
    exact, under = waiting(call, 2)
    staff = staff_at(language="es")
    before = orders()
    page = staff.follow(send(staff, line(exact["number"]), line(under["number"], 20_000), line("luz", -100)))
    assert page.says("Paga justo un pedido 1")
    assert page.says("Menos de lo que se debe 1")
    assert page.says("Dinero que salió 1")
    assert page.text.count(" checked aria-label") == 1
    assert orders() == before
    done = staff.follow(staff.submit(page, "/confirm"))
    assert done.says("1 movimiento confirmado.")
    assert show(call, exact["order_id"])["payment"] == "paid"
    assert captures(under["order_id"]) == []
    (part,) = ticks(done)
    after = staff.follow(staff.submit(done, "/confirm", row=part))
    assert after.says("Confirmados 2")
    assert show(call, under["order_id"])["payment"] == "partially_paid"


def test_the_same_form_twice_and_an_order_that_changed_meanwhile(call: Call) -> None:
    one, two = waiting(call, 2)
    staff = staff_at()
    page = staff.follow(send(staff, line(one["number"]), line(two["number"])))
    command(call, two["order_id"], "mark-paid")
    first = staff.follow(staff.submit(page, "/confirm", row=ticks(page)))
    assert first.says("1 movement is confirmed. 1 was refused: the movement is something else")
    staff.submit(page, "/confirm", row=ticks(page))
    assert (len(captures(one["order_id"])), len(captures(two["order_id"]))) == (1, 1)


def test_nothing_ticked_is_told_and_changes_nothing(call: Call) -> None:
    (one,) = waiting(call)
    staff = staff_at()
    page = staff.follow(send(staff, line(one["number"], 100)))
    before = orders()
    answer = staff.submit(page, "/confirm", row=[])
    assert (answer.status, answer.says("choose at least one movement")) == (422, True)
    assert orders() == before


def test_by_hand_set_aside_and_taken_up_again(call: Call) -> None:
    (one,) = waiting(call)
    staff = staff_at()
    page = staff.follow(send(staff, line("nada"), line("préstamo", 5_000)))
    first, second = (part.partition('"')[0] for part in page.text.split("/entries/")[1:])
    entry = f"/money/statements/{statement_of(page)}/entries"
    missing = staff.get(f"{entry}/{first}?order=P-999999")
    assert missing.says("There is no order P-999999.")
    found = staff.get(f"{entry}/{first}?order={one['number'].lower()}")
    assert found.says("Pays an order exactly")
    assert staff.follow(staff.submit(found, "/confirm")).says("1 movement is confirmed.")
    assert captures(one["order_id"]) == [(23_200, "ok", "2026-11-20")]
    aside = staff.follow(
        staff.submit(staff.get(f"{entry}/{second}"), "/set-aside", reason="<b>préstamo</b> del socio")
    )
    assert aside.says("The movement is set aside.")
    assert "<b>préstamo" not in aside.text
    again = staff.follow(staff.submit(staff.get(f"{entry}/{second}"), "/reopen"))
    assert again.says("The movement is open again.")


def statement_of(page: Seen) -> str:
    found = re.search(r"/money/statements/([0-9a-f]{26})", page.text)
    assert found
    return found[1]


def test_words_of_strangers_are_words(call: Call) -> None:
    staff, evil = staff_at(), "<script>alert(1)</script>"
    page = staff.follow(send(staff, line(evil, payer=evil, ref=evil)))
    assert page.status == 200
    assert "<script>alert" not in page.text
    entry = page.text.partition("/entries/")[2].partition('"')[0]
    shown = staff.get(f"/money/statements/{statement_of(page)}/entries/{entry}")
    assert (shown.status, "<script>alert" in shown.text) == (200, False)


def test_a_file_that_is_none_is_told_in_spanish_and_the_page_stays(call: Call) -> None:
    staff = staff_at(language="es")
    before = contents()["JobsTable"]
    fields = staff.get("/money/statements").form("/money/statements")
    assert fields
    answer = send(staff, "31/02/2026;x;;;5,00")
    assert answer.status == 422
    assert answer.says("fila 2: '31/02/2026' no es una fecha")
    assert contents()["JobsTable"] == before


def test_an_empty_house_a_known_file_and_a_missing_statement(call: Call) -> None:
    staff = staff_at()
    assert staff.get("/money/statements").says("No statement yet")
    (one,) = waiting(call)
    statement_id = statement(call, line(one["number"]))
    again = staff.follow(send(staff, line(one["number"])))
    assert again.says("This file was sent before; nothing was added.")
    other = staff.follow(send(staff, line(one["number"]), ""))
    assert other.status == 200
    assert staff.get(f"/money/statements/{statement_id}?from=9").status == 200
    assert staff.get("/money/statements/none").status == 404
