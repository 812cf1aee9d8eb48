"""The mailbox over HTTP: JSON for programs, pages for people."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.mailbox.letter import Letter, as_json
from local.mailbox.store import Store, Wanted

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
)
HTML = "text/html; charset=utf-8"
# A mail's own page may show pictures and styles, run nothing and reach nobody else's pages.
MAIL_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; script-src 'none'"


@dataclass(frozen=True)
class Reply:
    """One answer, whole."""

    status: int
    type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Mailbox:
    """Answers requests; knows nothing of sockets."""

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url

    def answer(self, target: str, accept: str) -> Reply:
        address = urlsplit(target)
        if address.path in {"", "/"}:
            return self._list(address.query, accept)
        matched = re.fullmatch(r"/mail/(\d+)(/html|/raw|/attachments/(\d+))?", address.path)
        letter = self._store.get(matched[1]) if matched else None
        if not matched or letter is None:
            return _text(404, "There is no such mail.")
        if matched[2] is None:
            return self._page(Wanted(), letter)
        if matched[2] == "/raw":
            return Reply(200, "message/rfc822", self._store.raw(letter.id))
        if matched[2] == "/html":
            return Reply(200, HTML, self._body(letter), (("Content-Security-Policy", MAIL_POLICY),))
        return _attachment(letter, int(matched[3]))

    def _list(self, query: str, accept: str) -> Reply:
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        try:
            # A plus sign of an offset arrives as a space where the caller did not escape it.
            since = datetime.fromisoformat(asked["since"].replace(" ", "+")) if "since" in asked else None
        except ValueError:
            return _text(400, "since must be a time as in RFC 3339, for instance 2026-01-31T12:00:00Z.")
        if since and since.tzinfo is None:
            since = since.replace(tzinfo=UTC)
        wanted = Wanted(asked.get("to"), asked.get("event"), since)
        if prefers_html(accept):
            return self._page(wanted, None)
        rows = [as_json(letter, self._url) for letter in self._store.find(wanted)]
        return Reply(200, "application/json", json.dumps(rows, ensure_ascii=False).encode())

    def _page(self, wanted: Wanted, opened: Letter | None) -> Reply:
        newest_first = self._store.find(wanted)[::-1]
        text = PAGES.get_template("page.html.j2").render(
            letters=[as_json(letter, self._url) for letter in newest_first],
            opened=as_json(opened, self._url) if opened else None,
            wanted=wanted,
        )
        return Reply(200, HTML, text.encode())

    def _body(self, letter: Letter) -> bytes:
        body = letter.body("html") or ""
        for number, part in enumerate(letter.parts()):
            if part.content_id:
                body = body.replace(f"cid:{part.content_id}", f"/mail/{letter.id}/attachments/{number}")
        return ('<base target="_blank">' + body).encode()


def prefers_html(accept: str) -> bool:
    """Whether a caller names HTML with a higher weight than JSON; `*/*` names neither."""
    weights = {"text/html": 0.0, "application/json": 0.0}
    for offer in accept.split(","):
        kind, _, parameters = offer.partition(";")
        weight = re.search(r"\bq=([0-9.]+)", parameters)
        if kind.strip() in weights:
            weights[kind.strip()] = float(weight[1]) if weight else 1.0
    return weights["text/html"] > weights["application/json"]


def _attachment(letter: Letter, number: int) -> Reply:
    parts = letter.parts()
    if number >= len(parts):
        return _text(404, "There is no such attachment.")
    part = parts[number]
    kind = "inline" if part.content_id else "attachment"
    disposition = f"{kind}; filename*=UTF-8''{quote(part.name)}"
    return Reply(
        200,
        part.type,
        part.content,
        (("Content-Disposition", disposition), ("Content-Security-Policy", MAIL_POLICY)),
    )


def _text(status: int, sentence: str) -> Reply:
    return Reply(status, "text/plain; charset=utf-8", sentence.encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mailbox"

    def __init__(self, mailbox: Mailbox, *args: object) -> None:
        self._mailbox = mailbox
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        reply = self._mailbox.answer(self.path, self.headers.get("Accept", "*/*"))
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.type)
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the mails themselves are the record."""


def server(mailbox: Mailbox, host: str, port: int) -> ThreadingHTTPServer:
    made = ThreadingHTTPServer((host, port), partial(_Handler, mailbox))
    made.daemon_threads = True
    return made
