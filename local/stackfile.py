"""Describes the running system to those outside, as the outside contract fixes it; it may only grow."""

import json
from typing import Any

from local.credentials import ROLES, Credentials, paypal_root, user_name
from local.deploy.stack import Stack
from local.home import REGION, Home
from local.peers.ups import prism
from local.plan import write_whole
from local.system import TIME_ZONE, Addresses, peers_are_built, sftp_description

TABLES = {
    "orders": "OrdersTable",
    "stock": "StockTable",
    "search": "SearchTable",
    "carts": "CartsTable",
    "customers": "CustomersTable",
    "settings": "SettingsTable",
    "jobs": "JobsTable",
    "dedupe": "DedupeTable",
    "sessions": "SessionsTable",
}
# What the demo shop is set to.
SHOP = {"approval": "manual", "currency": "MXN", "time_zone": TIME_ZONE}


def describe(home: Home, places: Addresses, stack: Stack, known: Credentials) -> dict[str, Any]:
    has_peers = peers_are_built()
    stripe = {
        "api_url": places.url("stripe"),
        "api_key": known.stripe_api_key,
        "publishable_key": known.stripe_publishable_key,
        "webhook_secret": known.stripe_webhook_secret,
    }
    paypal = {
        "api_url": places.url("paypal"),
        "client_id": known.paypal_client_id,
        "client_secret": known.paypal_client_secret,
        "webhook_id": known.paypal_webhook_id,
        "webhook_ca": paypal_root(home),
    }
    mercadopago = {
        "api_url": places.url("mercadopago"),
        "access_token": known.mercadopago_access_token,
        "webhook_secret": known.mercadopago_webhook_secret,
    }
    return {
        "api_url": places.url("api"),
        "storefront_url": places.url("storefront"),
        "back_office_url": f"{places.url('api')}/back-office",
        "mailbox_url": places.url("mailbox"),
        "aws_endpoint_url": places.url("aws"),
        "region": REGION,
        "state_machines": {
            "order_lifecycle": stack.physical["OrderLifecycle"],
            "bulk_action": stack.physical["BulkAction"],
        },
        "tables": {name: stack.physical[resource] for name, resource in TABLES.items()},
        "event_bus": stack.physical["EventBus"],
        "buckets": {
            "inbound_mail": None,
            "raw": stack.physical["RawBucket"],
            "exports": stack.physical["ExportBucket"],
        },
        "reply_domain": None,
        "users": {role: {"username": user_name(role), "password": known.passwords[role]} for role in ROLES},
        "cognito": {
            "user_pool_id": stack.physical["UserPool"],
            "client_id": stack.physical["BackOfficeClient"],
        },
        "stripe": stripe if has_peers else None,
        "paypal": paypal if has_peers else None,
        "mercadopago": mercadopago if has_peers else None,
        "carrier": {"name": "easypost", "webhook_secret": known.easypost_webhook_secret},
        "ups": {"api_url": places.url("ups"), "prism": prism.installed()} if has_peers else None,
        "fedex": {"api_url": places.url("fedex")} if has_peers else None,
        "peers": {"control_url": places.url("control")} if has_peers else None,
        "sftp": sftp_description(home, places),
        "shop": SHOP,
        "stack": {"name": stack.name, "outputs": stack.outputs, "resources": stack.physical},
    }


def write(home: Home, description: dict[str, Any]) -> None:
    home.stack_file.touch(mode=0o600)
    write_whole(home.stack_file, json.dumps(description, indent=1, ensure_ascii=False) + "\n")
    home.stack_file.chmod(0o600)


def read(home: Home) -> dict[str, Any]:
    description: dict[str, Any] = json.loads(home.stack_file.read_text())
    return description
