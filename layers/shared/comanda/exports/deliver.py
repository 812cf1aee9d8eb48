"""Deliver a built batch: the stored bytes, unchanged, to the merchant's server."""

import hashlib
from collections.abc import Iterator

from comanda.crash import crash_point
from comanda.errors import NotFound
from comanda.exports.exporting import Exporting, Parcel, Pulse
from comanda.exports.model import Batch, DeliveryFailed, State
from comanda.times import stamp

TIME_TO_FINISH = 20.0  # what checking and renaming may take


def deliver(batch: Batch, at: Exporting, pulse: Pulse) -> Batch:
    """The batch once its file lies at the destination under its final name. Raises DeliveryFailed."""
    destination = at.destinations().get(batch.destination)
    if destination is None or not destination.enabled:
        raise DeliveryFailed(
            "destination-unknown",
            f"the settings have no destination {batch.destination!r} that is switched on",
            passing=False,
        )
    batch = at.batches.save(batch, state=State.SENDING)

    def staged() -> None:
        nonlocal batch
        crash_point("export.uploaded")
        batch = at.batches.save(batch, staged=True)
        crash_point("export.staged")

    def beat() -> None:
        pulse.beat()
        if pulse.left() < TIME_TO_FINISH:
            raise DeliveryFailed(
                "destination-too-slow", f"{batch.size} bytes did not get through in time", passing=True
            )

    parcel = Parcel(batch.file_name, batch.size, batch.sha256, lambda: content(batch, at))
    courier = at.courier(batch.destination, destination)
    evidence = courier.deliver(parcel, staged=batch.staged, on_staged=staged, beat=beat)
    crash_point("export.renamed")
    batch = at.batches.save(batch, sent_at=stamp(at.now()), evidence=evidence, trouble=None)
    crash_point("export.sent")
    return batch


def content(batch: Batch, at: Exporting) -> Iterator[bytes]:
    """The stored bytes; raises DeliveryFailed at their end when they are not the ones recorded."""
    seen = hashlib.sha256()
    try:
        for piece in at.contents.read(batch.key):
            seen.update(piece)
            yield piece
    except NotFound as error:
        raise DeliveryFailed("content-gone", error.detail, passing=False) from error
    if seen.hexdigest() != batch.sha256:
        raise DeliveryFailed(
            "content-changed", "the stored content is not what the batch recorded; not sent", passing=False
        )
