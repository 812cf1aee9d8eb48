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
            Key=label_key(order_id, label_id, file.format),
            Body=file.content,
            ContentType=CONTENT_TYPES[file.format],
        )

    def find(self, order_id: str, label_id: str) -> LabelFile | None:
        """Whatever form it was kept in; None when it never was, or not any longer."""
        form = self.form(order_id, label_id)
        return self.read(order_id, label_id, form) if form else None

    def form(self, order_id: str, label_id: str) -> Format | None:
        """The form it was kept in, if it is there."""
        start = f"labels/{order_id}/{label_id}."
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=start).get("Contents", [])
        kept = {str(item["Key"]).removeprefix(start) for item in listed}
        return next((form for form in CONTENT_TYPES if form in kept), None)

    def read(self, order_id: str, label_id: str, form: Format) -> LabelFile:
        found = self.client.get_object(Bucket=self.bucket, Key=label_key(order_id, label_id, form))
        return LabelFile(found["Body"].read(), form)


def label_key(order_id: str, label_id: str, form: Format) -> str:
    """Where the file of a label lies."""
    return f"labels/{order_id}/{label_id}.{form}"
