"""What a cell of a spreadsheet must not begin with, and how such a text is defused."""

from unicodedata import category, normalize

FORMULA = frozenset("=+-@")
BLANK_STARTS = frozenset("\t\r\n")  # some programs drop these and run what follows
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # controls, format characters, every kind of space


def defused(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet could run it; any other text unchanged.

    Judged is the first visible character in its plain form, since full-width and small variants
    are folded into the plain ones by some programs.
    """
    if not text or text[0].isalnum():
        return text
    if text[0] in BLANK_STARTS:
        return "'" + text
    visible = next((char for char in text if category(char) not in UNSEEN), "")
    return "'" + text if visible and normalize("NFKC", visible)[0] in FORMULA else text
