"""A picker with a phone, in tests: a session of the house, the picker's function, and its JSON."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from comanda import wiring
from comanda.screens.house.forms import masked
from comanda.screens.sign_in.sessions import COOKIE, Session
from tests.functional.conftest import Answer, Call
from tests.functional.screens.visitor import SITE
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import approved
from tests.functional.test_workflow import pay

NUMBERS = count(1)


@dataclass
class Phone:
    call: Call
    session: Session
    language: str = "en"
    wave_id: str = ""
    made: Any = field(default_factory=lambda: count(1))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        told = {
            "cookie": f"{COOKIE}={self.session.cookie}; language={self.language}",
            "origin": SITE,
            "x-csrf": masked(self.session.csrf),
        }
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("picker", method, f"/picking{path}", body, headers=told)

    def work(self) -> dict[str, Any]:
        return done(self.ask("GET", "/work"))

    def take(self, wave_id: str = "", **wish: Any) -> dict[str, Any]:
        wave_id = wave_id or f"wave-{self.session.sub}-{next(NUMBERS)}"
        answer = self.ask("POST", "/waves", {"wave_id": wave_id, "by": "location"} | wish)
        assert answer.status == 201, answer.text
        self.wave_id = wave_id
        return answer.body

    def wave(self) -> dict[str, Any]:
        return done(self.ask("GET", f"/waves/{self.wave_id}"))

    def scan(self, code: str, scan_id: str = "", **more: Any) -> str:
        """The outcome of one scan."""
        scan_id = scan_id or f"scan-{self.session.sub}-{next(NUMBERS)}"
        (result,) = self.scans({"scan_id": scan_id, "code": code} | more)
        return str(result["outcome"])

    def scans(self, *scans: dict[str, Any]) -> list[dict[str, Any]]:
        found = done(self.ask("POST", f"/waves/{self.wave_id}/scans", {"scans": list(scans)}))["results"]
        return list(found)

    def undo(self, scan_id: str, undo_id: str = "undo-0001") -> Answer:
        body = {"scan_id": scan_id, "undo_id": undo_id}
        return self.ask("POST", f"/waves/{self.wave_id}/undo", body)

    def end(self, how: str) -> dict[str, Any]:
        return done(self.ask("POST", f"/waves/{self.wave_id}/{how}"))


def done(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.body
    return body


def phone_of(call: Call, name: str = "luz", role: str = "picker", **more: Any) -> Phone:
    """Somebody who has just signed in on a phone."""
    roles = frozenset({role}) if role else frozenset()
    sub = f"user-{name}"
    session = wiring.sessions().start(sub, f"{name}-login", f"{name}@shop.example", roles, wiring.now())
    return Phone(call, session, **more)


def ready(call: Call, steps: str = "pick_ship", units: int = 50, **changes: Any) -> dict[str, Any]:
    """A paid order that waits to be picked: three of CAFE-1 and two of TAZA, unless told otherwise."""
    set_section("fulfilment", steps=steps)
    lines = [{"sku": "CAFE-1", "quantity": 3}, {"sku": "TAZA", "quantity": 2}]
    body = order_body(lines=lines) | changes
    for sku in sorted({line["sku"] for line in body["lines"]} | {"CAFE-1", "TAZA"}):
        if sku not in wiring.stock().products([sku]):
            stock_product(sku, units=units, barcode=BARCODES.get(sku, ""))
    placed = place(call, key=f"ready-{next(NUMBERS)}", **{"lines": lines} | changes)
    approved(call, placed["order_id"])
    pay(placed["order_id"])
    return placed


BARCODES = {"CAFE-1": "7501234567893", "TAZA": "036000291452"}


def picked(call: Call, order_id: str) -> dict[str, int]:
    """The order's picked units by SKU."""
    loaded = wiring.orders().load(order_id)
    assert loaded is not None
    return {line.sku: line.picked for line in loaded.order.lines}
