"""The bench's arithmetic of write units, by AWS's published rules."""

import pytest

from local.bench.units import Cost, Table, cost, item_bytes, units_of

TABLE = Table.of(
    "Orders",
    {
        "KeySchema": [{"AttributeName": "pk"}, {"AttributeName": "sk"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "state",
                "KeySchema": [{"AttributeName": "state_pk"}, {"AttributeName": "state_sk"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["row"]},
            },
            {
                "IndexName": "all",
                "KeySchema": [{"AttributeName": "all_pk"}],
                "Projection": {"ProjectionType": "ALL"},
            },
        ],
    },
)


def item(**texts: str) -> dict[str, dict[str, str]]:
    return {name: {"S": text} for name, text in ({"pk": "o1", "sk": "ORDER"} | texts).items()}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "año"}, 4),
        ({"N": "0"}, 1),
        ({"N": "1200"}, 2),
        ({"N": "-12345"}, 5),
        ({"N": "1.50"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"B": b"123"}, 3),
        ({"SS": ["ab", "cde"]}, 5),
        ({"L": [{"S": "ab"}, {"BOOL": False}]}, 3 + 1 + 2 + 1 + 1),
        ({"M": {"key": {"S": "ab"}}}, 3 + 1 + 3 + 2),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(value: dict[str, object], size: int) -> None:
    assert item_bytes({"name": value}) == 4 + size


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (3072, 3), (3073, 4)])
def test_a_unit_is_a_kilobyte_begun(size: int, units: int) -> None:
    assert units_of(size) == units


def test_the_larger_version_is_paid() -> None:
    large, small = item(body="x" * 2000), item(body="x")
    assert cost(TABLE, large, small) == cost(TABLE, small, large) == Cost(2, {})
    assert cost(TABLE, None, small) == cost(TABLE, small, None) == Cost(1, {})


def test_an_index_pays_for_what_changes_in_it() -> None:
    before = item(state_pk="paid", state_sk="1", row="a", body="x")
    assert cost(TABLE, None, before).indexes == {"state": 1}
    assert cost(TABLE, before, None).indexes == {"state": 1}
    assert cost(TABLE, before, before | item(body="y")).indexes == {}
    assert cost(TABLE, before, before | item(row="b")).indexes == {"state": 1}
    assert cost(TABLE, before, before | item(state_pk="sent")).indexes == {"state": 2}
    assert cost(TABLE, before, item(body="x")).indexes == {"state": 1}


def test_an_index_of_everything_pays_by_the_whole_item() -> None:
    before = item(all_pk="a", body="x" * 1500)
    assert cost(TABLE, before, before | item(body="y" * 1500)) == Cost(2, {"all": 2})
    assert cost(TABLE, before, before | item(all_pk="b")) == Cost(2, {"all": 4})
