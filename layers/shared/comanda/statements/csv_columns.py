"""Which column of a bank's CSV file is which, by the words that Spanish and English headers use. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

HEADER_WITHIN = 40  # rows: banks write the account and the period above the header

# Column → the words for it, without case, accents and signs.
WORDS: dict[str, str] = {
    "day": "fecha|fecha operacion|fecha de operacion|f operacion|fecha oper|f oper|fecha contable|f contable"
    "|fecha movimiento|fecha del movimiento|fecha mov|fecha asiento|fecha de aplicacion|fecha registro|dia"
    "|date|booking date|book date|transaction date|posting date|posted|entry date|operation date",
    "value": "fecha valor|f valor|fecha de valor|valor|value date|value",
    "text": "concepto|descripcion|detalle|detalles|movimiento|observaciones|mas datos|informacion|comentarios"
    "|concepto ampliado|concepto comun|concepto propio|remesa|leyenda|motivo|tipo de movimiento"
    "|description|details|narrative|memo|particulars|message|payment details|transaction details|note",
    "amount": "importe|monto|cantidad|importe operacion|importe movimiento|importe del movimiento"
    "|amount|transaction amount|sum",
    "debit": "cargo|cargos|debe|retiro|retiros|debito|salida|salidas|gastos|debit|debits|debit amount"
    "|withdrawal|withdrawals|paid out|money out",
    "credit": "abono|abonos|haber|deposito|depositos|credito|entrada|entradas|ingreso|ingresos|credit|credits"
    "|credit amount|deposit|deposits|paid in|money in",
    "sign": "signo|debe haber|d h|cargo abono|naturaleza|sign|debit credit|credit debit|dr cr|cr dr",
    "reference": "referencia|referencias|ref|referencia 1|referencia 2|numero de referencia|no referencia"
    "|referencia bancaria|referencia numerica|clave de rastreo|folio|documento|n documento|no documento"
    "|reference|reference number|customer reference|payment reference|end to end id",
    "payer": "ordenante|nombre ordenante|nombre del ordenante|beneficiario|ordenante beneficiario|nombre"
    "|cliente|contraparte|remitente|emisor|pagador|payer|name|counterparty|counterparty name"
    "|payer name|sender|from|payee",
    "payer_account": "cuenta ordenante|cuenta del ordenante|iban ordenante|clabe ordenante|cuenta contraparte"
    "|counterparty account|counterparty iban|payer account|payer iban",
    "currency": "divisa|moneda|currency|ccy",
    "account": "cuenta|numero de cuenta|no cuenta|iban|clabe|account|account number|account iban",
    "balance": "saldo|saldo disponible|balance|running balance",
}
KNOWN: dict[str, str] = {word: column for column, words in WORDS.items() for word in words.split("|")}
SEVERAL = frozenset({"text", "reference"})


def column_of(cell: str) -> str:
    """The column that a header cell names; empty for none. A currency beside it does not matter: `Importe
    (EUR)`."""
    bare = _bare(cell)
    return KNOWN.get(bare) or KNOWN.get(re.sub(r" (eur|euros|mxn|mn|usd)$", "", bare), "")


def _bare(cell: str) -> str:
    decomposed = unicodedata.normalize("NFKD", cell.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def columns_of(cells: Sequence[str]) -> Mapping[str, tuple[int, ...]] | None:
    """The places of each column, if these cells are a header: a day, and an amount or both sides of it."""
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        name = column_of(cell)
        if name and (name in SEVERAL or name not in found):
            found.setdefault(name, []).append(place)
    whole = "day" in found and ("amount" in found or {"debit", "credit"} <= found.keys())
    return {name: tuple(places) for name, places in found.items()} if whole else None


def known_cells(cells: Iterable[str]) -> int:
    """How many of the cells name a column."""
    return sum(1 for cell in cells if column_of(cell))
