"""Export destinations in the back office: added, tested, their key confirmed, removed."""

import re
from typing import Any

import pytest

from comanda import wiring
from comanda.exports.probing import Finding
from comanda.screens.settings.destinations import fingerprint
from comanda.screens.settings.trials import WORDS
from tests.functional.conftest import Call
from tests.functional.exports_world import HOST_KEY, use_destination
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_export_tests import Bench, bench

__all__ = ["bench"]

pytestmark = pytest.mark.capability("A19")

TO = "/settings/exports/to/erp"


@pytest.fixture
def admin(bench: Bench) -> Visitor:
    return staff_at("admin")


def destinations(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = ask(call, "GET", "/admin/settings/exports").body["destinations"]
    return found


def outcome(admin: Visitor, bench: Bench) -> Seen:
    """The page of a test that was made."""
    started = admin.submit(admin.get(TO), f"{TO}/test")
    bench.work_off()
    return admin.follow(started)


def test_a_destination_is_added_tested_and_its_key_confirmed(
    call: Call, admin: Visitor, bench: Bench
) -> None:
    page = admin.get("/settings/exports/add")
    typed = {
        "code": "almacen", "destinations.new.host": "sftp.almacen.mx", "destinations.new.username": "comanda",
        "destinations.new.port": "2222", "destinations.new.format": "spreadsheet",
    }  # fmt: skip
    page = admin.follow(admin.submit(page, "/settings/exports/add", **typed))
    assert page.says("Not confirmed yet")
    found = destinations(call)["almacen"]
    assert (found["host"], found["port"], found["host_key"], found["enabled"]) == (
        "sftp.almacen.mx",
        2222,
        "",
        True,
    )
    bench.finding = Finding(HOST_KEY, "SHA256:x").failed("destination-host-key-missing", "")
    started = admin.submit(page, "/to/almacen/test")
    assert admin.follow(started).says("Connecting to sftp.almacen.mx")
    bench.work_off()
    page = admin.follow(started)
    assert page.says("The server's key is not confirmed yet")
    assert fingerprint(HOST_KEY) in page.text
    bench.finding = Finding(HOST_KEY, "SHA256:x").passed()
    again = admin.submit(page, "/confirm")
    bench.work_off()
    assert admin.follow(again).says("It works: orders can be sent there")
    assert destinations(call)["almacen"]["host_key"] == HOST_KEY
    assert bench.tried[-1][1].host_key == HOST_KEY
    assert admin.get("/settings/exports").says("ready")
    assert admin.get("/settings/exports/history").says("Destination › almacen › Confirmed key of the server")


def test_a_fingerprint_is_the_one_that_openssh_prints() -> None:
    # Published by GitHub for its SSH host key of this kind.
    line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    assert fingerprint(line) == "ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
    assert fingerprint("") == fingerprint("ssh-ed25519") == fingerprint("ssh-ed25519 ¿?") == ""


@pytest.mark.parametrize("problem", WORDS)
def test_each_failure_is_told_in_both_languages(admin: Visitor, bench: Bench, problem: str) -> None:
    bench.finding = Finding().failed(problem, "said by <the server>")
    said = {}
    for language in ("en", "es"):
        admin.language = language
        page = outcome(admin, bench)
        said[language] = re.search(r'<div class="notice bad"><h2>([^<]+)</h2>', page.text)
        assert "said by &lt;the server&gt;" in page.text
    assert len({found[1] for found in said.values() if found}) == 2


def test_a_changed_key_is_shown_beside_the_confirmed_one(call: Call, admin: Visitor, bench: Bench) -> None:
    other = HOST_KEY.replace("Ck3oZ6", "Ck3oZ7")
    bench.finding = Finding(other, "SHA256:other").failed("destination-host-key-changed", "")
    page = outcome(admin, bench)
    assert page.says("ask its owner before you confirm")
    assert fingerprint(other) in page.text
    assert fingerprint(HOST_KEY) in page.text
    admin.submit(page, "/confirm")
    assert destinations(call)["erp"]["host_key"] == other


def test_a_key_is_not_confirmed_for_another_server_or_over_a_change(
    call: Call, admin: Visitor, bench: Bench
) -> None:
    bench.finding = Finding("ssh-ed25519 AAAA", "SHA256:x").failed("destination-host-key-changed", "")
    page = outcome(admin, bench)
    use_destination(host="elsewhere.example.com")
    before = contents()["SettingsTable"]
    assert admin.submit(page, "/confirm").status == 409
    use_destination()
    page = outcome(admin, bench)
    use_destination(directory="in")
    before = contents()["SettingsTable"]
    assert admin.submit(page, "/confirm").status == 412
    assert contents()["SettingsTable"] == before


def test_another_server_needs_a_new_confirmation(call: Call, admin: Visitor) -> None:
    admin.submit(admin.get(TO), TO, **{"destinations.erp.directory": "in"})
    assert destinations(call)["erp"]["host_key"] == HOST_KEY
    admin.submit(admin.get(TO), TO, **{"destinations.erp.host": "new.example.com"})
    assert (destinations(call)["erp"]["host"], destinations(call)["erp"]["host_key"]) == (
        "new.example.com",
        "",
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": "Ñandú"}, "code"),
        ({"code": "erp"}, "code"),
        ({"destinations.new.host": ""}, "destinations.new.host"),
        ({"destinations.new.port": "99999"}, "destinations.new.port"),
        ({"destinations.new.port": "ssh"}, "destinations.new.port"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    admin: Visitor, typed: dict[str, str], field: str
) -> None:
    before = contents()["SettingsTable"]
    page = admin.get("/settings/exports/add")
    good = {"code": "nuevo", "destinations.new.host": "h", "destinations.new.username": "u"}
    refused = admin.submit(page, "/settings/exports/add", **good | typed)
    assert refused.status == 422
    assert 'aria-invalid="true"' in refused.text.split(f'name="{field}"')[1].split(">")[0]
    assert refused.form("/settings/exports/add")["destinations.new.username"] == "u"
    assert contents()["SettingsTable"] == before


def test_a_destination_is_removed_and_brought_back(call: Call, admin: Visitor) -> None:
    page = admin.get(TO)
    assert page.says("No order is sent there any more.")
    gone = admin.follow(admin.submit(page, f"{TO}/remove"))
    assert gone.says("erp is removed.")
    assert gone.says("Orders are sent nowhere yet")
    assert destinations(call) == {}
    admin.submit(gone, "/settings/exports/restore")
    assert destinations(call)["erp"]["host_key"] == HOST_KEY
    assert admin.submit(page, f"{TO}/remove").status == 412
    assert "erp" in destinations(call)


def test_no_secret_is_on_any_page(admin: Visitor, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "destination_secret", lambda code: {"private_key": "TOP-SECRET"})
    for page in (admin.get(TO), admin.get("/settings/exports"), outcome(admin, bench)):
        assert "TOP-SECRET" not in page.text
    assert admin.get(TO).says("It is neither shown nor kept here")


def test_staff_look_and_do_not_change(admin: Visitor) -> None:
    staff = staff_at("staff")
    assert staff.get(TO).says("Somebody with the role admin can change it.")
    assert not staff.get(TO).says("Test the connection")
    assert staff.get("/settings/exports").says("erp")
    assert staff.get("/settings/exports/add").status == 403


@pytest.mark.parametrize(
    "path", [TO, f"{TO}/remove", f"{TO}/test", f"{TO}/test/x/confirm", "/settings/exports/add"]
)
def test_without_the_forms_token_nothing_is_done(admin: Visitor, bench: Bench, path: str) -> None:
    before = contents()["SettingsTable"]
    assert admin.post(path, {"seen": "1", "_csrf": ""}).status == 403
    assert contents()["SettingsTable"] == before
    assert bench.asked == []


def test_unknown_ones_are_not_found(admin: Visitor, bench: Bench) -> None:
    started = admin.submit(admin.get(TO), f"{TO}/test")
    test_id = started.location.rpartition("/")[2]
    for path in (
        "/settings/exports/to/nobody",
        f"{TO}/test/none",
        f"/settings/exports/to/other/test/{test_id}",
    ):
        assert admin.get(path).status == 404, path


def test_what_people_typed_is_text_and_never_markup(admin: Visitor) -> None:
    bad = "<script>alert(1)</script>"
    admin.submit(admin.get(TO), TO, **{"destinations.erp.host": bad, "destinations.erp.directory": bad})
    for path in (TO, "/settings/exports", "/settings/exports/history"):
        assert bad not in admin.get(path).text
        assert "&lt;script" in admin.get(path).text
