"""The bytes of a mail: 7-bit, whole after a round trip, headers that cannot be broken into."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from comanda.conversation.mime import Envelope, Recipient, Unsendable, message, one_line, tag, untag
from comanda.conversation.render import Rendered, render_letter
from comanda.conversation.send import write
from tests.unit.conversation.samples import ORDER_ID, SECTIONS, URLS, letters

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
ANA = Recipient("ana@example.com", "Ana Muñoz Íñiguez")


def rendered(event: str = "order_placed", **shop) -> Rendered:
    found, wanted = letters()[event]
    sections = SECTIONS | {"shop": SECTIONS["shop"].model_copy(update=shop)}
    return render_letter(write(found, wanted, sections, URLS))


def sent(mail: Rendered, *to: Recipient, sender: str = "pedidos@shop.example.com"):
    envelope = Envelope(sender, to or (ANA,), ORDER_ID, "mail-order_placed", ORDER_ID, AT)
    raw = message(mail, envelope)
    return raw, message_from_bytes(raw, policy=policy.default)


def shown_name(raw: bytes) -> str:
    """The name before the address in To, as RFC 2047 says to decode it."""
    header = message_from_bytes(raw, policy=policy.compat32)["To"]
    return str(make_header(decode_header(parseaddr(header)[0])))


@pytest.mark.capability("D32")
@pytest.mark.parametrize("event", letters())
def test_every_mail_is_seven_bit_clean_and_survives_a_round_trip(event):
    mail = rendered(event)
    raw, parsed = sent(mail)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert parsed.get_content_type() == "multipart/alternative"
    text = parsed.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = parsed.get_body(("html",)).get_content().replace("\r\n", "\n")
    assert text.strip() == mail.text.strip()
    assert html.strip() == mail.html.strip()
    assert not parsed.defects
    assert not any(part.defects for part in parsed.walk())


def test_headers_say_what_it_is_and_where_replies_go():
    _, parsed = sent(rendered())
    assert parsed["Subject"] == "Barro y Lana: solicitud de pedido P-000123 recibida"
    assert str(parsed["From"]) == "Barro y Lana <pedidos@shop.example.com>"
    assert parsed["To"].addresses[0].addr_spec == "ana@example.com"
    assert parsed["To"].addresses[0].display_name == "Ana Muñoz Íñiguez"
    assert parsed["Reply-To"].addresses[0].addr_spec == "hola@barroylana.example.com"
    assert parsed["X-Comanda-Event"] == "order_placed"
    assert parsed["X-Comanda-Order"] == ORDER_ID
    assert parsed["Content-Language"] == "es"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Message-ID"] == f"<mail-order_placed.{ORDER_ID}@shop.example.com>"
    assert parsed["Date"].datetime == AT


def test_without_a_reply_address_replies_go_to_the_sender():
    found, wanted = letters()["order_placed"]
    quiet = SECTIONS | {"notifications": SECTIONS["notifications"].model_copy(update={"reply_to": None})}
    mail = render_letter(write(found, wanted, quiet, URLS))
    _, parsed = sent(mail)
    assert parsed["Reply-To"] is None
    assert "Responde a este mensaje" not in mail.text


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: all@example.com",
        "Ana\nX-Comanda-Event: forged\n\n<html>",
        'Ana" <evil@example.com>, "B',
        "Ana\u2028Bcc: x@example.com\x00\x1b[2J",
        "Muñoz, Íñiguez; (y compañía) " * 12,
    ],
)
def test_names_cannot_break_into_headers(name):
    mail = rendered(name=name)
    raw, parsed = sent(mail, Recipient("ana@example.com", name))
    assert raw.isascii()
    assert [address.addr_spec for address in parsed["To"].addresses] == ["ana@example.com"]
    assert [address.addr_spec for address in parsed["From"].addresses] == ["pedidos@shop.example.com"]
    assert parsed["Bcc"] is None
    assert parsed.get_all("X-Comanda-Event") == ["order_placed"]
    assert shown_name(raw) == one_line(name)
    assert "\n" not in parsed["Subject"]


@pytest.mark.capability("A16")
def test_several_recipients_are_all_named():
    _, parsed = sent(
        rendered("merchant_order"), Recipient("a@shop.example.com"), Recipient("b@shop.example.com")
    )
    assert [address.addr_spec for address in parsed["To"].addresses] == [
        "a@shop.example.com",
        "b@shop.example.com",
    ]


def test_domains_take_their_ascii_form_and_other_addresses_are_refused():
    _, parsed = sent(rendered(), Recipient("ana@ñandú.example.com"))
    assert parsed["To"].addresses[0].addr_spec == "ana@xn--and-6ma2c.example.com"
    for email in (
        "añа@example.com",
        "no address",
        "a@b\r\nBcc: x@example.com",
        "@example.com",
        "a b@example.com",
    ):
        with pytest.raises(Unsendable):
            sent(rendered(), Recipient(email))


def test_tags_take_any_effect_id_and_give_it_back():
    for value in ("mail-order_placed", "mail-refunded-stripe:charge:ch_1", "MAIL#b-1", "b64-x", "ñ"):
        assert untag(tag(value)) == value
        assert all(c.isascii() and (c.isalnum() or c in "_-") for c in tag(value))
    assert tag("mail-order_placed") == "mail-order_placed"
