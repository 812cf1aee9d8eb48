"""A request as a screen sees it: who asks, for what, in which language."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from comanda.backoffice.staff import Staff
from comanda.errors import Malformed, TooLarge
from comanda.idempotency.store import Request
from comanda.orders.facts import Origin
from comanda.runtime.http import origin_of, time_left
from comanda.runtime.requests import header, raw_body
from comanda.screens.house.upload import MOST_BYTES, Files, is_multipart, read_parts
from comanda.screens.sign_in.sessions import Session

if TYPE_CHECKING:
    from comanda.screens.house.tongue import Tongue

BASE, PICKING = "/back-office", "/picking"
MOST_FORM_BYTES = 300_000
OWN_PATH = re.compile(r"/(?:back-office|picking)(?:/[\w\-.~%/]*)?", re.ASCII)

type Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed into a form: shown again after a refusal or a new sign-in. `action` is the
    form's own address, so that two forms on a page do not take each other's values. `after_sign_in`: it
    was being sent when a session had ended."""

    action: str = ""
    fields: Fields = field(default_factory=dict)
    after_sign_in: bool = False


@dataclass(frozen=True)
class Asked:
    """`path` is without `/back-office`; `query` and `form` hold every value of a repeated name."""

    event: dict[str, Any]
    method: str
    path: str
    query: Fields
    session: Session
    staff: Staff
    now: datetime
    tongue: "Tongue"
    given: Given = Given()
    context: Any = None  # of the function's run

    @cached_property
    def form(self) -> Fields:
        return read_form(self.event) if self.method == "POST" else {}

    @cached_property
    def files(self) -> Files:
        """What was sent as files, by the name of the field."""
        kind = header(self.event, "content-type")
        return read_parts(kind, raw_body(self.event, MOST_BYTES))[1] if is_multipart(kind) else {}

    def word(self, name: str, otherwise: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [otherwise])[-1]

    def field(self, name: str, otherwise: str = "") -> str:
        """The last value of a form's field, without the white space around it."""
        return self.form.get(name, [otherwise])[-1].strip()

    def fields(self, name: str) -> list[str]:
        """All values of a form's field, as of ticked boxes."""
        return self.form.get(name, [])

    @property
    def key(self) -> str:
        """The form's own key: sent twice, it counts once."""
        return self.field("_key")

    def once(self, what: str) -> Request:
        """The form as a request under its own key. Raises Malformed for one that came without."""
        if not self.key:
            raise Malformed("the form came without its key")
        typed = {name: values for name, values in self.form.items() if not name.startswith("_")}
        return Request.of(f"{self.origin.actor}#screen-{what}", self.key, typed)

    def time_left(self, leave_ms: int) -> Callable[[], bool]:
        """Whether the function has more than `leave_ms` before it is stopped; asked again each time."""
        return time_left(self.context, leave_ms)

    @property
    def version(self) -> int:
        """The version of the order that the form was made from. Raises Malformed."""
        text = self.field("_version")
        if not text.isdecimal() or not text.isascii() or len(text) > 12:
            raise Malformed("the form does not say which version it was made from")
        return int(text)

    @property
    def origin(self) -> Origin:
        return origin_of(self.event, self.staff.actor, self.now)

    @property
    def partial(self) -> bool:
        """Whether only a part of the page is swapped; a boosted or restored page is whole."""
        return header(self.event, "hx-request-type") == "partial"

    @property
    def here(self) -> str:
        """This page's own address, with its query."""
        query = str(self.event.get("rawQueryString") or "")
        return BASE + self.path.rstrip("/") + (f"?{query}" if query else "")

    def address(self, **changes: str | None) -> str:
        """This page's address with other parameters; None takes one away."""
        kept = {name: values for name, values in self.query.items() if name not in changes}
        kept |= {name: [value] for name, value in changes.items() if value is not None}
        text = urlencode(kept, doseq=True)
        return BASE + self.path.rstrip("/") + (f"?{text}" if text else "")

    def showing(self, given: Given) -> "Asked":
        """The same request with a form to fill in again."""
        return replace(self, given=given)


def read_form(event: dict[str, Any]) -> Fields:
    """The fields of a form, with files or without. Raises Malformed, TooLarge."""
    kind = header(event, "content-type")
    if is_multipart(kind):
        return read_parts(kind, raw_body(event, MOST_BYTES))[0]
    try:
        text = raw_body(event, MOST_FORM_BYTES).decode()
        return parse_qs(text, keep_blank_values=True, max_num_fields=5_000)
    except UnicodeDecodeError as error:
        raise Malformed("the form is not UTF-8") from error
    except ValueError as error:
        raise TooLarge("the form has too many fields") from error


def read_query(event: dict[str, Any]) -> Fields:
    try:
        return parse_qs(str(event.get("rawQueryString") or ""), keep_blank_values=True, max_num_fields=500)
    except ValueError as error:
        raise Malformed("too many parameters") from error


def own_address(text: str) -> str:
    """`text` if it is an address of the back office or of the picker's screen, else the back office's front
    page: nobody is sent elsewhere."""
    path, _, query = text.partition("?")
    sound = OWN_PATH.fullmatch(path) and "//" not in path and ".." not in path and len(text) <= 2000
    tidy = all(character.isprintable() and character not in "\\<>\"' " for character in query)
    return text if sound and tidy else BASE
