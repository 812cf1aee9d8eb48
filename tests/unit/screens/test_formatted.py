"""The merchant's formatted words, as HTML and as plain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.settings.formatted import html, plain


@pytest.mark.capability("C17")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Banco **Norte**\nCuenta 12", "Banco <strong>Norte</strong><br>Cuenta 12"),
        ("Datos:\n- CLABE 999\n- **A nombre de** Luna\nGracias", ("Datos:<ul><li>CLABE 999</li>"
         "<li><strong>A nombre de</strong> Luna</li></ul>Gracias")),
        ("Mira https://luna.mx/pago?a=1&b=2.", ('Mira <a href="https://luna.mx/pago?a=1&amp;b=2">'
         "https://luna.mx/pago?a=1&amp;b=2</a>.")),
        ("2 ** 3 y **", "2 ** 3 y **"),
        ("-5 %", "-5 %"),
        ("<b>x</b>\n- <script>", "&lt;b&gt;x&lt;/b&gt;<ul><li>&lt;script&gt;</li></ul>"),
        ("javascript:alert(1) **<i>**", "javascript:alert(1) <strong>&lt;i&gt;</strong>"),
        ("", ""),
    ],
)  # fmt: skip
def test_bold_lists_and_addresses_are_shown_and_the_rest_is_text(text: str, shown: str) -> None:
    assert html(text) == shown


def test_as_text_it_is_without_the_marks() -> None:
    assert plain("Banco **Norte**\n- 2 ** 3") == "Banco Norte\n- 2 ** 3"


@given(st.text(alphabet="<>&\"'*- ahtps:/.\n", max_size=60))
def test_nothing_typed_becomes_any_other_markup(text: str) -> None:
    left = re.sub(r'</?(?:strong|ul|li|br)>|<a href="https?://[^"<>]*">|</a>', "", html(text))
    assert "<" not in left
    assert ">" not in left
