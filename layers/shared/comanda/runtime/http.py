"""HTTP functions: routing, validation, problem documents, conditional and idempotent requests."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from comanda.dynamo.passing import PASSING_ANSWERS
from comanda.errors import (
    Busy,
    IdempotencyKeyMissing,
    IfMatchMissing,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    RetryLater,
)
from comanda.origin import Origin
from comanda.runtime.observe import logger
from comanda.runtime.requests import form, header, is_form, request_id, wants_html
from comanda.times import stamp

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
type ProblemPage = Callable[[dict[str, Any], Problem], Response[Any]]

PROBLEM = "application/problem+json"
UNREADABLE = "the body is not readable as JSON"
MOST_BYTES = 5_000_000


def http_function(problem_page: ProblemPage | None = None) -> tuple[APIGatewayHttpResolver, Handler]:
    """A resolver to hang routes on, and the Lambda handler that serves it. The handler never raises.

    With `problem_page` the function also serves browsers: forms are read like JSON bodies, and
    whoever asks for HTML is told a problem on a page.
    """
    app = APIGatewayHttpResolver(enable_validation=True, serializer=to_json)

    def told(problem: Problem) -> Response[Any]:
        event = app.current_event.raw_event
        if problem_page is not None and wants_html(event):
            return problem_page(event, problem)
        return problem_answer(problem)

    app.exception_handler(Problem)(told)
    app.exception_handler(RequestValidationError)(lambda error: told(from_validation(error, _sent(app))))
    app.exception_handler(RequestUnsupportedContentType)(lambda error: told(Malformed(UNREADABLE)))
    app.exception_handler([ClientError, BotoCoreError])(lambda error: told(_busy_or_raise(error)))
    app.exception_handler(ServiceError)(lambda error: told(Malformed(str(error.msg))))
    app.not_found(lambda error: told(NotFound("no such address")))

    def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        logger.append_keys(request_id=request_id(event), route=event.get("routeKey", ""))
        try:
            _refuse_multipart(event)
            if problem_page is not None and is_form(event):
                event = event | _as_json(event)
            answer: dict[str, Any] = app.resolve(event, context)
        except RecursionError:
            answer = plain_problem(400, Malformed.type, Malformed.title, "the body is nested too deeply")
        except Problem as problem:  # the body could not be read
            answer = plain_problem(problem.status, problem.type, problem.title, problem.detail)
        except Exception:
            logger.exception("unexpected failure")
            answer = plain_problem(
                500, "unexpected", "Something went wrong on our side", "it was written to the log"
            )
        logger.info("answered", extra={"status": answer.get("statusCode")})
        return answer

    return app, lambda_handler


def _refuse_multipart(event: dict[str, Any]) -> None:
    """No route takes a body in parts, and the framework stumbles over a broken one."""
    if header(event, "content-type").lower().startswith("multipart/"):
        raise Malformed(UNREADABLE)


def passing(error: Exception) -> Busy | None:
    """Busy for a fault of AWS that a repeat outlives: throttling, and a connection that broke."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        return Busy("AWS is throttling us just now") if code in PASSING_ANSWERS else None
    broken = isinstance(error, (BotoConnectionError, HTTPClientError))
    return Busy("a connection to AWS broke") if broken else None


def _busy_or_raise(error: Exception) -> Problem:
    busy = passing(error)
    if busy is None:
        raise error
    logger.warning("a passing fault of AWS", extra={"error": type(error).__name__})
    return busy


