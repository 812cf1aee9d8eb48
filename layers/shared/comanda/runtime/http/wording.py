"""What validation found, in plain words: one wording for every way in, whatever the library calls it."""

from collections.abc import Callable, Mapping
from typing import Any

type Context = dict[str, Any]

QUOTE = "'"
OWN = ("value_error", "assertion_error")  # raised by our own rules: their words are ours


def worded(finding: Mapping[str, Any]) -> str:
    """One finding of pydantic, as the caller is told it. Its kind decides; of a kind that has no words
    here the library's own are told, without their prefix."""
    kind, context = str(finding["type"]), finding.get("ctx") or {}
    if kind in OWN:
        return _bare(str(finding["msg"]))
    say = WORDS.get(kind)
    return say(context) if say else _bare(str(finding["msg"]))


def tag_of(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """The field that names the shape of an object, where that is what is wrong; it ends the pointer."""
    wrong = str(finding["type"]).startswith("union_tag_")
    return (str(finding["ctx"]["discriminator"]).strip(QUOTE),) if wrong else ()


def _bare(text: str) -> str:
    for prefix in ("Value error, ", "Assertion failed, "):
        text = text.removeprefix(prefix)
    return text


def _one_of(expected: object) -> str:
    """The library joins quoted names with commas and an `or` at the end."""
    names = str(expected).replace(" or ", ", ").split(", ")
    return f"one of: {', '.join(name.strip(QUOTE) for name in names)}"


def _characters(number: object) -> str:
    return "1 character" if number == 1 else f"{number} characters"


def _entries(number: object) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _length(context: Context) -> str:
    """Too short: an empty text is the usual one."""
    least = context.get("min_length")
    return "must not be empty" if least == 1 else f"at least {_characters(least)}"


WORDS: dict[str, Callable[[Context], str]] = {
    "missing": lambda c: "is missing",
    "extra_forbidden": lambda c: "there is no such field",
    "string_type": lambda c: "must be a text",
    "int_type": lambda c: "must be a whole number",
    "int_parsing": lambda c: "must be a whole number",
    "int_from_float": lambda c: "must be a whole number",
    "int_parsing_size": lambda c: "is too large a number",
    "float_type": lambda c: "must be a number",
    "bool_type": lambda c: "must be true or false",
    "bool_parsing": lambda c: "must be true or false",
    "list_type": lambda c: "must be a list",
    "tuple_type": lambda c: "must be a list",
    "dict_type": lambda c: "must be an object",
    "model_type": lambda c: "must be an object",
    "model_attributes_type": lambda c: "must be an object",
    "none_required": lambda c: "must be null",
    "literal_error": lambda c: _one_of(c["expected"]),
    "enum": lambda c: _one_of(c["expected"]),
    "union_tag_invalid": lambda c: _one_of(c["expected_tags"]),
    "union_tag_not_found": lambda c: "is missing",
    "string_too_short": _length,
    "string_too_long": lambda c: f"at most {_characters(c['max_length'])}",
    "string_pattern_mismatch": lambda c: f"must look like {c['pattern']}",
    "too_short": lambda c: f"at least {_entries(c['min_length'])}",
    "too_long": lambda c: f"at most {_entries(c['max_length'])}",
    "greater_than": lambda c: f"must be more than {c['gt']}",
    "greater_than_equal": lambda c: f"must be at least {c['ge']}",
    "less_than": lambda c: f"must be less than {c['lt']}",
    "less_than_equal": lambda c: f"must be at most {c['le']}",
}
