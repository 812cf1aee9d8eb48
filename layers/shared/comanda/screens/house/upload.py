"""Forms with files, as browsers send them (multipart/form-data)."""

from email.parser import BytesParser
from email.policy import HTTP

from comanda.errors import Malformed, TooLarge

MOST_BYTES = 4_000_000  # a function takes six megabytes, and what is sent comes to it a third longer
MOST_PARTS = 50

type Files = dict[str, bytes]


def is_multipart(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/form-data")


def read_parts(content_type: str, raw: bytes) -> tuple[dict[str, list[str]], Files]:
    """The fields and files of a form. Raises Malformed, TooLarge."""
    if "\n" in content_type or "\r" in content_type:
        raise Malformed("the form cannot be read")
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
    if not message.is_multipart():
        raise Malformed("the form cannot be read")
    parts = list(message.iter_parts())
    if len(parts) > MOST_PARTS:
        raise TooLarge("the form has too many fields")
    fields: dict[str, list[str]] = {}
    files: Files = {}
    for part in parts:
        name, content = (
            part.get_param("name", header="content-disposition"),
            part.get_payload(decode=True),
        )
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise Malformed("the form cannot be read")
        if part.get_filename() is not None:
            files[name] = content
            continue
        try:
            fields.setdefault(name, []).append(content.decode())
        except UnicodeDecodeError as error:
            raise Malformed("the form is not UTF-8") from error
    return fields, files
