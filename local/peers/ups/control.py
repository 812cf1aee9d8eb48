"""What only the world outside UPS's API does, asked for through the control URL; and what UPS has sold."""

from datetime import UTC, datetime

from local.peers.ups.peer import Ups
from local.peers.ups.prism import Prism
from local.peers.web import Refused, Reply, Request, Router, json_reply

TROUBLES = ("lost", "broken")


class UpsControl:
    """`prism` is None where it is not installed."""

    def __init__(self, ups: Ups, prism: Prism | None) -> None:
        self._ups, self._prism = ups, prism

    def add_routes(self, router: Router) -> None:
        router.add("GET", "/ups", self._state)
        router.add("GET", "/ups/shipments", self._shipments)
        router.add("POST", "/ups/shipments/{number}/scans", self._scan)
        router.add("POST", "/ups/troubles", self._trouble)

    def _state(self, request: Request) -> Reply:
        held = "not installed" if self._prism is None else "answers" if self._prism.answers else "idle"
        troubles = {name: getattr(self._ups, name) for name in TROUBLES}
        asked = list(self._ups.seen)
        return json_reply(200, {"prism": held, "troubles": troubles, "asked": asked})

    def _shipments(self, request: Request) -> Reply:
        sold = self._ups.shipments
        return json_reply(200, {"items": [{"number": number, **sold[number]} for number in sold]})

    def _scan(self, request: Request) -> Reply:
        """`{type, code?, at?}` in UPS's words (I, O, D, X …), now unless it says when."""
        number, wish = request.path_values["number"], request.json()
        if number not in self._ups.shipments:
            raise Refused(404, "no such shipment")
        if not wish.get("type"):
            raise Refused(400, "missing: type")
        at = _moment(wish.get("at"))
        zone = f"{at:%z}"
        code = str(wish.get("code") or "XX")
        self._ups.scan(number, str(wish["type"]), code, f"{at:%Y%m%dT%H%M%S}", f"{zone[:3]}:{zone[3:5]}")
        return json_reply(201, self._ups.shipments[number])

    def _trouble(self, request: Request) -> Reply:
        """`{lost}` purchases that are made but never answered, `{broken}` requests that are not served."""
        wish = request.json()
        if unknown := set(wish) - set(TROUBLES):
            raise Refused(400, f"unknown: {', '.join(sorted(unknown))}")
        if any(type(count) is not int or count < 0 for count in wish.values()):
            raise Refused(400, "a trouble is how many requests it meets")
        for name, count in wish.items():
            setattr(self._ups, name, count)
        return self._state(request)


def _moment(told: object) -> datetime:
    if told is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError as error:
        raise Refused(400, "at is not an ISO 8601 time") from error
    if at.tzinfo is None:
        raise Refused(400, "at needs an offset from UTC")
    return at
