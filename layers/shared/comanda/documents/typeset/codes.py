"""An order's number as Code 128 and as QR: drawings whose modules a scanner can tell apart."""

from collections.abc import Sequence

import segno
from barcode import Code128

MODULE = 0.375  # mm: three dots of a printer with 203 dpi
NARROW = 0.33  # the least that hand scanners read on plain paper
ROOM = 66.0  # mm that a bar code may take
QUIET = 10  # modules beside a bar code
QR_MODULE = 0.75
QR_QUIET = 4
BAR_HEIGHT = 11.0
FINE = 0.25
LABEL_HEIGHT = 8.0


def bars(text: str) -> dict[str, object]:
    """Code 128 as `{svg, width, height, quiet}` in mm; `quiet` is the white at either end of it."""
    (modules,) = Code128(text).build()
    row = "0" * QUIET + modules + "0" * QUIET
    module = MODULE if len(row) * MODULE <= ROOM else NARROW
    return _drawn([[dot == "1" for dot in row]], module, BAR_HEIGHT) | {"quiet": QUIET * module}


def label(text: str) -> dict[str, object] | None:
    """A row's code as `bars` draws it, with modules of 0.25 mm (two dots at 203 dpi) if it must; None for
    what no Code 128 can say, or not in the room that there is."""
    if not (text.isascii() and text.isprintable()):
        return None
    (modules,) = Code128(text).build()
    wide = len(modules) + 2 * QUIET
    module = next((one for one in (MODULE, NARROW, FINE) if wide * one <= ROOM), None)
    if module is None:
        return None
    row = [dot == "1" for dot in "0" * QUIET + modules + "0" * QUIET]
    return _drawn([row], module, LABEL_HEIGHT) | {"quiet": QUIET * module}


def square(text: str) -> dict[str, object]:
    """A QR code as `{svg, width, height}` in mm. Never a Micro QR, which many readers do not know."""
    matrix = [
        [bool(dot) for dot in row] for row in segno.make_qr(text, error="m").matrix_iter(border=QR_QUIET)
    ]
    return _drawn(matrix, QR_MODULE, QR_MODULE)


def _drawn(rows: Sequence[Sequence[bool]], module: float, height: float) -> dict[str, object]:
    """Runs of dark modules as one path, in units of a module across and of a row down."""
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row)
    )
    wide, high = len(rows[0]), len(rows)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        f'preserveAspectRatio="none"><path d="{path}"/></svg>'
    )
    return {"svg": svg, "width": round(wide * module, 3), "height": round(high * height, 3)}


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
