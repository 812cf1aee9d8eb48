"""Somebody before the back office in tests: a browser's cookies, pages and forms, without a browser."""

import gzip
import re
from base64 import b64decode
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from comanda import wiring
from comanda.screens.sign_in.sessions import COOKIE
from tests.functional.conftest import http_event

SITE = "https://shop.example.com"


@dataclass
class Seen:
    """What the browser got."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: list[str]

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form that posts to this address, as they stand."""
        found = Forms()
        found.feed(self.text)
        return next(fields for where, fields in found.forms if where.endswith(action))

    def says(self, text: str) -> bool:
        return text in re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.text)))


class Forms(HTMLParser):
    """The forms of a page with their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        elif tag == "input" and self.forms and "name" in found:
            ticks = found.get("type") in ("checkbox", "radio")
            if "disabled" not in found and (not ticks or "checked" in found):
                self._add(found["name"], found.get("value", "on" if ticks else ""))
        elif tag == "select" and self.forms and "disabled" not in found:
            self._select = found.get("name", "")
        elif tag == "option" and self._select:
            fields = self.forms[-1][1]
            if "selected" in found or self._select not in fields:
                fields[self._select] = found.get("value", "")
        elif tag == "textarea" and self.forms:
            self._area = found.get("name", "")
            self.forms[-1][1][self._area] = ""

    def _add(self, name: str, value: str) -> None:
        """Boxes of one name are sent together."""
        fields: Any = self.forms[-1][1]
        before = fields.get(name)
        fields[name] = (
            value if before is None else [*(before if isinstance(before, list) else [before]), value]
        )

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            fields = self.forms[-1][1]
            fields[self._area] = fields[self._area].removeprefix("\n")  # as browsers read it
            self._area = ""
        elif tag == "select":
            self._select = ""


@dataclass
class Visitor:
    """`cookies` as the browser keeps them."""

    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "en"

    def get(self, address: str, **headers: str) -> Seen:
        return self.send("GET", address, None, headers)

    def post(self, address: str, fields: dict[str, Any] | None = None, **headers: str) -> Seen:
        sent = {"origin": SITE, "content-type": "application/x-www-form-urlencoded"} | headers
        return self.send("POST", address, urlencode(fields or {}, doseq=True), sent)

    def submit(self, page: Seen, action: str, **changes: Any) -> Seen:
        """Send a page's form as it stands, with what somebody typed into it."""
        fields = page.form(action) | changes
        where = next(w for w, _ in _forms(page) if w.endswith(action))
        return self.post(where.removeprefix("/back-office"), fields)

    def follow(self, seen: Seen) -> Seen:
        """Go where the answer sends the browser."""
        assert seen.status == 303, seen.text
        return self.get(seen.location.removeprefix(SITE).removeprefix("/back-office"))

    def send(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> Seen:
        from functions.back_office.app import lambda_handler

        path, _, query = f"/back-office{address.partition('#')[0]}".partition("?")
        kept = self.cookies | {"language": self.language}
        told = {"accept": "text/html", "cookie": "; ".join(f"{n}={v}" for n, v in kept.items())}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        event = http_event(method, path, body, headers=told) | {"rawQueryString": query}
        pairs = [pair.partition("=") for pair in query.split("&") if pair]
        event["queryStringParameters"] = {name: value for name, _, value in pairs}
        answer = lambda_handler(event, None)
        seen = _seen(answer)
        for cookie in seen.cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return seen


def staff_at(role: str = "staff", **more: Any) -> Visitor:
    """Somebody of the staff who has just signed in."""
    roles = frozenset({role}) if role else frozenset()
    session = wiring.sessions().start(
        f"user-{role}", f"{role}-name", f"{role}@shop.example", roles, wiring.now()
    )
    return Visitor({COOKIE: session.cookie}, **more)


def _forms(page: Seen) -> list[tuple[str, dict[str, str]]]:
    found = Forms()
    found.feed(page.text)
    return found.forms


def _seen(answer: dict[str, Any]) -> Seen:
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    body = answer["body"]
    if answer.get("isBase64Encoded"):
        raw = b64decode(body)
        text = (gzip.decompress(raw) if headers.get("content-encoding") == "gzip" else raw).decode(
            errors="surrogateescape"
        )
    else:
        text = body
    return Seen(answer["statusCode"], headers, text, answer.get("cookies", []))
