"""Whatever is typed into any field of any form stays text: on the page that refuses it, wherever it shows."""

from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.scene import Scene
from tests.functional.screens.typing import Form, forms_of
from tests.functional.screens.visitor import SITE, Seen, Visitor, staff_at
from tests.web.screens import Place, places

HOSTILE = "\"'><svg onload=alert(1)></textarea><script>alert(2)</script>{{7*7}}"
RUNS = ("<svg onload", "<script>alert", "</textarea><script", ">49<")
PARAMETERS = (
    "q",
    "label",
    "sort",
    "columns",
    "do",
    "as_of",
    "show",
    "find",
    "check",
    "back",
    "cursor",
    "from",
)
ELSEWHERE = {  # need a workflow or a destination; their forms have buttons only
    "/jobs/<job_id>",
    "/exports/<batch_id>",
    "/settings/exports/to/<destination>/test/<test_id>",
}
PAGES = [place for place in places() if place.path not in ELSEWHERE]
FORMS = [place for place in PAGES if not place.query or "do=" in place.query]


@pytest.fixture
def scene(call: Call) -> Scene:
    return Scene(call, HOSTILE)


def send(staff: Visitor, form: Form, values: dict[str, list[str]]) -> list[Seen]:
    """What the form answers, and the page it leads to."""
    where = form.action.partition("/back-office")[2]
    if form.method == "get":
        return [staff.get(f"{where.partition('?')[0]}?{urlencode(values, doseq=True)}")]
    answer = staff.post(where, values)
    home = (SITE, "/back-office")
    leads = answer.status == 303 and answer.location.startswith(home) and "/sign-in" not in answer.location
    return [answer, staff.follow(answer)] if leads else [answer]


def harmless(seen: Seen, what: Any) -> None:
    assert seen.status < 500, what
    for run in RUNS:
        assert run not in seen.text.lower(), (what, run)


@pytest.mark.parametrize("place", FORMS, ids=lambda place: place.name)
def test_what_is_typed_is_never_more_than_text(place: Place, scene: Scene) -> None:
    staff, address = staff_at("admin"), place.address(scene)  # type: ignore[arg-type]
    page = staff.get(address)
    harmless(page, address)
    shown = 0
    for number, form in enumerate(forms_of(page.text)):
        fresh = forms_of(page.text)[number:]
        for name in form.free:
            if not fresh or fresh[0].action != form.action or name not in fresh[0].free:
                break  # what was sent before has changed the page
            values = fresh[0].with_text(name, HOSTILE) | {"_key": [f"key-{number}-{name}"]}
            answers = send(staff, fresh[0], values)
            for seen in answers:
                harmless(seen, (form.action, name))
            shown += any(escape("<svg onload") in seen.text for seen in answers)
            if len(answers) > 1:  # it was taken: the page has another version now
                fresh = forms_of(staff.get(address).text)[number:]
    for where in (
        address,
        "/orders",
        "/customers",
        f"/orders/{scene.order}",
        f"/orders/{scene.order}/history",
    ):
        harmless(staff.get(where), where)
    free = [name for form in forms_of(page.text) if form.method == "post" for name in form.free]
    assert shown or not free, "no answer shows what was typed: nothing was tried"


def test_an_address_is_text_too(scene: Scene) -> None:
    """Every parameter of every page's address, and its named parts."""
    staff = staff_at("admin")
    query = urlencode(dict.fromkeys((*PARAMETERS, "month"), HOSTILE))
    for place in PAGES:
        address = place.address(scene).partition("?")[0]  # type: ignore[arg-type]
        harmless(staff.get(f"{address}?{query}"), address)
        named = place.path.replace("<", "%22%3E%3Csvg%20onload%3D").replace(">", "")
        harmless(staff.get(named), named)