def _as_json(event: dict[str, Any]) -> dict[str, Any]:
    """A form's body as the JSON that the same route takes; empty fields count as not sent."""
    fields = {name: value for name, value in form(event).items() if value and name != "access_token"}
    headers = {name: value for name, value in event["headers"].items() if name.lower() != "content-type"}
    return {
        "body": to_json(fields),
        "isBase64Encoded": False,
        "headers": headers | {"content-type": "application/json"},
    }


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def answer(
    body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response[dict[str, Any]]:
    """A JSON answer with a status and headers."""
    return Response(status, "application/json", body, dict(headers or {}))


def replayed(before: bool) -> dict[str, str]:
    """The header of an answer that was given before to the same request under its key."""
    return {"Idempotent-Replay": "true"} if before else {}


def answers(status: int, description: str) -> dict[int, Any]:
    """What OpenAPI says of a route's success; every other answer is a problem document."""
    content = {"application/json": {"schema": {"type": "object", "additionalProperties": True}}}
    return {status: {"description": description, "content": content}}


class Shown(Protocol):
    """A page as it goes out."""

    @property
    def html(self) -> str: ...

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> dict[str, str]: ...


def page(shown: Shown) -> Response[Any]:
    """A page for a browser."""
    return Response(shown.status, "text/html; charset=utf-8", shown.html, dict(shown.headers))


def see_other(where: str) -> Response[Any]:
    """Send a browser on after a form was taken, so that reloading sends nothing twice."""
    return Response(303, "text/html; charset=utf-8", "", {"Location": where})


def download(name: str, content: bytes, content_type: str = "text/csv; charset=utf-8") -> Response[Any]:
    """A file to be saved under `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(200, content_type, content, headers)


def problem_answer(problem: Problem) -> Response[Any]:
    """RFC 9457: the problem's stable type, what, where and why."""
    body = document(problem)
    headers = {"Retry-After": str(problem.retry_after)} if isinstance(problem, RetryLater) else {}
    return Response(problem.status, PROBLEM, to_json(body), headers)


def document(problem: Problem) -> dict[str, Any]:
    return {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.extra,
    }


def plain_problem(status: int, kind: str, title: str, detail: str) -> dict[str, Any]:
    body = to_json({"type": kind, "title": title, "status": status, "detail": detail})
    return {
        "statusCode": status,
        "headers": {"Content-Type": PROBLEM},
        "body": body,
        "isBase64Encoded": False,
    }


def _sent(app: APIGatewayHttpResolver) -> Any:
    """The body as it came, if it is JSON."""
    try:
        return app.current_event.json_body
    except (ValueError, RecursionError):
        return None


def from_validation(error: RequestValidationError, body: Any = None) -> Problem:
    """Pydantic's findings as JSON pointers into `body`; one that is no JSON is malformed, not invalid."""
    findings = error.errors()
    if any(finding["type"] in ("json_invalid", "unsupported_content_type") for finding in findings):
        return Malformed(UNREADABLE)
    errors = [{"pointer": _pointer(finding, body), "detail": finding["msg"]} for finding in findings]
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
    return "/" + "/".join(places)


def _place(here: Any, part: str | int, *, known: bool) -> bool:
    """Whether the body has this place; of a body that is not known every part is believed."""
    if isinstance(here, dict):
        return part in here
    return isinstance(part, int) or not known


def _inner(here: Any, part: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    return here[part] if isinstance(here, list) and isinstance(part, int) and part < len(here) else None


def idempotency_key(event: dict[str, Any], *, required: bool = True) -> str:
    """The caller's Idempotency-Key. Raises IdempotencyKeyMissing, or Malformed for one out of bounds."""
    key = header(event, "idempotency-key")
    if not key:
        if required:
            raise IdempotencyKeyMissing(
                "send an Idempotency-Key header: it keeps a repeat from counting twice"
            )
        return ""
    if len(key) > 200 or not key.isprintable() or not key.isascii():
        raise Malformed("an Idempotency-Key is 1 to 200 printable ASCII characters")
    return key


def if_match(event: dict[str, Any]) -> int:
    """The version in If-Match. Raises IfMatchMissing, or Malformed when it is none of our ETags."""
    given = header(event, "if-match")
    if not given:
        raise IfMatchMissing('send If-Match: "<version>" with the version you have seen')
    text = given.removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 12:
        raise Malformed('If-Match takes one version, such as "7"')
    return int(text)


def origin_of(event: dict[str, Any], actor: str, now: Any) -> Origin:
    """Who asks, through which request, when."""
    return Origin(actor, f"request:{request_id(event)}", stamp(now))
