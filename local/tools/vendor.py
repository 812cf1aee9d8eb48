"""`make vendor`: fetch the pinned packages that browsers are served; keep their files and licences."""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.console import Failure, report, say
from local.words import SCREENS

STATIC = SCREENS / "static"


@dataclass(frozen=True)
class Package:
    """A pinned npm package: which of its files is served, under which name."""

    name: str
    sha512: str
    file: str
    served: str


PACKAGES = (
    Package(
        "htmx.org@4.0.1",
        "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        "dist/htmx.min.js",
        "htmx.min.js",
    ),
)


def fetch(package: Package) -> None:
    """Write the file and its licence. Raises Failure when the package is not the one that was pinned."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package.name], cwd=folder, check=True, capture_output=True)
        (packed,) = Path(folder).glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if found != package.sha512:
            raise Failure(f"{package.name} is not the package that was pinned: {found}")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        inside = Path(folder) / "package"
        (STATIC / package.served).write_bytes((inside / package.file).read_bytes())
        licence = (inside / "LICENSE").read_text()
    told = f"{package.served} is {package.name.replace('@', ' ')}, under this licence:\n\n{licence}"
    (STATIC / package.served.replace(".min.js", ".licence.txt")).write_text(told)


def main() -> None:
    try:
        for package in PACKAGES:
            fetch(package)
            say(f"  {package.served} is {package.name}")
    except Failure as failure:
        report(failure)
        sys.exit(1)


if __name__ == "__main__":
    main()
