"""Reads a raw mail into what the mailbox shows: people, bodies, attachments and the headers of the trade."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any


@dataclass(frozen=True)
class Part:
    """An attachment or inline picture."""

    name: str
    type: str
    content: bytes
    content_id: str


@dataclass(frozen=True)
class Letter:
    """A mail as kept: the id and time of its arrival, its envelope, and the parsed message."""

    id: str
    sent_at: str
    recipients: tuple[str, ...]
    message: EmailMessage

    def header(self, name: str) -> str | None:
        value = self.message[name]
        return None if value is None else str(value).strip()  # a folded value begins with the fold

    def addresses(self, name: str) -> list[str]:
        return [a.addr_spec for header in self.message.get_all(name, []) for a in _people(header)]

    def everybody(self) -> set[str]:
        named = [*self.addresses("To"), *self.addresses("Cc"), *self.recipients]
        return {address.casefold() for address in named}

    def body(self, kind: str) -> str | None:
        part = self.message.get_body(preferencelist=(kind,))
        return None if part is None else str(part.get_content()).replace("\r\n", "\n")

    def locale(self) -> str | None:
        """Mail libraries move the language to the body that it describes."""
        named = (part["Content-Language"] for part in self.message.walk())
        return next((str(language) for language in named if language), None)

    def parts(self) -> list[Part]:
        return list(_parts(self.message))


def read(raw: bytes, identity: str, sent_at: str, recipients: tuple[str, ...]) -> Letter:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
    return Letter(identity, sent_at, recipients, message)


def as_json(letter: Letter, mailbox_url: str) -> dict[str, Any]:
    """The shape that docs and acceptance checks rely on."""
    return {
        "id": letter.id,
        "to": letter.addresses("To"),
        "cc": letter.addresses("Cc"),
        "subject": letter.header("Subject") or "",
        "text": letter.body("plain"),
        "html": letter.body("html"),
        "attachments": [
            {
                "name": part.name,
                "type": part.type,
                "size": len(part.content),
                "url": f"{mailbox_url}/mail/{letter.id}/attachments/{number}",
            }
            for number, part in enumerate(letter.parts())
        ],
        "event": letter.header("X-Comanda-Event"),
        "order_id": letter.header("X-Comanda-Order"),
        "message_id": letter.header("Message-ID"),
        "reply_to": letter.header("Reply-To"),
        "locale": letter.locale(),
        "headers": {name: str(value).strip() for name, value in letter.message.items()},
        "sent_at": letter.sent_at,
    }


def _people(header: Any) -> tuple[Address, ...]:
    return getattr(header, "addresses", ())


def _parts(message: EmailMessage) -> Iterator[Part]:
    bodies = {id(message.get_body(preferencelist=(kind,))) for kind in ("plain", "html")}
    for part in message.walk():
        if part.is_multipart() or id(part) in bodies:
            continue
        content = part.get_payload(decode=True)
        name = part.get_filename() or (part["Content-ID"] or "attachment").strip("<>")
        yield Part(
            name,
            part.get_content_type(),
            content if isinstance(content, bytes) else b"",
            (part["Content-ID"] or "").strip("<>"),
        )
