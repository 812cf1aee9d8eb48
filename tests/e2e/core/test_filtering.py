"""The list of orders: each filter, alone and negated, dates, words, pages, and addresses to keep."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from local.demo.outside import eventually, fresh_key
from tests.e2e.core.merchant import Merchant, pointers, problem
from tests.e2e.shop import ADDRESS, Order

pytestmark = pytest.mark.e2e

EVERY = "new review unpaid sent gone held phoned"


@dataclass
class Scene:
    """Seven orders in seven states under a tag of their own; `find` answers which of them a query lists."""

    merchant: Merchant
    tag: str
    orders: dict[str, Order]

    def listed(self, query: str) -> list[str]:
        found = self.merchant.staff.get(f"/admin/orders?tag={self.tag}&{query}")
        names = {order.id: name for name, order in self.orders.items()}
        return [names[item["order_id"]] for item in found["items"]]

    def find(self, query: str) -> set[str]:
        return set(self.listed(query))


@pytest.fixture(scope="module")
def scene(merchant: Merchant) -> Scene:
    cup, tag = merchant.product(), f"t{secrets.token_hex(4)}"
    lines = [{"sku": cup, "quantity": 1}]
    orders = {"new": merchant.place(lines=lines, payment_method="request")}
    orders["review"] = merchant.place(lines=lines, payment_method="stripe")
    merchant.does(orders["review"], "verify")
    orders["unpaid"] = merchant.ready((cup, 1))
    orders["sent"] = merchant.settled((cup, 1))
    merchant.ship(orders["sent"], (cup, 1))
    orders["gone"] = merchant.ready((cup, 1))
    merchant.does(orders["gone"], "cancel", {"reason": "customer"})
    orders["held"] = merchant.settled((cup, 1))
    merchant.does(orders["held"], "hold", {"reason": "fraud"})
    customer = {"email": f"tel.{tag}@example.com", "name": "Jacinta Obregón", "phone": "+525587654321"}
    wish = {"lines": lines, "customer": customer, "shipping_address": ADDRESS, "delivery": "ship"}
    told = merchant.staff.call(
        "POST", "/admin/drafts", wish | {"payment_method": "request"}, status=201, headers=fresh_key()
    ).body
    orders["phoned"] = Order({"order_id": told["order"]["order_id"]}, customer["email"], [], merchant.api)
    merchant.does(orders["phoned"], "place", {"verified": True, "accept_privacy": True})
    merchant.does(orders["phoned"], "assign", {"to": "me"})
    for order in orders.values():
        merchant.does(order, "tag", {"add": [tag]})
    made = Scene(merchant, tag, orders)
    eventually(lambda: made.find("limit=100") == set(EVERY.split()), "all seven listed", tag)
    return made


FILTERS = [
    ("lifecycle=awaiting_verification", "new"),
    ("lifecycle=placed", "review unpaid sent held phoned"),
    ("lifecycle=cancelled", "gone"),
    ("payment=paid", "sent held"),
    ("payment=none", "new phoned"),
    ("payment=pending&payment=voided", "review unpaid gone"),
    ("fulfilment=shipped", "sent"),
    ("returns=none", EVERY),
    ("method=bank_transfer", "unpaid sent gone held"),
    ("method=stripe", "review"),
    ("channel=phone", "phoned"),
    ("label=to_review", "review held phoned"),
    ("label=pending", "unpaid"),
    ("label=shipped", "sent"),
    ("stage=order", "sent held"),
    ("verified=false", "new"),
    ("hold=any", "held"),
    ("hold=fraud", "held"),
    ("assigned=me", "phoned"),
    ("assigned=none", "new review unpaid sent gone held"),
]


@pytest.mark.capability("A13", "C06", "D24", "D23")
@pytest.mark.parametrize(("query", "names"), FILTERS, ids=[query for query, _ in FILTERS])
def test_a_filter_lists_what_it_says_and_negated_all_the_rest(scene: Scene, query: str, names: str) -> None:
    wanted = set(names.split())
    assert scene.find(query) == wanted
    negated = "&".join(f"not.{each}" for each in query.split("&"))
    assert scene.find(negated) == set(EVERY.split()) - wanted


@pytest.mark.capability("C29", "C30", "C06")
def test_filters_combine_and_their_address_says_the_same_again(scene: Scene) -> None:
    reconciling = "not.payment=paid&not.lifecycle=cancelled&method=bank_transfer&created_from=-30d"
    assert scene.find(reconciling) == {"unpaid"}
    assert scene.find("payment=paid&not.hold=any") == {"sent"}
    first = scene.listed("sort=created&limit=100")
    assert first == EVERY.split()
    assert scene.listed("sort=created&limit=100") == first
    assert scene.listed("limit=100") == first[::-1]
    assert scene.listed("sort=-updated&limit=100")[0] == "phoned"


def local_day(scene: Scene, order: Order) -> str:
    """The day of an order in Mexico City, which keeps no summer time."""
    created = datetime.fromisoformat(scene.merchant.seen(order)["created_at"])
    return f"{created - timedelta(hours=6):%Y-%m-%d}"


@pytest.mark.capability("A13", "D23")
def test_dates_are_absolute_or_relative_in_the_shops_time_zone(scene: Scene) -> None:
    now = datetime.now(UTC)
    hour = quote(f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
    days = {name: local_day(scene, order) for name, order in scene.orders.items()}
    first, last = min(days.values()), max(days.values())
    everything, nothing = set(EVERY.split()), set[str]()
    for query, found in (
        ("created_from=-1d", everything),
        ("created_to=today", everything),
        ("created_to=-1d", nothing),
        (f"created_to={hour}", everything),
        (f"created_from={hour}", nothing),
        (f"month={first[:7]}", {name for name, day in days.items() if day[:7] == first[:7]}),
        ("month=2020-02", nothing),
        (f"created_from={first}&created_to={last}", everything),
        (f"created_from={last}", {name for name, day in days.items() if day == last}),
    ):
        assert (query, scene.find(query)) == (query, found)


@pytest.mark.capability("C06", "D23", "A12")
def test_words_find_an_order_and_its_row_says_what_staff_look_for(scene: Scene) -> None:
    phoned = scene.orders["phoned"]
    number = scene.merchant.seen(phoned)["number"]
    eventually(lambda: scene.find("q=jacinta") == {"phoned"}, "found by name", phoned.id)
    for words in (number, phoned.email, "obregon", "obreg jacin", "87654321", "5587654321"):
        assert (words, scene.find(f"q={quote(words)}")) == (words, {"phoned"})
    assert scene.find("q=nadie") == set()
    (row,) = scene.merchant.staff.get(f"/admin/orders?tag={scene.tag}&q=jacinta")["items"]
    assert (row["number"], row["customer"]["phone"], row["articles"]) == (number, "+525587654321", 1)
    assert (row["customer"]["verified"], row["label"], row["total"]["currency"]) == (True, "to_review", "MXN")


@pytest.mark.capability("A12", "C06")
def test_pages_follow_each_other_without_gap_and_labels_are_counted(scene: Scene) -> None:
    seen, cursor = list[str](), ""
    for _ in range(len(EVERY.split()) + 2):
        path = f"/admin/orders?tag={scene.tag}&limit=2&sort=created{cursor and f'&cursor={quote(cursor)}'}"
        page = scene.merchant.staff.get(path)
        assert len(page["items"]) <= 2
        seen += [item["order_id"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [scene.orders[name].id for name in EVERY.split()]
    counts = scene.merchant.staff.get("/admin/orders?limit=1")["counts"]
    assert set(counts) == {"to_review", "pending", "processed", "error", "shipped", "delivered"}
    assert counts["to_review"] >= 3
    assert counts["pending"] >= 1
    assert counts["shipped"] >= 1


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("payment=gratis", "/payment"),
        ("month=11-2026", "/month"),
        ("created_from=ayer", "/created_from"),
        ("sort=price", "/sort"),
        ("limit=101", "/limit"),
        ("colour=red", "/colour"),
        ("not.q=x", "/not.q"),
        ("cursor=invented", "/cursor"),
    ],
)
def test_what_no_list_can_be_made_of_is_named(merchant: Merchant, query: str, pointer: str) -> None:
    answer = merchant.staff.send("GET", f"/admin/orders?{query}")
    assert (problem(answer)[:2], pointers(answer)) == ((422, "invalid"), [pointer])
