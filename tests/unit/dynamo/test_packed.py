"""Long texts lie compressed, and come back the same from a table, a stream and an earlier writer."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.dynamo.packed import body_of, pack, unpack


@given(st.text())
def test_a_text_comes_back_the_same_from_table_and_stream(text: str) -> None:
    assert unpack({"B": pack(text)}) == text
    assert unpack({"B": b64encode(pack(text)).decode()}) == text


def test_a_text_of_an_earlier_writer_is_read_as_it_is() -> None:
    assert body_of({"body": {"S": '{"name":"Muñoz"}'}}) == {"name": "Muñoz"}


def test_a_snapshot_of_json_shrinks_by_half() -> None:
    text = '{"line_id":"l1","quantity":1,"sku":"CAFE-1","subtotal":5800,"total":5800},' * 20
    assert len(pack(text)) < len(text) / 2


@pytest.mark.parametrize("held", [b"", b"plain", pack("whole")[:-3]])
def test_what_was_never_packed_is_named_so(held: bytes) -> None:
    with pytest.raises(ValueError, match="does not unpack"):
        unpack({"B": held})
