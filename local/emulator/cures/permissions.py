"""Permissions: what policies ask about a request, where the emulator answers otherwise than AWS."""

import base64
import email
import email.utils
from typing import Any
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator


def apply() -> None:
    count_loopback_as_encrypted()
    name_sending_identity()


def count_loopback_as_encrypted() -> None:
    """Buckets refuse whoever comes without TLS; here that would be everybody."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_as_encrypted(key: str, context: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_as_encrypted


def name_sending_identity() -> None:
    """Sending is asked for on `*`, which no permission for an identity covers: name the sender's identity."""
    extract = iam_actions.extract_resource_arn

    def extract_with_identity(
        service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any
    ) -> Any:
        arn = extract(service, method, path, headers, body, *rest)
        if service != "ses" or arn != "*" or b"Action=SendRawEmail" not in body:
            return arn
        region, account = rest[-2:]
        return f"arn:aws:ses:{region}:{account}:identity/{_sender(parse_qs(body.decode()))}"

    iam_actions.extract_resource_arn = extract_with_identity


def _sender(form: dict[str, list[str]]) -> str:
    if "Source" in form:
        return email.utils.parseaddr(form["Source"][0])[1]
    raw = base64.b64decode(form["RawMessage.Data"][0])
    return email.utils.parseaddr(email.message_from_bytes(raw)["From"])[1]
