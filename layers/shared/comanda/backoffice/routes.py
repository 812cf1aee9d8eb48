"""Staff routes: each is hung behind a permission, and what is not hung here nobody can call."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from comanda.backoffice.staff import PERMISSIONS, Staff, require, staff_of
from comanda.errors import NotFound, Problem
from comanda.orders.facts import Origin
from comanda.runtime.http import Handler, document, origin_of, plain_problem, time_left

LONGEST_NAME = 300  # characters of an id in an address; keys of DynamoDB end somewhere

type Hang = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    method: str
    path: str
    permission: str

    def covers(self, method: str, path: str) -> bool:
        pattern = re.sub(r"<[^>]+>", "[^/]+", self.path)
        return method == self.method and re.fullmatch(pattern, path) is not None


@dataclass(slots=True)
class StaffRoutes:
    """`client` answers the id of the user pool client whose tokens count; `now` is the clock."""

    app: APIGatewayHttpResolver
    client: Callable[[], str]
    now: Callable[[], Any]
    rules: list[Rule] = field(default_factory=list)

    def get(self, path: str, permission: str, description: str) -> Hang:
        return self._hang("GET", path, permission, description)

    def post(
        self, path: str, permission: str, description: str, responses: dict[int, Any] | None = None
    ) -> Hang:
        return self._hang("POST", path, permission, description, responses)

    def patch(self, path: str, permission: str, description: str) -> Hang:
        return self._hang("PATCH", path, permission, description)

    def put(self, path: str, permission: str, description: str) -> Hang:
        return self._hang("PUT", path, permission, description)

    def delete(self, path: str, permission: str, description: str) -> Hang:
        return self._hang("DELETE", path, permission, description)

    def _hang(
        self,
        method: str,
        path: str,
        permission: str,
        description: str,
        responses: dict[int, Any] | None = None,
    ) -> Hang:
        if permission not in PERMISSIONS:
            raise ValueError(f"no permission {permission!r}")
        self.rules.append(Rule(method, path, permission))
        return self.app.route(path, method, description=description, responses=responses)

    @property
    def event(self) -> dict[str, Any]:
        """The request being answered."""
        raw: dict[str, Any] = self.app.current_event.raw_event
        return raw

    @property
    def staff(self) -> Staff:
        """Who makes it."""
        return staff_of(self.event, self.client())

    @property
    def origin(self) -> Origin:
        return origin_of(self.event, self.staff.actor, self.now())

    def time_left(self, leave_ms: int) -> Callable[[], bool]:
        """Whether the function has more than `leave_ms` before it is stopped; asked again each time."""
        return time_left(self.app.lambda_context, leave_ms)

    def admit(self, event: dict[str, Any]) -> None:
        """Raise Unauthenticated, Forbidden for what the role does not allow, or NotFound."""
        staff = staff_of(event, self.client())
        method, path = str(event["requestContext"]["http"]["method"]), str(event.get("rawPath", ""))
        if any(len(part) > LONGEST_NAME for part in path.split("/")):
            raise NotFound("nothing here has so long a name")
        rule = next((rule for rule in self.rules if rule.covers(method, path)), None)
        if rule is None:
            raise NotFound("no such address")  # never answered without a rule, whatever the router takes
        require(staff, rule.permission)

    def guarded(self, handler: Handler) -> Handler:
        """The handler behind the door: a stranger does not even learn whether a body is valid."""

        def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            try:
                self.admit(event)
            except Problem as problem:
                told = document(problem)
                return plain_problem(told["status"], told["type"], told["title"], told["detail"])
            return handler(event, context)

        return lambda_handler
