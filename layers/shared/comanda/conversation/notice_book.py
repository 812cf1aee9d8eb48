"""Claims of mails that are not about one order, kept in the Jobs table."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from comanda.canonical import canonical
from comanda.orders.outbox import Outbox
from comanda.orders.rows import OutRow

PREFIX = "MAIL#"


class NoticeRow(OutRow):
    """`MAIL#<batch>` / `OUT#<event>` in the Jobs table: the claim of a mail about an export batch."""

    class Meta:
        table_name = "unbound"


class NoticeBook:
    """The outbox of notices."""

    def __init__(self, table: str) -> None:
        self.outbox = Outbox(table, NoticeRow)

    def add(self, owner: str, effect_id: str, data: Mapping[str, Any], at: str) -> None:
        """Write a notice down; it stays as it is when it was written before."""
        row = NoticeRow(owner, f"OUT#{effect_id}", kind="mail", state="wanted")
        row.body, row.wanted_at = canonical(dict(data)), at
        try:
            NoticeRow.write(row, NoticeRow.pk.does_not_exist())
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
