"""The door of the back office: files, the way in, then every screen behind session and permission."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.backoffice.staff import PICKER, Staff, require
from comanda.errors import Forbidden, NotFound, Problem
from comanda.runtime.http import passing
from comanda.runtime.observe import logger
from comanda.runtime.requests import cookie, header, query, request_id
from comanda.screens.house import assets, outgoing
from comanda.screens.house.answers import Answer, File, Goto, Screen
from comanda.screens.house.asked import BASE, PICKING, Asked, Given, own_address, read_query
from comanda.screens.house.forms import check_origin, check_token
from comanda.screens.house.outgoing import Sent
from comanda.screens.house.routing import House
from comanda.screens.house.way_in import Event, WayIn, typed
from comanda.screens.sign_in.flow import Entrance
from comanda.screens.sign_in.sessions import COOKIE, Session
from comanda.settings.sections import Shop
from comanda.settings.store import read_once

IDLE = "/here"  # asked by pages that only lie open
WATCH = "watch"  # in the query of what an open page asks again and again


@dataclass(frozen=True, slots=True)
class Door:
    house: House
    entrance: Callable[[], Entrance]
    shop: Callable[[], Shop]
    now: Callable[[], datetime]

    @property
    def way_in(self) -> WayIn:
        return WayIn(self.entrance, self.shop, self.now)

    def lambda_handler(self, event: Event, context: Any) -> Sent:
        """Answer one request; never raises."""
        logger.append_keys(request_id=request_id(event), route="back-office")
        try:
            with nullcontext() if _changes(event) else read_once():
                sent = self._answer(event, context)
        except Exception as error:
            sent = self._failed(event, error)
        logger.info("answered", extra={"status": sent["statusCode"]})
        return sent

    def _answer(self, event: Event, context: Any) -> Sent:
        method = str(event["requestContext"]["http"]["method"])
        path = str(event.get("rawPath", "")).removeprefix(BASE).rstrip("/") or "/"
        if path.startswith("/static/"):
            return _static(event, path)
        if method not in ("GET", "HEAD", "POST"):
            raise NotFound("no such address")
        method = "GET" if method == "HEAD" else method
        if method == "POST":
            check_origin(event, self.entrance().public_url())
        if path == "/callback":
            return self.way_in.callback(event)
        if path in ("/signed-out", "/sign-in"):
            return self.way_in.waiting_room(event, path)
        session = self.entrance().who(cookie(event, COOKIE), self.now(), idly=_idly(event, path))
        if session is None:
            return self.way_in.sign_in(event, method)
        if method == "POST" and path in ("/sign-out", "/preferences"):
            return self.way_in.own_form(event, path, session)
        return self._inside(event, method, path, session, context)

    # ------------------------------------------------------------ inside

    def _inside(self, event: Event, method: str, path: str, session: Session, context: Any) -> Sent:
        if session.roles == {PICKER}:
            return self._elsewhere(event, path)
        staff = Staff(session.sub, session.roles)
        asked = Asked(
            event, method, path, read_query(event), session, staff, self.now(), self.way_in.tongue(event),
            _given(session, path), context,
        )  # fmt: skip
        try:
            if method == "POST":
                token = header(event, "x-csrf") or asked.form.get("_csrf", [""])[-1]
                check_token(token, session.csrf)
            answer = self._view(asked)
        except Problem as problem:
            return self._refused(asked, problem)
        except Exception as error:
            busy = passing(error)
            if busy is None:
                raise
            return self._refused(asked, busy)
        return self._sent(asked, answer)

    def _elsewhere(self, event: Event, path: str) -> Sent:
        """Who only picks has a screen of their own, and sees nothing of this house: not even its frame."""
        if path == "/":
            return outgoing.elsewhere(PICKING, self.way_in.headers())
        raise Forbidden("nothing here is for your role")

    def _view(self, asked: Asked) -> Answer:
        """What the screen at this address answers. Raises NotFound, Forbidden, and what it raises."""
        found = self.house.find(asked.method, asked.path)
        if asked.path == "/" and (found is None or not asked.staff.may(found[0].permission)):
            first = next((e.path for e in self.house.entries if asked.staff.may(e.permission)), None)
            if first is None:
                raise Forbidden("nothing here is for your role")
            return Goto(BASE + first)
        if found is None:
            raise NotFound("no such address")
        rule, names = found
        require(asked.staff, rule.permission)
        return rule.view(asked, **names)

    def _refused(self, asked: Asked, problem: Problem) -> Sent:
        """A problem on the page it belongs to: with its form filled in as it was sent, if it was one."""
        from comanda.screens.house.problems import told

        words = told(problem, asked.tongue)
        page = self._page_of(asked)
        if page is not None:
            try:
                answer = self._view(page)
            except Problem:
                answer = None
            if isinstance(answer, Screen):
                return self._rendered(page, answer, words, problem.status)
        return self._rendered(asked, Screen("house/problem.html.j2"), words, problem.status)

    def _page_of(self, asked: Asked) -> Asked | None:
        """The request for the page whose form was sent."""
        if asked.method != "POST" or "_page" not in asked.form:
            return None
        address = own_address(asked.field("_page"))
        path, _, text = address.partition("?")
        event = asked.event | {"rawQueryString": text, "body": None}
        given = Given(BASE + asked.path, typed(asked.form))
        return Asked(
            event, "GET", path.removeprefix(BASE).rstrip("/") or "/", read_query(event), asked.session,
            asked.staff, asked.now, asked.tongue, given,
        )  # fmt: skip

    def _sent(self, asked: Asked, answer: Answer) -> Sent:
        if isinstance(answer, Goto):
            if answer.told:
                undo = answer.undo.to_dict() if answer.undo else None
                self.entrance().sessions.pass_on(asked.session, {"told": answer.told, "undo": undo})
            return outgoing.elsewhere(own_address(answer.address), self.way_in.headers())
        if isinstance(answer, File):
            use = "inline" if answer.shown else "attachment"
            headers = self.way_in.headers() | {
                "Content-Type": answer.content_type,
                "Content-Disposition": f'{use}; filename="{answer.name}"',
                "Cache-Control": "no-store",
            }
            return outgoing.file(200, headers, answer.content)
        again = asked.showing(answer.given) if answer.given else asked
        if answer.problem is None:
            return self._rendered(again, answer, None, answer.status)
        from comanda.screens.house.problems import told

        return self._rendered(again, answer, told(answer.problem, asked.tongue), answer.problem.status)

    def _rendered(self, asked: Asked, screen: Screen, problem: Any, status: int) -> Sent:
        from comanda.screens.house.render import render
        from comanda.screens.house.view import around

        html = render(screen.template, around(asked, self.house, problem) | screen.values)
        if asked.session.passing and _is_shown(asked.event):
            self.entrance().sessions.pass_on(asked.session, {})
        return outgoing.page(asked.event, html, status, self.way_in.headers() | screen.headers)

    # ------------------------------------------------------------ around

    def _failed(self, event: Event, error: Exception) -> Sent:
        """What nobody foresaw, and what is refused before anybody is known to be there."""
        problem = error if isinstance(error, Problem) else passing(error)
        if problem is None:
            logger.exception("unexpected failure")
        try:
            from comanda.screens.house.problems import BROKEN, told

            tongue = self.way_in.tongue(event)
            broken = {
                "title": tongue.say(BROKEN[0]),
                "advice": tongue.say(BROKEN[1], request=request_id(event)),
            }
            shown = told(problem, tongue) if problem else {**broken, "detail": ""}
            return self.way_in.bare(event, "broken", problem.status if problem else 500, {"problem": shown})
        except Exception:
            logger.exception("the failure cannot be shown either")
            return outgoing.page(event, "<!doctype html><title>500</title><p>500", 500, {})


def _changes(event: Event) -> bool:
    return str(event["requestContext"]["http"]["method"]) == "POST"


def _idly(event: Event, path: str) -> bool:
    """Whether a page asks by itself, so that nobody need be sitting there."""
    return path.endswith(IDLE) or bool(header(event, "hx-request") and query(event, WATCH))


def _is_shown(event: Event) -> bool:
    """Whether the answer is put before somebody's eyes whole, and not just a part taken from it."""
    return not header(event, "hx-request") or bool(header(event, "hx-history-restore-request"))


def _static(event: Event, path: str) -> Sent:
    _, _, mark, name = ([*path.split("/"), "", ""])[:4]
    found = assets.asset(name)
    if found is None:
        return outgoing.page(event, "", 404, {})
    return outgoing.static(event, found, current=mark == assets.mark())


def _given(session: Session, path: str) -> Given:
    """The form that was being sent when a session had ended, if it is one of this page."""
    kept = session.passing.get("given") or {}
    return Given(kept["action"], kept["fields"], True) if kept.get("page") == BASE + path else Given()
