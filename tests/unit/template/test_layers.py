"""Layers: what they ship is what the lock says and what the code uses."""

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.template.described import ROOT, of_kind

HERE = ROOT / "layers" / "dependencies"
CLIENT_MAKERS = {"create_client", "client", "aws"}


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("layer_build", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = loaded(HERE / "build.py")


def pinned(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", path.read_text(), re.MULTILINE))


def locked() -> dict[str, str]:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    return {package["name"]: package.get("version", "") for package in lock["package"]}


def declared() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {
        "layers/dependencies": project["project"]["dependencies"],
        "functions/export_orders": project["dependency-groups"]["export_orders"],
        "functions/documents": project["dependency-groups"]["documents"],
        "functions/payment_webhook": project["dependency-groups"]["payment_webhook"],
        "functions/settle_label": project["dependency-groups"]["settle_label"],
        "functions/ask_carrier": project["dependency-groups"]["ask_carrier"],
    }


@pytest.mark.parametrize("place", declared())
def test_requirements_are_those_of_the_lock(place: str) -> None:
    found = pinned(ROOT / place / "requirements.txt")
    assert {name: locked()[name] for name in found} == found
    wanted = {requirement.partition("==")[0] for requirement in declared()[place]}
    assert wanted <= found.keys()


def test_the_layer_ships_no_library_of_one_function_and_no_tool() -> None:
    found = pinned(HERE / "requirements.txt")
    assert found.keys().isdisjoint(
        {
            "paramiko",
            "cryptography",
            "easypost",
            "typst",
            "pypdf",
            "moto",
            "pytest",
            "aws-sam-translator",
            "pip",
        }
    )


def services_called() -> Iterator[str]:
    for place in (ROOT / "layers" / "shared" / "comanda", ROOT / "functions"):
        for path in place.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and node.args and called(node.func) in CLIENT_MAKERS:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value


def called(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def test_every_service_that_the_code_calls_is_in_the_slimmed_layer() -> None:
    services = set(services_called())
    assert "dynamodb" in services
    assert services - build.SERVICES == set()


def test_slimming_drops_what_no_function_reads(tmp_path: Path) -> None:
    for name in build.SERVICES | {"ec2"}:
        write(tmp_path / f"botocore/data/{name}/2012/service-2.json")
        write(tmp_path / f"botocore/data/{name}/2012/examples-1.json")
    write(tmp_path / "botocore/data/endpoints.json")
    write(tmp_path / "boto3/data/dynamodb/resources-1.json")
    for language in ("root", "es", "es_MX", "en_US", "estonian", "fr"):
        write(tmp_path / f"babel/locale-data/{language}.dat")
    for unused in build.UNUSED:
        write(tmp_path / unused / "x.py")
    write(tmp_path / "pydantic/main.pyi")
    write(tmp_path / "pydantic/tests/test_main.py")
    write(tmp_path / "pydantic/main.py")
    build.slim(tmp_path)
    kept = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert kept == {
        *(f"botocore/data/{name}/2012/service-2.json" for name in build.SERVICES),
        "botocore/data/endpoints.json",
        *(f"babel/locale-data/{language}.dat" for language in ("root", "es", "es_MX", "en_US")),
        "pydantic/main.py",
    }


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n")


def test_a_service_that_botocore_does_not_know_stops_the_build(tmp_path: Path) -> None:
    write(tmp_path / "s3" / "service-2.json")
    with pytest.raises(SystemExit, match="has no sqs"):
        build.keep_folders(tmp_path, {"s3", "sqs"})
    assert (tmp_path / "s3" / "service-2.json").exists()


def test_compiled_files_are_trusted_without_a_look_at_the_source(tmp_path: Path) -> None:
    write(tmp_path / "python" / "library.py")
    build.compile_all(tmp_path / "python")
    (compiled,) = (tmp_path / "python" / "__pycache__").iterdir()
    # PEP 552: bit 0 = by hash, bit 1 = check the source.
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01


@pytest.mark.parametrize("name", of_kind("AWS::Serverless::LayerVersion"))
def test_layers_are_built_for_the_functions_processor(name: str) -> None:
    layer = of_kind("AWS::Serverless::LayerVersion")[name]
    assert layer["CompatibleArchitectures"] == [{"Ref": "LayerArchitecture"}]
    assert layer["CompatibleRuntimes"] == ["python3.13"]
