"""Decodes Stripe's bracketed form encoding: `metadata[order]=7&expand[0]=latest_charge&ids[]=a`."""

import re
from typing import Any
from urllib.parse import parse_qsl

type Form = dict[str, Any]  # text, or a nested Form; arrays are Forms with the keys "0", "1" …

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
MAX_FIELDS = 1000


class FormError(ValueError):
    """A body or query that cannot be read; the message names the parameter."""


def decode(text: str) -> Form:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise FormError(f"unreadable form: {error}") from error
    form: Form = {}
    for name, value in pairs:
        _place(form, _path(name), value, name)
    return form


def as_array(value: object) -> list[Any]:
    """An array parameter in the order of its indexes; a single value counts as an array of one."""
    if not isinstance(value, dict):
        return [value]
    if not all(key.isdigit() for key in value):
        raise FormError("an array has whole numbers as indexes")
    return [value[key] for key in sorted(value, key=int)]


def _path(name: str) -> list[str]:
    match = NAME.fullmatch(name)
    if match is None:
        raise FormError(f"unreadable parameter name: {name}")
    return [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]


def _place(form: Form, path: list[str], value: str, name: str) -> None:
    for key in path[:-1]:
        form = form.setdefault(key or str(len(form)), {})
        if not isinstance(form, dict):
            raise FormError(f"parameter given both as a value and as a group: {name}")
    last = path[-1] or str(len(form))
    if isinstance(form.get(last), dict):
        raise FormError(f"parameter given both as a value and as a group: {name}")
    form[last] = value
