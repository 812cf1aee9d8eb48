"""The closing lines of `make up`: where everything is, and what to try next."""

from typing import Any

from local.console import say
from local.home import Home


def show(home: Home, description: dict[str, Any], seconds: float) -> None:
    peers = (("Stripe", "stripe"), ("PayPal", "paypal"), ("Mercado Pago", "mercadopago"))
    rows = [
        ("Shop", description["storefront_url"]),
        ("Back office", description["back_office_url"]),
        ("Picker's phone", f"{description['api_url']}/picking"),
        ("API", f"{description['api_url']}/products"),
        ("Mails", description["mailbox_url"]),
        *((name, description[peer]["api_url"]) for name, peer in peers if description[peer]),
        *_carriers(description),
        ("Merchant's SFTP inbox", description["sftp"]["inbox"]),
        ("Embedded AWS", description["aws_endpoint_url"]),
        ("All addresses and keys", str(home.stack_file)),
        ("Logs", str(home.logs)),
    ]
    say(f"\n  Ready in {seconds:.1f} s\n")
    for name, place in rows:
        say(f"  {name:24}{place}")
    admin = description["users"]["admin"]
    say(f"\n  Sign in to the back office as {admin['username']} with {admin['password']}")
    picker = description["users"]["picker"]
    say(f"  and on the phone as {picker['username']} with {picker['password']}")
    say("\n  make demo              one order from cart to the merchant's SFTP server")
    say("  make token ROLE=staff  a bearer token for the staff API")
    say("  make reload            make changed code live")
    say("  make down              stop; the state stays until `make reset`\n")


def _carriers(description: dict[str, Any]) -> list[tuple[str, str]]:
    """The carriers' stand-ins; what UPS is asked is held against its description where Prism is there."""
    if not description["peers"]:
        return []
    held = "" if description["ups"]["prism"] else "   (requests are not checked: Prism comes by `make tools`)"
    control = description["peers"]["control_url"]
    return [("UPS", f"{description['ups']['api_url']}{held}"), ("FedEx's scans", f"{control}/fedex/scans")]
