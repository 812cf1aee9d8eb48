"""`make import-products`: what is sent, how often, and what a person reads."""

import json

import pytest

from local.console import Failure
from local.demo.outside import Answer
from local.import_products import import_file, show

DONE = {
    "state": "done",
    "rows": 3,
    "created": 1,
    "updated": 1,
    "unchanged": 1,
    "remaining": 0,
    "problems": [],
    "warnings": [],
}
UNFINISHED = DONE | {"state": "unfinished", "remaining": 40}
REFUSED = DONE | {
    "state": "refused",
    "problems": [
        {"row": 12, "column": "price", "value": "abc", "problem": "'abc' is not a number"},
        {"row": 130, "column": "", "value": "", "problem": "has 3 cells where the header has 9"},
    ],
    "problem_count": 5,
    "warnings": [{"row": 1, "column": "Color", "value": "", "problem": "this column is not known"}],
}


class Shop:
    """Answers in turn and keeps what it was sent."""

    def __init__(self, *answers: tuple[int, dict]) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, dict[str, str]]] = []

    def send(self, method, path, body=None, *, headers):
        self.sent.append((f"{method} {path}", headers))
        status, answer = self.answers.pop(0)
        return Answer(path, status, {}, json.dumps(answer).encode())


def test_a_file_is_sent_once_when_it_is_done():
    shop = Shop((200, DONE))
    assert import_file(shop, "ñ".encode()) == DONE
    assert [line for line, _ in shop.sent] == ["POST /admin/products/import"]
    assert shop.sent[0][1]["Content-Type"] == "text/csv; charset=utf-8"


def test_a_large_file_is_sent_until_nothing_remains():
    shop = Shop((200, UNFINISHED), (200, UNFINISHED | {"remaining": 10}), (503, {}), (200, DONE))
    assert import_file(shop, b"sku") == DONE
    keys = [headers["Idempotency-Key"] for _, headers in shop.sent]
    assert len(keys) == 4
    assert len(set(keys)) == 3


def test_a_file_that_gets_no_further_is_not_sent_for_ever():
    shop = Shop((200, UNFINISHED), (200, UNFINISHED))
    assert import_file(shop, b"sku") == UNFINISHED
    stuck = UNFINISHED | {"problems": REFUSED["problems"]}
    assert import_file(Shop((200, stuck)), b"sku") == stuck


def test_a_refused_file_answers_its_report():
    assert import_file(Shop((422, {"type": "invalid", "report": REFUSED})), b"sku", dry_run=True) == REFUSED


def test_bytes_that_are_not_utf8_are_sent_as_they_are():
    shop = Shop((200, DONE))
    import_file(shop, "ñ".encode("cp1252"), dry_run=True)
    assert shop.sent[0][0] == "POST /admin/products/import?dry_run=true"
    assert shop.sent[0][1]["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(("status", "body"), [(403, {}), (500, {}), (422, {"type": "invalid"})])
def test_any_other_answer_is_a_failure(status, body):
    with pytest.raises(Failure):
        import_file(Shop((status, body)), b"sku")


def test_a_shop_that_stays_busy_is_a_failure():
    with pytest.raises(Failure, match="too busy"):
        import_file(Shop(*[(503, {})] * 5), b"sku")


def test_the_report_names_rows_and_cells(capsys):
    show(REFUSED)
    assert capsys.readouterr().out == (
        "\nWarnings\n"
        "  row 1  Color    this column is not known\n"
        "\nProblems\n"
        "  row 12   price  abc  'abc' is not a number\n"
        "  row 130              has 3 cells where the header has 9\n"
        "  … and 3 more\n"
        "\nNothing was imported. Mend the rows above and send the file again.\n"
    )


@pytest.mark.parametrize(
    ("report", "last"),
    [
        (DONE, "3 rows: 1 created, 1 updated, 1 unchanged."),
        (
            DONE | {"state": "checked"},
            "3 rows would be: 1 created, 1 updated, 1 unchanged. Nothing was imported.",
        ),
        (
            UNFINISHED,
            "1 created, 1 updated, 1 unchanged; 40 rows were not written. Send the file again.",
        ),
    ],
)
def test_the_report_ends_with_what_happened(capsys, report, last):
    show(report)
    assert capsys.readouterr().out == f"\n{last}\n"
