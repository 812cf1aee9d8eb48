"""Installs the locked dependencies for Lambda, slims and compiles them, and refuses a layer too large."""

import argparse
import compileall
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PYTHON_VERSION = "3.13"
# Amazon Linux 2023 has glibc 2.34; wheels for 2.28 also load on older hosts, where the local system runs.
PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
BUDGET_MB = 60
# The AWS services that the functions call, of the more than 400 that botocore describes.
SERVICES = {
    "cognito-idp", "dynamodb", "events", "lambda", "s3", "secretsmanager", "ses", "sqs", "stepfunctions",
    "sts",
}  # fmt: skip
LANGUAGES = ("root", "en", "es")
# boto3's resource layer is not used, only its clients.
RESOURCE_APIS: set[str] = set()
UNUSED = (
    "bin",  # scripts
    "boto3/examples",
    "dns",  # email-validator loads it only to ask the DNS, which checkout never waits for
    "stripe/params",  # types for checkers: nothing imports them while running
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--architecture", choices=sorted(PLATFORMS), required=True)
    arguments.add_argument("--requirements", type=Path, required=True)
    arguments.add_argument("target", type=Path)
    given = arguments.parse_args()
    if f"{sys.version_info.major}.{sys.version_info.minor}" != PYTHON_VERSION:
        sys.exit(
            f"run this with Python {PYTHON_VERSION}: compiled files serve only the version that made them"
        )
    install(given.requirements, given.target, PLATFORMS[given.architecture])
    slim(given.target)
    compile_all(given.target)
    size = sum(path.stat().st_size for path in files(given.target)) / 1_000_000
    measured = f"dependency layer for {given.architecture}: {size:.1f} MB unzipped, budget {BUDGET_MB} MB"
    sys.stdout.write(f"{measured}\n")
    if size > BUDGET_MB:
        sys.exit(f"too large: {measured}")


def install(requirements: Path, target: Path, machine: str) -> None:
    """Only wheels, only what the lock names, each checked against its hash."""
    uv = os.environ.get("UV")
    checked = ["--require-hashes", "--no-deps", "--requirement", str(requirements), "--target", str(target)]
    if uv:
        platform = ["--python-platform", f"{machine}-manylinux_2_28", "--python-version", PYTHON_VERSION]
        tool = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--no-build",
            "--python",
            sys.executable,
            "--link-mode",
            "copy",
        ]
    else:
        platform = ["--python-version", PYTHON_VERSION, "--implementation", "cp", "--only-binary", ":all:"]
        for minor in range(28, 16, -1):
            platform += ["--platform", f"manylinux_2_{minor}_{machine}"]
        platform += ["--platform", f"manylinux2014_{machine}"]
        tool = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*tool, *platform, *checked], check=True)


def slim(target: Path) -> None:
    """Drop what no function reads: other services, other languages, type stubs, tests, scripts."""
    keep_folders(target / "botocore" / "data", SERVICES)
    keep_folders(target / "boto3" / "data", RESOURCE_APIS)
    for path in (target / "botocore" / "data").glob("*/*/examples-1.json*"):
        path.unlink()
    for path in (target / "babel" / "locale-data").glob("*.dat"):
        if path.stem.split("_")[0] not in LANGUAGES:
            path.unlink()
    for name in UNUSED:
        shutil.rmtree(target / name)
    (target / ".lock").unlink(missing_ok=True)
    for path in [*target.rglob("*.pyi"), *target.rglob("*.c"), *target.rglob("*.dist-info/RECORD")]:
        path.unlink()
    for name in ("tests", "test", "__pycache__"):
        for path in [*target.rglob(name)]:
            if path.is_dir():
                shutil.rmtree(path)


def keep_folders(parent: Path, names: set[str]) -> None:
    """A name that is not there any more is a mistake of ours, not something to pass over."""
    missing = names - {path.name for path in parent.iterdir()}
    if missing:
        sys.exit(f"{parent} has no {', '.join(sorted(missing))}")
    for path in parent.iterdir():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)


def compile_all(target: Path) -> None:
    """/opt is read-only in Lambda: without compiled files each cold start compiles everything again.

    Unchecked, since the times of files change on their way through a zip.
    """
    compiled = compileall.compile_dir(
        target,
        quiet=1,
        workers=0,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(target.parent),
        prependdir="/opt",
    )
    if not compiled:
        sys.exit("some dependency does not compile")


def files(target: Path) -> Iterator[Path]:
    return (path for path in target.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
