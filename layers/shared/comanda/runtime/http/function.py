"""HTTP functions: routing, validation, and whatever goes wrong told as a problem."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from comanda.dynamo.passing import PASSING_ANSWERS
from comanda.errors import Busy, Malformed, NotFound, Problem
from comanda.runtime.http.findings import UNREADABLE, from_validation
from comanda.runtime.http.problems import plain_problem, problem_answer
from comanda.runtime.http.replies import to_json
from comanda.runtime.observe import logger
from comanda.runtime.requests import form, header, is_form, request_id, wants_html

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
type ProblemPage = Callable[[dict[str, Any], Problem], Response[Any]]


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
        return problem_answer(problem, header(event, "accept-language"))

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


def _sent(app: APIGatewayHttpResolver) -> Any:
    """The body as it came, if it is JSON."""
    try:
        return app.current_event.json_body
    except (ValueError, RecursionError):
        return None


def time_left(context: Any, leave_ms: int) -> Callable[[], bool]:
    """Whether the function has more than `leave_ms` before it is stopped; asked again each time. Without
    a context, as in tests, always."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return lambda: remaining is None or remaining() > leave_ms
