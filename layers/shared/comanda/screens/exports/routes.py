"""Exports: what was sent to the merchant's systems, what failed, and having it sent."""

from collections.abc import Callable

from comanda.backoffice.export_once import run_once
from comanda.conversation.speech import N_
from comanda.errors import TooLarge
from comanda.exports.contents import LARGEST_ANSWER, LINK_SECONDS
from comanda.exports.exporting import Exporting
from comanda.exports.requests import content_of, resend
from comanda.idempotency.store import KeyStore
from comanda.screens.exports.batches import batch_screen, list_screen
from comanda.screens.house.answers import Answer, File, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House


def hang_exports(house: House, exporting: Callable[[], Exporting], keys_seen: Callable[[], KeyStore]) -> None:
    house.menu(60, N_("Exports"), "/exports", "exports.read", key="e")

    @house.get("/exports", "exports.read")
    def batches(asked: Asked) -> Answer:
        return list_screen(asked, exporting())

    @house.get("/exports/<batch_id>", "exports.read")
    def batch(asked: Asked, batch_id: str) -> Answer:
        return batch_screen(asked, batch_id, exporting(), LARGEST_ANSWER, LINK_SECONDS)

    @house.get("/exports/<batch_id>/file", "exports.read")
    def file(asked: Asked, batch_id: str) -> Answer:
        found, pieces = content_of(batch_id, exporting())
        if found.size > LARGEST_ANSWER:
            raise TooLarge("the page of the batch has a link for a file of this size")
        return File(found.file_name, b"".join(pieces))

    @house.post("/exports/send/<destination>", "exports.run")
    def send(asked: Asked, destination: str) -> Answer:
        wish = {"mode": "new"}
        batch_id, _ = run_once(destination, wish, asked.key, asked.origin, exporting(), keys_seen())
        told = asked.tongue.say("New orders are on their way to %(destination)s.", destination=destination)
        return Goto(_address(batch_id), told)

    @house.post("/exports/<batch_id>/resend", "exports.run")
    def again(asked: Asked, batch_id: str) -> Answer:
        resend(batch_id, exporting())
        return Goto(_address(batch_id), asked.tongue.say("The same file is on its way once more."))


def _address(batch_id: str) -> str:
    return f"{BASE}/exports/{batch_id}"
