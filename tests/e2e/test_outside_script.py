"""A script by somebody who has read the outside contract and nothing else takes an order all the way."""

import base64
import csv
import hashlib
import hmac
import io
import json
import os
import re
import subprocess
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import paramiko
import pytest
import requests
import stripe

pytestmark = pytest.mark.e2e

CHECKOUT = Path(__file__).resolve().parents[2]
NAME = "Ñandú Güemes, José Ángel"
STREET = "Av. Álvaro Obregón 286, «ático»"
CITY = "Cuauhtémoc"


class Script:
    """All that the script has: the file that describes the running system."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.stack: dict[str, Any] = json.loads((home / "stack.json").read_text())
        self.email = f"nandu.{uuid.uuid4().hex[:8]}@example.com"
        self.staff = {"Authorization": f"Bearer {self.token('staff')}"}
        self.order: dict[str, Any] = {}

    def token(self, role: str) -> str:
        done = subprocess.run(
            ["make", "--silent", "token", f"ROLE={role}"],
            cwd=CHECKOUT,
            env=os.environ | {"COMANDA_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()[-1]

    def call(
        self, method: str, path: str, status: int, body: Any = None, **headers: str
    ) -> requests.Response:
        url = path if path.startswith("http") else self.stack["api_url"] + path
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.request(method, url, json=body, headers=named, timeout=30)
        assert answer.status_code == status, answer.text
        return answer

    def mail(self, event: str, count: int = 1) -> dict[str, Any]:
        def look() -> list[dict[str, Any]]:
            answer = requests.get(self.stack["mailbox_url"], params={"event": event}, timeout=10)
            found = [mail for mail in answer.json() if mail["order_id"] == self.order["order_id"]]
            return found if len(found) >= count else []

        newest: dict[str, Any] = until(look)[-1]
        return newest

    def view(self) -> dict[str, Any]:
        order = self.order
        bearer = {"Authorization": f"Bearer {order['access_token']}"}
        seen: dict[str, Any] = self.call("GET", f"/orders/{order['order_id']}", 200, **bearer).json()
        return seen

    def until_view(self, axis: str, value: str) -> None:
        until(lambda: self.view()[axis] == value)

    def command(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        path = f"/admin/orders/{self.order['order_id']}"
        etag = self.call("GET", path, 200, **self.staff).headers["ETag"]
        headers = {"If-Match": etag, "Idempotency-Key": uuid.uuid4().hex, **self.staff}
        done: dict[str, Any] = self.call("POST", f"{path}/{name}", 200, body, **headers).json()
        return done

    def scan(self, code: str, status: str, at: datetime) -> None:
        """As the carrier reports it: EasyPost's event, signed over its bytes."""
        moment = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        detail = {"object": "TrackingDetail", "status": status, "datetime": moment, "message": status}
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "object": "Event",
            "description": "tracker.updated",
            "mode": "test",
            "created_at": moment,
            "result": {
                "id": "trk_1",
                "object": "Tracker",
                "tracking_code": code,
                "carrier": "FedEx",
                "status": status,
                "tracking_details": [detail],
            },
        }
        body = json.dumps(event).encode()
        secret = self.stack["carrier"]["webhook_secret"].encode()
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        answer = requests.post(
            f"{self.stack['api_url']}/webhooks/carriers/easypost",
            data=body,
            headers={"X-Hmac-Signature": f"hmac-sha256-hex={signature}"},
            timeout=30,
        )
        assert answer.ok, answer.text


def until[T](look: Callable[[], T], seconds: float = 60) -> T:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.3)
    return found


def token_of(mail: dict[str, Any], path: str) -> str:
    link = next(link for link in re.findall(r"https?://\S+", mail["text"]) if urlsplit(link).path == path)
    token: str = parse_qs(urlsplit(link).query)["token"][0]
    return token


def place(script: Script) -> list[dict[str, Any]]:
    """A cart of three lines by a guest; answers the products."""
    products = script.call("GET", "/products?locale=es", 200).json()["items"]
    chosen = [item for item in products if item["available"] and item["available"] >= 4][:3]
    cart = script.call("POST", "/carts", 201).json()["cart_id"]
    for item, quantity in zip(chosen, (3, 1, 2), strict=True):
        script.call("PUT", f"/carts/{cart}/lines/{item['sku']}", 200, {"quantity": quantity})
    contact = {"email": script.email, "name": NAME, "phone": "+52 55 5123 4567"}
    totals = script.call("PUT", f"/carts/{cart}/contact", 200, contact).json()["totals"]
    assert totals["subtotal"]["amount"] == sum(
        item["price"]["amount"] * quantity for item, quantity in zip(chosen, (3, 1, 2), strict=True)
    )
    address = {"line1": STREET, "city": CITY, "state": "CDMX", "postal_code": "06100", "country": "MX"}
    body = {
        "cart_id": cart,
        "customer": contact,
        "shipping_address": address,
        "delivery": "ship",
        "payment_method": "stripe",
        "comment": "¿Mañana por la mañana?",
        "accept_privacy": True,
        "locale": "es",
    }
    key = {"Idempotency-Key": uuid.uuid4().hex}
    script.order = script.call("POST", "/orders", 201, body, **key).json()
    again = script.call("POST", "/orders", 201, body, **key)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == script.order
    assert script.order["lifecycle"] == "awaiting_verification"
    return chosen


