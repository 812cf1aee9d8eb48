"""Export destinations: their list, one with its form, the test of its connection, confirming its key."""

from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.settings import destinations, trials
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.destinations import place


def hang_destinations(house: House, desk: SettingsDesk) -> None:
    @house.get("/settings/exports", "settings.read")
    def listed(asked: Asked) -> Answer:
        return destinations.listed(asked, desk)

    @house.get("/settings/exports/add", "settings.write")
    def fresh(asked: Asked) -> Answer:
        return destinations.show(asked, desk, "")

    @house.post("/settings/exports/add", "settings.write")
    def add(asked: Asked) -> Answer:
        return destinations.save(asked, desk, "")

    @house.get("/settings/exports/to/<destination>", "settings.read")
    def one(asked: Asked, destination: str) -> Answer:
        return destinations.show(asked, desk, destination)

    @house.post("/settings/exports/to/<destination>", "settings.write")
    def save(asked: Asked, destination: str) -> Answer:
        return destinations.save(asked, desk, destination)

    @house.post("/settings/exports/to/<destination>/remove", "settings.write")
    def remove(asked: Asked, destination: str) -> Answer:
        return destinations.remove(asked, desk, destination)

    hang_trials(house, desk)


def hang_trials(house: House, desk: SettingsDesk) -> None:
    @house.post("/settings/exports/to/<destination>/test", "settings.write")
    def test(asked: Asked, destination: str) -> Answer:
        trial = desk.probing().ask(destination, asked.origin.actor)
        return Goto(f"{place(destination)}/test/{trial.test_id}")

    @house.get("/settings/exports/to/<destination>/test/<test_id>", "settings.read")
    def tested(asked: Asked, destination: str, test_id: str) -> Answer:
        return trials.show(asked, desk, destination, test_id)

    @house.post("/settings/exports/to/<destination>/test/<test_id>/confirm", "settings.write")
    def confirm(asked: Asked, destination: str, test_id: str) -> Answer:
        return trials.confirm(asked, desk, destination, test_id)
