"""Lists of a form without a script: a button sends the form as it was typed and gets it back rearranged."""

from collections.abc import Sequence

from comanda.errors import Malformed
from comanda.screens.settings.kinds import Field, Reader, Typed
from comanda.screens.settings.nested import MOST_ROWS, Group, Rows, count, flat

STEPS = {"up": -1, "down": 1}


def arranged(fields: Sequence[Field], typed: Typed, wish: str, at: Reader) -> tuple[Typed, str]:
    """What was typed after `add <list>`, `remove|up|down <list> <index>`, and the entry to look at then.

    Nothing typed is lost but what stands in an entry that is removed. Raises Malformed.
    """
    does, path, index = _understood(wish)
    kind = _list_at(fields, path.split("."))
    many = count(path, typed)
    if does == "add":
        if many >= MOST_ROWS:
            return typed, path
        fresh = flat(kind.fields, kind.blank, at, f"{path}.{many}.")
        return typed | fresh | {f"{path}.count": [str(many + 1)]}, f"{path}.{many}"
    if not 0 <= index < many:
        raise Malformed("the list has no such entry")
    order = list(range(many))
    if does == "remove":
        order.remove(index)
        return _in_order(typed, path, order), path
    to = index + STEPS[does]
    if not 0 <= to < many:
        return typed, f"{path}.{index}"
    order[index], order[to] = order[to], order[index]
    return _in_order(typed, path, order), f"{path}.{to}"


def _understood(wish: str) -> tuple[str, str, int]:
    words = wish.split()
    if len(words) == 2 and words[0] == "add":
        return words[0], words[1], -1
    if len(words) == 3 and words[0] in ("remove", *STEPS) and words[2].isdecimal() and len(words[2]) < 5:
        return words[0], words[1], int(words[2])
    raise Malformed("the form asks for something unknown")


def _list_at(fields: Sequence[Field], parts: list[str]) -> Rows:
    """The list that a path leads to; numbers in it are entries. Raises Malformed."""
    kind = next((one.kind for one in fields if one.name == parts[0]), None)
    rest = parts[1:]
    if isinstance(kind, Rows) and not rest:
        return kind
    if isinstance(kind, Rows) and len(rest) > 1 and rest[0].isdecimal():
        return _list_at(kind.fields, rest[1:])
    if isinstance(kind, Group) and rest:
        return _list_at(kind.fields, rest)
    raise Malformed("the form has no such list")


def _in_order(typed: Typed, path: str, order: list[int]) -> Typed:
    """The entries of a list in another order; one that is not named is gone."""
    outside = {name: values for name, values in typed.items() if not name.startswith(f"{path}.")}
    for place, entry in enumerate(order):
        old = f"{path}.{entry}."
        for name, values in typed.items():
            if name.startswith(old):
                outside[f"{path}.{place}.{name.removeprefix(old)}"] = values
    return outside | {f"{path}.count": [str(len(order))]}
