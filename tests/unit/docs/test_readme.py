"""What the docs name exists: make targets, files, decisions."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    named = set(re.findall(r"`?make ([a-z][a-z-]+)", "\n".join(code_of(page.read_text()))))
    assert named <= TARGETS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    files = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
    assert files == set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", index))


def code_of(text: str) -> list[str]:
    """Code blocks and code spans."""
    return re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
