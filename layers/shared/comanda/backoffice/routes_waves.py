"""GET /admin/waves: who picks what, how far; and taking a wave away from a phone that is lost."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.routes import StaffRoutes
from comanda.picking.context import Picking
from comanda.picking.end import take_away
from comanda.picking.waves import told, waves
from comanda.runtime.http import answer


def hang_waves(routes: StaffRoutes, picking: Callable[[], Picking]) -> None:
    @routes.get(
        "/admin/waves", "picking.read", "Open waves of all pickers with their progress, newest first."
    )
    def open_waves() -> Response[dict[str, Any]]:
        return answer({"items": waves(picking()), "next": None}, headers={"Cache-Control": "no-store"})

    @routes.post(
        "/admin/waves/<wave_id>/release",
        "picking.write",
        "A picker's wave is taken away: others may have what is open, picked units stay picked.",
    )
    def release(wave_id: str) -> Response[dict[str, Any]]:
        return answer(told(picking(), take_away(picking(), routes.origin.actor, wave_id)))
