"""The export's adapters on AWS's own interfaces: reading many orders, storing content, waking, telling."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.dynamo import client as dynamo
from comanda.errors import Busy, NotFound
from comanda.exports.contents import PART_BYTES, Contents
from comanda.exports.index import OrderIndex
from comanda.exports.model import Batch, Trouble
from comanda.exports.notice import MailNotice
from comanda.exports.reader import AHEAD, MOST_KEYS, OrderReader
from comanda.exports.requests import request_run
from comanda.orders.store import OrderStore
from tests.functional.exports_world import World, use_destination
from tests.unit.exports.made import AT

pytestmark = pytest.mark.capability("A18")


@pytest.fixture
def world(aws: None) -> World:
    use_destination()
    return World()


def reader() -> OrderReader:
    return OrderReader(os.environ["ORDERS_TABLE"])


def test_many_orders_are_read_in_their_order_with_their_texts(world: World) -> None:
    ids = [f"o{number:03d}" for number in range(120)]
    for order_id in ids:
        world.place(order_id)
    asked = [*reversed(ids), "nobody"]
    found = list(reader().stream(asked, lambda order: order.order_id != "o007"))
    assert [loaded.order.order_id for loaded in found] == [one for one in asked[:-1] if one != "o007"]
    assert {loaded.text("contact")["name"] for loaded in found} == {"Ana Muñoz Ibáñez"}
    assert found[0].order == replace(world.order("o119"), ledger=(), shipments=())


def test_no_more_is_read_ahead_than_the_window(world: World) -> None:
    taken: list[str] = []

    def ids() -> Iterator[str]:
        for number in range(5_000):
            taken.append(f"o{number}")
            yield taken[-1]

    world.place("o0")
    stream = reader().stream(ids(), lambda order: True)
    assert next(stream).order.order_id == "o0"
    stream.close()
    assert len(taken) == AHEAD * MOST_KEYS


def test_keys_that_come_back_unread_are_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        world.place(f"o{number}")
    real = dynamo.client()
    sizes: list[int] = []

    class Throttled:
        def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:
            ((table, request),) = RequestItems.items()
            sizes.append(len(request["Keys"]))
            some = request | {"Keys": request["Keys"][:1]}
            rest = request | {"Keys": request["Keys"][1:]}
            answer: dict[str, Any] = real.batch_get_item(RequestItems={table: some})
            return answer | {"UnprocessedKeys": {table: rest} if rest["Keys"] else {}}

    monkeypatch.setattr("comanda.exports.reader.client", lambda: Throttled())
    found = list(reader().stream(["o0", "o1", "o2"], lambda order: True))
    assert [loaded.order.order_id for loaded in found] == ["o0", "o1", "o2"]
    assert sizes == [3, 2, 1, 6, 5, 4, 3, 2, 1]


def test_a_table_that_hands_everything_back_is_busy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:
            return {"Responses": {}, "UnprocessedKeys": RequestItems}

    monkeypatch.setattr("comanda.exports.reader.client", lambda: Refusing())
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(Busy):
        list(reader().stream(["o0"], lambda order: True))


def test_the_indexes_are_read_over_all_shards_oldest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharded = OrderStore(
        os.environ["ORDERS_TABLE"], stock=wiring.stock(), signatures=wiring.settings(), shards=3
    )
    monkeypatch.setattr(wiring, "orders", lambda: sharded)
    from datetime import timedelta

    from comanda.orders.vocabulary import Lifecycle
    from comanda.times import stamp

    begin = world.time
    for number in range(8):
        world.time = begin + timedelta(minutes=number)
        world.place(f"o{number}")
    world.place("waiting", lifecycle=Lifecycle.AWAITING_VERIFICATION)
    index = OrderIndex(os.environ["ORDERS_TABLE"], shards=3)
    entries = list(index.updated(""))
    assert [entry.order_id for entry in entries] == [f"o{number}" for number in range(8)]
    after, until = stamp(begin + timedelta(minutes=2)), stamp(begin + timedelta(minutes=5))
    assert [entry.order_id for entry in index.created(after, until)] == ["o2", "o3", "o4"]
    assert [entry.order_id for entry in index.created(entries[5].position)] == ["o6", "o7"]
    assert list(index.created(until, after)) == []


def contents() -> Contents:
    return Contents(os.environ["EXPORT_BUCKET"], lambda: wiring.aws("s3"))


@pytest.mark.parametrize("size", [0, 10, PART_BYTES - 1, PART_BYTES, 2 * PART_BYTES + 12_345])
def test_content_of_any_size_is_stored_in_parts_and_read_back(aws: None, size: int) -> None:
    piece = bytes(range(256)) * 4096  # 1 MiB
    data = (piece * (size // len(piece) + 1))[:size]
    writer = contents().writer("batches/erp/b1/f.csv")
    for start in range(0, size, 300_000):
        writer.write(data[start : start + 300_000])
    writer.close()
    assert (writer.size, writer.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert b"".join(contents().read("batches/erp/b1/f.csv")) == data


def test_an_aborted_content_leaves_nothing(aws: None) -> None:
    writer = contents().writer("batches/erp/b1/f.csv")
    writer.write(b"x" * (PART_BYTES + 1))
    writer.abort()
    with pytest.raises(NotFound):
        contents().read("batches/erp/b1/f.csv")
    left = boto3.client("s3").list_multipart_uploads(Bucket=os.environ["EXPORT_BUCKET"])
    assert left.get("Uploads", []) == []


def test_the_content_can_be_linked_to_for_a_while(aws: None) -> None:
    link = contents().link("batches/erp/b1/f.csv", "f.csv", 60)
    assert "/batches/erp/b1/f.csv?" in link
    assert "attachment" in link


def messages(url: str) -> list[dict[str, Any]]:
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def test_a_request_wakes_its_batch_through_the_queue(world: World) -> None:
    queue = os.environ["EXPORT_RUNS_QUEUE"]
    messages(queue)
    batch_id = request_run("erp", wiring.exporting(), requested_by="staff:1")
    assert messages(queue) == [{"kind": "run", "batch_id": batch_id, "call": 0}]


def test_the_real_function_fails_a_batch_whose_key_is_none_and_wants_a_mail(world: World) -> None:
    """Wired as deployed; the tests' secret for `sftp` holds no key, so nothing is connected to."""
    from tests.functional.exports_world import DESTINATION, Context
    from tests.functional.shop import set_section

    set_section("exports", destinations={"sftp": DESTINATION})
    queue = boto3.client("sqs").create_queue(QueueName="mails")["QueueUrl"]
    arn = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    events, bus = boto3.client("events"), os.environ["EVENT_BUS"]
    pattern = json.dumps({"detail-type": ["EffectWanted"], "detail": {"kind": ["mail"]}})
    events.put_rule(Name="mails", EventBusName=bus, EventPattern=pattern)
    target = {"Id": "q", "Arn": arn["Attributes"]["QueueArn"]}
    events.put_targets(Rule="mails", EventBusName=bus, Targets=[target])
    world.place("o1")
    batch_id = request_run("sftp", wiring.exporting(), requested_by="staff:1")
    from functions.export_orders.app import lambda_handler

    record = {"messageId": "m1", "body": json.dumps({"kind": "run", "batch_id": batch_id})}
    assert lambda_handler({"Records": [record]}, Context(600)) == {"batchItemFailures": []}
    batch = wiring.exporting().batches.get(batch_id)
    assert batch.trouble is not None
    assert (batch.state, batch.orders, batch.trouble.type) == ("failed", 1, "destination-key-invalid")
    (told,) = messages(queue)
    assert told["detail"] == {
        "kind": "mail",
        "event": "export_failed",
        "batch_id": batch_id,
        "destination": "sftp",
        "problem": f"destination-key-invalid: {batch.trouble.detail}",
    }
    events.remove_targets(Rule="mails", EventBusName=bus, Ids=["q"])
    events.delete_rule(Name="mails", EventBusName=bus)


def test_a_notice_says_what_went_wrong() -> None:
    sent: list[dict[str, Any]] = []

    class Bus:
        def publish(self, entries: Any) -> None:
            sent.extend(entries)

    trouble = Trouble("destination-cut", "broke off", "deliver", AT)
    batch = Batch("b1", "erp", "lines", "machine", ",", AT, "staff:1", trouble=trouble)
    MailNotice(Bus).export_failed(batch)
    assert [json.loads(entry["Detail"])["problem"] for entry in sent] == ["destination-cut: broke off"]


def test_recent_batches_come_newest_first_in_pages(world: World) -> None:
    from datetime import timedelta

    ids = []
    for _ in range(5):
        ids.append(request_run("erp", world.at, requested_by="staff:1"))
        world.time += timedelta(seconds=1)
    first, after = world.at.batches.recent(limit=3)
    rest, end = world.at.batches.recent(limit=3, before=after)
    assert [batch.batch_id for batch in [*first, *rest]] == ids[::-1]
    assert end == ""
