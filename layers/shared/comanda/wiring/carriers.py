"""Carriers: the accounts that labels are bought from, who works on labels, and where rates are asked for."""

from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable
from comanda.wiring.payouts import shop_zone

if TYPE_CHECKING:
    from comanda.backoffice.shipping_labels import LabelDesk
    from comanda.backoffice.vans import VanDesk
    from comanda.fulfilment.carriers.accounts import Accounts, Secrets
    from comanda.fulfilment.carriers.asking import LambdaCarrierDesk
    from comanda.fulfilment.carriers.port import Carrier
    from comanda.fulfilment.labels.files import LabelFiles
    from comanda.fulfilment.labels.settle import LabelSettling


def _easypost(secrets: "Secrets") -> "Carrier":
    from comanda.fulfilment.carriers.easypost import EasyPost

    return EasyPost(secrets, lambda: variable("EASYPOST_API_BASE"))


def _ups(secrets: "Secrets") -> "Carrier":
    from comanda.fulfilment.carriers.ups.adapter import Ups

    return Ups(secrets, lambda: variable("UPS_API_BASE"))


def _manual(secrets: "Secrets") -> "Carrier":
    from comanda.fulfilment.carriers.manual import Manual

    return Manual()


# Everybody who can be asked for prices and labels; the settings page (pages_carriers.ACCOUNTS) offers them.
CARRIERS = {"easypost": _easypost, "ups": _ups, "manual": _manual}


@cache
def carrier_accounts() -> "Accounts":
    """The accounts of the shop; only functions that have the carriers' libraries ask them."""
    from comanda.fulfilment.carriers.accounts import Accounts

    return Accounts(CARRIERS, lambda: wiring.carrier_settings().enabled(), carrier_secret)


def carrier_settings() -> Any:
    return wiring.settings().section("carriers")[0]


def carrier_codes() -> tuple[str, ...]:
    """Accounts that are switched on and can be asked, in the shop's order."""
    return tuple(code for code in carrier_settings().enabled() if code in CARRIERS)


def carrier_secret(code: str) -> dict[str, Any]:
    """A carrier account's keys, as far as the operator has filled them in."""
    from comanda.secrets import secret

    found: dict[str, Any] = secret("CARRIER_SECRETS").get(code, {})
    return found


@cache
def label_desk() -> "LabelDesk":
    """What staff do with labels."""
    from comanda.backoffice.shipping_labels import LabelDesk

    return LabelDesk(
        wiring.desk(),
        lambda: wiring.carrier_desk(),
        lambda: wiring.label_files(),
        lambda: wiring.carrier_settings(),
        lambda: wiring.carrier_codes(),
    )


@cache
def van_desk() -> "VanDesk":
    """Where staff ask carriers to fetch parcels."""
    from comanda.backoffice.vans import VanDesk
    from comanda.fulfilment.carriers.vans import VanBook

    return VanDesk(
        wiring.desk(),
        VanBook(variable("JOBS_TABLE")),
        lambda: wiring.carrier_desk(),
        lambda: wiring.carrier_settings(),
        lambda: wiring.carrier_codes(),
        shop_zone,
    )


@cache
def label_files() -> "LabelFiles":
    from comanda.fulfilment.labels.files import LabelFiles

    return LabelFiles(wiring.aws("s3"), variable("EXPORT_BUCKET"))


@cache
def label_settling() -> "LabelSettling":
    from comanda.fulfilment.labels.give_back import GivingBack
    from comanda.fulfilment.labels.purchase import Buyer
    from comanda.fulfilment.labels.settle import LabelSettling
    from comanda.ids import new_id

    desk, outbox, accounts = wiring.desk(), wiring.outbox(), wiring.carrier_accounts()
    files = wiring.label_files()
    return LabelSettling(
        desk,
        outbox,
        Buyer(desk, outbox, accounts, files, wiring.carrier_settings, new_id),
        GivingBack(desk, outbox, accounts, new_id),
        files,
        accounts,
        wiring.scanning(),
        wiring.now,
    )


@cache
def carrier_desk() -> "LambdaCarrierDesk":
    """Where functions without the carriers' libraries have them asked."""
    return _desk(read_timeout=22)


@cache
def quick_carrier_desk() -> "LambdaCarrierDesk":
    """The same for a checkout, whose customer waits for a few seconds at most."""
    return _desk(read_timeout=6)


def _desk(read_timeout: int) -> "LambdaCarrierDesk":
    from botocore.config import Config

    from comanda.fulfilment.carriers.asking import LambdaCarrierDesk

    config = Config(
        connect_timeout=2,
        read_timeout=read_timeout,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    return LambdaCarrierDesk(lambda: wiring.aws("lambda", config=config), variable("ASK_CARRIER_FUNCTION"))
