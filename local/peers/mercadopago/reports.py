"""Released money: every movement of the available balance, payouts to the bank, and reports of both as CSV.

A report that was asked for is there when the list is read the next time, as if minutes had passed.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from local.peers.database import Json
from local.peers.mercadopago import amounts
from local.peers.mercadopago.account import COLLECTOR, Account, written
from local.peers.mercadopago.errors import ApiError, invalid

FEE_PERCENT, FEE_FIXED = Decimal("3.49"), Decimal("4.00")
CENT = Decimal("0.01")
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=60)
ZONE = ZoneInfo("Etc/GMT+4")  # in which reports are written unless the merchant says otherwise
COLUMNS = (
    "DATE", "SOURCE_ID", "EXTERNAL_REFERENCE", "RECORD_TYPE", "DESCRIPTION", "NET_CREDIT_AMOUNT",
    "NET_DEBIT_AMOUNT", "GROSS_AMOUNT", "MP_FEE_AMOUNT", "BALANCE_AMOUNT",
)  # fmt: skip


def release(account: Account, payment: Json) -> None:
    """The money of an approved payment is available, less the fee."""
    gross = Decimal(payment["transaction_amount"])
    fee = (gross * FEE_PERCENT / 100 + FEE_FIXED).quantize(CENT)
    move(account, "payment", str(payment["id"]), gross, -fee, payment.get("external_reference") or "")


def move(
    account: Account, what: str, source: str, gross: Decimal, fee: Decimal = Decimal(0), reference: str = ""
) -> Json:
    key = str(account.new_number())
    row = {
        "id": key, "at": written(account.now), "source": source or key, "reference": reference, "what": what,
        "gross": str(gross), "fee": str(fee),
    }  # fmt: skip
    account.records.put("movement", key, row)
    return row


def pay_out(account: Account, wish: Json) -> Json:
    """All that is available to the bank, or `amount`; `fee` is charged besides."""
    there = sum((_net(row) for row in account.records.newest_first("movement")), Decimal(0))
    fee = Decimal(str(wish.get("fee", 0)))
    gross = amounts.read(wish["amount"], "amount", "MXN") if "amount" in wish else there - fee
    if gross <= 0 or gross + fee > there:
        raise invalid(f"Only {there} is available")
    return move(account, "payout", "", -gross, -fee)


def bring_back(account: Account, source: str) -> Json:
    """The bank did not take a payout: the money is available again."""
    rows = account.records.newest_first("movement", {"source": source})
    paid = next((row for row in rows if row["what"] == "payout"), None)
    if paid is None:
        raise invalid(f"There is no payout {source}")
    return move(account, "payout", source, -Decimal(paid["gross"]))


def ask(account: Account, wish: Json) -> Json:
    try:
        begin, end = (datetime.fromisoformat(str(wish[name])) for name in ("begin_date", "end_date"))
    except (KeyError, ValueError):
        raise invalid("begin_date and end_date are dates in UTC") from None
    if not SHORTEST <= end - begin <= LONGEST:
        raise invalid("A report is of one day at least and of 60 at most")
    key = account.new_number()
    report: Json = {
        "id": key, "user_id": COLLECTOR, "begin_date": wish["begin_date"], "end_date": wish["end_date"],
        "created_from": "manual", "status": "pending", "date_created": account.at,
    }  # fmt: skip
    account.save("report", report)
    return report


def listed(account: Account) -> list[Json]:
    """The reports that are there, newest first."""
    for report in list(account.records.newest_first("report")):
        if report["status"] == "pending":
            name = f"{_config(account)['file_name_prefix']}-{COLLECTOR}-{report['id']}.csv"
            account.save("report", report | {"status": "processed", "file_name": name})
            account.records.put("report_file", name, {"text": _text(account, report)})
    return list(account.records.newest_first("report"))


def download(account: Account, name: str) -> str:
    found = account.records.get("report_file", name)
    if found is None:
        raise ApiError(404, f"Resource /account/release_report/{name} not found", 2000)
    return str(found["text"])


def configure(account: Account, wish: Json) -> Json:
    if not wish.get("columns") or not wish.get("file_name_prefix") or not wish.get("frequency"):
        raise invalid("columns, file_name_prefix and frequency are required")
    account.save("report_config", wish | {"id": "config"})
    return wish


def _config(account: Account) -> Json:
    return account.find("report_config", "config")


def _text(account: Account, report: Json) -> str:
    begin, end = (datetime.fromisoformat(report[name]) for name in ("begin_date", "end_date"))
    rows = [*account.records.newest_first("movement")][::-1]
    balance = sum((_net(row) for row in rows if datetime.fromisoformat(row["at"]) < begin), Decimal(0))
    chosen = [one["key"] for one in _config(account)["columns"]]
    lines = [
        ",".join(chosen),
        _line(
            chosen, begin, ("", "", "initial_available_balance", ""), balance, balance, Decimal(0), balance
        ),
    ]
    for row in rows:
        at = datetime.fromisoformat(row["at"])
        if begin <= at <= end:
            balance += _net(row)
            names = (row["source"], row["reference"], "release", row["what"])
            gross, fee = Decimal(row["gross"]), Decimal(row["fee"])
            lines.append(_line(chosen, at, names, _net(row), gross, fee, balance))
    return "\r\n".join([*lines, ""])


def _line(
    chosen: list[str], at: datetime, names: tuple[str, ...], net: Decimal, gross: Decimal, fee: Decimal,
    balance: Decimal,
) -> str:  # fmt: skip
    written_at = at.astimezone(ZONE).isoformat(timespec="milliseconds")
    sums = [max(net, Decimal(0)), max(-net, Decimal(0)), gross, fee, balance]
    cells = dict(zip(COLUMNS, (written_at, *names, *(f"{one:.2f}" for one in sums)), strict=True))
    return ",".join(cells.get(name, "") for name in chosen)


def _net(row: Json) -> Decimal:
    return Decimal(row["gross"]) + Decimal(row["fee"])
