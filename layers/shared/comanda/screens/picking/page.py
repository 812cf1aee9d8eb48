"""The page a picker opens: a shell with words, token and looks; what is to be picked comes as JSON."""

import re
from functools import cache
from typing import Any

from comanda.screens.house import outgoing
from comanda.screens.house.forms import masked
from comanda.screens.house.outgoing import Sent
from comanda.screens.house.tongue import Tongue, catalogue
from comanda.screens.house.view import theme_of
from comanda.screens.picking.files import BASE, MODULES, address
from comanda.screens.sign_in.sessions import Session

SAID = re.compile(r'\bsay(?:Many)?\(\s*"((?:[^"\\]|\\.)*)"(?:,\s*"((?:[^"\\]|\\.)*)")?')

type Words = dict[str, str | tuple[str, str]]


def page(event: dict[str, Any], session: Session, tongue: Tongue, headers: dict[str, str]) -> Sent:
    """The shell for somebody signed in. `headers` are those of every page of the house; only here a page
    may compile the decoder's WebAssembly (ADR 0109). No name or address of anybody is in it: `who` is the
    user pool's id, which keeps apart on one phone what each has not sent yet."""
    from comanda.screens.house.render import render  # most of what a phone asks is no page

    shown = {
        "tongue": tongue,
        "say": tongue.say,
        "theme": theme_of(event),
        "asset": address,
        "base": BASE,
        "who": session.sub,
        "csrf": masked(session.csrf),
        "words": words(tongue.code),
    }
    html = render("picking/shell.html.j2", shown)
    return outgoing.page(event, html, 200, headers | {"Content-Security-Policy": _policy(headers)})


def _policy(headers: dict[str, str]) -> str:
    return headers["Content-Security-Policy"] + "; script-src 'self' 'wasm-unsafe-eval'"


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every text that the modules say, with its plural where it has one."""
    found = {match for path in sorted(MODULES.glob("*.js")) for match in SAID.findall(path.read_text())}
    return tuple(sorted(found))


@cache
def words(code: str) -> Words:
    """What the modules say in a language, by the English in them."""
    known = catalogue(code)
    return {
        one: (known.ngettext(one, many, 1), known.ngettext(one, many, 2)) if many else known.gettext(one)
        for one, many in texts()
    }
