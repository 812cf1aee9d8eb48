"""The captured mails, read over HTTP: wait for one, and follow the links in it."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from local.demo.outside import Api, Missed, eventually

LINK = re.compile(r"https?://[^\s<>\"']+")


class Mailbox:
    def __init__(self, url: str) -> None:
        self._api = Api(url)
        self.url = url

    def mails(self, *, to: str = "", event: str = "", order_id: str = "") -> list[dict[str, Any]]:
        """Newest last."""
        asked = urlencode({name: value for name, value in (("to", to), ("event", event)) if value})
        found: list[dict[str, Any]] = self._api.get(f"/?{asked}")
        return [mail for mail in found if not order_id or mail["order_id"] == order_id]

    def wait(
        self, event: str, order_id: str, *, to: str = "", count: int = 1, seconds: float = 30.0
    ) -> dict[str, Any]:
        """The newest of at least `count` mails of this kind about an order."""

        def look() -> list[dict[str, Any]]:
            found = self.mails(to=to, event=event, order_id=order_id)
            return found if len(found) >= count else []

        def others() -> str:
            return ", ".join(mail["event"] or "?" for mail in self.mails(order_id=order_id)) or "no mail"

        expected = f"{count} mail{'s' if count > 1 else ''} {event!r} about order {order_id}"
        return eventually(look, expected, self.url, seconds, others)[-1]

    def page(self, mail: dict[str, Any]) -> str:
        """Where a person reads this mail."""
        return f"{self.url}/mail/{mail['id']}"


def first_line(mail: dict[str, Any]) -> str:
    return next((line.strip() for line in mail["text"].splitlines() if line.strip()), "")


def links(mail: dict[str, Any]) -> list[str]:
    """Every web address in the mail, in both of its forms."""
    found = LINK.findall(mail["text"]) + [html.unescape(link) for link in LINK.findall(mail["html"] or "")]
    return list(dict.fromkeys(link.rstrip(").,;") for link in found))


def link_to(mail: dict[str, Any], path: str) -> str:
    """The mail's link to one page of the API."""
    for link in links(mail):
        if re.fullmatch(path, urlsplit(link).path):
            return link
    raise Missed(f"a link to {path} in the mail {mail['subject']!r}", links(mail), "the mailbox")


def token_in(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]
