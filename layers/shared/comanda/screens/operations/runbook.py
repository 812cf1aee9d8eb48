"""The runbook's entry of each kind of incident. docs/runbook.md has the same words, kept"
" so by a test."""

from dataclasses import dataclass

from comanda.conversation.speech import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """`means`: what has happened. `safe`: what may be repeated, and why. `steps`: what to "
    "do, in order."""

    title: str
    means: str
    safe: str
    steps: tuple[str, ...]


RUNBOOK: dict[str, Entry] = {
    "executions": Entry(
        N_("Orders whose workflow failed"),
        N_(
            "A step of the order's workflow failed beyond its retries. The order stands still until "
            "somebody tries it again; commands, payments and scans are recorded all the same."
        ),
        N_("Trying again is safe: the same step runs again, and what was done before is not done twice."),
        (
            N_("Open the execution: it names the step and what it said."),
            N_("Mend the cause: the function's log has the rest under the order's id."),
            N_("Try the step again, for one order or for a selection."),
        ),
    ),
    "jobs": Entry(
        N_("Bulk jobs that were interrupted"),
        N_("A job broke off before each of its orders had a result."),
        N_("Going on is safe: an order that has its result is passed over."),
        (N_("Open the job and go on with it."),),
    ),
    "dead_letters": Entry(
        N_("Messages that were given up"),
        N_(
            "A message failed five times and was set aside, or reached no queue at all. What it asks "
            "for has not happened yet, unless its row says so. After two weeks it is forgotten."
        ),
        N_(
            "Sending back is safe: every receiver counts by the identity of the effect, so the same "
            "message twice has its effect once."
        ),
        (
            N_("Open the queue: each message names its order and why it failed."),
            N_("Mend the cause first, or it comes back after five more tries."),
            N_("Send the messages back; discard only what nobody can read or want any more."),
        ),
    ),
    "exports": Entry(
        N_("Exports that failed"),
        N_("A file did not reach its destination. Its orders are not marked as sent."),
        N_("Sending again is safe: the same bytes go under the same name, and no order goes out twice."),
        (
            N_("Open the batch: its problem names the cause."),
            N_(
                "A changed host key stops the export: ask the destination's operator by another channel "
                "before pinning the new one."
            ),
            N_("Send it again."),
        ),
    ),
    "effects": Entry(
        N_("Outside effects that are unresolved"),
        N_("A refund, a capture, a void or a mail failed, or nobody knows whether it happened."),
        N_(
            "Look first: what is unknown may have happened. A retry asks the provider by the effect's"
            " own key and pays nothing twice; a mail in doubt may arrive twice."
        ),
        (
            N_("Look at the provider by the effect's id, or ask the customer."),
            N_("Try again, or count it as settled elsewhere and say how."),
        ),
    ),
    "notices": Entry(
        N_("Notices that were not judged"),
        N_("A payment provider or a carrier reported something, and we could not apply it."),
        N_(
            "Judging again is safe: a payment is read at its provider anew, and a scan that is known "
            "changes nothing."
        ),
        (
            N_("Read what the notice's problem says."),
            N_("Have it judged again, once the cause is mended."),
        ),
    ),
    "bounces": Entry(
        N_("Mails to the shop that came back"),
        N_(
            "An address that the shop is told at does not take mail any more: whoever reads it is not"
            " told of new orders."
        ),
        N_("Nothing is lost: every order is in the list, whether or not a mail told of it."),
        (
            N_("Mend the address, or take it out of the settings."),
            N_("Say that it is seen to; another bounce brings it back."),
        ),
    ),
    "pauses": Entry(
        N_("What is paused"),
        N_("Staff have paused a destination, a provider or a workflow. What is wanted of it waits."),
        N_("Resuming is safe: what waited is taken up, each thing once."),
        (N_("Ask who paused it, and resume it once the reason is gone."),),
    ),
}


def printed() -> str:
    """The entries as docs/runbook.md has them."""
    parts = []
    for kind, entry in RUNBOOK.items():
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(entry.steps, start=1))
        parts.append(f'### <a id="{kind}"></a>{entry.title}\n\n{entry.means}\n\n{entry.safe}\n\n{steps}\n')
    return "\n".join(parts)
