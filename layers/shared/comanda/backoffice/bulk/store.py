"""Bulk jobs in the Jobs table: the head, the chunks of orders, a result for each, sums for each chunk."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from comanda.backoffice.bulk.model import Job, Result, Tally, Unit
from comanda.canonical import canonical
from comanda.dynamo.jobs import HeadRow, JobsRow, PartRow, recent
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Busy, Malformed, NotFound
from comanda.times import moment

RECENT = "BULK"
ASKED_SIZE = 500  # entries of one item, which DynamoDB limits to 400 KB
ATTEMPTS = 10
KEEP_SECONDS = 90 * 86_400

type Entry = dict[str, Any]


class ResultRow(JobsRow):
    """`BULK#<id>`, `RESULT#<chunk>#<place>`: what came of one unit."""

    class Meta:
        table_name = "unbound"

    outcome = UnicodeAttribute()
    body = UnicodeAttribute()


class JobStore:
    """`BULK#<id>`: `JOB` how far it is, `ASKED#<n>` what was named, `CHUNK#<n>` the units of a chunk,
    `RESULT#…` what came of each, `TALLY#<n>` their sums."""

    def __init__(self, table: str) -> None:
        self.table = table
        for row in (HeadRow, PartRow, ResultRow):
            row.bind(table)

    # -- the head --------------------------------------------------------------------------------

    def add(self, job: Job, entries: Sequence[Entry], remember: Callable[[Transaction], None]) -> bool:
        """Write a new job with what it names; False when its id is taken, and then it stays as it is.

        `remember` adds the caller's key to the transaction that makes the job known.
        """
        if self.find(job.job_id):
            return False
        parts = list(batched(entries, ASKED_SIZE, strict=False))
        for number, part in enumerate(parts):
            self._put_part(job, _place("ASKED", number), list(part))
        tx = Transaction()
        tx.put(_row(replace(job, asked=len(parts))), HeadRow.pk.does_not_exist(), AlreadyDone)
        remember(tx)
        try:
            tx.commit()
        except AlreadyDone:
            return False
        return True

    def find(self, job_id: str) -> Job | None:
        row = HeadRow.read(_pk(job_id), "JOB")
        return Job.from_dict(json.loads(row.body)) if row else None

    def get(self, job_id: str) -> Job:
        """Raises NotFound."""
        found = self.find(job_id)
        if found is None:
            raise NotFound("there is no such job")
        return found

    def change(self, job_id: str, judge: Callable[[Job], dict[str, Any] | None]) -> Job:
        """Write what `judge` wants changed of the job as it is; None leaves it alone.

        Judged again when somebody else was first. Raises NotFound, Busy, and what `judge` refuses with.
        """
        for _ in range(ATTEMPTS):
            job = self.get(job_id)
            changes = judge(job)
            if changes is None:
                return job
            after = replace(job, revision=job.revision + 1, **changes)
            tx = Transaction()
            tx.put(_row(after), HeadRow.revision == job.revision)
            try:
                tx.commit()
            except RevisionMoved:
                continue
            return after
        raise Busy("others keep changing this job")

    def recent(self, limit: int, before: str = "") -> tuple[list[Job], str]:
        """Jobs, newest first, and where to go on (empty: that was all)."""
        bodies, after = recent(self.table, RECENT, limit, before)
        return [Job.from_dict(body) for body in bodies], after

    # -- what is to be done ------------------------------------------------------------------------

    def asked(self, job: Job) -> Iterator[Entry]:
        """What the caller named, in that order."""
        for number in range(job.asked):
            yield from self._part(job.job_id, _place("ASKED", number))

    def put_chunk(self, job: Job, number: int, units: Iterable[Unit]) -> None:
        self._put_part(job, _place("CHUNK", number), [unit.to_dict() for unit in units])

    def chunk(self, job_id: str, number: int) -> list[Unit]:
        return [Unit.from_dict(unit) for unit in self._part(job_id, _place("CHUNK", number))]

    def _put_part(self, job: Job, sk: str, body: Any) -> None:
        PartRow.write(PartRow(_pk(job.job_id), sk, body=canonical(body), expires_at=_until(job)))

    def _part(self, job_id: str, sk: str) -> list[Any]:
        row = PartRow.read(_pk(job_id), sk)
        if row is None:
            raise NotFound(f"job {job_id} has no {sk}")
        found: list[Any] = json.loads(row.body)
        return found

    # -- what came of it ---------------------------------------------------------------------------

    def put_result(self, job: Job, chunk: int, place: int, result: Result) -> None:
        row = ResultRow(_pk(job.job_id), f"{_place('RESULT', chunk)}#{place:04d}", expires_at=_until(job))
        row.outcome, row.body = result.outcome, canonical(result.to_dict())
        ResultRow.write(row)

    def results_of(self, job_id: str, chunk: int) -> dict[int, Result]:
        """Results of a chunk by their places."""
        items = self._items(job_id, f"{_place('RESULT', chunk)}#")
        return {
            int(item["sk"]["S"].rpartition("#")[2]): Result.from_dict(json.loads(item["body"]["S"]))
            for item in items
        }

    def put_tally(self, job: Job, chunk: int, tally: Tally) -> None:
        self._put_part(job, _place("TALLY", chunk), tally.to_dict())

    def tally(self, job_id: str) -> Tally:
        """Sums over all chunks so far."""
        found = (Tally.from_dict(json.loads(i["body"]["S"])) for i in self._items(job_id, "TALLY#"))
        return sum(found, Tally())

    def results(
        self, job_id: str, limit: int, after: str, outcomes: Sequence[str]
    ) -> tuple[list[Result], str]:
        """A page of results in the order of the job, and the cursor of the next ("" at the end).

        `outcomes` picks some; none means all. Raises Malformed for a cursor that is none.
        """
        request = self._query(job_id, "RESULT#")
        if after:
            request["ExclusiveStartKey"] = {"pk": {"S": _pk(job_id)}, "sk": {"S": _known(after)}}
        if outcomes:
            names = {f":o{place}": {"S": outcome} for place, outcome in enumerate(outcomes)}
            request["FilterExpression"] = f"outcome IN ({', '.join(names)})"
            request["ExpressionAttributeValues"] |= names
        found: list[Result] = []
        last = ""
        for item in pages(**request):
            if len(found) == limit:
                return found, last
            found.append(Result.from_dict(json.loads(item["body"]["S"])))
            last = item["sk"]["S"].removeprefix("RESULT#")
        return found, ""

    def _items(self, job_id: str, beginning: str) -> Iterator[dict[str, Any]]:
        return pages(**self._query(job_id, beginning))

    def _query(self, job_id: str, beginning: str) -> dict[str, Any]:
        return {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :beginning)",
            "ExpressionAttributeValues": {":pk": {"S": _pk(job_id)}, ":beginning": {"S": beginning}},
            "ConsistentRead": True,
        }


def _until(job: Job) -> int:
    """When the job is forgotten with all it was told: words of staff and numbers from a warehouse's list."""
    return int(moment(job.created_at).timestamp()) + KEEP_SECONDS


def _pk(job_id: str) -> str:
    return f"BULK#{job_id}"


def _place(kind: str, number: int) -> str:
    return f"{kind}#{number:06d}"


def _known(cursor: str) -> str:
    """`<chunk>#<place>`, and nothing else."""
    chunk, _, place = cursor.partition("#")
    if not (chunk.isdecimal() and place.isdecimal() and len(cursor) == 11):
        raise Malformed("this is no cursor of ours")
    return f"RESULT#{cursor}"


def _row(job: Job) -> HeadRow:
    return HeadRow(
        _pk(job.job_id),
        "JOB",
        body=canonical(job.to_dict()),
        revision=job.revision,
        expires_at=_until(job),
        kind_pk=RECENT,
        kind_sk=f"{job.created_at}#{job.job_id}",
    )
