"""What validation found, as JSON pointers into the body that was sent."""

from typing import Any

from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from comanda.errors import Invalid, Malformed, Problem
from comanda.runtime.http.wording import tag_of, worded

UNREADABLE = "the body is not readable as JSON"


def from_validation(error: RequestValidationError, body: Any = None) -> Problem:
    """Pydantic's findings as JSON pointers into `body`; one that is no JSON is malformed, not invalid."""
    findings = error.errors()
    if any(finding["type"] in ("json_invalid", "unsupported_content_type") for finding in findings):
        return Malformed(UNREADABLE)
    errors = [{"pointer": _pointer(finding, body), "detail": worded(finding)} for finding in findings]
    where = ", ".join(sorted({item["pointer"] for item in errors}))
    return Invalid(f"not valid: {where}", errors=errors)


def _pointer(finding: dict[str, Any], body: Any) -> str:
    """Where in the body; the names of the shapes that a body may take are no places in it."""
    loc = finding["loc"]
    inside_body = bool(loc) and loc[0] == "body"
    parts = loc[1:] if inside_body else loc
    places: list[str] = []
    here = body if inside_body else None
    for number, part in enumerate(parts, start=1):
        missing = finding["type"] == "missing" and number == len(parts)
        if not missing and not _place(here, part, known=inside_body and body is not None):
            continue
        places.append(str(part).replace("~", "~0").replace("/", "~1"))
        here = _inner(here, part)
    return "/" + "/".join((*places, *tag_of(finding)))


def _place(here: Any, part: str | int, *, known: bool) -> bool:
    """Whether the body has this place; of a body that is not known every part is believed."""
    if isinstance(here, dict):
        return part in here
    return isinstance(part, int) or not known


def _inner(here: Any, part: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    return here[part] if isinstance(here, list) and isinstance(part, int) and part < len(here) else None
