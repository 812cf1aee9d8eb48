"""An order that there never was, for samples of papers: three articles, paid, on its way."""

from collections.abc import Iterable, Mapping

from comanda.conversation.speech import N_
from comanda.documents.kinds import Kind, ListKind
from comanda.orders.decision import Loaded
from comanda.orders.model import Entry, Line, Order, Shipment, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method, Payment
from comanda.stock.model import Level, Product

PRICES = (25_000, 118_050, 9_900)  # minor units
UNITS = (2, 1, 12)
ARTICLE = N_("Sample article")
LONG = N_("Sample article with a name so long that it needs more than one line of the paper")
BINS = ("A-2", "A-10", "")


class SampleShelf:
    """The bins of the sample's articles; their names are those on the order."""

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        return {}

    def levels(self, skus: Iterable[str], location: str) -> Mapping[str, Level]:
        places = dict(zip(("ABC-1", "ABC-2", "ABC-3"), BINS, strict=True))
        return {sku: Level(sku, location, bin=places[sku]) for sku in skus}


def sample(kind: Kind | ListKind, names: tuple[str, str], currency: str, locale: str, at: str) -> Loaded:
    """`names`: a short and a long one in the reader's words; `at`: the stamp of all that ever happened."""
    total, method = sum(price * n for price, n in zip(PRICES, UNITS, strict=True)), Method.BANK_TRANSFER
    order = Order(
        order_id="sample",
        number="P-000123",
        currency=currency,
        channel=Channel.WEB,
        locale=locale,
        lifecycle=Lifecycle.PLACED,
        method=method,
        delivery="",
        created_at=at,
        updated_at=at,
        lines=_lines(names),
        charges=(),
        tax_lines=(),
        totals=Totals(total, 0, 0, 0, 0, total, True),
        terms=Terms(),
        verified=True,
        approved=True,
        payment=Payment.PAID,
        shipments=(Shipment("s1", "estafeta", "3205 0012 3456 7890 1234 56", (), at),),
        ledger=(Entry("e1", "capture", method, "manual", total, currency, "ok", at),),
    )
    contact = {"name": "Ana Muñoz", "email": "ana@example.com", "phone": "+525512345678"}
    street = {"line1": "Av. Álvaro Obregón 45", "postal_code": "06700", "city": "CDMX", "country": "MX"}
    return Loaded(order, {"contact": contact} | ({} if kind == Kind.PICKUP_SLIP else {"shipping": street}))


def _lines(names: tuple[str, str]) -> tuple[Line, ...]:
    short, long = names
    return tuple(
        Line(f"l{n}", f"ABC-{n}", name, units, price, price * units, 0, 0, 0, price * units, allocated=units)
        for n, (name, units, price) in enumerate(zip((short, long, short), UNITS, PRICES, strict=True), 1)
    )
