"""The items of bulk jobs in the Jobs table. Private to the store."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.row import Row


class JobsRow(Row):
    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    schema = NumberAttribute(default=1)


class JobRow(JobsRow):
    """`BULK#<id>`, `JOB`: how far the job is; in the `recent` index."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    revision = NumberAttribute()
    kind_pk = UnicodeAttribute()
    kind_sk = UnicodeAttribute()


class PartRow(JobsRow):
    """`BULK#<id>`, `ASKED#<n>` what was named, `CHUNK#<n>` the units of a chunk, `TALLY#<n>` their sums."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()


class ResultRow(JobsRow):
    """`BULK#<id>`, `RESULT#<chunk>#<place>`: what came of one unit."""

    class Meta:
        table_name = "unbound"

    outcome = UnicodeAttribute()
    body = UnicodeAttribute()


ROWS: tuple[type[JobsRow], ...] = (JobRow, PartRow, ResultRow)
