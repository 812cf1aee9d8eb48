"""What staff do with discount codes: list them, make one, change one, switch one off."""

from collections.abc import Sequence
from typing import Any

from comanda.discounts.model import SHARDS, DiscountCode, changed
from comanda.discounts.store import CodeStore, Write
from comanda.errors import Invalid, Stale

type Writes = Sequence[Write]


def list_codes(store: CodeStore, *, limit: int, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """One page by name, each with its uses; and the name to go on after ("" at the end)."""
    names = [name for name in store.names() if name > after]
    codes = store.many(names[:limit])
    uses = store.used([code.code for code in codes])
    more = names[limit - 1] if len(names) > limit else ""
    return [told(code, sum(uses[code.code])) for code in codes], more


def show_code(store: CodeStore, name: str) -> tuple[dict[str, Any], int]:
    """A code with its uses, and its version. Raises NotFound."""
    code = store.load(name)
    return told(code, sum(store.used([name])[name])), code.version


def create_code(
    store: CodeStore, code: DiscountCode, *, at: str, actor: str, also: Writes = ()
) -> DiscountCode:
    """A new code, and what goes with it. Raises Invalid for one that gives nothing, or that there is."""
    fresh = changed(code, {}, at, actor)
    judge(fresh)
    store.create(fresh, *also)
    return fresh


def change_code(
    store: CodeStore,
    name: str,
    changes: dict[str, Any],
    *,
    seen: int,
    at: str,
    actor: str,
    also: Writes = (),
) -> DiscountCode:
    """The code with other values; what does not change keeps its version. Orders keep what they were given.

    Raises NotFound, Stale, Invalid.
    """
    code = store.load(name)
    if code.version != seen:
        raise Stale(f"the code is at version {code.version}, you saw {seen}")
    if all(getattr(code, field) == value for field, value in changes.items()):
        return code
    spread = store.used([name])[name][1 : SHARDS + 1]
    after = changed(code, {**changes, "elsewhere": sum(spread)}, at, actor)
    judge(after)
    store.replace(after, *also)
    return after


def judge(code: DiscountCode) -> None:
    """Raises Invalid for a code that could never give anything."""
    errors = []
    if not (code.percent_ppm or code.amount or code.free_shipping):
        errors.append({"pointer": "/percent_ppm", "detail": "give a percentage, an amount or free delivery"})
    if code.valid_from and code.valid_to and code.valid_to <= code.valid_from:
        errors.append({"pointer": "/valid_to", "detail": "it ends before it begins"})
    if errors:
        raise Invalid("this code would not be valid", errors=errors)


def told(code: DiscountCode, used: int) -> dict[str, Any]:
    """A code in plain values; amounts in minor units."""
    hidden = ("elsewhere", "counted")
    shown = {name: value for name, value in code.to_dict().items() if name not in hidden}
    return shown | {"groups": list(code.groups), "skus": list(code.skus), "used": used}
