"""What there is to look at: one of everything that a page can show, made over the staff API."""

import json
from base64 import urlsafe_b64decode
from functools import cached_property
from typing import Any

from local.demo.outside import eventually, fresh_key
from tests.e2e.shop import Order, Shop

LONG_NAME = "María de los Ángeles Fernández-Villaseñor y Gutiérrez de la Concha"
COMPANY = "Comercializadora del Bajío, S.A. de C.V."

LONG_TYPE = "charge.dispute.funds_withdrawn"


class Scene:
    """Ids of things, each made when a page first asks for it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @cached_property
    def placed(self) -> Order:
        """Approved, waiting for its transfer, by somebody with a long name."""
        body = self.shop.request()
        customer = body["customer"] | {"name": LONG_NAME, "company": COMPANY}
        order = self.shop.place(payment_method="bank_transfer", customer=customer)
        self.shop.verify(order)
        self.shop.staff.command(order.id, "approve")
        return order

    @property
    def order(self) -> str:
        return self.placed.id

    @cached_property
    def draft(self) -> str:
        """A draft with a product and somebody with a long name; nothing else is decided."""
        body = {
            "lines": [{"sku": self.sku, "quantity": 2}],
            "customer": {"name": LONG_NAME, "company": COMPANY},
        }
        answer = self.shop.staff.call("POST", "/admin/drafts", body, status=201)
        return str(answer.body["order"]["order_id"])

    @cached_property
    def customer(self) -> str:
        return self._customer_of(self.placed)

    @cached_property
    def other_customer(self) -> str:
        other = self.shop.place(payment_method="bank_transfer")
        self.shop.verify(other)
        return self._customer_of(other)

    @property
    def sku(self) -> str:
        return self.placed.lines[0][0] if self.placed.lines else str(self.shop.products()[0]["sku"])

    @cached_property
    def job(self) -> str:
        """A bulk job that has ended."""
        body = {"action": "hold", "ids": [self.order], "params": {"reason": "manual"}}
        job = self._post("/admin/bulk", body)["job_id"]
        self._until(f"/admin/jobs/{job}", ("completed", "done", "finished"))
        (hold,) = self.shop.staff.order(self.order)["holds"]
        self.shop.staff.command(self.order, "release-hold", {"hold_id": hold["hold_id"]})
        return str(job)

    @cached_property
    def batch(self) -> str:
        """An export that has arrived."""
        answer = self.shop.admin.call(
            "POST", "/admin/exports/sftp/run", {"order_ids": [self.order], "mode": "all"}, status=202,
            headers=fresh_key(),
        )  # fmt: skip
        batch = str(answer.body["batch_id"])
        self._until(f"/admin/export-batches/{batch}", ("delivered",))
        return batch

    @cached_property
    def person(self) -> str:
        """Somebody of the staff."""
        claims = self.shop.staff.token.split(".")[1]
        return str(json.loads(urlsafe_b64decode(claims + "=="))["sub"])

    @cached_property
    def code(self) -> str:
        """A discount code with limits."""
        body = {"code": f"WEB-{fresh_key()['Idempotency-Key'][:8]}", "percent_ppm": 100_000, "max_uses": 50}
        answer = self.shop.staff.call("POST", "/admin/discount-codes", body, status=201)
        return str(answer.body["code"])

    @cached_property
    def priced(self) -> str:
        """The list for everybody, which says something of a product; no test orders as much."""
        price = {"amount": 9_000, "currency": str(self.shop.stack["shop"]["currency"])}
        body, path = (
            {"breaks": [{"from_quantity": 90_000, "unit_price": price}]},
            f"/admin/price-lists/everyone/{self.sku}",
        )
        found = self.shop.staff.send("GET", path)
        version = int(found.body["version"]) if found.status == 200 else 0
        self.shop.staff.call("PUT", path, body, status=200, headers={"If-Match": f'"{version}"'})
        return "everyone"

    @cached_property
    def trial(self) -> str:
        """A test of the destination's connection that has been made."""
        answer = self.shop.admin.call("POST", "/admin/exports/sftp/test", {}, status=202)
        trial = str(answer.body["test_id"])
        self._until(f"/admin/export-tests/{trial}", ("done",))
        return trial

    @cached_property
    def payout(self) -> str:
        """A payout with a card payment in it, read from the provider."""
        self.shop.paid()
        made = str(self.shop.control.call("POST", "/stripe/payouts", {}).body["id"])
        self.shop.staff.call("POST", "/admin/reconciliation/stripe/ask", {}, status=202)

        def known() -> bool:
            return any(one["ref"] == made for one in self.shop.staff.get("/admin/payouts")["items"])

        eventually(known, "the payout", "known")
        return made

    @cached_property
    def notice(self) -> str:
        """A notice whose type is as long as they come, among the newest: money of a dispute."""
        order = self.shop.paid()
        ledger = self.shop.staff.order(order.id)["ledger"]
        (ref,) = {entry["ref"] for entry in ledger if entry["kind"] == "capture"}
        self.shop.control.call("POST", "/stripe/disputes", {"charge": ref})

        def come() -> bool:
            found = self.shop.staff.get("/admin/webhook-events")["items"]
            return any(one["type"] == LONG_TYPE for one in found)

        eventually(come, LONG_TYPE, "received")
        return LONG_TYPE

    @cached_property
    def statement(self) -> tuple[str, str]:
        """A bank's file with a movement for the order, and one for nobody; and the id of the first."""
        number = self.shop.staff.order(self.order)["number"]
        lines = ("fecha;concepto;ordenante;importe", f"20/11/2026;PEDIDO {number};{LONG_NAME};1,00")
        text = "\n".join((*lines, f"21/11/2026;Bizum {fresh_key()['Idempotency-Key'][:8]};;250,00"))
        made = self.shop.staff.call(
            "POST", "/admin/statements", text.encode(), status=201, headers={"Content-Type": "text/csv"}
        ).body
        path = f"/admin/statements/{made['statement_id']}/proposals"
        return str(made["statement_id"]), str(self.shop.staff.get(path)["items"][0]["entry_id"])

    def _customer_of(self, order: Order) -> str:
        seen: dict[str, Any] = self.shop.staff.order(order.id)
        return str(seen["customer"]["customer_id"])

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.shop.staff.call("POST", path, body, status=202, headers=fresh_key())
        made: dict[str, Any] = answer.body
        return made

    def _until(self, path: str, states: tuple[str, ...]) -> None:
        eventually(lambda: self.shop.staff.get(path)["state"] in states, path, " or ".join(states))
