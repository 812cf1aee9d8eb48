"""Transport: on the loopback nothing is encrypted, yet policies that ask for TLS must let it through."""

from typing import Any

from ministack.core import iam_evaluator


def apply() -> None:
    """Buckets refuse whoever comes without TLS; here that would be everybody."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_as_encrypted(key: str, context: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_as_encrypted
