"""The files of labels: kept in the private bucket, fetched from the carrier when they are not there."""

from dataclasses import dataclass
from typing import Any

from comanda.fulfilment.carriers.port import Format, LabelFile

CONTENT_TYPES: dict[Format, str] = {
    "pdf": "application/pdf",
    "zpl": "application/zpl",
    "png": "image/png",
}


@dataclass(frozen=True, slots=True)
class LabelFiles:
    """`labels/{order}/{label}.{format}` in `bucket`; its lifecycle rule deletes them in time."""

    client: Any
    bucket: str

    def keep(self, order_id: str, label_id: str, file: LabelFile) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=_key(order_id, label_id, file.format),
            Body=file.content,
            ContentType=CONTENT_TYPES[file.format],
        )

    def find(self, order_id: str, label_id: str) -> LabelFile | None:
        """Whatever form it was kept in; None when it never was, or not any longer."""
        start = f"labels/{order_id}/{label_id}."
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=start).get("Contents", [])
        kept = {str(item["Key"]).removeprefix(start) for item in listed}
        for form in CONTENT_TYPES:
            if form in kept:
                found = self.client.get_object(Bucket=self.bucket, Key=_key(order_id, label_id, form))
                return LabelFile(found["Body"].read(), form)
        return None


def _key(order_id: str, label_id: str, form: Format) -> str:
    return f"labels/{order_id}/{label_id}.{form}"