def verify_approve_pay(script: Script) -> None:
    link = token_of(script.mail("verification"), "/verify-email")
    script.call("GET", f"/verify-email?token={link}", 200, Accept="text/html")
    assert script.view()["lifecycle"] == "awaiting_verification"
    verified = script.call("POST", "/verify-email", 200, {"token": link}).json()
    assert (verified["email"], verified["order_id"]) == (script.email, script.order["order_id"])
    script.mail("order_placed")
    decision = {"token": token_of(script.mail("merchant_order"), "/approve-order"), "decision": "approve"}
    script.call("POST", "/approve-order", 200, decision)
    script.mail("order_approved")
    action = script.view()["payment_action"]
    account = script.stack["stripe"]
    client = stripe.StripeClient(account["api_key"], base_addresses={"api": account["api_url"]})
    paid = client.v1.payment_intents.confirm(action["id"], {"payment_method": "pm_card_visa"})
    assert paid.amount == script.order["totals"]["total"]["amount"]
    script.until_view("payment", "paid")
    script.mail("payment_received")


def ship_and_deliver(script: Script, products: list[dict[str, Any]]) -> None:
    """Two of the three units of the first line and all of the second; then the rest."""
    first, second, third = (item["sku"] for item in products)
    parts = ([(first, 2), (second, 1)], [(first, 1), (third, 2)])
    for number, part in enumerate(parts, start=1):
        code = f"78{number}{uuid.uuid4().int % 10**9:09d}"
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in part]
        done = script.command("ship", {"lines": lines, "carrier": "fedex", "tracking_number": code})
        assert done["result"]["shipment_id"]
        mail = script.mail("shipped", number)
        assert code in mail["text"]
        now = datetime.now(UTC)
        script.scan(code, "delivered", now)
        script.scan(code, "in_transit", now - timedelta(days=1))
        script.mail("delivered", number)
        counts = {line["sku"]: (line["shipped"], line["delivered"]) for line in script.view()["lines"]}
        assert counts[first] == ((2, 2) if number == 1 else (3, 3))
        assert counts[third] == ((0, 0) if number == 1 else (2, 2))
    script.until_view("lifecycle", "closed")


def find_in_inbox(script: Script) -> list[dict[str, str]]:
    """Run the export and read its file where the merchant finds it."""
    headers = {"Idempotency-Key": uuid.uuid4().hex, **script.staff}
    wanted = {"order_ids": [script.order["order_id"]], "mode": "new", "format": "machine"}
    batch_id = script.call("POST", "/admin/exports/sftp/run", 202, wanted, **headers).json()["batch_id"]

    def delivered() -> dict[str, Any] | None:
        batch: dict[str, Any] = script.call(
            "GET", f"/admin/export-batches/{batch_id}", 200, **script.staff
        ).json()
        return batch if batch["state"] == "delivered" else None

    batch = until(delivered)
    assert batch is not None
    assert batch["orders"] == 1
    content = fetch(script.stack["sftp"], batch["file_name"])
    assert hashlib.sha256(content).hexdigest() == batch["sha256"]
    assert (Path(script.stack["sftp"]["inbox"]) / batch["file_name"]).read_bytes() == content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def fetch(sftp: dict[str, Any], name: str) -> bytes:
    with paramiko.Transport((sftp["host"], sftp["port"])) as transport:
        transport.start_client()
        digest = hashlib.sha256(transport.get_remote_server_key().asbytes()).digest()
        assert sftp["host_key_fingerprint"] == "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
        key = paramiko.Ed25519Key.from_private_key_file(sftp["private_key"])
        transport.auth_publickey(sftp["username"], key)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with client, client.open(f"{sftp['directory']}/{name}", "rb") as file:
            return file.read()


def sound(history: list[dict[str, Any]]) -> bool:
    """Each hash is SHA-256 of the one before and the fact's canonical JSON without its hash."""
    before = ""
    for fact in history:
        bare = {name: value for name, value in fact.items() if name != "hash"}
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if (
            fact["prev_hash"] != before
            or fact["hash"] != hashlib.sha256((before + text).encode()).hexdigest()
        ):
            return False
        before = fact["hash"]
    return True


@pytest.mark.capability(
    "A01", "A02", "A06", "A07", "A08", "A09", "A11", "A17", "A18", "A22", "C01", "C05", "C20", "C23", "C24",
    "D02", "D03", "D05", "D13", "D14", "D15", "D16", "D17", "D18", "G11", "G16", "G21",
)  # fmt: skip
def test_an_outside_script_takes_an_order_from_cart_to_the_sftp_inbox(system: Any) -> None:
    script = Script(system.home)
    products = place(script)
    verify_approve_pay(script)
    ship_and_deliver(script, products)
    rows = find_in_inbox(script)
    assert {row["order_id"] for row in rows} == {script.order["order_id"]}
    assert [row["quantity"] for row in rows] == ["3", "1", "2"]
    for text in (NAME, STREET, CITY, "¿Mañana por la mañana?", products[0]["name"]):
        assert text in rows[0].values()
    listed = script.call("GET", "/admin/orders?lifecycle=closed&limit=100", 200, **script.staff).json()
    assert script.order["number"] in {item["number"] for item in listed["items"]}
    path = f"/admin/orders/{script.order['order_id']}"
    order = script.call("GET", path, 200, **script.staff).json()
    assert sound(order["history"])
    assert order["execution_arn"].startswith("arn:aws:states:")
