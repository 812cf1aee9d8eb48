"""The items of export batches and destinations in the Jobs table. Private to the store."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from comanda.dynamo.row import Row


class JobsRow(Row):
    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    schema = NumberAttribute(default=1)


class BatchRow(JobsRow):
    """`BATCH#<id>`, `BATCH`: how far the batch is; in the `recent` index, newest last."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    revision = NumberAttribute()
    kind_pk = UnicodeAttribute()
    kind_sk = UnicodeAttribute()


class PartRow(JobsRow):
    """`BATCH#<id>`, `WANTED`, `LEFT_OUT` or `CHUNK#<n>`: what was asked for, what was not sent, what was."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()


class SeatRow(JobsRow):
    """`DESTINATION#<code>`, `SEAT`: who is under way, who works on it, who waits, and the cursor."""

    class Meta:
        table_name = "unbound"

    batch_id = UnicodeAttribute(default="")
    holder = UnicodeAttribute(default="")
    lease_until = UnicodeAttribute(default="")
    cursor = UnicodeAttribute(default="")
    waiting = UnicodeSetAttribute(null=True)  # `<asked at>#<batch>`, so the least is the oldest


ROWS: tuple[type[JobsRow], ...] = (BatchRow, PartRow, SeatRow)
