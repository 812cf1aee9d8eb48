"""/admin/settings/{section}: what the shop has set, who changed it, and its change."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from comanda.backoffice.office import etag
from comanda.backoffice.routes import StaffRoutes
from comanda.orders.wire import Body
from comanda.runtime.http import answer, if_match
from comanda.runtime.requests import raw_body
from comanda.settings.change import change_section, replace_section, restore_section
from comanda.settings.sections import Section
from comanda.settings.store import SettingsStore, known
from comanda.settings.versions import VersionStore

LATEST = 50
MOST_BYTES = 100_000  # a section is one item


class RestoreBody(Body):
    version: Annotated[int, Field(strict=True, ge=0)]


def hang_settings(
    routes: StaffRoutes, store: Callable[[], SettingsStore], versions: Callable[[], VersionStore]
) -> None:
    @routes.get(
        "/admin/settings/<section>", "settings.read", "A section of the settings; its version is the ETag."
    )
    def get(section: str) -> Response[dict[str, Any]]:
        found, version = store().section(section)
        return _told(found, version)

    @routes.patch("/admin/settings/<section>", "settings.write", "Change fields of a section.")
    def patch(section: str, body: dict[str, Any]) -> Response[dict[str, Any]]:
        raw_body(routes.event, MOST_BYTES)
        origin, seen = routes.origin, if_match(routes.event)
        found, version = change_section(
            section, body, seen=seen, at=origin.at, actor=origin.actor, store=store(), versions=versions()
        )
        return _told(found, version)

    @routes.put(
        "/admin/settings/<section>",
        "settings.write",
        "Say a section as a whole: what is left out has its default.",
    )
    def put(section: str, body: dict[str, Any]) -> Response[dict[str, Any]]:
        raw_body(routes.event, MOST_BYTES)
        origin, seen = routes.origin, if_match(routes.event)
        found, version = replace_section(
            section, body, seen=seen, at=origin.at, actor=origin.actor, store=store(), versions=versions()
        )
        return _told(found, version)

    @routes.post(
        "/admin/settings/<section>/restore",
        "settings.write",
        "Bring back what a section said at an earlier version, as a new one.",
    )
    def restore(section: str, body: RestoreBody) -> Response[dict[str, Any]]:
        origin, seen = routes.origin, if_match(routes.event)
        found, version = restore_section(
            section,
            body.version,
            seen=seen,
            at=origin.at,
            actor=origin.actor,
            store=store(),
            versions=versions(),
        )
        return _told(found, version)

    @routes.get(
        "/admin/settings/<section>/versions", "settings.read", "The last changes: who, when, what it was."
    )
    def history(section: str) -> Response[dict[str, Any]]:
        known(section)
        return answer({"items": versions().latest(section, LATEST), "next": None})


def _told(section: Section, version: int) -> Response[dict[str, Any]]:
    return answer(section.model_dump(mode="json"), headers=etag(version))
