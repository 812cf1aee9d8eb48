"""What Mercado Pago pays out to the bank, by its released money reports, in the port's words.

A report is asked for and put together within minutes or hours: a look reads the newest that is there and asks
for the next one. The merchant's own settings of reports are left alone; they are made where there are none.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from comanda.errors import ProviderUnavailable
from comanda.payments.mercadopago_http import Api
from comanda.payments.mercadopago_record import CODE, DISPUTE_STATUS, minor
from comanda.payments.mercadopago_releases import (
    NEEDED,
    Paid,
    Report,
    Row,
    Unreadable,
    paid_out,
    refs,
    report_of,
)
from comanda.payments.payout import (
    BEFORE,
    CHARGE,
    DISPUTE,
    FEE,
    LEFT,
    OTHER,
    REFUND,
    NotReady,
    Payout,
    PayoutLine,
    SeenDispute,
)
from comanda.times import stamp

type Json = dict[str, Any]

REPORTS, PAYMENTS, CHARGEBACKS = "/v1/account/release_report", "/v1/payments", "/v1/chargebacks"
FRESH = timedelta(hours=6)  # a newer report is not asked for before
EARLIER = timedelta(days=14)  # before the first payout of interest, to have what is in it
LONGEST = timedelta(days=59)  # of a report; sixty days are refused
PREFIX = "release-report-comanda"
KINDS = {
    "payment": CHARGE,
    "refund": REFUND,
    "chargeback": DISPUTE,
    "chargeback_cancel": DISPUTE,
    "dispute": DISPUTE,
    "mediation": DISPUTE,
    "mediation_cancel": DISPUTE,
}
FEES = ("fee", "tax", "shipping")  # how what the account itself is charged begins
SITES = {
    "MLM": "MXN", "MLA": "ARS", "MLB": "BRL", "MLC": "CLP", "MCO": "COP", "MPE": "PEN", "MLU": "UYU",
}  # fmt: skip
ANSWERED = ("review_pending", "valid")  # what the merchant sent is being looked at, or was enough


class Releases:
    """The reports of an account. `keep` holds the last one that was read: its file never changes."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._keep: tuple[str, Report] | None = None
        self._currency = ""

    def payouts(self, since: datetime, until: datetime) -> Iterator[Payout]:
        """The payouts between two moments that the newest report tells. Raises NotReady where none is
        there yet, ProviderUnavailable where it cannot be read."""
        begin = max(since - EARLIER, until - LONGEST)
        newest = self._newest(begin, until)
        if newest is None or _ends(newest) < until - FRESH:
            self._ask(begin, until)
        if newest is None:
            raise NotReady("the released money report is being put together")
        for one in paid_out(self._read(str(newest["file_name"]))):
            if since <= one.own.at <= until:
                yield _payout(one)

    def lines(self, payout: Payout) -> Iterator[PayoutLine]:
        """What is in a payout of the report that was read last."""
        report = self._keep[1] if self._keep else Report(0, ())
        for one in paid_out(report):
            if _ref(one.own) == payout.ref:
                yield from self._lines(one, payout)

    def _newest(self, begin: datetime, until: datetime) -> Json | None:
        """Of the reports that reach as far back, or nearly, the one that ends last."""
        told = self.api.get(f"{REPORTS}/list") or []
        found = [one for one in told if str(one.get("file_name") or "").endswith(".csv")]
        wide = [one for one in found if _begins(one) <= begin + EARLIER / 2 and _ends(one) > begin]
        return max(wide, key=lambda one: (_ends(one), int(one.get("id") or 0)), default=None)

    def _ask(self, begin: datetime, until: datetime) -> None:
        if self.api.get(f"{REPORTS}/config") is None:
            wish = {
                "file_name_prefix": PREFIX,
                "columns": [{"key": name} for name in NEEDED],
                "frequency": {"hour": 0, "type": "monthly", "value": 1},
                "include_withdrawal_at_end": True,
                "display_timezone": "GMT-04",
            }
            self.api.post(f"{REPORTS}/config", wish, f"{PREFIX}-config")
        span = {"begin_date": _written(begin), "end_date": _written(until)}
        self.api.post(REPORTS, span, f"{PREFIX}-{span['end_date']}")

    def _read(self, name: str) -> Report:
        if self._keep is None or self._keep[0] != name:
            try:
                report = report_of(self.api.text(f"{REPORTS}/{name}"), self._account_currency())
            except Unreadable as error:
                raise ProviderUnavailable(f"Mercado Pago's released money report: {error}") from error
            self._keep = (name, report)
        return self._keep[1]

    def _account_currency(self) -> str:
        """An account has one currency, that of its country."""
        if not self._currency:
            site = str((self.api.get("/users/me") or {}).get("site_id"))
            if site not in SITES:
                raise ProviderUnavailable(f"Mercado Pago's site {site} is not known")
            self._currency = SITES[site]
        return self._currency

    def _lines(self, one: Paid, payout: Payout) -> Iterator[PayoutLine]:
        refunds = _Refunds(self.api)
        if one.before:
            yield _carried(payout, BEFORE, one.before)
        for ref, row in refs(one.rows):
            yield _line(ref, row, refunds)
        if one.own.fee:
            yield _own(f"{payout.ref}-fee", FEE, -one.own.fee, 0, one.own)
        if one.left:
            yield _carried(payout, LEFT, -one.left)


