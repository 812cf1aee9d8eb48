"""From the bodies about cheques to what they decide; days are the shop's."""

from collections.abc import Callable

from comanda.backoffice.bodies_cheques import (
    BounceChequeBody,
    ClearChequeBody,
    DepositChequeBody,
)
from comanda.backoffice.bodies_money import minor
from comanda.backoffice.deciding import By
from comanda.backoffice.reasons import bounce_reason
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.payments.cheque import Cheque, Returned, Word, clearing, depositing, returning
from comanda.settings.sections import PaymentMethod
from comanda.settings.store import SettingsStore
from comanda.times import moment, shop_day


def today(by: By, settings: SettingsStore) -> str:
    return by.today or shop_day(moment(by.origin.at), settings.section("shop")[0].time_zone)


def deposit(body: DepositChequeBody, by: By, settings: SettingsStore) -> Decide:
    day = today(by, settings)

    def decide(loaded: Loaded) -> Decision:
        amount = minor(body.amount, loaded.order.currency, "/amount") if body.amount else None
        cheque = Cheque(body.number, body.bank, body.on or day, day, amount)
        return depositing(cheque, by.origin.at, by.new_id)(loaded)

    return decide


def clear(body: ClearChequeBody, by: By, settings: SettingsStore) -> Decide:
    return cleared(body.on, body.notify, today(by, settings), by, body.cheque_id)


def cleared(on: str | None, notify: bool, day: str, by: By, cheque_id: str = "") -> Decide:
    """Of an order its only deposited cheque, when none is named; `day` is the shop's."""
    return clearing(Word(on or day, day, cheque_id, notify), by.origin.at)


def bounce(body: BounceChequeBody, by: By, settings: SettingsStore) -> Decide:
    """The deadlines of the order's method are those of the settings of now."""
    day = today(by, settings)
    reason, note = bounce_reason(body.reason, body.note)
    rules: Callable[[str], PaymentMethod] = lambda method: settings.section(f"payments.{method}")[0]  # noqa: E731
    word, why = Word(body.on or day, day, body.cheque_id), Returned(reason, note, body.notify)
    return returning(word, why, rules, by.origin.at, by.new_id)
