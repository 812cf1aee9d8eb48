"""The shop with a carrier in memory: orders that may leave, labels bought by the real worker."""

import json
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from comanda import wiring
from comanda.orders.decision import Outgoing
from comanda.orders.model import Order, ShippingLabel
from comanda.times import moment
from tests.carriers.fake import FakeCarrier
from tests.functional.conftest import Answer, Call
from tests.functional.payments.world import Clock, Crash, World
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, command
from tests.functional.test_workflow import pay
from tests.payments.fake import FakeProvider

SENDER = {
    "name": "Almacén Central",
    "line1": "Calle 10 No. 5",
    "city": "Naucalpan",
    "state": "MEX",
    "postal_code": "53000",
    "country": "MX",
    "phone": "+52 55 0000 0000",
}
BOX = {"weight_grams": 1200, "length_mm": 300, "width_mm": 200, "height_mm": 100}
WISH = {"carrier": "fedex", "service": "GROUND", "parcels": [BOX]}


class InProcess:
    """Lambda, as far as it asks the carriers: the function in this process."""

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        from io import BytesIO

        handler = import_module("functions.ask_carrier.app").lambda_handler
        return {"Payload": BytesIO(json.dumps(handler(json.loads(Payload), None)).encode())}


@dataclass
class LabelWorld:
    call: Call
    carrier: FakeCarrier
    clock: Clock
    world: World

    # -- looking ----------------------------------------------------------------------------------

    def order(self, order_id: str) -> Order:
        return wiring.desk().load(order_id).order

    def labels(self, order_id: str) -> list[ShippingLabel]:
        return list(self.order(order_id).shipping_labels)

    def states(self, order_id: str) -> list[str]:
        return [label.state for label in self.labels(order_id)]

    def effects(self, order_id: str) -> dict[str, Outgoing]:
        found = wiring.desk().load(order_id).effects
        return {one.effect_id: one for one in found if one.kind.startswith("label.")}

    def history(self, order_id: str) -> list[str]:
        return self.world.history(order_id)

    # -- doing ------------------------------------------------------------------------------------

    def ready(self, steps: str = "ship", key: str = "key-1", **changes: Any) -> str:
        """An order of three and two units that may leave."""
        for sku in ("CAFE-1", "TAZA"):
            stock_product(sku, weight_grams=250)
        set_section("fulfilment", steps=steps)
        lines = [{"sku": "CAFE-1", "quantity": 3}, {"sku": "TAZA", "quantity": 2}]
        order_id = str(place(self.call, key=key, lines=lines, **changes)["order_id"])
        approved(self.call, order_id)
        pay(order_id)
        return order_id

    def asks(self, order_id: str, name: str, body: Any = None, key: str = "") -> Answer:
        return command(self.call, order_id, name, body, key=key)

    def does(self, order_id: str, name: str, body: Any = None, key: str = "") -> dict[str, Any]:
        answer = self.asks(order_id, name, body, key)
        assert answer.status in (200, 201), answer.text
        told: dict[str, Any] = answer.body
        return told

    def work(self, order_id: str, *, dying: bool = False) -> None:
        """Everything that is wanted of carriers, once; what dies stays where it was."""
        for effect in self.effects(order_id).values():
            detail = {"order_id": order_id, "effect_id": effect.effect_id, "kind": effect.kind}
            with suppress(*([Crash] if dying else [])):
                self.world.queue("settle_label", {"detail-type": "EffectWanted", "detail": detail})

    def later(self, **span: float) -> None:
        self.clock.on(**span)


def label_world(call: Call, monkeypatch: Any) -> LabelWorld:
    clock = Clock(moment("2026-11-22T18:00:00.000Z"))
    carrier = FakeCarrier()
    monkeypatch.setattr(wiring, "now", clock)
    makers = {"easypost": lambda secrets: carrier}
    monkeypatch.setitem(wiring.CARRIERS, "easypost", makers["easypost"])
    desk = import_module("comanda.fulfilment.carriers.asking").LambdaCarrierDesk(InProcess, "ask-carrier")
    monkeypatch.setattr(wiring, "carrier_desk", lambda: desk)
    set_section("carriers", accounts=[{"code": "easypost"}], senders={"": SENDER})
    return LabelWorld(call, carrier, clock, World(FakeProvider(now=clock), clock))
