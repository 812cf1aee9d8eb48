"""The file that a job wrote: where it lies, and what it is."""

KINDS = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "zpl": "application/zpl"}


def file_key(job_id: str, kind: str) -> str:
    """Where the file of a job lies; `kind` is how its name ends."""
    return f"bulk/{job_id}.{kind}"


def kind_of(file_name: str) -> str:
    return file_name.rpartition(".")[2]


def part_key(job_id: str, number: int) -> str:
    """Where a part of a file lies until it is bound; the bucket forgets it in a day."""
    return f"parts/{job_id}/{number:04}.pdf"
