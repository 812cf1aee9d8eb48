"""Discounts and surcharges that staff give by hand: all of it is on the bill, or the bill is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import Invalid
from comanda.orders.bill import Extra
from comanda.orders.quote import quote
from comanda.orders.request import OrderRequest, Shelf
from comanda.orders.vocabulary import Channel, Method
from comanda.settings.sections import Checkout, Notifications, PaymentMethod, Shipping, Shop, Stock
from tests.unit.orders.shop import PRODUCTS

LINES = st.dictionaries(st.sampled_from("ABU"), st.integers(1, 9), min_size=1, max_size=3)
CHARGES = st.lists(st.tuples(st.sampled_from(["discount", "surcharge"]), st.integers(1, 60_000)), max_size=4)


def shelf(*, included: bool, per_line: bool) -> Shelf:
    shop = Shop(tax_included=included, rounding="line" if per_line else "total")
    payment = PaymentMethod(surcharge_ppm=30_000)
    return Shelf(shop, Checkout(), Shipping(), payment, Stock(), Notifications(), PRODUCTS)


@pytest.mark.capability("A20")
@given(LINES, CHARGES, st.booleans(), st.booleans())
def test_the_bill_adds_up_to_the_cent(
    lines: dict[str, int], charges: list[tuple[str, int]], included: bool, per_line: bool
) -> None:
    extras = tuple(Extra(kind, f"hand-{n}", "x", amount) for n, (kind, amount) in enumerate(charges, 1))
    asked = OrderRequest(
        tuple(lines.items()), Method.BANK_TRANSFER, "", "es", accept_privacy=True, channel=Channel.PHONE,
        charges=extras,
    )  # fmt: skip
    goods = sum(PRODUCTS[sku].price * units for sku, units in lines.items())
    off = sum(amount for kind, amount in charges if kind == "discount")
    if off > goods:
        with pytest.raises(Invalid) as refused:
            quote(asked, shelf(included=included, per_line=per_line))
        assert refused.value.extra["errors"][0]["pointer"].startswith("/charges/")
        return
    priced = quote(asked, shelf(included=included, per_line=per_line))
    sums, more = priced.totals, sum(amount for kind, amount in charges if kind == "surcharge")
    fee = sums.surcharge - more
    assert (sums.subtotal, sums.discount) == (goods, off)
    assert sum(line.discount for line in priced.lines) == off
    assert fee == round_half_up((goods - off + more) * 30_000, 1_000_000)
    rest = goods - off + more + fee
    assert sums.total == (rest if included else rest + sums.tax)


def round_half_up(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by)
