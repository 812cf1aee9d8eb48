"""What the local build copies or makes by itself is what `sam build` would have made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import build
from local.home import REPOSITORY, TOOLS, Home

SAMPLES = ("SharedLayer", "StorefrontFunction")


def content(folder: Path) -> dict[str, bytes]:
    """Files by their place; compiled ones only by name, since they hold their path of origin."""
    return {
        str(path.relative_to(folder)): b"" if path.suffix == ".pyc" else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("built"))
    home.prepare()
    build.build(home, home.logs / "build.log")
    return home


@pytest.mark.parametrize("unit", SAMPLES)
def test_a_unit_is_what_sam_makes_of_it(built: Home, tmp_path: Path, unit: str) -> None:
    base = Path(sys.base_prefix) / "bin"
    subprocess.run(
        [str(TOOLS / "sam" / "bin" / "sam"), "build", unit, "--build-dir", str(tmp_path)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHON": sys.executable, "PATH": f"{base}:{os.environ['PATH']}"},
        capture_output=True,
        check=True,
    )
    assert content(built.build / unit) == content(tmp_path / unit)


def test_every_function_and_layer_of_the_template_is_built(built: Home) -> None:
    template = build.read(REPOSITORY / "template.yaml")
    names = {unit.name for unit in build.units(template, REPOSITORY)}
    assert {place.name for place in built.build.iterdir() if not place.name.startswith(".")} == names


def test_nothing_is_built_twice(built: Home) -> None:
    assert build.build(built, built.logs / "build.log") == []


def test_only_what_changed_is_built_anew(built: Home) -> None:
    (built.build / ".SweepFunction").write_text("another digest")
    assert build.build(built, built.logs / "build.log") == ["SweepFunction"]
