"""`make vendor`: fetch the pinned packages of what is served or printed; keep their files and licences."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from local.console import Failure, report, say
from local.home import REPOSITORY
from local.tools.npm_package import NpmPackage
from local.words import SCREENS

STATIC = SCREENS / "static"
DECODER = SCREENS / "picking" / "vendor"


@dataclass(frozen=True)
class Package:
    """A pinned package: which of its files is served, under which name."""

    packed: NpmPackage
    file: str
    served: str
    folder: Path = STATIC
    holds: str = ""  # whose work is compiled into it


PACKAGES = (
    Package(
        NpmPackage(
            "htmx.org@4.0.1",
            "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        ),
        "dist/htmx.min.js",
        "htmx.min.js",
    ),
    # What phones read barcodes with whose browser does not (ADR 0109): JavaScript and the zxing-cpp it loads.
    Package(
        NpmPackage(
            "barcode-detector@3.2.2",
            "/4QOrrNrCRmDSBWiiP4aC72dnkuXUEdcFRidHgbPRXUpy82XcCMvJssI6fEs6JT42LS7DvBVZO70qasJbYKyrA==",
        ),
        "dist/iife/ponyfill.js",
        "barcode-detector.min.js",
        DECODER,
    ),
    Package(
        NpmPackage(
            "zxing-wasm@3.1.3",
            "3lC9BJk4fR5ZJxcGjb0hVnDFOW7KpLXHIebiBmVd4FDRQZVeObztoTKxRUPxlWwSgxrMRONK0u50hBD1aTYEKg==",
        ),
        "dist/reader/zxing_reader.wasm",
        "zxing_reader.wasm",
        DECODER,
        "zxing-cpp (https://github.com/zxing-cpp/zxing-cpp), under the Apache License 2.0",
    ),
)


FONTS = REPOSITORY / "functions" / "documents" / "fonts"
NOTO = NpmPackage(
    "@expo-google-fonts/noto-sans@0.4.2",
    "zYD8G2ijWLxqmquoQgghNh/x9p0yxWwArD0oxO1oXY1qx5vOd4t0Kbhnu/Cx8RTy08OgA8RtxuULZFaXwVPnPw==",
)
FACES = {
    "400Regular/NotoSans_400Regular.ttf": "NotoSans-Regular.ttf",
    "700Bold/NotoSans_700Bold.ttf": "NotoSans-Bold.ttf",
    "LICENSE_FONT": "OFL.txt",
}


def fetch_fonts() -> None:
    """Write the fonts of printed papers and their licence. Raises Failure as `fetch`."""
    with tempfile.TemporaryDirectory() as scratch:
        inside = Path(scratch) / "package"
        NOTO.unpack(inside)
        FONTS.mkdir(exist_ok=True)
        for packed, kept in FACES.items():
            (FONTS / kept).write_bytes((inside / packed).read_bytes())


def fetch(package: Package) -> None:
    """Write the file and its licence. Raises Failure when the package is not the one that was pinned."""
    with tempfile.TemporaryDirectory() as scratch:
        inside = Path(scratch) / "package"
        package.packed.unpack(inside)
        package.folder.mkdir(exist_ok=True)
        (package.folder / package.served).write_bytes((inside / package.file).read_bytes())
        licence = (inside / "LICENSE").read_text()
    told = f"{package.served} is {package.packed.name.replace('@', ' ')}, under this licence:\n\n{licence}"
    if package.holds:
        told += f"\nIt holds a build of {package.holds}.\n"
    licence_file = f"{package.served.removesuffix('.wasm').removesuffix('.min.js')}.licence.txt"
    (package.folder / licence_file).write_text(told)


def main() -> None:
    try:
        for package in PACKAGES:
            fetch(package)
            say(f"  {package.served} is {package.packed.name}")
        fetch_fonts()
        say(f"  the fonts of papers are {NOTO.name}")
    except Failure as failure:
        report(failure)
        sys.exit(1)


if __name__ == "__main__":
    main()
