"""A merchant's script at the running shop: its own products, commands, refusals that change nothing."""

import csv
import io
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from local.demo.outside import Answer, Missed, eventually, fresh_key
from local.demo.staff import aws
from tests.e2e.shop import Order, Shop

DOCS = Path(__file__).resolve().parents[3] / "docs"
QUIET_SECONDS = 0.25
type Items = dict[tuple[str, str], str]


def mxn(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "MXN"}


class Merchant(Shop):
    # -- goods

    def product(self, price: int = 10_000, stock: int = 20, **columns: str) -> str:
        """A new product, taxed at 16 % like the others; answers its SKU."""
        sku = f"ZZ-{secrets.token_hex(4).upper()}"
        row = {"sku": sku, "name_es": f"Pieza {sku}", "name_en": f"Piece {sku}", "tax": "16"}
        row |= {"price": f"{price / 100:.2f}", "stock": str(stock)} | columns
        self.import_products(row)
        return sku

    def import_products(self, *rows: dict[str, str]) -> None:
        file = io.StringIO()
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        headers = {"Content-Type": "text/csv"}
        told = self.staff.call("POST", "/admin/products/import", file.getvalue().encode(), headers=headers)
        assert told.body["state"] == "done", told.body

    def level(self, sku: str) -> dict[str, int]:
        """The figures of a product over all its places."""
        places = self.staff.get(f"/admin/stock/{sku}")["locations"]
        names = ("on_hand", "reserved", "allocated", "available")
        return {name: sum(place[name] for place in places) for name in names}

    # -- orders

    def ready(self, *lines: tuple[str, int], method: str = "bank_transfer", **changes: Any) -> Order:
        """An order of these units whose address was confirmed by telephone, and approved."""
        wanted = [{"sku": sku, "quantity": units} for sku, units in lines]
        order = self.place(lines=wanted, payment_method=method, **changes)
        self.does(order, "verify")
        self.does(order, "approve")
        return order

    def settled(self, *lines: tuple[str, int], **changes: Any) -> Order:
        """The same, paid by bank transfer."""
        order = self.ready(*lines, **changes)
        self.does(order, "mark-paid", {"reference": "SPEI 20611"})
        return order

    def seen(self, order: Order) -> dict[str, Any]:
        return self.staff.order(order.id)

    def facts(self, order: Order) -> list[str]:
        return [fact["type"] for fact in self.seen(order)["history"]]

    def try_to(
        self, order: Order, command: str, body: Any = None, version: int | None = None, **headers: str
    ) -> Answer:
        """A command on the version of this moment, or on the one named; any answer."""
        version = self.seen(order)["version"] if version is None else version
        sent = fresh_key() | {"If-Match": f'"{version}"'} | headers
        return self.staff.send("POST", f"/admin/orders/{order.id}/{command}", body or {}, headers=sent)

    def does(self, order: Order, command: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        """A command that is taken; a scan or a payment in between is waited for."""
        for _ in range(4):
            answer = self.try_to(order, command, body)
            if answer.status != 412:
                break
        if answer.status != status:
            raise Missed(f"{status} to {command!r}", answer.brief(), "log/ beside stack.json")
        told: dict[str, Any] = answer.body
        return told

    def refused(self, order: Order, command: str, body: Any = None, **more: Any) -> tuple[int, str, str]:
        """Status, type and guard of the answer to a command."""
        return problem(self.try_to(order, command, body, **more))

    def mailed(self, order: Order) -> list[str]:
        """The kinds of all mails to its customer about an order so far, in the order of their sending."""
        return [mail["event"] for mail in self.mailbox.mails(to=order.email, order_id=order.id)]

    def letter(self, event: str, order: Order, count: int = 1) -> dict[str, Any]:
        """The newest of at least so many mails of this kind to the order's customer."""
        return self.mailbox.wait(event, order.id, to=order.email, count=count)

    # -- what the tables hold

    @cached_property
    def database(self) -> Any:
        return aws(self.stack, "dynamodb")

    def kept(self, *words: str) -> Items:
        """Every item of every table that names one of these: orders, stock, customers, jobs, keys, all.

        Not those by which an order's workflow waits: it comes to them in its own time; nor the hints which
        rows of the list a colleague may have changed a moment ago, written before it is known.
        """
        found = {}
        for table, name in self.stack["tables"].items():
            for page in self.database.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
                for item in page["Items"]:
                    text = json.dumps(item, sort_keys=True, default=repr)
                    passing = "'WAIT#" in str(item.get("sk")) or "'OWN#" in str(item.get("pk"))
                    if not passing and any(word in text for word in words):
                        found[table, f"{item.get('pk')} {item.get('sk')}"] = text
        return found

    def done(self, order: Order) -> dict[str, Any]:
        """The order once nothing that it wants of the outside is on its way any more."""

        def look() -> dict[str, Any] | None:
            seen = self.seen(order)
            wished = {(each["kind"], each["state"]) for each in seen["effects"] + seen["conversation"]}
            under_way = {kind for kind, state in wished if state in ("wanted", "claimed")}
            return None if under_way - {"lifecycle"} or ("lifecycle", "wanted") in wished else seen

        found = eventually(look, "mails, payments and workflow done", order.id)
        assert found is not None
        return found

    def quiet(self, *words: str) -> Items:
        """The same, once nothing of it is being written any more."""

        def look() -> Items | None:
            first = self.kept(*words)
            time.sleep(QUIET_SECONDS)
            return first if first and first == self.kept(*words) else None

        found = eventually(look, "tables at rest", ", ".join(words))
        assert found is not None
        return found

    @contextmanager
    def untouched(self, *what: Order | str, besides: str = "") -> Iterator[None]:
        """Whatever is asked inside, no table but `besides` says anything else of these after it."""
        words = [each for each in what if isinstance(each, str)]
        for order in what:
            if isinstance(order, Order):
                words += [order.id, *filter(None, [self.done(order)["customer"]["customer_id"]])]
        before = self.quiet(*words)
        yield
        after = self.kept(*words)
        both = [key for key in before.keys() | after.keys() if key[0] != besides]
        changed = [key for key in both if before.get(key) != after.get(key)]
        assert not changed, {key: (before.get(key), after.get(key)) for key in changed}


def _documented() -> dict[str, int]:
    """Each type of problem with its status, as the page about them says."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", (DOCS / "problems.md").read_text(), re.MULTILINE)
    return {name: int(status) for name, status in rows}


def _guards() -> set[str]:
    return set(re.findall(r"^\| `([a-z-]+)` \|", (DOCS / "guards.md").read_text(), re.MULTILINE))


PROBLEMS, GUARDS = _documented(), _guards()


def problem(answer: Answer) -> tuple[int, str, str]:
    """Status, type and guard of a refusal, all of which the pages in docs/ have to know."""
    told = answer.body
    assert answer.status >= 400, answer.brief()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {"type", "title", "status", "detail"} <= told.keys()
    assert PROBLEMS[told["type"]] == told["status"] == answer.status
    assert told["type"] != "wrong-state" or told["guard"] in GUARDS
    return answer.status, told["type"], told.get("guard", "")


def pointers(answer: Answer) -> list[str]:
    """What of the request was wrong."""
    return [error["pointer"] for error in answer.body["errors"]]
