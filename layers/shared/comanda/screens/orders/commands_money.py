"""The forms about an order's money: payments, cheques, refunds, fees, disputes."""

from typing import Any

from comanda.backoffice import bodies_cheques, bodies_money, cheques, deciding
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.payments.bounce import undoing_bounce
from comanda.payments.cheque import undoing_cheque
from comanda.screens.house.asked import Asked
from comanda.screens.orders.command import Command, texts
from comanda.screens.orders.reading import money, ticked, units


def _mark_paid(asked: Asked) -> dict[str, Any]:
    told = {"reference": asked.field("reference"), "notify": ticked(asked, "notify")}
    return told | {"amount": money(asked, "amount")}


def _capture(asked: Asked) -> dict[str, Any]:
    return texts("payment_id")(asked) | {"amount": money(asked, "amount")}


def _deposit(asked: Asked) -> dict[str, Any]:
    told = {"amount": money(asked, "amount"), "on": asked.field("on") or None}
    return told | texts("number", "bank")(asked)


def _cleared(asked: Asked) -> dict[str, Any]:
    told = {"on": asked.field("on") or None, "notify": ticked(asked, "notify")}
    return told | texts("cheque_id")(asked)


def _cheque_bounced(asked: Asked) -> dict[str, Any]:
    return _cleared(asked) | texts("reason", "note")(asked)


def _refund(asked: Asked) -> dict[str, Any]:
    """By `what`: everything that is left, an amount, or units of lines; and how the shipping is treated."""
    what, shipping = asked.field("what"), asked.field("shipping")
    values: dict[str, Any] = texts("reason", "note", "destination")(asked)
    values["execute"] = asked.field("execute") == "now"
    if what == "amount":
        values["amount"] = money(asked, "amount")
        if values["amount"] is None:
            raise Invalid.at("/amount", asked.tongue.say("say how much"))
    elif what == "lines":
        values["lines"] = units(asked)
        if not values["lines"]:
            raise Invalid.at("/lines", asked.tongue.say("say how many units are paid back"))
    if shipping in ("yes", "no"):
        values["shipping"] = shipping == "yes"
    return values


def _fee(asked: Asked) -> dict[str, Any]:
    return texts("reason", "title", "note")(asked) | {
        "amount": money(asked, "amount") or _missing(asked),
        "notify": ticked(asked, "notify"),
    }


def _dispute(asked: Asked) -> dict[str, Any]:
    return texts("reason", "payment_id", "note")(asked) | {"amount": money(asked, "amount")}


def _bounce(asked: Asked) -> dict[str, Any]:
    return texts("reason", "payment_id", "note")(asked) | {"notify": ticked(asked, "notify")}


def _missing(asked: Asked) -> dict[str, Any]:
    raise Invalid.at("/amount", asked.tongue.say("say how much"))


MONEY: dict[str, Command] = {
    "mark-paid": Command(
        bodies_money.MarkPaidBody,
        _mark_paid,
        lambda b, by, s: deciding.mark_paid(b, by),
        N_("The payment of %(number)s is confirmed."),
    ),
    "capture": Command(
        bodies_money.CaptureBody,
        _capture,
        lambda b, by, s: deciding.capture(b, by),
        N_("The authorised money of %(number)s is being taken."),
    ),
    "payment-method": Command(
        bodies_money.PaymentMethodBody,
        lambda asked: texts("payment_method")(asked) | {"notify": ticked(asked, "notify")},
        deciding.payment_method,
        N_("%(number)s is paid another way from now on."),
    ),
    "deposit-cheque": Command(
        bodies_cheques.DepositChequeBody,
        _deposit,
        cheques.deposit,
        N_("The cheque of %(number)s is deposited; it counts once it has cleared."),
    ),
    "clear-cheque": Command(
        bodies_cheques.ClearChequeBody,
        _cleared,
        cheques.clear,
        N_("The cheque of %(number)s has cleared: it counts."),
    ),
    "bounce-cheque": Command(
        bodies_cheques.BounceChequeBody,
        _cheque_bounced,
        cheques.bounce,
        N_("The cheque of %(number)s bounced; the order is on hold."),
    ),
    "undo-cheque": Command(
        bodies_cheques.UndoChequeBody,
        texts("cheque_id"),
        lambda b, by, s: undoing_cheque(b.cheque_id, by.origin.at),
        N_("The entry about a cheque of %(number)s is corrected."),
    ),
    "refund": Command(
        bodies_money.RefundBody,
        _refund,
        lambda b, by, s: deciding.refund(b, by),
        N_("The refund of %(number)s is entered."),
    ),
    "bounce": Command(
        bodies_money.BounceBody, _bounce, deciding.bounce, N_("The payment of %(number)s counts no longer.")
    ),
    "undo-bounce": Command(
        bodies_money.UndoBounceBody,
        texts("payment_id"),
        lambda b, by, s: undoing_bounce(b.payment_id, by.origin.at),
        N_("The payment of %(number)s counts again."),
    ),
    "fee": Command(
        bodies_money.FeeBody,
        _fee,
        lambda b, by, s: deciding.fee(b, by),
        N_("The fee of %(number)s is entered."),
        "fees",
    ),
    "dispute": Command(
        bodies_money.DisputeBody,
        _dispute,
        lambda b, by, s: deciding.dispute(b, by),
        N_("The dispute of %(number)s is entered."),
        "disputes",
    ),
}
