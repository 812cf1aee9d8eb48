"""Direct requests on AWS's own engine are answered as botocore's are, to the last attribute."""

from collections.abc import Callable
from typing import Any

import pytest

from comanda.dynamo.client import client
from comanda.dynamo.direct import Direct

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

ITEM = {
    "pk": {"S": "ño"},
    "text": {"S": 'a "quoted" line\nand Ünïcode 🚚'},
    "number": {"N": "12345678901234567890.5"},
    "packed": {"B": bytes(range(256))},
    "parts": {"L": [{"BOOL": True}, {"NULL": True}, {"M": {"B": {"B": b"\x00"}}}]},
    "words": {"SS": ["a", "b"]},
}
KEY = {"pk": ITEM["pk"]}
TABLE = "SettingsTable"


@pytest.fixture
def ours(engine: Any) -> Direct:
    found = client()
    assert isinstance(found, Direct)
    return found


def both(ours: Direct, ask: Callable[[Any], Any]) -> Any:
    """The answer, which is the same from both; botocore's adds what it knows of the exchange."""
    theirs = ask(ours.boto)
    theirs.pop("ResponseMetadata", None)
    assert ask(ours) == theirs
    return theirs


def test_reads_and_writes_are_answered_alike(ours: Direct) -> None:
    ours.put_item(TableName=TABLE, Item=ITEM)
    found = both(ours, lambda by: by.put_item(TableName=TABLE, Item=ITEM, ReturnValues="ALL_OLD"))
    assert found["Attributes"] == ITEM
    found = both(ours, lambda by: by.get_item(TableName=TABLE, Key=KEY, ConsistentRead=True))
    assert found["Item"] == ITEM
    found = both(ours, lambda by: by.batch_get_item(RequestItems={TABLE: {"Keys": [KEY]}}))
    assert found["Responses"][TABLE] == [ITEM]
    changes = {"UpdateExpression": "SET packed = :b", "ExpressionAttributeValues": {":b": {"B": b"\xfe"}}}
    both(ours, lambda by: by.update_item(TableName=TABLE, Key=KEY, ReturnValues="ALL_NEW", **changes))
    get = [{"Get": {"TableName": TABLE, "Key": KEY}}]
    found = both(ours, lambda by: by.transact_get_items(TransactItems=get))
    assert found["Responses"][0]["Item"]["packed"] == {"B": b"\xfe"}
    values = {":pk": KEY["pk"]}
    found = both(
        ours,
        lambda by: by.query(
            TableName=TABLE, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values
        ),
    )
    assert found["Count"] == 1
    both(
        ours, lambda by: by.transact_write_items(TransactItems=[{"Delete": {"TableName": TABLE, "Key": KEY}}])
    )
    assert "Item" not in both(ours, lambda by: by.get_item(TableName=TABLE, Key=KEY))


def refused(ours: Direct, ask: Callable[[Any], Any]) -> dict[str, Any]:
    """What both tell of the same refusal; of the exchange only the status."""
    told = []
    for by in (ours, ours.boto):
        with pytest.raises(
            (ours.exceptions.ConditionalCheckFailedException, ours.exceptions.TransactionCanceledException)
        ) as error:
            ask(by)
        answer = dict(error.value.response)
        answer["ResponseMetadata"] = answer["ResponseMetadata"]["HTTPStatusCode"]
        told.append(
            (type(error.value).__name__, str(error.value), answer.get("Item"), answer["Error"], answer)
        )
    assert told[0][:4] == told[1][:4]
    assert told[0][4].get("CancellationReasons") == told[1][4].get("CancellationReasons")
    found: dict[str, Any] = told[0][4]
    return found


def test_refusals_are_told_alike(ours: Direct) -> None:
    ours.put_item(TableName=TABLE, Item=ITEM)
    anew = {"TableName": TABLE, "Item": ITEM, "ConditionExpression": "attribute_not_exists(pk)"}
    old = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    assert refused(ours, lambda by: by.put_item(**anew, **old))["Item"] == ITEM
    found = refused(ours, lambda by: by.transact_write_items(TransactItems=[{"Put": anew | old}]))
    assert found["CancellationReasons"][0]["Item"] == ITEM
    assert both(ours, lambda by: by.get_item(TableName=TABLE, Key=KEY))["Item"] == ITEM


def test_an_error_of_ours_is_raised_as_botocore_raises_it(ours: Direct) -> None:
    with pytest.raises(ours.exceptions.ResourceNotFoundException):
        ours.get_item(TableName="no-such-table", Key=KEY)


def test_a_stopped_connection_is_opened_anew(ours: Direct) -> None:
    """A frozen process finds its connections closed by the other side."""
    ours.put_item(TableName=TABLE, Item=ITEM)
    held = ours.wire._pool.pool.queue[-1]
    held.sock.close()
    assert ours.get_item(TableName=TABLE, Key=KEY)["Item"] == ITEM
