"""QR codes that telephones and hand scanners read, as a picture for mails and as a drawing for pages."""

from io import BytesIO

QUIET = 4  # modules of white around it, which readers want
DOTS = 8  # pixels of a module, so that it stays sharp where a screen enlarges it


def picture(text: str) -> bytes:
    """A PNG; mail programs show no SVG. Never a Micro QR, which many readers do not know."""
    import segno

    written = BytesIO()
    segno.make_qr(text, error="m").save(written, kind="png", scale=DOTS, border=QUIET)
    return written.getvalue()


def drawing(text: str) -> str:
    """An SVG without size, inside a page or a picture of its own; dark on white, also on a dark page."""
    import segno

    written = BytesIO()
    how = {"border": QUIET, "light": "#ffffff", "dark": "#000000", "omitsize": True}
    segno.make_qr(text, error="m").save(written, kind="svg", xmldecl=False, nl=False, **how)
    return written.getvalue().decode()
