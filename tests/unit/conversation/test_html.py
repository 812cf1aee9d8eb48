"""The HTML of mails: escaped, self-contained, fit for mail programs, light and dark."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from comanda.conversation.render import keep, render_letter
from comanda.conversation.send import write
from tests.unit.conversation.samples import CONTACT, SECTIONS, URLS, effect, letters, lines, loaded, order

HOSTILE = '<script>alert("1")</script> & "Ana"'
VOID = {"meta", "br", "img", "hr", "input", "link"}


class Balanced(HTMLParser):
    """Fails on a tag that is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html_of(event: str) -> str:
    found, wanted = letters()[event]
    return render_letter(write(found, wanted, SECTIONS, URLS)).html


@pytest.mark.parametrize("event", letters())
def test_every_mail_is_well_formed_and_loads_nothing(event):
    html = html_of(event)
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert not re.search(r"<(script|link|iframe|form|object)\b|@import|url\(", html)
    assert 'lang="es"' in html


def test_styles_are_inside_the_elements_and_dark_mode_is_kept():
    html = html_of("merchant_order")
    assert re.search(r'<h1 style="[^"]*font-size: 22px', html)
    card = re.search(r'<table[^>]*class="card"[^>]*>', html)[0]
    assert "max-width: 640px" in card
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "border-left: 4px" not in html  # the note's rule is inlined where a note is, and nowhere else


def test_what_people_write_is_text_and_never_markup():
    mug, rug = lines()
    hostile = loaded(
        order(approved=False, lines=(replace(mug, name=HOSTILE), rug)),
        contact=CONTACT | {"name": HOSTILE, "company": HOSTILE},
        comment=HOSTILE + "\n<b>x</b>",
        purchase_order="<i>7</i>",
        fields={"floor": HOSTILE, "<u>unknown</u>": "y"},
        shipping={"line1": HOSTILE, "city": "<b>C</b>", "postal_code": "1", "country": "MX"},
    )
    html = render_letter(write(hostile, effect("merchant_order"), SECTIONS, URLS)).html
    assert "<script" not in html
    assert not re.search(r"<(b|i|u)>", html)
    assert "&lt;script&gt;" in html


def test_a_logo_is_shown_only_from_a_web_address():
    shop = SECTIONS["shop"]
    found, wanted = letters()["order_placed"]

    def page(url: str) -> str:
        sections = SECTIONS | {"shop": shop.model_copy(update={"logo_url": url})}
        return render_letter(write(found, wanted, sections, URLS)).html

    assert '<img class="logo"' in page("https://shop.example.com/logo.png")
    assert 'alt="Barro y Lana"' in page("https://shop.example.com/logo.png")
    assert "<img" not in page("javascript:alert(1)")


def test_an_orders_number_is_kept_on_one_line_without_touching_the_rest():
    assert keep("<b> P-1 & P-1", "P-1") == (
        '&lt;b&gt; <span class="keep">P-1</span> &amp; <span class="keep">P-1</span>'
    )
    assert keep("<b>", "") == "&lt;b&gt;"
