"""Parts of pages that renew themselves go on after an answer that failed."""

from pathlib import Path

import comanda.screens

TEMPLATES = Path(comanda.screens.__path__[0])


def test_what_looks_again_by_itself_outlives_a_failed_answer() -> None:
    """By a clock, not by the answer before; what a gateway says that has none is not shown in its place."""
    lines = [line for file in TEMPLATES.rglob("*.j2") for line in file.read_text().splitlines()]
    assert not [line for line in lines if 'hx-trigger="load delay' in line]
    clocks = [line for line in lines if 'hx-trigger="every' in line]
    assert len(clocks) >= 5
    assert not [line for line in clocks if 'hx-status:5xx="swap:none"' not in line]
