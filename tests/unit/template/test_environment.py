"""Environment: the template sets what the code reads, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.template.described import FUNCTIONS, ROOT, SOURCE, environment

# Read by libraries, not by us.
OF_LIBRARIES = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
READERS = {"variable", "secret", "getenv"}
OF_THE_RUNTIME = ("AWS_", "_X_AMZN_")


def sources() -> Iterator[Path]:
    yield from (ROOT / "layers" / "shared" / "comanda").rglob("*.py")
    yield from (ROOT / "functions").glob("*/*.py")


def is_name(text: str) -> bool:
    return text.replace("_", "").isalnum() and text.isupper()


def names_read(tree: ast.AST) -> Iterator[str]:
    """First arguments of the readers and of os.environ.get, and keys of os.environ."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Constant(str(value)), *_]) if is_reader(node.func) and is_name(value):
                yield value
            case ast.Subscript(slice=ast.Constant(str(value))) if is_environ(node.value) and is_name(value):
                yield value


def is_reader(called: ast.expr) -> bool:
    match called:
        case ast.Name(id=name):
            return name in READERS
        case ast.Attribute(attr=name):
            return name in READERS or (name == "get" and is_environ(called.value))
    return False


def is_environ(value: ast.expr) -> bool:
    return isinstance(value, ast.Attribute) and value.attr == "environ"


def read_by_the_code() -> set[str]:
    names = {name for path in sources() for name in names_read(ast.parse(path.read_text()))}
    return {name for name in names if not name.startswith(OF_THE_RUNTIME)}


def set_by_the_template() -> set[str]:
    return {name for function in FUNCTIONS for name in environment(function)} - OF_LIBRARIES


def test_every_variable_of_the_template_is_read() -> None:
    assert set_by_the_template() - read_by_the_code() == set()


def test_every_variable_that_is_read_is_in_the_template() -> None:
    assert read_by_the_code() - set_by_the_template() == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('variable("ORDERS_TABLE")', ["ORDERS_TABLE"]),
        ('secret("SIGNING_SECRET")["current"]', ["SIGNING_SECRET"]),
        ('os.environ["EVENT_BUS"]', ["EVENT_BUS"]),
        ('os.environ.get("RAW_BUCKET", "")', ["RAW_BUCKET"]),
        ('variable(name)\nother("ORDERS_TABLE")\nd["ORDER"]', []),
    ],
)
def test_readers_are_recognised(text: str, names: list[str]) -> None:
    assert list(names_read(ast.parse(text))) == names


def test_the_template_does_not_know_where_it_runs() -> None:
    words = SOURCE.read_text().lower()
    assert [word for word in ("local", "emulator", "ministack", "127.0.0.1") if word in words] == []
