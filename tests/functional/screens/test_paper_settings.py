"""The settings of printed papers: a logo sent as a file, and a sample before anything is saved."""

from base64 import b64decode, b64encode

import pytest

from comanda import wiring
from functions.back_office.app import lambda_handler
from tests.functional.conftest import http_event
from tests.functional.papers_world import Functions, printing_here
from tests.functional.screens.visitor import SITE, Seen, Visitor, _seen, staff_at
from tests.unit.documents.papers import png, text_of

PAGE = "/settings/documents"


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


@pytest.fixture
def admin() -> Visitor:
    return staff_at("admin")


def send(staff: Visitor, logo: bytes = b"", **typed: str) -> Seen:
    """The page's form as a browser sends it, with a file: bytes, so in base64 as the gateway hands it on."""
    fields = staff.get(PAGE).form(PAGE) | typed
    parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    head = '--x\r\nContent-Disposition: form-data; name="logo.file"; filename="logo.png"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + logo + b"\r\n--x--\r\n"
    cookies = "; ".join(f"{n}={v}" for n, v in (staff.cookies | {"language": staff.language}).items())
    told = {"cookie": cookies, "origin": SITE, "content-type": "multipart/form-data; boundary=x"}
    event = http_event("POST", f"/back-office{PAGE}", b64encode(body).decode(), headers=told)
    return _seen(lambda_handler(event | {"isBase64Encoded": True, "rawQueryString": ""}, None))


def sample(staff: Visitor, kind: str, **typed: str) -> Seen:
    """The button of one kind, pressed with what stands in the form."""
    return staff.post(f"{PAGE}/preview", staff.get(PAGE).form(PAGE) | typed | {"_kind": kind})


def kept() -> object:
    return wiring.settings().section("documents")


@pytest.mark.capability("D29")
def test_a_sample_shows_what_was_typed_and_saves_nothing(admin: Visitor, functions: Functions) -> None:
    before = kept()
    seen = sample(admin, "receipt", sender="RFC BLA010203AB1")
    assert seen.status == 200
    assert seen.headers["content-type"] == "application/pdf"
    told = text_of(seen.text.encode(errors="surrogateescape"))
    for text in ("Receipt", "RFC BLA010203AB1", "P-000123", "Sample article"):
        assert text in told
    assert kept() == before


TITLES = {
    "order": ("Pedido", "Order"),
    "packing-slip": ("Nota de entrega", "Packing slip"),
    "receipt": ("Recibo", "Receipt"),
    "pickup-slip": ("Nota de recogida", "Pickup slip"),
    "pick-list": ("Lista de surtido", "Pick list"),
    "hand-over": ("Relación de entrega", "Hand-over"),
}
PRICED = ("order", "receipt")


@pytest.mark.capability("D29", "D30")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("format", ["a4", "thermal"])
@pytest.mark.parametrize("kind", TITLES)
def test_each_paper_has_a_sample_in_both_languages_and_on_every_paper(
    kind: str, format: str, language: str, admin: Visitor, functions: Functions
) -> None:
    before = kept()
    own = kind.replace("-", "_")
    seen = sample(
        admin,
        kind,
        _lang=language,
        _format=format,
        **{f"{own}.es": "Con cuidado.", f"{own}.en": "Take care."},
    )
    assert (seen.status, seen.headers["content-type"]) == (200, "application/pdf")
    told = text_of(seen.text.encode(errors="surrogateescape"))
    assert TITLES[kind][language == "en"] in told
    assert ("Con cuidado.", "Take care.")[language == "en"] in told
    assert ("Artículo de muestra", "Sample article")[language == "en"] in told or kind == "hand-over"
    assert ("$2,868.50" in told) == (kind in PRICED)
    assert functions.asked[-1]["papers"]["format"] == format
    assert kept() == before


@pytest.mark.parametrize("wish", [{"_lang": "fr"}, {"_format": "a3"}])
def test_a_sample_that_there_is_not_is_refused(
    wish: dict[str, str], admin: Visitor, functions: Functions
) -> None:
    assert sample(admin, "order", **wish).status == 422
    assert sample(admin, "poster").status == 404
    assert functions.asked == []


def test_a_sample_of_what_is_not_valid_is_refused(admin: Visitor, functions: Functions) -> None:
    assert sample(admin, "order", colour="blue").status == 422
    assert functions.asked == []


def test_the_sample_needs_the_forms_token(admin: Visitor, functions: Functions) -> None:
    assert admin.post(f"{PAGE}/preview", {"_kind": "order"}).status == 403
    assert functions.asked == []


@pytest.mark.capability("D29")
def test_a_logo_is_sent_as_a_file_printed_and_removed(admin: Visitor, functions: Functions) -> None:
    assert send(admin, png()).status == 303
    own, version = wiring.settings().section("documents")
    assert (b64decode(own.logo), version) == (png(), 1)
    assert send(admin).status == 303  # no other file: it stays
    assert kept() == (own, 1)
    assert sample(admin, "order").status == 200
    made = functions.asked[-1]["papers"]
    assert made["head"]["logo"] == f"data:image/png;base64,{own.logo}"
    page = admin.get(PAGE)
    assert page.says("There is one.")
    assert admin.get("/settings/documents/history").says("a picture of 1 KB")
    assert send(admin, **{"logo.remove": "on"}).status == 303
    assert wiring.settings().section("documents")[0].logo == ""


@pytest.mark.parametrize("logo", [b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"x" * 60_001])
def test_a_logo_that_cannot_be_printed_changes_nothing(logo: bytes, admin: Visitor) -> None:
    before = kept()
    seen = send(admin, logo)
    assert seen.status == 422
    assert seen.says("a PNG or JPEG picture") or seen.says("a picture of at most 60 KB")
    assert kept() == before
