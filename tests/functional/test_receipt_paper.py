"""The receipt as PDF in the mail of a payment: when it is there, what it says, and that it keeps no mail."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from comanda import wiring
from comanda.conversation.view import section_names
from comanda.documents.enclosing import REST, Enclosing
from functions.send_mail.app import lambda_handler
from local.mailbox.letter import as_json, read
from tests.functional.conftest import Call
from tests.functional.mails import deliver, effects, letters, outbox, queued
from tests.functional.papers_world import Functions, printing_here
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, command, show
from tests.unit.documents.papers import text_of

SAID = "Adjuntamos tu recibo en PDF."


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


@pytest.fixture
def paid(call: Call) -> str:
    stock_product()
    order_id = str(place(call)["order_id"])
    outbox().clear()
    return pay(call, order_id)


def pay(call: Call, order_id: str, **body: object) -> str:
    approved(call, order_id)
    answer = command(call, order_id, "mark-paid", body)
    assert answer.status == 200, answer.text
    return order_id


def mailed(order_id: str) -> EmailMessage:
    assert deliver(order_id, "payment_received") == []
    assert effects(order_id)["payment_received"].state == "done"
    return letters()[-1]


def files(mail: EmailMessage) -> list[tuple[str | None, str]]:
    return [(part.get_filename(), part.get_content_type()) for part in mail.iter_attachments()]


def said(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.capability("D08", "D31", "D32")
def test_the_mail_of_a_payment_has_the_receipt_as_pdf(call: Call, paid: str, functions: Functions) -> None:
    mail, number = mailed(paid), show(call, paid)["number"]
    assert files(mail) == [(f"Recibo-{number}.pdf", "application/pdf")]
    assert SAID in said(mail)
    html = mail.get_body(("html",))
    assert html is not None
    assert SAID in html.get_content()
    [paper] = mail.iter_attachments()
    text = text_of(paper.get_content())
    for part in ("Recibo", number, "Café CAFE-1", "Recibido el", "$232.00"):
        assert part in text


def test_the_mailbox_shows_the_paper(paid: str, functions: Functions) -> None:
    mailed(paid)
    shown = as_json(read(outbox()[-1].raw_data.encode(), "7", "2026-11-22T10:00:00Z", ()), "http://mails")
    [file] = shown["attachments"]
    assert (file["type"], file["url"]) == ("application/pdf", "http://mails/mail/7/attachments/0")
    assert file["size"] > 5_000
    assert SAID in shown["text"]
    assert SAID in shown["html"]


def test_a_shop_that_does_not_want_it_sends_the_mail_alone(
    call: Call, paid: str, functions: Functions
) -> None:
    set_section("notifications", receipt_paper=False)
    mail = mailed(paid)
    assert files(mail) == []
    assert SAID not in said(mail)
    assert functions.asked == []


def test_it_is_written_in_the_orders_language_and_never_for_a_roll(call: Call, functions: Functions) -> None:
    set_section("documents", format="thermal", receipt={"en": "Thank you.", "es": "Gracias."})
    stock_product()
    order_id = pay(call, str(place(call, locale="en")["order_id"]))
    mail = mailed(order_id)
    [paper] = mail.iter_attachments()
    assert str(paper.get_filename()).startswith("Receipt-")
    assert "Thank you." in text_of(paper.get_content())
    assert functions.asked[-1]["papers"]["format"] == "letter"


def test_each_payments_mail_has_the_receipt_of_that_moment(call: Call, functions: Functions) -> None:
    stock_product()
    order_id = pay(call, str(place(call)["order_id"]), amount={"amount": 10_000, "currency": "MXN"})
    assert command(call, order_id, "mark-paid", {}).status == 200
    first = next(
        one
        for one in wiring.desk().load(order_id).effects
        if one.data.get("event") == "payment_received" and one.data["amount"] == 10_000
    )
    detail = {"order_id": order_id, "effect_id": first.effect_id, "kind": "mail"}
    assert lambda_handler(queued(detail), None)["batchItemFailures"] == []
    [paper] = letters()[-1].iter_attachments()
    text = text_of(paper.get_content())
    assert "$100.00" in text
    assert "Por pagar" in text
    assert text.count("Recibido el") == 1


@pytest.mark.parametrize("fault", ["TooManyRequestsException", "ResourceNotFoundException", ""])
def test_a_fault_of_the_paper_never_keeps_the_mail(paid: str, fault: str, functions: Functions) -> None:
    functions.fault, functions.broken = fault, not fault
    mail = mailed(paid)
    assert files(mail) == []
    assert SAID not in said(mail)
    assert "Recibimos tu pago" in said(mail)


def test_a_fault_in_putting_the_paper_together_never_keeps_the_mail(
    paid: str, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*told: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("comanda.documents.enclosing.papers_of", broken)
    assert files(mailed(paid)) == []
    assert functions.asked == []


def test_after_a_fault_the_next_mails_do_not_wait_and_later_ones_have_their_paper(
    call: Call, functions: Functions
) -> None:
    clock = [datetime.now(UTC)]
    stock_product()
    loaded = wiring.desk().load(pay(call, str(place(call)["order_id"])))
    papers = Enclosing(wiring.press, lambda: clock[0])
    sections = wiring.settings().sections([*section_names(loaded.order), *papers.needs("payment_received")])
    functions.fault = "TooManyRequestsException"
    assert papers.enclosed("payment_received", loaded, sections) is None
    functions.fault = ""
    assert papers.enclosed("payment_received", loaded, sections) is None
    assert functions.asked == []
    clock[0] += REST + timedelta(seconds=1)
    assert papers.enclosed("payment_received", loaded, sections) is not None


def test_other_mails_have_no_paper_and_read_no_more_settings(call: Call, functions: Functions) -> None:
    stock_product()
    order_id = str(place(call)["order_id"])
    deliver(order_id, "verification")
    assert files(letters()[-1]) == []
    assert wiring.enclosing().needs("verification") == []
    assert functions.asked == []
