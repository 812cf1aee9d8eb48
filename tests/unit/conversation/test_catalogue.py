"""The translations: whole, and exactly what code and templates say."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from comanda.conversation import catalogue
from comanda.conversation.catalogue import LANGUAGES, LOCALES, language, preferred, translations

AREA = LOCALES.parent
KEYWORDS = {"N_": None, "say": None, "say_many": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def said() -> set[str | tuple[str, ...]]:
    """Every text that code or a template asks a translation for."""
    with (LOCALES / "extraction.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    areas = (AREA, AREA.parent / "documents")
    found = [one for area in areas for one in extract_from_dir(area, methods, options, KEYWORDS)]
    return {message for _, _, message, _, _ in found}


def read(code: str) -> Catalog:
    with (LOCALES / code / "LC_MESSAGES" / "comanda.po").open("rb") as file:
        return read_po(file)


def forms(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("code", LANGUAGES)
def test_templates_and_code_say_exactly_what_the_catalogue_holds(code):
    assert {message.id for message in read(code) if message.id} == said()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_is_translated_and_none_is_a_guess(code):
    messages = [message for message in read(code) if message.id]
    assert len(messages) > 200
    assert [message.id for message in messages if not all(forms(message))] == []
    assert [message.id for message in messages if message.fuzzy] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_translations_fill_in_what_the_source_fills_in(code):
    for message in read(code):
        source = message.id if isinstance(message.id, str) else message.id[1]
        for form in forms(message):
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(source)), message.id


def test_the_customer_is_addressed_calmly_and_as_tu():
    for message in read("es"):
        if message.id:
            text = PLACEHOLDER.sub("", " ".join(forms(message)))
            assert not re.search(r"[!¡]|\b(usted|su pedido|email)\b", text, re.IGNORECASE), text


def test_a_locale_finds_its_language():
    found = {code: language(code) for code in ("es", "en", "en-US", "es_MX", "fr", "")}
    assert found == {"es": "es", "en": "en", "en-US": "en", "es_MX": "es", "fr": "es", "": "es"}


@pytest.mark.parametrize(
    ("header", "otherwise", "expected"),
    [
        ("en-GB,en;q=0.9,es;q=0.8", "es", "en"),
        ("fr-FR, es-MX;q=0.5", "en", "es"),
        ("fr", "en", "en"),
        ("", "es", "es"),
    ],
)
def test_a_browser_gets_its_first_language_of_ours(header, otherwise, expected):
    assert preferred(header, otherwise) == expected


def test_compiled_catalogues_are_used_where_the_build_made_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from babel.messages.mofile import write_mo

    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    compiled = Catalog(locale="es")
    compiled.add("Total", "Suma")
    with (folder / "comanda.mo").open("wb") as file:
        write_mo(file, compiled)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    translations.cache_clear()
    try:
        assert translations("es").gettext("Total") == "Suma"
    finally:
        translations.cache_clear()
