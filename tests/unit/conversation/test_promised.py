"""A customer reads of each line what waits for stock, and the date by which it was promised."""

import pytest

from comanda.conversation.view import order_view
from tests.unit.conversation.samples import SECTIONS, lines, loaded, order

DATED = {"promised_at": "2026-12-14"}


def told(locale: str, **counts: object) -> str:
    placed = order(lines=lines(**counts))  # type: ignore[arg-type]
    return order_view(loaded(placed), SECTIONS, locale).lines[0].progress


@pytest.mark.parametrize(
    ("locale", "counts", "words"),
    [
        (
            "es",
            {"backordered": 2, **DATED},
            "2 prometidos para el 14 de diciembre de 2026",
        ),
        (
            "es",
            {"backordered": 1, **DATED},
            "1 prometido para el 14 de diciembre de 2026",
        ),
        ("en", {"backordered": 2, **DATED}, "2 promised by December 14, 2026"),
        ("es", {"backordered": 1}, "1 a la espera de existencias"),
        ("en", {"backordered": 1, "shipped": 1, "delivered": 1}, "1 waiting for stock, 1 delivered"),
        ("es", {"backordered": 2, **DATED, "cancelled": 2}, "2 cancelados"),
        ("es", {}, ""),
    ],
)
def test_what_waits_is_told_with_its_date(locale: str, counts: dict[str, object], words: str) -> None:
    assert told(locale, **counts) == words
