"""Templates to text: strict about missing values, escaping whatever goes into HTML."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from comanda.conversation.letter import Letter
from comanda.settings.formatted import html, plain

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready for the post."""

    letter: Letter
    text: str
    html: str


@cache
def environment() -> Environment:
    """One environment per process; names ending in .html.j2 are escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"lines": lines, "keep": keep, "formatted": formatted, "plain": plain}
    return made


def lines(text: str) -> Markup:
    """Text with its line breaks, each line escaped."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def formatted(text: str) -> Markup:
    """The merchant's formatted words."""
    return Markup(html(text))  # noqa: S704 - escaped piece by piece


def keep(text: str, part: str) -> Markup:
    """Text in which `part`, an order's number, is never broken over two lines."""
    told = escape(text)
    if not part:
        return told
    whole = escape(part)
    return Markup(told.replace(whole, Markup('<span class="keep">{}</span>').format(part)))  # noqa: S704 - escaped


def render(template: str, **values: Any) -> str:
    return environment().get_template(template).render(**values)


def render_letter(letter: Letter) -> Rendered:
    """The letter as plain text and as HTML with its styles inside the elements, as mail programs want."""
    from css_inline import inline

    values = {"letter": letter, "speech": letter.speech, "shop": letter.shop, "say": letter.speech.say}
    page = render("mail/letter.html.j2", **values)
    html = inline(page, keep_at_rules=True, load_remote_stylesheets=False)
    return Rendered(letter, render("mail/letter.txt.j2", **values), html)
