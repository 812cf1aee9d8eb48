"""Builds functions and layers as `sam build` does, and only those whose inputs changed."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.console import Failure
from local.deploy.transform import Template, read
from local.home import REPOSITORY, TOOLS, Home
from local.plan import write_whole

FUNCTION = "AWS::Serverless::Function"
LAYER = "AWS::Serverless::LayerVersion"
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
KEPT = REPOSITORY / ".aws-sam" / "local"
KEPT_BUILDS = 3
# What SAM's own Python builder leaves out of a copied folder.
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".git", ".gitignore", "*.egg-info", ".aws-sam")


@dataclass(frozen=True)
class Unit:
    """One function or layer of the template: where its source is, and what building it takes."""

    name: str
    source: Path
    is_layer: bool
    method: str

    @property
    def needs_sam(self) -> bool:
        """Whether libraries are installed: seconds, against nothing for a plain copy."""
        return (self.source / "requirements.txt").exists()


def architecture() -> str:
    """This machine's processor as the template names it."""
    return ARCHITECTURES[platform.machine().lower()]


def units(template: Template, folder: Path) -> list[Unit]:
    found = []
    for name, resource in template["Resources"].items():
        if resource["Type"] not in {FUNCTION, LAYER}:
            continue
        is_layer = resource["Type"] == LAYER
        address = resource["Properties"]["ContentUri" if is_layer else "CodeUri"]
        method = resource.get("Metadata", {}).get("BuildMethod", "python")
        found.append(Unit(name, folder / address, is_layer, method))
    return found


def build(home: Home, log: Path, template_file: Path = REPOSITORY / "template.yaml") -> list[str]:
    """Bring the build folder up to date; answers the names of what was built anew."""
    template = read(template_file)
    home.build.mkdir(parents=True, exist_ok=True)
    found = units(template, template_file.parent)
    for unit in found:
        _check(unit)
    marks = {unit.name: _mark(unit, template["Resources"][unit.name]) for unit in found}
    kept = {unit.name: KEPT / f"{unit.name}-{marks[unit.name][:16]}" for unit in found if unit.needs_sam}
    built = []
    # Functions first: SAM builds the layers of a function with it, which are then there already.
    for unit in sorted(found, key=lambda unit: unit.is_layer):
        stamp = home.build / f".{unit.name}"
        if _reads(stamp) == marks[unit.name] and (home.build / unit.name).exists():
            continue
        if unit.needs_sam:
            _with_sam(unit.name, kept, template_file, log)
            _link(kept[unit.name], home.build / unit.name)
        else:
            _replace(home.build / unit.name, _directly(unit, home.build, log))
        write_whole(stamp, marks[unit.name])
        built.append(unit.name)
    return sorted(built)


def _reads(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def _check(unit: Unit) -> None:
    if not unit.is_layer and not (unit.source / "app.py").exists():
        raise Failure(f"{unit.name}: {unit.source.relative_to(REPOSITORY)}/app.py is missing")


def _mark(unit: Unit, resource: dict[str, Any]) -> str:
    """A digest of everything that the result depends on."""
    digest = hashlib.sha256()
    for part in (architecture(), sys.version, repr(resource.get("Metadata")), _sam_requirement(unit)):
        digest.update(part.encode() + b"\0")
    for path in sorted(unit.source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".mo"}:
            digest.update(str(path.relative_to(unit.source)).encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sam_requirement(unit: Unit) -> str:
    return (REPOSITORY / "local" / "tools" / "sam.in").read_text() if unit.needs_sam else ""


def _with_sam(name: str, kept: dict[str, Path], template_file: Path, log: Path) -> None:
    """Built once for all systems of this checkout; kept, since it takes long and seldom changes."""
    if not kept[name].exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT, prefix=".building-") as scratch:
            command = [str(TOOLS / "sam" / "bin" / "sam"), "build", name]
            command += ["--template-file", str(template_file), "--build-dir", scratch]
            command += ["--parameter-overrides", f"LayerArchitecture={architecture()}"]
            _run(command, log, f"`sam build {name}` failed")
            for other, place in kept.items():
                if (Path(scratch) / other).exists() and not place.exists():
                    (Path(scratch) / other).rename(place)
    kept[name].touch()
    _forget_old(name)


def _directly(unit: Unit, folder: Path, log: Path) -> Path:
    """What SAM would do without libraries to install, in a fraction of its start-up time."""
    fresh = folder / f"{unit.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    if unit.method == "makefile":
        fresh.mkdir()
        with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as scratch:
            copy = Path(scratch) / "source"
            shutil.copytree(unit.source, copy, ignore=shutil.ignore_patterns("__pycache__"))
            command = ["make", "--silent", f"build-{unit.name}", f"ARTIFACTS_DIR={fresh}"]
            _run(command, log, f"the build of {unit.name} failed", cwd=copy)
    else:
        shutil.copytree(unit.source, fresh / "python" if unit.is_layer else fresh, ignore=LEFT_OUT)
    return fresh


def _run(command: list[str], log: Path, complaint: str, cwd: Path = REPOSITORY) -> None:
    base = Path(sys.base_prefix) / "bin"  # SAM looks for the functions' Python, with pip, on the path
    environment = os.environ | {
        "COMANDA_LAYER_ARCH": architecture(),
        "UV": str(TOOLS / "uv" / "bin" / "uv"),
        "PYTHON": sys.executable,
        "PATH": f"{base}:{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
    }
    with log.open("ab") as written:
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdout=written, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise Failure(complaint, log)


def _link(target: Path, place: Path) -> None:
    fresh = place.with_name(f"{place.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    fresh.replace(place)


def _replace(place: Path, fresh: Path) -> None:
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _forget_old(name: str) -> None:
    builds = sorted(KEPT.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[KEPT_BUILDS:]:
        shutil.rmtree(old)
