"""How far each payment provider has been looked at, in the Jobs table."""

from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute

from comanda.dynamo.jobs import JobsRow

SK = "MARK"


class MarkRow(JobsRow):
    """`LOOKED#<provider>`"""

    class Meta:
        table_name = "unbound"

    until = UnicodeAttribute()


class LookedAt:
    def __init__(self, table: str) -> None:
        MarkRow.bind(table)

    def read(self, code: str) -> str:
        """Until when, UTC; empty before the first look."""
        row = MarkRow.read(f"LOOKED#{code}", SK)
        return str(row.until) if row else ""

    def move(self, code: str, until: str) -> None:
        """Note that everything before `until` was looked at; a mark never goes back."""
        row = MarkRow(f"LOOKED#{code}", SK, until=until)
        try:
            MarkRow.write(row, MarkRow.pk.does_not_exist() | (MarkRow.until < until))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
