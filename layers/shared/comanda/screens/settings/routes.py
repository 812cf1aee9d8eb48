"""Settings: the overview, a form for each page, the history of each section."""

from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.settings import form, history
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.destination_routes import hang_destinations
from comanda.screens.settings.form import number
from comanda.screens.settings.overview import overview, payments
from comanda.screens.settings.pages import page_of
from comanda.screens.settings.paper_preview import hang_paper_preview


def hang_settings(house: House, desk: SettingsDesk) -> None:
    house.menu(90, N_("Settings"), "/settings", "settings.read", key="t")

    @house.get("/settings", "settings.read")
    def front(asked: Asked) -> Answer:
        return overview(asked)

    hang_destinations(house, desk)
    hang_paper_preview(house, desk)

    @house.get("/settings/payments", "settings.read")
    def methods(asked: Asked) -> Answer:
        return payments(asked, desk)

    @house.get("/settings/<code>", "settings.read")
    def page(asked: Asked, code: str) -> Screen:
        return form.show(asked, desk, page_of(code))

    @house.post("/settings/<code>", "settings.write")
    def save(asked: Asked, code: str) -> Answer:
        if asked.field("_do"):
            return form.arrange(asked, desk, page_of(code))
        return form.save(asked, desk, page_of(code))

    @house.get("/settings/<section>/history", "settings.read")
    def past(asked: Asked, section: str) -> Answer:
        return history.history(asked, desk, section)

    @house.get("/settings/<section>/history/<version>", "settings.read")
    def earlier(asked: Asked, section: str, version: str) -> Answer:
        return history.earlier(asked, desk, section, number({"version": [version]}, "version"))

    @house.post("/settings/<section>/restore", "settings.write")
    def restore(asked: Asked, section: str) -> Answer:
        return history.restore(asked, desk, section)
