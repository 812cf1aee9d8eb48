"""Which orders a destination hears of, and how files are named."""

import pytest

from comanda.exports.mark import exported as recorded
from comanda.exports.model import Batch, Ref, Trouble, event_for, file_name, is_news
from comanda.orders.decision import NOTHING
from comanda.orders.model import Order
from comanda.orders.vocabulary import Lifecycle
from tests.unit.exports.made import AT, exported, loaded, order

pytestmark = pytest.mark.capability("A18")

BATCH = Batch("b2", "erp", "lines", "machine", ",", AT, "staff:1")


@pytest.mark.parametrize(
    ("lifecycle", "never_had", "had"),
    [
        (Lifecycle.DRAFT, None, None),
        (Lifecycle.QUOTED, None, None),
        (Lifecycle.AWAITING_VERIFICATION, None, None),
        (Lifecycle.PLACED, "new", "updated"),
        (Lifecycle.CLOSED, "new", "updated"),
        (Lifecycle.CANCELLED, None, "cancelled"),
        (Lifecycle.EXPIRED, None, None),
    ],
)
def test_what_a_destination_is_told(lifecycle: Lifecycle, never_had: str | None, had: str | None) -> None:
    fresh = order(lifecycle=lifecycle)
    known = order(lifecycle=lifecycle, exported=(exported(1),))
    elsewhere = order(lifecycle=lifecycle, exported=(exported(1, "other"),))
    assert (event_for(fresh, "erp"), event_for(known, "erp")) == (never_had, had)
    assert event_for(elsewhere, "erp") == never_had


def test_a_version_is_news_once_per_destination() -> None:
    assert is_news(order(version=3), "erp")
    assert is_news(order(version=3, exported=(exported(2),)), "erp")
    assert not is_news(order(version=3, exported=(exported(3),)), "erp")
    assert is_news(order(version=3, exported=(exported(3, "other"),)), "erp")


@pytest.mark.parametrize(
    ("one", "resent", "written"),
    [
        (order(), 0, True),
        (order(exported=(exported(2),)), 0, True),
        (order(exported=(exported(3),)), 0, True),  # sent again on request: the history says so
        (order(exported=(exported(3),)), 1, False),  # an old file once more
        (order(exported=(exported(3, batch="b2"),)), 0, False),  # this batch: a repeated mark
        (order(version=5, exported=(exported(5),)), 0, False),  # a newer version went out meanwhile
    ],
)
def test_an_export_is_recorded_once(one: Order, resent: int, written: bool) -> None:
    batch = Batch.from_dict(BATCH.to_dict() | {"resent": resent})
    decision = recorded(loaded(one), Ref("order-1", 3, "new"), batch)
    if not written:
        assert decision == NOTHING
        return
    (fact,) = decision.facts
    assert (fact.type, fact.visibility) == ("OrderExported", "internal")
    assert fact.data == {"destination": "erp", "batch": "b2", "version": 3}


def test_file_names_sort_by_time_and_never_repeat() -> None:
    assert (
        file_name("Café Ñandú, S.A.", "lines", AT, "0abc") == "cafe-nandu-s-a_lines_20261121_180405_0abc.csv"
    )
    assert file_name("日本", "orders", AT, "0abc") == "shop_orders_20261121_180405_0abc.csv"


def test_a_batch_survives_its_storage() -> None:
    trouble = Trouble("destination-cut", "broke off", "deliver", AT)
    batch = Batch.from_dict(
        BATCH.to_dict() | {"state": "sending", "trouble": trouble.to_dict(), "staged": True}
    )
    assert Batch.from_dict(batch.to_dict()) == batch
    assert (batch.finished, batch.uncertain, batch.trouble) == (False, True, trouble)
    assert batch.key == "batches/erp/b2/"
