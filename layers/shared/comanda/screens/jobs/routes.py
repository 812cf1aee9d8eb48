"""Bulk jobs: the list, the progress of one, stopping and going on, the file that one wrote."""

from collections.abc import Callable, Iterable
from typing import Any

from comanda.backoffice.bulk import look
from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.bulk.files import KINDS, file_key, kind_of
from comanda.backoffice.bulk.model import LIVE, State
from comanda.conversation.speech import N_
from comanda.errors import TooLarge, WrongState
from comanda.exports.contents import LARGEST_ANSWER, LINK_SECONDS
from comanda.screens.house.answers import Answer, File, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

type Numbers = Callable[[Iterable[str | None]], dict[str, str]]

ACTIONS = {
    "approve": N_("Approve"),
    "mark-paid": N_("Mark as paid"),
    "clear-cheque": N_("Cheques cleared"),
    "ship": N_("Ship"),
    "cancel": N_("Cancel orders"),
    "hold": N_("Put on hold"),
    "release-hold": N_("Release holds"),
    "label": N_("Change status"),
    "assign": N_("Assign"),
    "tag": N_("Tag"),
    "export": N_("Write a file"),
    "print": N_("Print"),
}
STATES = {
    "pending": (N_("being prepared"), "blue"),
    "running": (N_("running"), "blue"),
    "cancelling": (N_("being stopped"), "amber"),
    "cancelled": (N_("stopped"), "neutral"),
    "interrupted": (N_("interrupted"), "red"),
    "failed": (N_("failed"), "red"),
    "completed": (N_("done"), "green"),
}
OUTCOMES = {
    "done": (N_("done"), "green"),
    "would_change": (N_("would change"), "blue"),
    "unchanged": (N_("nothing to do"), "neutral"),
    "refused": (N_("refused"), "red"),
    "failed": (N_("failed"), "amber"),
}


def hang_jobs(
    house: House, bulking: Callable[[], Bulking], runs: Callable[[], Runs], numbers: Numbers
) -> None:
    house.menu(70, N_("Bulk jobs"), "/jobs", "orders.read", key="j")

    @house.get("/jobs", "orders.read")
    def jobs(asked: Asked) -> Answer:
        found = look.listed(30, asked.word("cursor"), at=bulking(), runs=runs())
        following = asked.address(cursor=found["next"]) if found["next"] else None
        return Screen("jobs/list.html.j2", _words() | {"jobs": found["items"], "next": following})

    @house.get("/jobs/<job_id>", "orders.read")
    def job(asked: Asked, job_id: str) -> Answer:
        failed, cursor = asked.word("failed") == "1", asked.word("cursor")
        seen = look.looked_at(job_id, 50, cursor, failed=failed, at=bulking(), runs=runs())
        values = {
            "job": seen,
            "live": seen["state"] in LIVE,
            "resumable": seen["state"] in (State.CANCELLED, State.INTERRUPTED),
            "here": f"{BASE}/jobs/{job_id}",
            "next": asked.address(cursor=seen["next"]) if seen["next"] else None,
            "failed_only": failed,
            "file": _file_link(seen, bulking()),
            "numbers": numbers([one["order_id"] for one in seen["results"]]),
        }
        return Screen("jobs/job.html.j2", _words() | values)

    @house.post("/jobs/<job_id>/cancel", "orders.write")
    def cancel(asked: Asked, job_id: str) -> Answer:
        look.cancel(job_id, at=bulking(), runs=runs())
        return Goto(f"{BASE}/jobs/{job_id}", asked.tongue.say("The job stops after the orders at hand."))

    @house.post("/jobs/<job_id>/resume", "orders.write")
    def resume(asked: Asked, job_id: str) -> Answer:
        look.resume(job_id, at=bulking(), runs=runs())
        return Goto(f"{BASE}/jobs/{job_id}", asked.tongue.say("The job goes on."))

    hang_file(house, bulking)


def _file_link(seen: dict[str, Any], at: Bulking) -> str:
    """Where the file of a job is fetched: here, or a large one by a link of its own; empty without a file."""
    made = seen["result"] or {}
    if not made.get("file_name"):
        return ""
    if made["size"] <= LARGEST_ANSWER:
        return f"{BASE}/jobs/{seen['job_id']}/file"
    return at.exporting().contents.link(
        file_key(seen["job_id"], kind_of(made["file_name"])), made["file_name"], LINK_SECONDS
    )


def hang_file(house: House, bulking: Callable[[], Bulking]) -> None:
    @house.get("/jobs/<job_id>/file", "exports.read")
    def file(asked: Asked, job_id: str) -> Answer:
        at = bulking()
        made = at.jobs.get(job_id).result
        if not made.get("file_name"):
            raise WrongState("job-without-file", "this job has no file")
        if made["size"] > LARGEST_ANSWER:
            raise TooLarge("the page of the job has a link for a file of this size")
        name = str(made["file_name"])
        kind = kind_of(name)
        content = b"".join(at.exporting().contents.read(file_key(job_id, kind)))
        return File(name, content, KINDS[kind])


def _words() -> dict[str, Any]:
    return {"actions": ACTIONS, "states": STATES, "outcomes": OUTCOMES}
