"""Where the last run of asking after parcels stopped among the orders that are on their way."""

from pynamodb.attributes import UnicodeAttribute

from comanda.dynamo.jobs import JobsRow

PK, SK = "LOOKED#parcels", "MARK"


class CursorRow(JobsRow):
    """`LOOKED#parcels`"""

    class Meta:
        table_name = "unbound"

    cursor = UnicodeAttribute(null=True)


class AskedUntil:
    def __init__(self, table: str) -> None:
        CursorRow.bind(table)

    def read(self) -> str:
        """Empty before the first run, and where the last one came to the end."""
        row = CursorRow.read(PK, SK)
        return str(row.cursor or "") if row else ""

    def move(self, cursor: str) -> None:
        CursorRow.write(CursorRow(PK, SK, cursor=cursor or None))
