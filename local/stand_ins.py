"""What the stand-ins for providers and carriers are started with: ports, keys, addresses of webhooks."""

from typing import TYPE_CHECKING, Any

from local import credentials
from local.home import Home
from local.peers.ups import prism
from local.ports import HOST

if TYPE_CHECKING:
    from local.system import Addresses


def config(home: Home, places: "Addresses") -> dict[str, Any]:
    known = credentials.credentials_of(home)
    return {
        "host": HOST,
        "control_port": places.ports["control"],
        "state_dir": str(home.state / "peers"),
        "stripe": {
            "port": places.ports["stripe"],
            "api_key": known.stripe_api_key,
            "publishable_key": known.stripe_publishable_key,
            "webhook_secret": known.stripe_webhook_secret,
            "webhook_url": f"{places.url('api')}/webhooks/payments/stripe",
        },
        "paypal": {
            "port": places.ports["paypal"],
            "client_id": known.paypal_client_id,
            "client_secret": known.paypal_client_secret,
            "webhook_secret": known.paypal_webhook_id,
            "webhook_url": f"{places.url('api')}/webhooks/payments/paypal",
            "certificates": str(credentials.paypal_folder(home)),
        },
        "mercadopago": {
            "port": places.ports["mercadopago"],
            "access_token": known.mercadopago_access_token,
            "webhook_secret": known.mercadopago_webhook_secret,
            "webhook_url": f"{places.url('api')}/webhooks/payments/mercadopago",
        },
        "easypost": {
            "port": places.ports["easypost"],
            "api_key": known.easypost_api_key,
            "webhook_secret": known.easypost_webhook_secret,
            "webhook_url": f"{places.url('api')}/webhooks/carriers/easypost",
        },
        "ups": {
            "port": places.ports["ups"],
            "client_id": known.ups_client_id,
            "client_secret": known.ups_client_secret,
            "account_number": known.ups_account_number,
            "prism_port": places.ports["ups_prism"] if prism.installed() else 0,
        },
        "fedex": {
            "port": places.ports["fedex"],
            "client_id": known.fedex_client_id,
            "client_secret": known.fedex_client_secret,
            "webhook_secret": known.fedex_webhook_secret,
            "webhook_url": f"{places.url('api')}/webhooks/carriers/fedex",
        },
    }
