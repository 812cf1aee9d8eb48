"""DynamoDB's answers for any number of made-up orders, given to botocore in place of the network.

Nothing is kept: every item is written from its number when it is asked for. The time this takes is
counted, so that it can be left out of what is measured.
"""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from comanda.canonical import canonical
from comanda.dynamo.packed import pack
from comanda.orders.model import Charge, Line, Order, TaxLine, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.times import later

FIRST = "2026-01-01T00:00:00.000Z"
PAGE = 3_500  # index entries of one answer, about 1 MB
CONTACT = {"email": "ana@example.com", "name": "Ana Muñoz Ibáñez", "phone": "+525512345678"}
ADDRESS = {
    "line1": "Av. Álvaro Obregón 45, int. 3",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06700",
    "country": "MX",
}


def order_of_three_lines() -> Order:
    """As the checkout writes one: priced, reserved, announced."""
    lines = tuple(
        Line(
            f"l{n}",
            f"CAFE-{n}",
            f"Café de Chiapas, tueste {n}",
            n,
            5800,
            5800 * n,
            0,
            800 * n,
            160_000,
            5800 * n,
        )
        for n in (1, 2, 3)
    )
    return Order(
        order_id="ORDER_ID",
        number="P-NUMBER",
        currency="MXN",
        channel=Channel.WEB,
        locale="es",
        lifecycle=Lifecycle.PLACED,
        method=Method.BANK_TRANSFER,
        delivery="ship",
        created_at="PLACED_AT",
        updated_at="PLACED_AT",
        lines=tuple(replace(line, location="main", reserved=line.quantity) for line in lines),
        charges=(Charge("shipping", "ship", "Envío a domicilio", 9900, 1366, 160_000),),
        tax_lines=(TaxLine(160_000, 44700, 6166),),
        totals=Totals(34800, 0, 0, 9900, 6166, 44700, True),
        terms=Terms(pay_by="PLACED_AT", remind_at="PLACED_AT"),
        personal={"contact": "c" * 64, "shipping": "s" * 64},
        privacy="1",
        customer_id="0" * 26,
        verified=True,
        announced=True,
        version=3,
        revision=3,
        facts=6,
        head_hash="h" * 64,
    )


class _Body:
    """What botocore reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


class CannedTables:
    """`answer` is botocore's `before-send` handler for a client of DynamoDB."""

    def __init__(self, orders: int) -> None:
        self.orders = orders
        self.seconds = 0.0  # CPU spent here, over all threads
        self.requests = 0
        self._lock = threading.Lock()
        self._parts = _parts()

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        begin = time.thread_time()
        body = self._answer(request.headers["X-Amz-Target"].decode().split(".")[1], json.loads(request.body))
        headers = HTTPHeaders()
        headers["Content-Type"] = "application/x-amz-json-1.0"
        response = AWSResponse(request.url, 200, headers, _Body(body.encode()))
        with self._lock:
            self.seconds += time.thread_time() - begin
            self.requests += 1
        return response

    def _answer(self, operation: str, asked: dict[str, Any]) -> str:
        if operation == "BatchGetItem":
            ((table, request),) = asked["RequestItems"].items()
            items = ",".join(self._item(key["pk"]["S"], key["sk"]["S"]) for key in request["Keys"])
            return f'{{"Responses":{{"{table}":[{items}]}},"UnprocessedKeys":{{}}}}'
        if operation == "Query" and "IndexName" in asked:
            return self._index_page(asked)
        if operation == "Query":
            order_id = asked["ExpressionAttributeValues"][":pk"]["S"]
            return f'{{"Items":[{",".join(self._item(order_id, sk) for sk in self._parts)}]}}'
        return "{}"

    def _index_page(self, asked: dict[str, Any]) -> str:
        if asked["ExpressionAttributeValues"][":after"]["S"] > "2026-11":  # the recent end is empty
            return '{"Items":[]}'
        start = asked.get("ExclusiveStartKey")
        first = int(start["pk"]["S"][-8:]) + 1 if start else 0
        last = min(first + PAGE, self.orders)
        items = ",".join(self._entry(asked["IndexName"], number) for number in range(first, last))
        more = f',"LastEvaluatedKey":{{"pk":{{"S":"{_id(last - 1)}"}}}}' if last < self.orders else ""
        return f'{{"Items":[{items}]{more}}}'

    def _entry(self, index: str, number: int) -> str:
        order_id = _id(number)
        return (
            f'{{"pk":{{"S":"{order_id}"}},"sk":{{"S":"ORDER"}},"{index}_pk":{{"S":"ORDER#0"}},'
            f'"{index}_sk":{{"S":"{_at(number)}#{order_id}"}},"row":{{"M":{{"s":{{"S":"placed|pending|'
            f'unfulfilled|none|-"}},"o":{{"S":"web|bank_transfer|yes"}},"l":{{"S":"pending"}},'
            f'"n":{{"S":"P-{number:06d}"}}}}}}}}'
        )

    def _item(self, order_id: str, sk: str) -> str:
        number = int(order_id[-8:])
        text = self._parts[sk].replace("ORDER_ID", order_id).replace("NUMBER", f"{number:06d}")
        text = text.replace("PLACED_AT", _at(number))
        if sk != "ORDER":
            return text
        packed = b64encode(pack(text)).decode()
        return f'{{"pk":{{"S":"{order_id}"}},"sk":{{"S":"ORDER"}},"body":{{"B":"{packed}"}}}}'


def _id(number: int) -> str:
    return f"06g3h2k9m4p8q1r7s5{number:08d}"


def _at(number: int) -> str:
    return (
        f"2026-01-{1 + number // 86_400 % 28:02d}T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:00.000Z"
    )


def _parts() -> dict[str, str]:
    """The items behind the history of one order's partition, as JSON with places for its own data."""
    bodies: dict[str, Any] = {
        "LEDGER#bank_transfer:1": {"entry_id": "bank_transfer:1", "kind": "intent", "amount": 44700},
        "ORDER": order_of_three_lines().snapshot(),
        "OUT#mail-merchant_order": {"event": "merchant_order", "links": {"approve": {"hash": "a" * 64}}},
        "OUT#mail-order_placed": {"event": "order_placed"},
        "OUT#mail-payment_instructions-1": {"event": "payment_instructions"},
        "OUT#mail-verification-1": {"event": "verification", "links": {"verify": {"hash": "v" * 64}}},
        "PII#contact": CONTACT,
        "PII#shipping": ADDRESS,
        "WAIT#payment": {"token": "t" * 400, "due_at": later(FIRST, 86_400)},
    }
    return {sk: _stored(sk, body) for sk, body in bodies.items()}


def _stored(sk: str, body: Any) -> str:
    """An item as the wire has it; of the snapshot its text alone, packed once its places are filled."""
    if sk == "ORDER":
        return canonical(body)
    item: dict[str, Any] = {"pk": {"S": "ORDER_ID"}, "sk": {"S": sk}, "body": {"S": canonical(body)}}
    return json.dumps(item, ensure_ascii=False)


def use(clients: Iterable[Any], tables: CannedTables) -> None:
    """Let the clients talk to the canned tables."""
    for client in clients:
        client.meta.events.register("before-send.dynamodb", tables.answer)
