"""The forms of an order's commands: what is read of each, what it decides, what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.backoffice import bodies, bodies_cheques, bodies_money, cheques, deciding
from comanda.backoffice.deciding import By
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.fulfilment.pick import stepping
from comanda.orders.approve import approving
from comanda.orders.desk import Decide
from comanda.orders.hold import releasing_hold, retrying
from comanda.orders.resend import resending
from comanda.orders.verify import vouching
from comanda.orders.wire import Body
from comanda.payments.bounce import undoing_bounce
from comanda.payments.cheque import undoing_cheque
from comanda.screens.house.asked import Asked
from comanda.screens.orders.reading import money, ticked, units
from comanda.settings.store import SettingsStore

type Read = Callable[[Asked], dict[str, Any]]
type Deciding = Callable[[Any, By, SettingsStore], Decide]


@dataclass(frozen=True, slots=True)
class Command:
    """`body` is the API's; `told` says what happened, with the order's %(number)s. `scope` is the API's name
    of the command where it differs from the form's."""

    body: type[Body]
    read: Read
    decide: Deciding
    told: str
    scope: str = ""


def texts(*names: str) -> Read:
    """A body of texts alone."""
    return lambda asked: {name: asked.field(name) for name in names}


def _cancel(asked: Asked) -> dict[str, Any]:
    ticks = {name: ticked(asked, name) for name in ("restock", "refund")}
    return texts("reason", "note")(asked) | ticks


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


def _ship(asked: Asked) -> dict[str, Any]:
    lines = units(asked)
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say how many units leave"))
    optional = {name: asked.field(name) or None for name in ("expected_at", "tracking_url")}
    named = texts("carrier", "tracking_number")(asked)
    return {"lines": lines, "notify": ticked(asked, "notify"), **named, **optional}


def _step(asked: Asked) -> dict[str, Any]:
    """Units by line, or with `all` everything that there is."""
    lines = units(asked)
    if not lines and not asked.field("all"):
        raise Invalid.at("/lines", asked.tongue.say("say how many units"))
    return {"lines": lines or None, "delivery": asked.field("delivery") or None}


def _promise(asked: Asked) -> dict[str, Any]:
    """The ticked lines; with none ticked the form says so."""
    lines = [{"line_id": line_id} for line_id in asked.fields("line_id")]
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say what is to come on another day"))
    told = {"promised_at": asked.field("promised_at") or None, "notify": ticked(asked, "notify")}
    return told | {"lines": lines}


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


def _tags(asked: Asked) -> dict[str, Any]:
    """The tags as they are to be, against those that the form was made from."""
    wanted = [tag for tag in asked.field("tags").replace(",", " ").replace("#", " ").split() if tag]
    had = asked.field("had").split()
    return {"add": wanted, "remove": [tag for tag in had if tag not in wanted]}


def _nothing(asked: Asked) -> dict[str, Any]:
    return {}


COMMANDS: dict[str, Command] = {
    "approve": Command(
        bodies.NothingBody, _nothing, lambda b, by, s: approving, N_("%(number)s is approved.")
    ),
    "verify": Command(
        bodies.NothingBody, _nothing, lambda b, by, s: vouching, N_("The customer of %(number)s is verified.")
    ),
    "retry": Command(
        bodies.NothingBody,
        _nothing,
        lambda b, by, s: retrying,
        N_("What failed of %(number)s is tried again."),
    ),
    "reject": Command(
        bodies.RejectBody,
        texts("reason"),
        lambda b, by, s: deciding.reject(b, by),
        N_("%(number)s is rejected."),
    ),
    "cancel": Command(
        bodies.CancelBody, _cancel, lambda b, by, s: deciding.cancel(b, by), N_("%(number)s is cancelled.")
    ),
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
    "pick": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("pick", b.handful()),
        N_("Units of %(number)s are picked."),
    ),
    "undo-pick": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("undo-pick", b.handful()),
        N_("Units of %(number)s are back on the shelf."),
    ),
    "pack": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("pack", b.handful()),
        N_("Units of %(number)s are packed."),
    ),
    "undo-pack": Command(
        bodies.StepBody,
        _step,
        lambda b, by, s: stepping("undo-pack", b.handful()),
        N_("Units of %(number)s are unpacked."),
    ),
    "ship": Command(
        bodies.ShipBody, _ship, lambda b, by, s: deciding.ship(b, by), N_("A parcel of %(number)s has left.")
    ),
    "promise": Command(
        bodies.PromiseBody, _promise, deciding.promise, N_("What %(number)s waits for has a new date.")
    ),
    "resend-mail": Command(
        bodies.ResendMailBody,
        texts("mail"),
        lambda b, by, s: resending(b.mail),
        N_("The mail of %(number)s is sent once more."),
    ),
    "hold": Command(
        bodies.HoldBody,
        texts("reason", "note"),
        lambda b, by, s: deciding.hold(b, by),
        N_("%(number)s is on hold."),
    ),
    "release-hold": Command(
        bodies.ReleaseHoldBody,
        texts("hold_id"),
        lambda b, by, s: releasing_hold(b.hold_id),
        N_("A hold of %(number)s is released."),
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
    "label": Command(
        bodies.LabelBody,
        texts("label"),
        lambda b, by, s: deciding.label(b, by),
        N_("%(number)s carries another label."),
    ),
    "tag": Command(
        bodies.TagBody, _tags, lambda b, by, s: deciding.tag(b, by), N_("The tags of %(number)s are set.")
    ),
    "assign": Command(
        bodies.AssignBody,
        lambda asked: {"to": asked.field("to") or None},
        lambda b, by, s: deciding.assign(b, by),
        N_("%(number)s is assigned."),
    ),
}
