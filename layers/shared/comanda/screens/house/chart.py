"""Charts as SVG made by the server: columns up and down from one line, with a mark for what is usual.

The picture has a title and a description; the same figures belong beside it as a table. Colours are the
tokens of house.css, so it follows light and dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

WIDTH, HEIGHT, FOOT = 360, 132, 18  # of the view box; the foot holds the labels
GAP = Fraction(1, 5)  # of a column


@dataclass(frozen=True, slots=True)
class Column:
    """`up` and `down` are amounts of one unit, not negative; `mark` is what is usual, None for nothing.
    `label` stands below where there is room; `told` is what the column says when pointed at."""

    label: str
    up: int = 0
    down: int = 0
    mark: Fraction | None = None
    told: str = ""


def chart(name: str, title: str, description: str, columns: Sequence[Column], *, every: int = 1) -> Markup:
    """The SVG; `name` is its id on the page, every so many-th column has its label."""
    top = max((max(column.up, column.mark or 0) for column in columns), default=0) or 1
    deep = max((column.down for column in columns), default=0)
    scale = Fraction(HEIGHT - FOOT - 8) / (top + deep)
    line = 4 + top * scale
    wide = Fraction(WIDTH, max(len(columns), 1))
    drawn = Markup("").join(
        _column(column, n * wide, wide, line, scale, labelled=n % every == 0)
        for n, column in enumerate(columns)
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{id}-title {id}-told">'
        '<title id="{id}-title">{title}</title><desc id="{id}-told">{told}</desc>{drawn}'
        '<line class="ground" x1="0" x2="{w}" y1="{line}" y2="{line}"/></svg>'
    ).format(
        w=WIDTH, h=HEIGHT, id=name, title=title, told=description, drawn=drawn, line=_number(line)
    )  # fmt: skip


def _column(
    column: Column, left: Fraction, wide: Fraction, line: Fraction, scale: Fraction, *, labelled: bool
) -> Markup:
    inner, width = left + wide * GAP / 2, wide * (1 - GAP)
    parts = [Markup("<g><title>{}</title>").format(column.told)] if column.told else [Markup("<g>")]
    parts.append(Markup('<rect class="room" x="{}" y="0" width="{}" height="{}"/>').format(
        _number(left), _number(wide), HEIGHT - FOOT
    ))  # fmt: skip
    for kind, amount, y in (("up", column.up, line - column.up * scale), ("down", column.down, line)):
        if amount:
            parts.append(_box(kind, inner, y, width, amount * scale))
    if column.mark:
        parts.append(_box("mark", left, line - column.mark * scale - 1, wide, Fraction(2)))
    if labelled:
        parts.append(Markup('<text x="{}" y="{}">{}</text>').format(_number(left), HEIGHT - 4, column.label))
    return Markup("").join([*parts, Markup("</g>")])


def _box(kind: str, x: Fraction, y: Fraction, width: Fraction, height: Fraction) -> Markup:
    shape = (_number(one) for one in (x, y, width, max(height, Fraction(1))))
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(kind, *shape)


def _number(value: Fraction | int) -> str:
    return f"{float(value):.1f}".removesuffix(".0")
