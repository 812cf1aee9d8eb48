"""The running shop in the hands of tests: customers, staff, provider and carrier, all from outside."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import stripe

from local.demo.carrier import Carrier
from local.demo.mailbox import Mailbox, link_to, token_in
from local.demo.outside import Answer, Api, eventually, fresh_key
from local.demo.staff import Staff, aws, sign_in

ADDRESS = {
    "line1": "Calle Ámsterdam 12, piso 3",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06100",
    "country": "MX",
}


@dataclass
class Order:
    """An order as the script that placed it knows it."""

    placed: dict[str, Any]
    email: str
    lines: list[tuple[str, int]]
    api: Api = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.placed["order_id"])

    @property
    def number(self) -> str:
        return str(self.placed["number"])

    @property
    def total(self) -> int:
        return int(self.placed["totals"]["total"]["amount"])

    def view(self) -> dict[str, Any]:
        seen: dict[str, Any] = self.api.get(f"/orders/{self.id}")
        return seen

    def axes(self) -> tuple[str, str, str]:
        seen = self.view()
        return seen["lifecycle"], seen["payment"], seen["fulfilment"]


class Shop:
    def __init__(self, stack: dict[str, Any]) -> None:
        self.stack = stack
        self.api = Api(stack["api_url"])
        self.mailbox = Mailbox(stack["mailbox_url"])
        self.control = Api(stack["peers"]["control_url"])
        self.carrier = Carrier(stack["api_url"], stack["carrier"]["webhook_secret"])

    @cached_property
    def staff(self) -> Staff:
        return Staff(self.stack["api_url"], sign_in(self.stack, "staff"))

    @cached_property
    def admin(self) -> Staff:
        return Staff(self.stack["api_url"], sign_in(self.stack, "admin"))

    @cached_property
    def provider(self) -> stripe.StripeClient:
        account = self.stack["stripe"]
        return stripe.StripeClient(account["api_key"], base_addresses={"api": account["api_url"]})

    # -- customers

    def products(self, at_least: int = 5) -> list[dict[str, Any]]:
        """Those on sale of which so many units are left, the most plentiful first."""
        items = self.api.get("/products?locale=es&limit=100")["items"]
        counted = [item for item in items if item["available"] is not None]
        enough = [item for item in counted if item["available"] >= at_least]
        return sorted(enough, key=lambda item: -item["available"])

    def available(self, sku: str) -> int:
        items = self.api.get("/products?locale=es&limit=100")["items"]
        return int(next(item["available"] for item in items if item["sku"] == sku))

    def request(self, **changes: Any) -> dict[str, Any]:
        """A guest's order of two units of one product; `changes` replace parts of the body."""
        sku = self.products()[0]["sku"]
        email = f"cliente.{secrets.token_hex(4)}@example.com"
        return {
            "lines": [{"sku": sku, "quantity": 2}],
            "customer": {"email": email, "name": "Lucía Peña Ibáñez", "phone": "+52 55 5512 3456"},
            "shipping_address": ADDRESS,
            "delivery": "ship",
            "payment_method": "stripe",
            "accept_privacy": True,
            "locale": "es",
        } | changes

    def place(self, api: Api | None = None, **changes: Any) -> Order:
        body = self.request(**changes)
        headers = fresh_key()
        answer = (api or self.api).call("POST", "/orders", body, status=201, headers=headers)
        return self.order_of(answer, body)

    def order_of(self, answer: Answer, body: dict[str, Any]) -> Order:
        lines = [(line["sku"], line["quantity"]) for line in body.get("lines") or []]
        email = (body.get("customer") or {}).get("email", "")
        placed = answer.body
        return Order(placed, email, lines, Api(self.stack["api_url"], placed["access_token"]))

    def verify(self, order: Order) -> dict[str, Any]:
        """By the mailed link; answers what verifying answers."""
        mail = self.mailbox.wait("verification", order.id)
        body = {"token": token_in(link_to(mail, "/verify-email"))}
        verified: dict[str, Any] = self.api.call("POST", "/verify-email", body).body
        return verified

    def pay(self, order: Order, card: str = "pm_card_visa") -> Any:
        intent = order.placed["payment_action"]["id"]
        return self.provider.v1.payment_intents.confirm(intent, {"payment_method": card})

    def wait(self, order: Order, axis: str, value: object, seconds: float = 40) -> dict[str, Any]:
        """The customer's view, once one of its axes says this."""

        def look() -> dict[str, Any] | None:
            view = order.view()
            return view if view[axis] == value else None

        found = eventually(look, f"{axis} {value!r}", order.id, seconds, lambda: order.axes())
        assert found is not None
        return found

    # -- merchant

    def decide(self, order: Order, decision: str, **more: str) -> Answer:
        """Approve or reject by the link in the merchant's mail."""
        mail = self.mailbox.wait("merchant_order", order.id)
        body = {"token": token_in(link_to(mail, "/approve-order")), "decision": decision, **more}
        return self.api.call("POST", "/approve-order", body)

    def approved(self, **changes: Any) -> Order:
        """An order that its customer verified and the merchant approved."""
        order = self.place(**changes)
        self.verify(order)
        self.decide(order, "approve")
        return order

    def paid(self, **changes: Any) -> Order:
        order = self.approved(**changes)
        self.pay(order)
        self.wait(order, "payment", "paid")
        return order

    def ship(self, order: Order, *lines: tuple[str, int], carrier: str = "estafeta", **more: Any) -> str:
        """One parcel with these units, or with all; answers its tracking number."""
        code = f"EST{secrets.randbelow(10**12):012d}"
        wanted = [{"sku": sku, "quantity": units} for sku, units in lines or order.lines]
        body = {"lines": wanted, "carrier": carrier, "tracking_number": code, **more}
        self.staff.command(order.id, "ship", body)
        return code

    def scan(self, code: str, status: str, at: datetime | None = None) -> str:
        """Have the carrier's peer report a scan; answers the event's id."""
        moment = (at or datetime.now(UTC)).isoformat()
        scan = {"tracking_code": code, "carrier": "estafeta", "status": status, "datetime": moment}
        return str(self.control.call("POST", "/easypost/scans", scan, status=201).body["id"])

    @contextmanager
    def setting(self, section: str, **changes: Any) -> Iterator[None]:
        """Change a section of the settings for a while."""
        path = f"/admin/settings/{section}"
        before = self.admin.get(path)
        self._patch(path, changes)
        try:
            yield
        finally:
            self._patch(path, {name: before[name] for name in changes})

    def _patch(self, path: str, changes: dict[str, Any]) -> None:
        etag = self.admin.call("GET", path).headers["etag"]
        self.admin.call("PATCH", path, changes, headers={"If-Match": etag})

    # -- operator

    def sweep(self, **event: Any) -> dict[str, Any]:
        """Run the sweep at once, as an operator would instead of waiting for its schedule."""
        return self._invoke("SweepFunction", event)

    def reconcile(self) -> dict[str, Any]:
        """Ask the payment providers at once what happened there."""
        return self._invoke("ReconcilePaymentsFunction", {})

    def _invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        name = self.stack["stack"]["resources"][function]
        answer = aws(self.stack, "lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        counts: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, counts
        return counts

    def execution(self, order: Order) -> str:
        """The status of the order's present execution; a run is known before its start has left the queue."""
        arn = self.staff.order(order.id)["execution_arn"]
        machines = aws(self.stack, "stepfunctions")
        try:
            return str(machines.describe_execution(executionArn=arn)["status"])
        except machines.exceptions.ExecutionDoesNotExist:
            return "NOT STARTED"
