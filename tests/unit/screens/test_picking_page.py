"""What the picker's page is made of: all its words are translated, every module stays small, nothing is
fetched from elsewhere."""

import json
import re
from pathlib import Path

from comanda.screens.picking.files import DECODER, MODULES, WORKER, address, asset, files, static, worker
from comanda.screens.picking.page import texts, words
from local.words import SCREENS, said

WITHOUT_SCRIPT = {"Picking needs JavaScript: it counts on the phone, also without a connection."}
LONGEST_MODULE = 200  # lines
ELSEWHERE = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]")


def modules() -> list[Path]:
    return [*sorted(MODULES.glob("*.js")), WORKER]


def test_the_page_is_given_every_text_that_its_modules_say() -> None:
    given = {(one, many) if many else one for one, many in texts()}
    assert given == said(SCREENS / "picking") - WITHOUT_SCRIPT


def test_spanish_is_not_english() -> None:
    same = {text for text, told in words("es").items() if told == text or told == words("en")[text]}
    assert same <= {"Menu"} | {text for text in words("es") if not re.search(r"[A-Za-z]{4}", text)}


def test_modules_stay_small_and_name_no_other_site() -> None:
    for path in modules():
        source = path.read_text()
        assert source.count("\n") <= LONGEST_MODULE, path.name
        assert not ELSEWHERE.search(source.replace("http://www.w3.org/2000/svg", "")), path.name
        assert not re.search(r"innerHTML|\beval\(", source), path.name


def test_modules_import_what_is_served() -> None:
    for path in MODULES.glob("*.js"):
        for name in re.findall(r'from "\./([^"]+)"', path.read_text()):
            assert name in files(), f"{path.name} imports {name}"


def test_files_are_served_for_ever_under_the_address_of_their_content() -> None:
    sent = static({}, address("app.js").removeprefix("/picking"))
    assert sent["statusCode"] == 200
    assert "immutable" in sent["headers"]["Cache-Control"]
    older = static({}, "/static/000000000000/app.js")
    assert older["headers"]["Cache-Control"] == "no-cache"
    for name in ("worker.js", "page.py", "../page.py", "..%2fpage.py", ""):
        assert static({}, f"/static/x/{name}")["statusCode"] == 404


def test_the_decoder_comes_from_here_with_its_licences() -> None:
    wasm = asset("zxing_reader.wasm")
    assert wasm
    assert wasm.content_type == "application/wasm"
    assert {path.name for path in DECODER.glob("*.licence.txt")} == {
        "barcode-detector.licence.txt",
        "zxing_reader.licence.txt",
    }
    assert "locateFile" in (MODULES / "camera.js").read_text()  # else it would be fetched from a CDN


def test_the_worker_keeps_the_page_and_leaves_the_decoder_to_who_needs_it() -> None:
    sent = worker({})
    assert sent["headers"]["Service-Worker-Allowed"] == "/picking"
    assert sent["headers"]["Cache-Control"] == "no-cache"
    found = re.search(r"const KEPT = (.*);", sent["body"])
    assert found
    kept = json.loads(found[1])
    assert {address("app.js"), address("picking.css"), address("house.css")} <= set(kept)
    assert address("zxing_reader.wasm") not in kept
