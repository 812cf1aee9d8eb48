"""Files of shipping labels, as carriers made them, bound as one: a PDF as it is, a picture as a page."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from comanda.documents.typeset.bind import Bucket, book_of, booklet

PNG = b"\x89PNG\r\n\x1a\n"

type Draw = Callable[[bytes], bytes]


def labels_bound(keys: Sequence[str], key: str, bucket: Bucket, draw: Draw) -> dict[str, Any]:
    """One file of several labels, in their order; `{size, sha256}`. Where some cannot be read nothing is
    written, and `{unreadable}` has their keys. `draw` makes a PDF of a PNG."""
    files = [(one, _readable(bucket.read(one).getvalue(), draw)) for one in keys]
    unreadable = [one for one, file in files if file is None]
    if unreadable:
        return {"unreadable": unreadable}
    return book_of([file for _, file in files if file is not None], key, bucket)


def _readable(content: bytes, draw: Draw) -> BytesIO | None:
    """A PDF with pages that can be put among others, or nothing."""
    from pypdf import PdfReader

    try:
        made = draw(content) if content.startswith(PNG) else content
        if not len(PdfReader(BytesIO(made)).pages):
            return None
        booklet([BytesIO(made)])
        return BytesIO(made)
    except Exception:  # a file of somebody else's: whatever is wrong with it, the other labels are printed
        return None
