"""What the local build copies or makes by itself is what `sam build` would have made."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local import build
from local.home import REPOSITORY, TOOLS, Home


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


def with_sam(folder: Path, name: str, resource: dict[str, Any]) -> Path:
    """What SAM makes of one unit alone: named in the whole template, it would build all its layers too."""
    template = folder / "template.json"
    template.write_text(
        json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {name: resource}})
    )
    options = [
        "--template-file",
        str(template),
        "--base-dir",
        str(REPOSITORY),
        "--build-dir",
        str(folder / "made"),
    ]
    base = Path(sys.base_prefix) / "bin"
    subprocess.run(
        [str(TOOLS / "sam" / "bin" / "sam"), "build", name, *options],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHON": sys.executable, "PATH": f"{base}:{os.environ['PATH']}"},
        capture_output=True,
        check=True,
    )
    return folder / "made" / name


def test_a_layer_made_by_its_makefile_is_what_sam_makes(built: Home, tmp_path: Path) -> None:
    properties = {"ContentUri": "layers/shared", "CompatibleRuntimes": ["python3.13"]}
    layer = {"Type": build.LAYER, "Metadata": {"BuildMethod": "makefile"}, "Properties": properties}
    assert content(built.build / "SharedLayer") == content(with_sam(tmp_path, "SharedLayer", layer))


def test_a_copied_function_is_what_sam_makes(built: Home, tmp_path: Path) -> None:
    properties = {"CodeUri": "functions/storefront", "Handler": "app.lambda_handler", "Runtime": "python3.13"}
    function = {"Type": build.FUNCTION, "Properties": properties}
    made = with_sam(tmp_path, "StorefrontFunction", function)
    assert content(built.build / "StorefrontFunction") == content(made)


def test_every_function_and_layer_of_the_template_is_built(built: Home) -> None:
    template = build.read(REPOSITORY / "template.yaml")
    names = {unit.name for unit in build.units(template, REPOSITORY)}
    assert {place.name for place in built.build.iterdir() if not place.name.startswith(".")} == names


def test_nothing_is_built_twice(built: Home) -> None:
    assert build.build(built, built.logs / "build.log") == []


def test_only_what_changed_is_built_anew(built: Home) -> None:
    (built.build / ".SweepFunction").write_text("another digest")
    assert build.build(built, built.logs / "build.log") == ["SweepFunction"]
