"""A merchant's script at the running shop: it has read the outside contract, and nothing of the product."""

import json
import os
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

CHECKOUT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0
NAME, PHONE, STREET = "Ximena Ñáñez Güell", "+52 55 8391 2264", "Calle Niño Perdido 1417"
AMOUNT = 5_000


@dataclass
class Bought:
    """An order and what its customer was answered."""

    placed: dict[str, Any]
    email: str
    action: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.placed["order_id"])

    @property
    def total(self) -> int:
        return int(self.placed["totals"]["total"]["amount"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.placed['access_token']}"}


class Script:
    """`private`: every name, address and secret that passed through its hands."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.stack: dict[str, Any] = json.loads((home / "stack.json").read_text())
        self.private = {NAME, PHONE, PHONE.replace(" ", ""), STREET}
        self.private |= {self.stack["stripe"]["api_key"], self.stack["stripe"]["webhook_secret"]}
        self.private |= {self.stack["paypal"]["client_secret"], self.stack["mercadopago"]["access_token"]}
        self.private |= {user["password"] for user in self.stack["users"].values()}
        self.staff = {"Authorization": f"Bearer {self._token('staff')}"}

    def call(self, method: str, path: str, status: int, body: Any = None, **headers: str) -> Any:
        """The JSON that was answered with this status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith("http") else self.stack["api_url"] + path
        answer = requests.request(method, url, json=body, headers=named, timeout=30)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    # -- customers

    def buys(self, method: str) -> Bought:
        """Two units by this method; told on the telephone that the address is right, and accepted."""
        products = self.call("GET", "/products?locale=es&limit=100", 200)["items"]
        product = max((one for one in products if one["available"]), key=lambda one: one["available"])
        email = f"ximena.{uuid.uuid4().hex[:10]}@example.com"
        body = {
            "lines": [{"sku": product["sku"], "quantity": 2}],
            "customer": {"email": email, "name": NAME, "phone": PHONE},
            "shipping_address": {
                "line1": STREET, "city": "Benito Juárez", "state": "CDMX", "postal_code": "03400",
                "country": "MX",
            },
            "delivery": "ship", "payment_method": method, "accept_privacy": True, "locale": "es",
        }  # fmt: skip
        placed = self.call("POST", "/orders", 201, body, Idempotency_Key=str(uuid.uuid4()))
        self.private |= {email, placed["access_token"]}
        bought = Bought(placed, email, placed["payment_action"])
        self.private |= {secret for name, secret in bought.action.items() if name == "client_secret"}
        for command in ("verify", "approve"):
            self.commands(bought, command)
        return bought

    def pays_again(self, bought: Bought, method: str) -> None:
        path = f"/orders/{bought.id}/payments"
        answer = self.call("POST", path, 201, {"payment_method": method}, **bought.bearer)
        bought.action = answer["payment_action"]

    def view(self, bought: Bought) -> dict[str, Any]:
        seen: dict[str, Any] = self.call("GET", f"/orders/{bought.id}", 200, **bought.bearer)
        return seen

    def until(self, bought: Bought, payment: str) -> dict[str, Any]:
        """The customer's view once its payment axis says this."""
        return self.eventually(
            lambda: self.view(bought),
            lambda view: view["payment"] == payment,
            f"payment {payment} of {bought.id}",
        )

    # -- staff

    def seen(self, bought: Bought) -> dict[str, Any]:
        order: dict[str, Any] = self.call("GET", f"/admin/orders/{bought.id}", 200, **self.staff)
        return order

    def commands(self, bought: Bought, command: str, **body: Any) -> dict[str, Any]:
        """A command on the version of this moment, again if a payment came in between."""
        key = str(uuid.uuid4())
        for _ in range(5):
            headers = {
                **self.staff,
                "Idempotency-Key": key,
                "If-Match": f'"{self.seen(bought)["version"]}"',
            }
            url = f"{self.stack['api_url']}/admin/orders/{bought.id}/{command}"
            answer = requests.post(url, json=body, headers=headers, timeout=30)
            if answer.status_code != 412:
                break
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def ledger(self, bought: Bought, kind: str, status: str = "ok") -> list[int]:
        """Amounts of this kind, the smallest first."""
        entries = self.seen(bought)["ledger"]
        return sorted(e["amount"]["amount"] for e in entries if (e["kind"], e["status"]) == (kind, status))

    def holds(self, bought: Bought) -> list[str]:
        return sorted(hold["reason"] for hold in self.seen(bought)["holds"] if hold["open"])

    def facts(self, bought: Bought) -> list[str]:
        return [fact["type"] for fact in self.seen(bought)["history"]]

    # -- mails, and the world outside

    def mails(self, bought: Bought) -> list[str]:
        """Events of the mails to the customer so far, the oldest first."""
        url = self.stack["mailbox_url"]
        found = requests.get(
            url, params={"to": bought.email}, headers={"Accept": "application/json"}, timeout=30
        )
        return [mail["event"] for mail in found.json() if mail["order_id"] == bought.id]

    def mailed(self, bought: Bought, event: str) -> None:
        self.eventually(lambda: self.mails(bought), lambda events: event in events, f"mail {event}")

    def happens(self, path: str, body: Any = None) -> Any:
        """By the peers' control address."""
        answer = requests.post(self.stack["peers"]["control_url"] + path, json=body or {}, timeout=30)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def eventually[T](self, look: Callable[[], T], good: Callable[[T], bool], what: str) -> T:
        deadline = time.monotonic() + PATIENCE
        while not good(found := look()):
            assert time.monotonic() < deadline, f"never seen: {what}; last: {found}"
            time.sleep(0.3)
        return found

    def _token(self, role: str) -> str:
        done = subprocess.run(
            ["make", "--silent", "token", f"ROLE={role}"],
            cwd=CHECKOUT,
            env=os.environ | {"COMANDA_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=True,
        )
        token = done.stdout.split()[-1]
        self.private.add(token)
        return token
