"""A rendered letter as a mail: 7-bit clean, its headers safe whatever people called themselves."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from comanda.conversation.qr import picture

if TYPE_CHECKING:
    from comanda.conversation.letter import Block
    from comanda.conversation.render import Rendered

TAG = re.compile(r"[A-Za-z0-9_-]{1,200}")
ENCODED = "b64-"


class Unsendable(Exception):
    """This mail cannot be sent, now or later; the reason carries no personal data."""


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A PDF that goes with a mail, and what its file is called."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """`owner` and `effect_id` identify the mail for good; `order_id` is empty when it is about none."""

    sender: str
    to: tuple[Recipient, ...]
    owner: str
    effect_id: str
    order_id: str
    at: datetime


def message(rendered: "Rendered", envelope: Envelope, enclosed: Enclosure | None = None) -> bytes:
    """The bytes for the post. Raises Unsendable for an address no mail can go to."""
    letter = rendered.letter
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(letter.subject)
    mail["From"] = address(Recipient(envelope.sender, letter.shop.name))
    mail["To"] = [address(one) for one in envelope.to]
    if letter.shop.reply_to:
        mail["Reply-To"] = address(Recipient(letter.shop.reply_to, letter.shop.name))
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = message_id(envelope)
    mail["X-Comanda-Event"] = letter.event
    if envelope.order_id:
        mail["X-Comanda-Order"] = envelope.order_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    _show_codes(letter.blocks, mail)
    if enclosed is not None:
        mail.add_attachment(enclosed.content, maintype="application", subtype="pdf", filename=enclosed.name)
    # Last, or the library moves it to the plain part.
    mail["Content-Language"] = letter.speech.language
    return mail.as_bytes()


def _show_codes(blocks: "Iterable[Block]", mail: EmailMessage) -> None:
    """The pictures go with the mail: what shows a code to a reader is fetched from nowhere."""
    from comanda.conversation.letter import Code

    page = mail.get_body(preferencelist=("html",))
    for code in (block for block in blocks if isinstance(block, Code)):
        if isinstance(page, EmailMessage):
            cid, name = f"<code-{code.scanned}>", f"{code.scanned}.png"
            drawn = picture(code.scanned)
            page.add_related(drawn, "image", "png", cid=cid, filename=name, disposition="inline")


def one_line(text: str) -> str:
    """Text that fits into a header: no line breaks, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def message_id(envelope: Envelope) -> str:
    """The same for the same mail, under the sender's own domain."""
    domain = envelope.sender.rpartition("@")[2]
    return f"<{tag(envelope.effect_id)}.{tag(envelope.owner)}@{domain}>"


def tag(value: str) -> str:
    """A value as an SES message tag, which takes letters, digits, dash and underscore only."""
    if TAG.fullmatch(value) and not value.startswith(ENCODED):
        return value
    return ENCODED + base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def untag(value: str) -> str:
    """What `tag` was given. Raises ValueError for what it never made."""
    if not value.startswith(ENCODED):
        return value
    text = value.removeprefix(ENCODED)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def address(recipient: Recipient) -> Address:
    """A recipient in a header. SES takes ASCII only: the domain in its ASCII form, the rest as it is.

    Raises Unsendable.
    """
    local, _, domain = recipient.email.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
        local.encode("ascii")
        return Address(one_line(recipient.name), addr_spec=f"{local}@{ascii_domain}")
    except (UnicodeError, ValueError, MessageError) as error:
        raise Unsendable("the address cannot receive mail") from error
