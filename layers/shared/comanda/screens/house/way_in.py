"""Before anybody is known: off to the user pool and back, out again, and the pages on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.backoffice.staff import PICKER
from comanda.conversation.catalogue import preferred
from comanda.conversation.speech import Speech
from comanda.errors import Unauthenticated
from comanda.runtime.observe import logger
from comanda.runtime.requests import cookie, header, query
from comanda.screens.house import outgoing
from comanda.screens.house.asked import BASE, PICKING, Fields, own_address, read_form
from comanda.screens.house.forms import check_token
from comanda.screens.house.outgoing import Sent
from comanda.screens.house.tongue import Tongue
from comanda.screens.sign_in.flow import Entrance, forget, session_cookie
from comanda.screens.sign_in.sessions import COOKIE, SIGN_IN_COOKIE, Session
from comanda.settings.sections import Shop

OWN_FIELDS = ("_csrf", "_key", "_page", "_version")
YEAR = 365 * 86_400
LANGUAGES = ("es", "en")

type Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WayIn:
    entrance: Callable[[], Entrance]
    shop: Callable[[], Shop]
    now: Callable[[], datetime]

    def sign_in(self, event: Event, method: str) -> Sent:
        """Off to the user pool, and back to this page afterwards, with what was typed."""
        given: dict[str, Any] = {}
        address = own_address(_address(event))
        if method == "POST":
            fields = read_form(event)
            address = own_address(fields.get("_page", [""])[-1])
            given = {"action": _path(event), "fields": typed(fields), "page": address.partition("?")[0]}
        if header(event, "hx-request"):
            where = {"HX-Redirect": own_address(_tail(header(event, "hx-current-url")))}
            return outgoing.page(event, "", 401, where)
        started = self.entrance().start(address, given, self.now())
        return outgoing.elsewhere(started.address, self.headers(), (started.cookie,))

    def callback(self, event: Event) -> Sent:
        entrance, browser = self.entrance(), cookie(event, SIGN_IN_COOKIE)
        try:
            entered = entrance.finish(
                browser, query(event, "state"), query(event, "code"), cookie(event, COOKIE), self.now()
            )
        except Unauthenticated as problem:
            logger.warning("nobody came in", extra={"reason": problem.detail})
            return self.bare(event, "again", 401)
        if entered.session is None:
            return self.bare(event, "stranger", 403, {"who": entered.person.email})
        cookies = (session_cookie(entered.session), forget(SIGN_IN_COOKIE))
        address = PICKING if entered.session.roles == {PICKER} else own_address(entered.way.next)
        return outgoing.elsewhere(address, self.headers(), cookies)

    def waiting_room(self, event: Event, path: str) -> Sent:
        if path == "/signed-out":
            return self.bare(event, "signed_out", 200)
        started = self.entrance().start(own_address(query(event, "next")), {}, self.now())
        return outgoing.elsewhere(started.address, self.headers(), (started.cookie,))

    def own_form(self, event: Event, path: str, session: Session) -> Sent:
        """Signing out, and how somebody wants to see the pages."""
        fields = read_form(event)
        check_token(fields.get("_csrf", [""])[-1], session.csrf)
        if path == "/sign-out":
            return outgoing.elsewhere(self.entrance().leave(session), self.headers(), (forget(COOKIE),))
        kept = f"Max-Age={YEAR}; Secure; HttpOnly; SameSite=Lax"
        wanted = {name: fields[name][-1] for name in ("language", "theme") if name in fields}
        known = {"language": LANGUAGES, "theme": ("light", "dark", "system")}
        cookies = tuple(
            f"{name}={value}; Path={path}; {kept}"
            for name, value in wanted.items()
            if value in known[name]
            for path in (BASE, PICKING)
        )
        return outgoing.elsewhere(own_address(fields.get("_page", [""])[-1]), self.headers(), cookies)

    def bare(self, event: Event, name: str, status: int, values: dict[str, Any] | None = None) -> Sent:
        """A page for somebody without a session."""
        from comanda.screens.house.render import render
        from comanda.screens.house.view import bare

        known = bare(event, self.tongue(event)) | {"out": self.entrance().leave(None)}
        html = render(f"sign_in/{name}.html.j2", known | (values or {}))
        return outgoing.page(event, html, status, self.headers())

    def headers(self) -> dict[str, str]:
        return outgoing.security(self.entrance().pool.origin)

    def tongue(self, event: Event) -> Tongue:
        """The language somebody chose, else the browser's for who is unknown, else the shop's."""
        shop = self.shop()
        chosen = cookie(event, "language")
        code = chosen if chosen in LANGUAGES else preferred("", shop.locale)
        return Tongue(Speech(code, shop.country, shop.time_zone), self.now())


def typed(fields: Fields) -> Fields:
    """What a person typed, without what the page itself had put into the form."""
    return {name: values for name, values in fields.items() if name not in OWN_FIELDS}


def _path(event: Event) -> str:
    return str(event.get("rawPath", ""))


def _address(event: Event) -> str:
    text = str(event.get("rawQueryString") or "")
    return _path(event) + (f"?{text}" if text else "")


def _tail(url: str) -> str:
    """The path and query of an address."""
    return "/" + url.partition("://")[2].partition("/")[2]
