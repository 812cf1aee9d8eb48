"""The forms of a page as somebody fills them in: what can be typed, what is chosen, where it goes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TYPED = {"", "text", "search", "email", "tel", "url"}  # types of inputs that take any text


@dataclass
class Form:
    """`values` as the page has them; `free` are the names of the fields that take any text."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)

    def with_text(self, name: str, text: str) -> dict[str, list[str]]:
        return self.values | {name: [text]}


def forms_of(html: str) -> list[Form]:
    """Every form of a page, with the fields that belong to it by its `form` attribute or by its place."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._named: dict[str, Form] = {}
        self._open: Form | None = None
        self._area: tuple[Form, str] | None = None
        self._choice: tuple[Form, str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(found.get("action", ""), found.get("method", "get").lower())
            self.forms.append(self._open)
            if "id" in found:
                self._named[found["id"]] = self._open
            return
        form = self._named.get(found.get("form", "")) or self._open
        if form is None:
            return
        name = found.get("name", "")
        if tag == "input" and name:
            self._input(form, name, found)
        elif tag == "textarea" and name:
            form.free.append(name)
            form.values[name] = [""]
            self._area = (form, name)
        elif tag == "select" and name:
            form.values.setdefault(name, [])
            self._choice = (form, name)
        elif tag == "option" and self._choice:
            chosen, of = self._choice
            if not chosen.values[of] or "selected" in found:
                chosen.values[of] = [found.get("value", "")]

    def _input(self, form: Form, name: str, found: dict[str, str]) -> None:
        kind = found.get("type", "")
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        form.values.setdefault(name, []).append(found.get("value", ""))
        if kind in TYPED and name not in form.free:
            form.free.append(name)

    def handle_data(self, data: str) -> None:
        if self._area:
            form, name = self._area
            form.values[name] = [form.values[name][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._choice = None
