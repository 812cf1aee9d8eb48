"""Pinned packages of npm: fetched once, held against their checksum, unpacked as far as they are used."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.console import Failure


@dataclass(frozen=True)
class NpmPackage:
    """`name` with its version; `inside` is the folder of it that is used."""

    name: str
    sha512: str
    inside: str = "package/"

    def unpack(self, folder: Path) -> None:
        """Put the files where `folder` says, in place of what is there. Raises Failure when the package
        cannot be had or is not the one that was pinned."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            packed = self._fetch(Path(scratch))
            fresh = Path(scratch) / "fresh"
            with tarfile.open(packed) as archive:
                for member in archive.getmembers():
                    if member.name.startswith(self.inside):
                        member.name = member.name.removeprefix(self.inside)
                        archive.extract(member, fresh, filter="data")
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)

    def _fetch(self, scratch: Path) -> Path:
        command = ["npm", "pack", self.name, "--silent", "--pack-destination", str(scratch)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch)
        packed = next(scratch.glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise Failure(f"`{' '.join(command[:3])}` failed: {done.stderr.strip()}")
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != self.sha512:
            raise Failure(f"{self.name} is not the package that was pinned: sha512-{digest}")
        return packed
