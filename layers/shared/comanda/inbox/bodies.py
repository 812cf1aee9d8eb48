"""Bodies of webhooks in S3. An object's arrival starts its processing."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Body:
    raw: bytes
    metadata: dict[str, str]


class Bodies:
    """`s3` is the low-level client."""

    def __init__(self, s3: Any) -> None:
        self.s3 = s3

    def put(self, bucket: str, key: str, raw: bytes, metadata: dict[str, str]) -> None:
        self.s3.put_object(
            Bucket=bucket, Key=key, Body=raw, ContentType="application/octet-stream", Metadata=metadata
        )

    def get(self, bucket: str, key: str) -> Body | None:
        """The object, or None when it is there no more."""
        try:
            found = self.s3.get_object(Bucket=bucket, Key=key)
        except self.s3.exceptions.NoSuchKey:
            return None
        return Body(found["Body"].read(), dict(found.get("Metadata") or {}))
