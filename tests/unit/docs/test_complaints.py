"""Every complaint of the table names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "complaints.md").read_text()
ROWS = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
THREADS = [
    "medusa #16502",
    "medusa #16569",
    "medusa #16825",
    "medusa #2948",
    "medusa #13068",
    "vendure #3508",
    "vendure #3509",
    "vendure #121",
    "saleor #14326",
    "saleor #14278",
    "saleor #12382",
    "saleor #3540",
    "odoo #204334",
    "WooCommerce #60375",
    "WooCommerce #38992",
    "PrestaShop #19100",
    "solidus #2947",
]


def test_no_thread_is_left_out() -> None:
    assert [thread for thread, *_ in ROWS] == THREADS
    for thread, address, *_ in ROWS:
        assert address.endswith("/" + thread.split("#")[1])


@pytest.mark.parametrize(("thread", "tests"), [(row[0], row[3]) for row in ROWS])
def test_the_tests_that_answer_it_exist(thread: str, tests: str) -> None:
    named = re.findall(r"`([^`]+)::(test_\w+)`", tests)
    assert named
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text())
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
