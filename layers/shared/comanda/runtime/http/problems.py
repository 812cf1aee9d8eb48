"""Problem documents (RFC 9457)."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.errors import Problem, RetryLater
from comanda.runtime.http.replies import to_json

PROBLEM = "application/problem+json"


def problem_answer(problem: Problem, accept_language: str = "") -> Response[Any]:
    """RFC 9457: the problem's stable type, what, where and why; details in Spanish for who asks so."""
    body = document(problem)
    headers = {"Retry-After": str(problem.retry_after)} if isinstance(problem, RetryLater) else {}
    if accept_language:
        from comanda.refusals.spanish import document_in_spanish, wants_spanish

        if wants_spanish(accept_language):
            body = document_in_spanish(body)
            headers["Content-Language"] = "es"
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
