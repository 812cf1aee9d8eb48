"""The door of the picker's function: session, role and form token before anything of an order is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.backoffice.staff import Staff, require
from comanda.errors import NotFound, Problem, Unauthenticated
from comanda.refusals.spanish import document_in_spanish
from comanda.runtime.http import Handler, document, passing
from comanda.runtime.http.problems import PROBLEM
from comanda.runtime.http.replies import to_json
from comanda.runtime.observe import logger
from comanda.runtime.requests import cookie, header, request_id
from comanda.screens.house import outgoing
from comanda.screens.house.asked import PICKING
from comanda.screens.house.forms import check_origin, check_token
from comanda.screens.house.outgoing import Sent
from comanda.screens.house.tongue import Tongue
from comanda.screens.house.way_in import Event, WayIn
from comanda.screens.sign_in.flow import Entrance
from comanda.screens.sign_in.sessions import COOKIE, Session
from comanda.settings.sections import Shop
from comanda.settings.store import read_once

SIGN_IN = "/back-office/sign-in"
API = ("/work", "/waves")
PERMISSION = "picking.pick"
LONGEST_PART = 300  # characters of an id in an address; keys of DynamoDB end somewhere

type Page = Callable[[Event, Session, Tongue, dict[str, str]], Sent]
type File = Callable[[Event, str], Sent]
type Worker = Callable[[Event], Sent]


@dataclass(frozen=True, slots=True)
class Door:
    """`api` answers what a phone asks; `page`, `static` and `worker` are what the phone runs."""

    api: Handler
    entrance: Callable[[], Entrance]
    shop: Callable[[], Shop]
    now: Callable[[], datetime]
    page: Page | None = None
    static: File | None = None
    worker: Worker | None = None

    def lambda_handler(self, event: Event, context: Any) -> Sent:
        """Answer one request; never raises."""
        logger.append_keys(request_id=request_id(event), route="picking")
        try:
            sent = self._answer(event, context)
        except Exception as error:
            sent = self._failed(event, error)
        logger.info("answered", extra={"status": sent["statusCode"]})
        return sent

    def _answer(self, event: Event, context: Any) -> Sent:
        method = str(event["requestContext"]["http"]["method"])
        path = str(event.get("rawPath", "")).removeprefix(PICKING).rstrip("/") or "/"
        if any(len(part) > LONGEST_PART for part in path.split("/")):
            raise NotFound("nothing here has so long a name")
        if path == "/worker.js" and self.worker:
            return self.worker(event)
        if path.startswith("/static/") and self.static:
            return self.static(event, path)
        if method not in ("GET", "HEAD", "POST"):
            raise NotFound("no such address")
        if method == "POST":
            check_origin(event, self.entrance().public_url())
        session = self.entrance().who(cookie(event, COOKIE), self.now())
        return self._inside(event, method, path, session, context) if session else self._sign_in(path)

    def _inside(self, event: Event, method: str, path: str, session: Session, context: Any) -> Sent:
        require(Staff(session.sub, session.roles), PERMISSION)
        if method == "POST":
            check_token(header(event, "x-csrf"), session.csrf)
        if path.startswith(API):
            return self._asked(event, session, context)
        if self.page is None or method == "POST":
            raise NotFound("no such address")
        with read_once():
            return self.page(event, session, self._way_in.tongue(event), self._way_in.headers())

    def _asked(self, event: Event, session: Session, context: Any) -> Sent:
        """The API, for whoever has this session, in their language."""
        code = self._way_in.tongue(event).code
        headers = {name: value for name, value in event["headers"].items() if name != "accept-language"}
        told = event | {"headers": headers | {"accept-language": code}, "session": session, "language": code}
        answer: Sent = self.api(told, context)
        answer["headers"] = dict(answer.get("headers") or {}) | {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return answer

    def _sign_in(self, path: str) -> Sent:
        if path.startswith(API):
            raise Unauthenticated("your session has ended: sign in again")
        return outgoing.elsewhere(f"{SIGN_IN}?next={PICKING}", self._way_in.headers())

    @property
    def _way_in(self) -> WayIn:
        return WayIn(self.entrance, self.shop, self.now)

    def _failed(self, event: Event, error: Exception) -> Sent:
        problem = error if isinstance(error, Problem) else passing(error)
        if problem is None:
            logger.exception("unexpected failure")
            return _problem(500, {**UNEXPECTED, "status": 500})
        try:
            spanish = self._way_in.tongue(event).code == "es"
        except Exception:
            logger.exception("the shop's language cannot be read")
            spanish = False
        told = document(problem)
        return _problem(problem.status, document_in_spanish(told) if spanish else told)


UNEXPECTED = {
    "type": "unexpected",
    "title": "Something went wrong on our side",
    "detail": "it was written to the log",
}


def _problem(status: int, told: dict[str, Any]) -> Sent:
    headers = {"Content-Type": PROBLEM, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return {"statusCode": status, "headers": headers, "body": to_json(told), "isBase64Encoded": False}
