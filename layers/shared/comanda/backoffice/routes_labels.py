"""GET /admin/labels: the merchants' words for an order's state, in their language."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.routes import StaffRoutes
from comanda.runtime.http import answer
from comanda.settings.store import SettingsStore


def hang_labels(routes: StaffRoutes, settings: Callable[[], SettingsStore]) -> None:
    @routes.get("/admin/labels", "orders.read", "Both vocabularies of an order's state, in words.")
    def labels(locale: Annotated[Literal["es", "en"] | None, Query()] = None) -> Response[dict[str, Any]]:
        from comanda.backoffice.labels import labels_answer  # brings all languages along; rarely asked for

        return answer(labels_answer(locale or settings().section("notifications")[0].merchant_locale))
