"""One visit of one browser: what it keeps, its language, the API as it may use it, and answers to it."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import urllib3
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.peers.web import Reply, Request
from local.storefront import kept
from local.storefront.api import Api, Json, Problem
from local.storefront.speech import LANGUAGES, Speech, preferred

HERE = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Places:
    """What the shop is told when it is started."""

    api: str
    mailbox: str
    stripe: str
    publishable_key: str
    zone: str


@dataclass(frozen=True)
class Visit:
    request: Request
    places: Places
    pool: urllib3.PoolManager
    cookies: list[str] = field(default_factory=list)  # to be set with the answer

    @cached_property
    def kept(self) -> kept.Kept:
        return kept.read(self.request.headers.get("cookie", ""))

    @cached_property
    def language(self) -> str:
        """The one chosen here, else the browser's."""
        chosen = self.kept.language
        return chosen if chosen in LANGUAGES else preferred(self.request.headers.get("accept-language", ""))

    @cached_property
    def speech(self) -> Speech:
        return Speech(self.language, self.places.zone)

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.request.query))

    @cached_property
    def posted(self) -> dict[str, str]:
        return dict(parse_qsl(self.request.body.decode("utf-8", "replace")))

    @property
    def api(self) -> Api:
        return Api(self.pool, self.places.api, self.language)

    @cached_property
    def form(self) -> Json:
        """What the checkout asks for and offers, and the shop's name."""
        return self.api.form()

    @cached_property
    def cart(self) -> Json | None:
        """The cart that this browser fills; one that was ordered or is gone counts as none."""
        if not self.kept.cart:
            return None
        try:
            found = self.api.cart(self.kept.cart)
        except Problem:
            found = None
        if found and not found["ordered"]:
            return found
        self.set(kept.CART, "")
        return None

    def as_customer(self, token: str) -> Api:
        return Api(self.pool, self.places.api, self.language, token)

    def set(self, name: str, value: str) -> None:
        self.cookies.append(kept.keep(name, value))

    def page(self, template: str, status: int = 200, **values: Any) -> Reply:
        """A page of the shop, with its name and what is in the cart. Raises Down."""
        units = sum(line["quantity"] for line in self.cart["lines"]) if self.cart else 0
        return self.bare(template, status, shop=self.form["shop"], in_cart=units, **values)

    def bare(self, template: str, status: int, **values: Any) -> Reply:
        """A page for which nobody is asked; `say`, `money` and the like are at hand in every template."""
        html = PAGES.get_template(template).render(
            lang=self.language,
            say=self.speech.say,
            known=self.speech.known,
            money=self.speech.money,
            moment=self.speech.moment,
            date=self.speech.date,
            country=self.speech.country,
            places=self.places,
            here=self._here(),
            orders=self.kept.orders,
            **values,
        )
        return Reply(status, html.encode(), self._headers(), cookies=tuple(self.cookies))

    def go(self, place: str) -> Reply:
        """To another page, once what was posted is done."""
        return Reply(303, headers={"Location": place}, cookies=tuple(self.cookies))

    def _here(self) -> str:
        """The address to come back to after a change of language; a posted page has none of its own."""
        path = self.request.path if self.request.method == "GET" else "/cart"
        return f"{path}?{self.request.query}" if self.request.query else path

    def _headers(self) -> dict[str, str]:
        """The card form speaks with the payment provider alone; nothing else leaves this origin."""
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none';"
            f" frame-ancestors 'none'; connect-src 'self' {self.places.stripe}"
        )
        return {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Language": self.language,
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
