"""The bytes of batches in S3: written once in parts, read as a stream."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from comanda.errors import NotFound

PART_BYTES = 8 * 1024 * 1024  # S3 takes parts from 5 MiB on
READ_BYTES = 256 * 1024
LARGEST_ANSWER = 4_000_000  # what a function may answer, less its encoding; larger files are fetched from S3
LINK_SECONDS = 300


class Writer:
    """One object on its way into the bucket. Nothing is visible before `close`."""

    def __init__(self, client: Any, bucket: str, key: str, content_type: str = "text/csv") -> None:
        self._client = client
        self._type = content_type
        self._where = {"Bucket": bucket, "Key": key}
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self._upload = ""
        self._etags: list[str] = []
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, content: bytes) -> None:
        self._hash.update(content)
        self.size += len(content)
        self._waiting += content
        if len(self._waiting) >= PART_BYTES:
            self._send_part()

    def close(self) -> None:
        if not self._upload:
            self._client.put_object(**self._where, Body=self._waiting, ContentType=self._type)
            return
        if self._waiting:
            self._send_part()
        parts = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(self._etags, start=1)]
        self._client.complete_multipart_upload(
            **self._where, UploadId=self._upload, MultipartUpload={"Parts": parts}
        )

    def abort(self) -> None:
        """Leave nothing behind. What a killed process leaves, the bucket's lifecycle rule removes."""
        if self._upload:
            self._client.abort_multipart_upload(**self._where, UploadId=self._upload)

    def _send_part(self) -> None:
        if not self._upload:
            begun = self._client.create_multipart_upload(**self._where, ContentType=self._type)
            self._upload = begun["UploadId"]
        part = self._client.upload_part(
            **self._where,
            UploadId=self._upload,
            PartNumber=len(self._etags) + 1,
            Body=self._waiting,
        )
        self._etags.append(part["ETag"])
        self._waiting = bytearray()


class Contents:
    """`connect` makes the S3 client on first use."""

    def __init__(self, bucket: str, connect: Callable[[], Any]) -> None:
        self.bucket = bucket
        self._connect = connect
        self._made: Any = None

    def writer(self, key: str, content_type: str = "text/csv") -> Writer:
        return Writer(self._client, self.bucket, key, content_type)

    def read(self, key: str) -> Iterator[bytes]:
        """The content in pieces. Raises NotFound when it is not kept any more."""
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            # Without the right to list the bucket, S3 denies what is not there.
            if error.response["Error"]["Code"] not in ("NoSuchKey", "AccessDenied"):
                raise
            raise NotFound("the content of this batch is not kept any more") from error
        pieces: Iterator[bytes] = answer["Body"].iter_chunks(READ_BYTES)
        return pieces

    def link(self, key: str, file_name: str, seconds: int) -> str:
        """An address under which the content can be fetched for a while."""
        target = {
            "Bucket": self.bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        }
        address: str = self._client.generate_presigned_url("get_object", Params=target, ExpiresIn=seconds)
        return address

    @property
    def _client(self) -> Any:
        if self._made is None:
            self._made = self._connect()
        return self._made
