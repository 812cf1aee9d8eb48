"""What a person with a browser is shown: pages instead of JSON, cookies instead of tokens in addresses."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from comanda.conversation import pages
from comanda.conversation.catalogue import preferred
from comanda.conversation.history import customer_history
from comanda.conversation.urls import Urls
from comanda.conversation.view import OrderView, order_view, section_names, shop_view, speech_for
from comanda.errors import Problem
from comanda.links.issue import Links
from comanda.orders.decision import Loaded
from comanda.orders.derive import amount_due
from comanda.orders.desk import Desk
from comanda.orders.drafts.quotation import offered_by
from comanda.orders.edits.accept_edit import still_open
from comanda.orders.edits.ask_acceptance import message_name
from comanda.orders.edits.proposal import proposed
from comanda.orders.facts import Fact
from comanda.orders.model import Order
from comanda.orders.offer import why_not
from comanda.orders.quote import collected
from comanda.payments.choose import page_to_pay
from comanda.runtime.requests import header
from comanda.settings.methods import PROVIDERS, Method
from comanda.settings.store import SettingsStore
from comanda.storefront.access import cookie_name, token_of_address
from comanda.times import stamp

SECTIONS = ("shop", "checkout", "shipping", "notifications")
COOKIE = "Secure; HttpOnly; SameSite=Lax"
YEAR = 365 * 86_400

type Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it goes out."""

    html: str
    status: int
    headers: Headers


class History(Protocol):
    def facts(self, order_id: str) -> Iterable[Fact]: ...


@dataclass(frozen=True, slots=True)
class Visits:
    desk: Desk
    links: Links
    settings: SettingsStore
    history: History
    urls: Callable[[], Urls]
    now: Callable[[], Any]

    def verify(self, token: str) -> Page:
        """The page behind the mailed link; looking at it changes nothing. Raises what `find` raises."""
        link = self.links.find(token, "verify", stamp(self.now()))
        return _page(pages.verify_page(self._view(self.desk.load(link.order_id)), token))

    def verified(self, order_id: str, customer_token: str) -> Page:
        """After the button: the device stays signed in."""
        view = self._view(self.desk.load(order_id))
        kept = {"Set-Cookie": f"customer={customer_token}; Path=/; Max-Age={YEAR}; {COOKIE}"}
        return _page(pages.verified_page(view, self.urls().order(view.order)), kept)

    def quote(self, token: str) -> Page:
        """The page of a quotation; looking at it changes nothing. Raises what `find` raises."""
        link = self.links.find(token, "quote", stamp(self.now()))
        loaded = self.desk.load(link.order_id)
        offered_by(link, loaded.order)
        privacy = self.settings.section("checkout")[0].privacy
        return _page(pages.quote_page(self._view(loaded), token, privacy.url))

    def accepted(self, order_id: str) -> Page:
        view = self._view(self.desk.load(order_id))
        return _page(pages.accepted_page(view, self.urls().order(view.order)))

    def approve(self, token: str) -> Page:
        """The merchant's page; a used link still shows what was decided."""
        link = self.links.find(token, "approve", stamp(self.now()), unused=False)
        return _page(pages.approve_page(self._merchants_view(self.desk.load(link.order_id)), token))

    def decided(self, order_id: str, decision: str) -> Page:
        return _page(pages.decided_page(self._merchants_view(self.desk.load(order_id)), decision))

    def edit(self, token: str) -> Page:
        """A proposed change, for the customer; looking at it changes nothing. Raises what `find` raises."""
        link = self.links.find(token, "edit", stamp(self.now()))
        loaded = self.desk.load(link.order_id)
        still_open(loaded, link)
        shown = proposed(loaded, link.serial, self.history.facts(link.order_id))
        view = self._view(shown)
        message = str(loaded.text(message_name(link.serial)) or "")
        return _page(pages.edit_page(view, token, message, view.speech.moment(link.expires_at)))

    def edit_answered(self, order_id: str, said: str) -> Page:
        view = self._view(self.desk.load(order_id))
        return _page(pages.edit_answered_page(view, said, self.urls().order(view.order)))

    def order(self, event: dict[str, Any], loaded: Loaded, facts: list[Fact]) -> Page:
        """The customer's page. A token in the address moves into a cookie, and the address is clean."""
        order = loaded.order
        token = token_of_address(event)
        if token:
            path = f"/orders/{order.order_id}"
            kept = f"{cookie_name(order.order_id)}={token}; Path={path}; Max-Age={YEAR}; {COOKIE}"
            return Page("", 303, {"Location": order.order_id, "Set-Cookie": kept})
        sections = self.settings.sections(section_names(order))
        history = customer_history(facts, order.locale, sections["shop"].country)
        view = order_view(loaded, sections, order.locale, keys=self.links.keys())
        methods = self._other_methods(order)
        return _page(pages.order_page(view, history, methods=methods, pay_url=page_to_pay(loaded)))

    def resent(self, loaded: Loaded) -> Page:
        view = self._view(loaded)
        return _page(pages.resent_page(view, self.urls().order(view.order)))

    def problem(self, event: dict[str, Any], problem: Problem) -> Page:
        """A problem in plain words, in the browser's language."""
        sections = self.settings.sections(SECTIONS)
        locale = preferred(header(event, "accept-language"), sections["shop"].locale)
        html = pages.problem_page(problem, speech_for(sections, locale), shop_view(sections))
        page = _page(html)
        return Page(page.html, problem.status, page.headers)

    def _view(self, loaded: Loaded) -> OrderView:
        order = loaded.order
        return order_view(loaded, self.settings.sections(section_names(order)), order.locale)

    def _merchants_view(self, loaded: Loaded) -> OrderView:
        sections = self.settings.sections(section_names(loaded.order))
        return order_view(loaded, sections, sections["notifications"].merchant_locale)

    def _other_methods(self, order: Order) -> list[tuple[str, str]]:
        """Ways to pay what is due that a page without script can offer: those with nobody behind them."""
        offered = [method for method in Method if method not in PROVIDERS and method is not Method.REQUEST]
        found = self.settings.sections(["shipping", *(f"payments.{method}" for method in offered)])
        here = collected(order.delivery, found["shipping"])
        rules = [(method, found[f"payments.{method}"]) for method in offered if method != order.method]
        return [
            (method, one.title.of(order.locale) or method)
            for method, one in rules
            if one.enabled and not why_not(one, amount_due(order), order.currency, collected=here)
        ]


def _page(html: str, more: Headers | None = None) -> Page:
    return Page(html, 200, {**pages.headers(), **(more or {})})
