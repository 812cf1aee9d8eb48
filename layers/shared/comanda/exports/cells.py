"""What a cell of a spreadsheet must not begin with, and how such a text is defused."""

# A spreadsheet takes a cell that begins with one of these for a formula, or drops the blank first.
# The second group are their full-width forms, which some programs fold into the plain ones.
FORMULA = frozenset("=+-@" + "＝＋－＠")
BLANK_STARTS = frozenset("\t\r\n")
INVISIBLE = " \t\r\n\v\f\0\ufeff\u200b\u200c\u200d\u2060\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)


def defused(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet could run it; any other text unchanged."""
    if not text:
        return text
    first = text[0]
    if first in FORMULA or first in BLANK_STARTS:
        return "'" + text
    if first in INVISIBLE and text.lstrip(INVISIBLE)[:1] in FORMULA:
        return "'" + text
    return text
