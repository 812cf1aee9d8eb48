"""The JSON API of a picker's phone: what there is to pick, one's own wave, and its scans."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from comanda.picking.alarms import seen
from comanda.picking.answer import wave_answer
from comanda.picking.context import Picking, Who
from comanda.picking.end import finish, release
from comanda.picking.look import look
from comanda.picking.scan import scan
from comanda.picking.short import short
from comanda.picking.take import take
from comanda.picking.undo import undo
from comanda.picking.work import work
from comanda.runtime.http import answer, answers, origin_of
from comanda.screens.house.forms import masked
from comanda.screens.picking.bodies import ScansBody, ShortBody, UndoBody, WaveBody
from comanda.screens.sign_in.sessions import Session

type Named = Callable[[str], tuple[str, ...]]  # an actor → what colleagues call them


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks now, and how a wave is shown to them; the door has put the session into each event."""

    app: APIGatewayHttpResolver
    picking: Callable[[], Picking]
    named: Named

    @property
    def session(self) -> Session:
        found: Session = self.app.current_event.raw_event["session"]
        return found

    @property
    def language(self) -> str:
        return str(self.app.current_event.raw_event["language"])

    @property
    def who(self) -> Who:
        actor = f"staff:{self.session.sub}"
        origin = origin_of(self.app.current_event.raw_event, actor, self.picking().now())
        return Who(self.session.sub, self.named(actor)[0], origin)

    def shown(self, wave_id: str, status: int = 200) -> Response[dict[str, Any]]:
        return answer(self.wave(wave_id), status)

    def wave(self, wave_id: str) -> dict[str, Any]:
        picking = self.picking()
        return wave_answer(look(picking, *picking.own(self.who, wave_id), self.language))


def hang_api(app: APIGatewayHttpResolver, picking: Callable[[], Picking], named: Named) -> None:
    asking = Asking(app, picking, named)
    hang_waves(asking)
    hang_scans(asking)


def hang_waves(asking: Asking) -> None:
    app, picking = asking.app, asking.picking

    @app.get("/picking/work", description="What there is to pick, and one's own open wave.")
    def work_list() -> Response[dict[str, Any]]:
        told = work(picking(), asking.who, asking.language)
        return answer(told | {"csrf": masked(asking.session.csrf)})

    @app.post(
        "/picking/waves",
        description="Take delivery orders: of a location, of a carrier, or those named.",
        responses=answers(201, "The wave; the same `wave_id` again answers the same one"),
    )
    def begin(body: WaveBody) -> Response[dict[str, Any]]:
        return asking.shown(take(picking(), asking.who, body.wish()).wave_id, 201)

    @app.get("/picking/waves/<wave_id>", description="One's own wave: its stops on the walk, its alarms.")
    def wave(wave_id: str) -> Response[dict[str, Any]]:
        return asking.shown(wave_id)

    @app.post("/picking/waves/<wave_id>/alarms/<alarm_id>/seen", description="An alarm is acknowledged.")
    def acknowledge(wave_id: str, alarm_id: str) -> Response[dict[str, Any]]:
        seen(picking(), asking.who, wave_id, alarm_id)
        return asking.shown(wave_id)

    @app.post("/picking/waves/<wave_id>/finish", description="Done: what is open is given back.")
    def done(wave_id: str) -> Response[dict[str, Any]]:
        finish(picking(), asking.who, wave_id)
        return asking.shown(wave_id)

    @app.post("/picking/waves/<wave_id>/release", description="Given back; picked units stay picked.")
    def give_back(wave_id: str) -> Response[dict[str, Any]]:
        release(picking(), asking.who, wave_id)
        return asking.shown(wave_id)


def hang_scans(asking: Asking) -> None:
    app, picking = asking.app, asking.picking

    @app.post(
        "/picking/waves/<wave_id>/scans",
        description="Scans, as often and in whatever order they come: each counts once, for good.",
    )
    def scans(wave_id: str, body: ScansBody) -> Response[dict[str, Any]]:
        outcomes = scan(picking(), asking.who, wave_id, [one.given() for one in body.scans])
        results = [
            {"scan_id": scan_id, "outcome": outcome} | ({"stop_id": stop} if stop else {})
            for scan_id, (outcome, stop) in outcomes.items()
        ]
        return answer({"results": results, "wave": asking.wave(wave_id)})

    @app.post("/picking/waves/<wave_id>/undo", description="A scan is taken back, once.")
    def take_back(wave_id: str, body: UndoBody) -> Response[dict[str, Any]]:
        undo(picking(), asking.who, wave_id, body.scan_id, body.undo_id)
        return asking.shown(wave_id)

    @app.post(
        "/picking/waves/<wave_id>/short",
        description="Articles of a stop are missing, damaged or misplaced: the order goes on without them.",
    )
    def not_found(wave_id: str, body: ShortBody) -> Response[dict[str, Any]]:
        short(picking(), asking.who, wave_id, body.lacking())
        return asking.shown(wave_id)