class _Refunds:
    """Which refund a row is of: rows name the payment, each with its amount."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._left: dict[str, list[tuple[str, int]]] = {}

    def taken(self, row: Row) -> str:
        if row.source not in self._left:
            told = self.api.get(f"{PAYMENTS}/{row.source}/refunds") if row.source.isdecimal() else None
            self._left[row.source] = [(str(x["id"]), minor(x["amount"], row.currency)) for x in told or []]
        some = self._left[row.source]
        fits = next((one for one in some if one[1] == -row.gross), None)
        if fits is None:
            return row.source  # some accounts have the refund's own id there
        some.remove(fits)
        return fits[0]


def _payout(one: Paid) -> Payout:
    return Payout(
        provider=CODE,
        ref=_ref(one.own),
        status="failed" if one.returned else "paid",
        amount=-one.own.gross,
        currency=one.own.currency,
        created_at=stamp(one.own.at),
        arrives_on=one.own.day,
        failure="returned" if one.returned else "",
    )


def _ref(row: Row) -> str:
    return row.source or f"{row.at.astimezone(UTC):%Y%m%dT%H%M%S}"


def _line(ref: str, row: Row, refunds: _Refunds) -> PayoutLine:
    kind = FEE if row.what.startswith(FEES) else KINDS.get(row.what, OTHER)
    if kind == FEE:  # a fee of its own: nothing is kept of it
        return _own(ref, kind, row.net, 0, row)
    order_id = row.reference.partition("_")[0] if kind in (CHARGE, REFUND, DISPUTE) else ""
    source = row.source
    if kind == REFUND:
        source = refunds.taken(row)
    elif kind == DISPUTE:
        source = f"chargeback-{row.source}"
    return _own(ref, kind, row.gross, row.fee, row, source, order_id)


def _own(
    ref: str, kind: str, amount: int, fee: int, row: Row, source: str = "", order_id: str = ""
) -> PayoutLine:
    return PayoutLine(
        ref=ref,
        kind=kind,
        amount=amount,
        fee=fee,
        net=amount - fee,
        currency=row.currency,
        at=stamp(row.at),
        source=source,
        payment=row.source,
        order_id=order_id,
        own_amount=abs(amount),
        own_currency=row.currency,
        what=row.what,
    )


def _carried(payout: Payout, kind: str, amount: int) -> PayoutLine:
    return PayoutLine(f"{payout.ref}-{kind}", kind, amount, 0, amount, payout.currency, payout.created_at)


def disputes(
    api: Api, payments: Callable[..., Iterator[Json]], span: dict[str, str]
) -> Iterator[SeenDispute]:
    """The chargebacks of the payments that changed in a span; `payments` searches them."""
    for payment in payments(range="date_last_updated", status="charged_back", **span):
        told = api.get(f"{CHARGEBACKS}/search", payment_id=str(payment["id"])) or {}
        for one in told.get("results", [])[:1]:
            yield dispute_of(one, payment)


def dispute_of(found: Json, payment: Json) -> SeenDispute:
    """A chargeback under the name that the ledger has for it."""
    status = DISPUTE_STATUS.get(str(payment.get("status_detail")), "open")
    if status == "open" and found.get("documentation_status") in ANSWERED:
        status = "answered"
    due = str(found.get("date_documentation_deadline") or "")
    currency = str(payment["currency_id"])
    return SeenDispute(
        provider=CODE,
        ref=f"chargeback-{payment['id']}",
        status=status,
        amount=minor(found["amount"], currency),
        currency=currency,
        opened_at=stamp(datetime.fromisoformat(str(found["date_created"]))),
        charge=str(payment["id"]),
        order_id=str((payment.get("metadata") or {}).get("order_id", "")),
        reason="chargeback",
        due_at=stamp(datetime.fromisoformat(due)) if due else "",
    )


def _begins(report: Json) -> datetime:
    return datetime.fromisoformat(str(report["begin_date"]))


def _ends(report: Json) -> datetime:
    return datetime.fromisoformat(str(report["end_date"]))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
