"""Files of papers in the private bucket, and several put together as one."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of S3 and its client."""

    client: Any
    name: str

    def read(self, key: str) -> BytesIO:
        return BytesIO(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())


def kept(content: bytes, key: str, bucket: Bucket) -> dict[str, Any]:
    """Put one file there; `{size, sha256}`."""
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=content, ContentType="application/pdf")
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def bound(keys: Sequence[str], key: str, bucket: Bucket) -> dict[str, Any]:
    """One file of several, in their order; `{size, sha256}`."""
    return book_of((bucket.read(one) for one in keys), key, bucket)


def book_of(files: Iterable[BytesIO], key: str, bucket: Bucket) -> dict[str, Any]:
    """PDFs as one, kept there; `{size, sha256}`."""
    return kept(booklet(files), key, bucket)


def booklet(files: Iterable[BytesIO]) -> bytes:
    """PDFs as one; fonts are in it once. What pypdf raises at a file that is none is of many types."""
    from pypdf import PdfWriter

    book, made = PdfWriter(), BytesIO()
    for file in files:
        book.append(file, import_outline=False)
    book.compress_identical_objects()
    book.write(made)
    book.close()
    return made.getvalue()
