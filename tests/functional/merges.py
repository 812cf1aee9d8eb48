"""Two profiles of one person, with all that a customer can have, and the merge of one into the other."""

from dataclasses import dataclass
from typing import Any

from comanda import wiring
from comanda.customers.wallet import CREDIT, Account, Movement
from comanda.dynamo.transaction import Transaction
from comanda.search.project import project, project_customer
from functions.sweep.app import lambda_handler as sweep
from tests.functional.conftest import Answer, Call
from tests.functional.shop import ADDRESS, place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_customers import again, shown, verified

AT = "2026-11-21T18:00:00.000Z"
ANA = {"email": "ana@example.com", "name": "Ana Muñoz", "phone": "+52 55 1234 5678"}
ANITA = {
    "email": "anita@example.net",
    "name": "Ana Muñoz",
    "phone": "+52 55 1234 5678",
    "tax_id": "MUAA800101AB1",
}
WORK = ADDRESS | {"line1": "Calle Durango 12", "city": "Roma Norte"}


@dataclass
class Two:
    """`anita` is to be merged into `ana`: their ids and tokens, and the orders of each."""

    ana: str
    anita: str
    ana_token: str
    anita_token: str
    orders: dict[str, list[str]]


def owner(order_id: str) -> str:
    return wiring.desk().load(order_id).order.customer_id


def project_all() -> None:
    """The search tokens of all that there is, as the streams would write them."""
    for pk in {item.split('"pk": {"S": "')[1].split('"')[0] for item in contents()["OrdersTable"]}:
        project(pk, wiring.orders().load, wiring.search_tokens())
    for pk in {item.split('"pk": {"S": "')[1].split('"')[0] for item in contents()["CustomersTable"]}:
        if pk.startswith("CUSTOMER#"):
            project_customer(pk.removeprefix("CUSTOMER#"), wiring.customers().load, wiring.customer_tokens())


def credited(customer_id: str, amount: int, identity: str) -> None:
    tx = Transaction()
    account = Account(CREDIT, customer_id, "MXN")
    wiring.wallets().move(tx, Movement(account, amount, identity, AT, "staff:1", "por la espera"))
    tx.commit()


def two(call: Call) -> Two:
    """Ana, with an order, and Anita, with three: one on terms, one with a code, one elsewhere; and credit."""
    stock_product(units=1000)
    set_section("limits", per_address=10_000, per_email=10_000)
    code = {"code": "VERANO", "percent_ppm": 100_000, "max_uses_per_customer": 5}
    assert ask(call, "POST", "/admin/discount-codes", code, role="admin").status == 201
    first = place(call, key="ana", customer=ANA)["order_id"]
    ana_token = verified(call, first)
    hers = place(call, key="anita", customer=ANITA, discount_code="VERANO")["order_id"]
    anita_token = verified(call, hers)
    ana, anita = owner(first), owner(hers)
    headers = {"If-Match": f'"{shown(call, anita)["version"]}"'}
    terms = {"net_days": 30, "credit_limit": 500_000, "tags": ["vip"], "note": "Paga tarde"}
    answer = ask(call, "PATCH", f"/admin/customers/{anita}", terms, headers=headers)
    assert answer.status == 200, answer.text
    more = [
        again(call, anita_token, "on-terms"),
        again(call, anita_token, "elsewhere", shipping_address=WORK),
    ]
    credited(ana, 1_000, "given-1")
    credited(anita, 2_500, "given-2")
    project_all()
    orders = {ana: [first], anita: [hers, *(order["order_id"] for order in more)]}
    return Two(ana, anita, ana_token, anita_token, orders)


def merge(call: Call, customer_id: str, into: str, key: str = "merge-1", **more: Any) -> Answer:
    """With the version as it is now, unless told otherwise."""
    seen = more.pop("seen", None)
    version = shown(call, customer_id)["version"] if seen is None else seen
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": key}
    return ask(call, "POST", f"/admin/customers/{customer_id}/merge", {"into": into} | more, headers=headers)


def swept() -> None:
    assert sweep({}, None)["failed"] == 0


def balance(customer_id: str) -> tuple[int, int]:
    """What is in the wallet, and what its entries come to."""
    account = Account(CREDIT, customer_id, "MXN")
    entries = wiring.wallets().entries(account)
    return wiring.wallets().read(account).balance, sum(one.amount for one in entries)


def uses(code: str, customer_id: str) -> int:
    from comanda.discounts.store import UsesRow

    row = UsesRow.read(f"COUNTER#code#{code}#of#{customer_id}")
    return int(row.used) if row else 0


def outcome(here: Two) -> dict[str, Any]:
    """All that a merge is about, told of both."""
    every = [order_id for orders in here.orders.values() for order_id in orders]
    return {
        "owners": {owner(order_id) for order_id in every},
        "facts": [
            [fact.type for fact in wiring.orders().facts(order_id)].count("CustomerMerged")
            for order_id in every
        ],
        "credit": (balance(here.ana), balance(here.anita)),
        "owed": (wiring.open_accounts().owed(here.ana), wiring.open_accounts().owed(here.anita)),
        "uses": (uses("VERANO", here.ana), uses("VERANO", here.anita)),
        "places": [
            sorted(known.place["line1"] for known in wiring.customers().addresses(one))
            for one in (here.ana, here.anita)
        ],
        "emails": wiring.customers().load(here.ana).emails,  # type: ignore[union-attr]
        "open": wiring.merges().unfinished(),
    }
