"""What the back-office indexes hold: at most 220 bytes to filter by, a kilobyte with what a row shows."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from comanda.orders import index
from comanda.orders.derive import label
from comanda.orders.items import snapshot_row
from comanda.orders.model import Order
from comanda.orders.shown import MARK, MOST_CONTACT, TEXTS, shown, shown_in
from comanda.orders.vocabulary import (
    Channel,
    Fulfilment,
    HoldReason,
    Label,
    Lifecycle,
    Method,
    Payment,
    Returns,
)
from tests.examples import AT, a_hold, an_order

MOST_BYTES = 220
KILOBYTE = 1024  # an entry that is no larger costs one write unit
orders = st.builds(
    lambda reason, **changes: an_order(
        holds=(a_hold(reason),) if reason else (), order_id="o" * 26, number="TIENDA-1-123456789", **changes
    ),
    reason=st.none() | st.sampled_from(HoldReason),
    lifecycle=st.sampled_from(Lifecycle),
    payment=st.sampled_from(Payment),
    fulfilment=st.sampled_from(Fulfilment),
    returns=st.sampled_from(Returns),
    channel=st.sampled_from(Channel),
    method=st.sampled_from(Method),
    verified=st.booleans(),
    approved=st.booleans(),
)


def item_bytes(attributes: dict[str, object]) -> int:
    """DynamoDB's size of an item: names, UTF-8 texts, three bytes for a map and one for each of its pairs."""
    total = 0
    for name, value in attributes.items():
        total += len(name)
        total += item_bytes(value) + 3 + len(value) if isinstance(value, dict) else len(str(value).encode())
    return total


@given(orders)
def test_the_filter_attributes_are_small(order: Order) -> None:
    assert item_bytes({"row": index.row(order)}) <= MOST_BYTES


LONG = {"name": "ñ" * 50, "email": f"{'e' * 40}@example.com", "phone": "+525512345678", "company": "C" * 27}


@given(orders)
def test_an_entry_of_any_index_is_below_a_kilobyte(order: Order) -> None:
    order = replace(order, customer_id="c" * 26, personal=dict.fromkeys(TEXTS, "d" * 64))
    row = snapshot_row(order, 100, {"contact": LONG})
    assert "c" in row.row
    for name in ("created", "updated", "state", "source"):
        keys = {key: getattr(row, key) for key in ("pk", "sk", f"{name}_pk", f"{name}_sk")}
        assert item_bytes(keys | {"row": row.row}) <= KILOBYTE


@given(orders)
def test_what_a_row_shows_is_read_as_it_was_written(order: Order) -> None:
    order = replace(order, personal={"contact": "d" * 64, "comment": "e" * 64})
    shows = shown(order, {"contact": {"name": "Ana", "phone": None}})
    assert shown_in(index.row(order) | shows.written()) == shows
    assert (shows.contact, shows.texts) == ({"name": "Ana"}, {"comment": "e" * MARK})
    assert shown(order, {}).texts == {"contact": "d" * MARK, "comment": "e" * MARK}
    assert shown(order, {"contact": {"name": "ñ" * MOST_CONTACT}}).contact is None
    assert shown_in(index.row(order)) is None


@given(orders)
def test_a_signature_says_all_it_stands_for(order: Order) -> None:
    review = "review" if label(order) == Label.TO_REVIEW else "-"
    held = order.open_holds[0].reason if order.open_holds else review
    state = [order.lifecycle, order.payment, order.fulfilment, order.returns, held]
    assert index.state_signature(order).split("|") == state
    source = [order.channel, order.method, "yes" if order.verified else "no"]
    assert index.source_signature(order).split("|") == source
    row = index.row(order)
    assert (row["s"], row["o"]) == (index.state_signature(order), index.source_signature(order))
    assert (row["l"], row["n"]) == (label(order) or "-", order.number)


def test_the_position_is_the_time_of_placing_and_never_changes() -> None:
    assert index.position(an_order()) == f"{AT}#o1" == index.position(an_order(updated_at="9999"))


@given(orders, st.booleans())
def test_the_signature_tells_the_label(order: Order, payable: bool) -> None:
    order = replace(order, terms=replace(order.terms, payable=payable))
    if not payable or order.payment != Payment.NONE:  # only orders that ask for no money have none to pay
        assert (label(order) or "-") in index.labels(index.state_signature(order))


def test_every_kind_of_hold_is_found() -> None:
    order = an_order(holds=(a_hold(HoldReason.FRAUD), a_hold(HoldReason.ADDRESS)), lifecycle=Lifecycle.PLACED)
    assert index.state_signature(order).endswith("|address+fraud")
    assert index.traits(index.row(order))["hold"] == {"address", "fraud", "any"}
    assert index.traits(index.row(an_order()))["hold"] == set()
