"""`make demo` tells the whole story, and says so when a part of it does not happen."""

from pathlib import Path

import pytest

from tests.e2e.running import Running

pytestmark = pytest.mark.e2e


@pytest.mark.capability("G08", "G11", "G21")
def test_the_demo_sees_every_step_happen(system: Running) -> None:
    told = system.run("local.demo")
    assert told.count("✓") == 16
    assert "✗" not in told
    assert "Ñandú Güemes, José Ángel" in told
    for mail in ("Confirma", "Casa Jacaranda"):
        assert mail in told


def test_without_a_running_system_it_says_what_to_do(tmp_path: Path) -> None:
    told = Running(tmp_path).run("local.demo", status=1)
    assert "make up" in told
