"""A discount code as pure data, and whether a basket may have it. Money in minor units, times in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import Invalid
from comanda.money import decimal_text, fraction_of

POINTER = "/discount_code"


@dataclass(frozen=True, slots=True)
class DiscountCode:
    """`percent_ppm` in millionths of the goods it counts for, plus a fixed `amount`, or free delivery.

    Empty `groups` and `skus` mean everybody and everything, empty times always, None any number of
    uses. `elsewhere`: uses counted while the code had no limit. `counted`: its uses are kept.
    """

    code: str
    percent_ppm: int = 0
    amount: int = 0
    free_shipping: bool = False
    active: bool = True
    valid_from: str = ""
    valid_to: str = ""
    minimum_subtotal: int = 0
    groups: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    max_uses: int | None = None
    max_uses_per_customer: int | None = None
    note: str = ""
    elsewhere: int = 0
    counted: bool = True
    version: int = 0
    changed_at: str = ""
    changed_by: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a basket before any discount."""

    line_id: str
    sku: str
    subtotal: int


@dataclass(frozen=True, slots=True)
class Basket:
    """What is bought, when, and by whom: `known` is a customer who has signed in."""

    items: Sequence[Item]
    currency: str
    at: str
    known: bool = False
    group: str = ""

    @property
    def subtotal(self) -> int:
        return sum(item.subtotal for item in self.items)


@dataclass(frozen=True, slots=True)
class Given:
    """What a code gives: `amount` off these lines (empty: off all), and perhaps the delivery."""

    amount: int
    lines: tuple[str, ...] = ()
    free_shipping: bool = False


def spelt(code: str) -> str:
    """A code as it is kept, in whatever case and with whatever spaces it was typed."""
    return "".join(code.split()).upper()


def redeem(code: DiscountCode, basket: Basket) -> Given:
    """What the code gives for this basket. Raises Invalid that says why it gives nothing.

    Uses are not looked at here: they are counted, and refused, as the order is written.
    """
    _open(code, basket.at)
    _for_whom(code, basket)
    if basket.subtotal < code.minimum_subtotal:
        least, has = (decimal_text(n, basket.currency) for n in (code.minimum_subtotal, basket.subtotal))
        currency = basket.currency
        raise refusal("minimum", f"needs goods for {least} {currency} at least; these are {has} {currency}")
    taking = [item for item in basket.items if not code.skus or item.sku in code.skus]
    if not taking:
        raise refusal("products", f"is for {', '.join(code.skus[:10])}, and none of these is here")
    base = sum(item.subtotal for item in taking)
    amount = min(code.amount + fraction_of(base, code.percent_ppm), base)
    return Given(amount, tuple(item.line_id for item in taking) if code.skus else (), code.free_shipping)


def _open(code: DiscountCode, at: str) -> None:
    if not code.active:
        raise refusal("inactive", "is not in use any more")
    if code.valid_from and at < code.valid_from:
        raise refusal("too-early", f"is valid from {code.valid_from}")
    if code.valid_to and at >= code.valid_to:
        raise refusal("expired", f"was valid until {code.valid_to}")


def _for_whom(code: DiscountCode, basket: Basket) -> None:
    if code.groups and basket.group not in code.groups:
        why = "is not for your group of customers" if basket.known else "is for some customers: sign in first"
        raise refusal("group", why)


def refusal(reason: str, detail: str) -> Invalid:
    """`reason` is for programs: unknown, inactive, too-early, expired, group, minimum, products, used-up,
    used-by-you."""
    told = f"the code {detail}"
    return Invalid(told, errors=[{"pointer": POINTER, "detail": told}], reason=reason)


SHARDS = 16  # counters of a code without a limit, so that a busy day does not queue behind one item


def shard_of(code: DiscountCode, order_id: str) -> int:
    """Where this order's use is counted: a limit needs one exact counter (0), all others are spread."""
    return 1 + sum(order_id.encode()) % SHARDS if code.max_uses is None else 0


def changed(code: DiscountCode, changes: dict[str, Any], at: str, actor: str) -> DiscountCode:
    """The code with other values, one version on."""
    return replace(code, **changes, version=code.version + 1, changed_at=at, changed_by=actor)
