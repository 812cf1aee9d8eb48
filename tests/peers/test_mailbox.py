"""The mailbox: what it answers to programs and to people, and that it forgets nothing."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from local.mailbox.store import Store, Wanted
from local.mailbox.web import HTML, Mailbox, prefers_html

URL = "http://127.0.0.1:8025"
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script><b onmouseover="x">'


def mail(to: str, event: str, subject: str = "Pedido", html: str | None = None) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "shop@shop.example", to, subject
    made["X-Comanda-Event"], made["X-Comanda-Order"] = event, "ord_1"
    made.set_content("Hola\n")
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def answered(store: Store, query: str) -> Any:
    reply = Mailbox(store, URL).answer(query, "*/*")
    assert (reply.status, reply.type) == (200, "application/json")
    return json.loads(reply.body)


def subjects(store: Store, query: str) -> list[str]:
    return [found["subject"] for found in answered(store, query)]


def test_answers_exactly_the_fields_of_the_contract(store: Store) -> None:
    store.add(mail("Ana <ana@a.example>", "shipped"), ("ana@a.example",), NOON)
    (found,) = answered(store, "/")
    assert found == {
        "id": "000001",
        "to": ["ana@a.example"],
        "cc": [],
        "subject": "Pedido",
        "text": "Hola\n",
        "html": None,
        "attachments": [],
        "event": "shipped",
        "order_id": "ord_1",
        "message_id": None,
        "reply_to": None,
        "locale": None,
        "headers": found["headers"],
        "sent_at": "2026-03-02T12:00:00.000000Z",
    }
    assert found["headers"]["X-Comanda-Event"] == "shipped"


def test_filters_by_receiver_event_and_time_newest_last(store: Store) -> None:
    sent = [("a@x.example", "one"), ("b@x.example", "two"), ("a@x.example", "two")]
    for minute, (to, event) in enumerate(sent):
        store.add(mail(to, event, f"{minute}"), (to,), NOON.replace(minute=minute))
    assert subjects(store, "/") == ["0", "1", "2"]
    assert subjects(store, "/?to=A@X.example") == ["0", "2"]
    assert subjects(store, "/?event=two") == ["1", "2"]
    assert subjects(store, "/?to=a@x.example&event=two") == ["2"]
    assert subjects(store, "/?since=2026-03-02T12:01:00Z") == ["1", "2"]
    assert subjects(store, "/?since=2026-03-02T06:02:00-06:00") == ["2"]
    assert subjects(store, "/?to=&event=&since=") == ["0", "1", "2"]


def test_a_hidden_receiver_is_found_by_the_envelope(store: Store) -> None:
    store.add(mail("a@x.example", "one"), ("a@x.example", "hidden@x.example"), NOON)
    assert subjects(store, "/?to=hidden@x.example") == ["Pedido"]


def test_an_unreadable_time_is_told(store: Store) -> None:
    reply = Mailbox(store, URL).answer("/?since=yesterday", "*/*")
    assert (reply.status, b"RFC 3339" in reply.body) == (400, True)


def test_mails_and_their_numbers_outlive_a_restart(tmp_path: Path) -> None:
    Store(tmp_path).add(mail("a@x.example", "one"), ("a@x.example", "hidden@x.example"), NOON)
    again = Store(tmp_path)
    again.add(mail("b@x.example", "two"), ("b@x.example",), NOON)
    assert [found["id"] for found in answered(Store(tmp_path), "/")] == ["000001", "000002"]
    assert subjects(Store(tmp_path), "/?to=hidden@x.example") == ["Pedido"]


def test_a_crash_in_the_middle_of_writing_does_no_harm(tmp_path: Path) -> None:
    """Killed while the file was written, or while its entry was: the mail was not acknowledged."""
    Store(tmp_path).add(mail("a@x.example", "one"), ("a@x.example",), NOON)
    (tmp_path / "000002.part").write_bytes(b"From: half")
    with (tmp_path / "index.jsonl").open("a") as index:
        index.write('{"id": "000002", "sent')
    again = Store(tmp_path)
    assert len(again.find(Wanted())) == 1
    again.add(mail("b@x.example", "two"), ("b@x.example",), NOON)
    assert [found["event"] for found in answered(Store(tmp_path), "/")] == ["one", "two"]


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("*/*", False),
        ("application/json", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("application/json, text/html;q=0.5", False),
        ("text/html;q=0.9, application/json;q=0.1", True),
    ],
)
def test_only_who_prefers_html_gets_a_page(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


def test_pages_show_mails_without_trusting_them(store: Store) -> None:
    raw = mail("a@x.example", "one", subject=HOSTILE, html=f"<p>Hola</p>{HOSTILE}")
    store.add(raw, ("a@x.example",), NOON)
    box = Mailbox(store, URL)
    for path in ("/", "/mail/000001"):
        page = box.answer(path, "text/html")
        assert (page.status, page.type) == (200, HTML)
        assert HOSTILE.encode() not in page.body
        assert b"&lt;script&gt;alert(1)" in page.body
    framed = box.answer("/mail/000001", "text/html").body
    assert b'sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mail/000001/html"' in framed
    body = box.answer("/mail/000001/html", "text/html")
    assert dict(body.headers)["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "allow-scripts" not in dict(body.headers)["Content-Security-Policy"]
    assert b"<p>Hola</p>" in body.body


def test_files_and_the_raw_mail_can_be_had(store: Store) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "shop@shop.example", "a@x.example", "Nota"
    made.set_content("Va adjunta.\n")
    made.add_alternative('<img src="cid:logo@shop">', subtype="html")
    picture = made.get_payload()[1]
    picture.add_related(b"\x89PNG", "image", "png", cid="<logo@shop>", filename="logo.png")  # type: ignore[union-attr]
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="nota año.pdf")
    raw = made.as_bytes()
    store.add(raw, ("a@x.example",), NOON)
    (found,) = answered(store, "/")
    told = {file["name"]: file for file in found["attachments"]}
    assert set(told) == {"logo.png", "nota año.pdf"}
    box = Mailbox(store, URL)
    pdf = box.answer(told["nota año.pdf"]["url"].removeprefix(URL), "*/*")
    assert (pdf.body, pdf.type) == (b"%PDF-1.7", "application/pdf")
    assert dict(pdf.headers)["Content-Disposition"] == "attachment; filename*=UTF-8''nota%20a%C3%B1o.pdf"
    shown = box.answer("/mail/000001/html", "text/html").body.decode()
    assert f'src="{told["logo.png"]["url"].removeprefix(URL)}"' in shown
    assert box.answer("/mail/000001/raw", "*/*").body == raw
    for unknown in ("/mail/000009", "/mail/000001/attachments/7", "/elsewhere"):
        assert box.answer(unknown, "*/*").status == 404


def test_an_empty_mailbox_says_how_to_fill_it(store: Store) -> None:
    assert b"make demo" in Mailbox(store, URL).answer("/", "text/html").body
