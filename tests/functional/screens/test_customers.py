"""Customers in the back office: found, known, credited, and two profiles that are one person."""

import pytest

from tests.functional.conftest import Call
from tests.functional.merges import project_all, two
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_customers import verified


def customer_of(call: Call, order_id: str) -> str:
    return str(ask(call, "GET", f"/admin/orders/{order_id}").body["customer"]["customer_id"])


def bought(call: Call) -> tuple[str, str]:
    """An order of a verified customer: the customer's id and the order's number."""
    stock_product()
    placed = place(call)
    verified(call, placed["order_id"])
    project_all()
    return customer_of(call, placed["order_id"]), placed["number"]


@pytest.mark.capability("D23", "A10")
@pytest.mark.parametrize("typed", ["ana mun", "5678", "ana@exam"])
def test_a_customer_is_found_and_green_once_verified(call: Call, typed: str) -> None:
    customer_id, _ = bought(call)
    page = staff_at().get(f"/customers?q={typed.replace(' ', '+')}")
    assert f"/back-office/customers/{customer_id}" in page.text
    assert page.says("Verified")


@pytest.mark.capability("D23")
def test_the_profile_shows_orders_and_contact(call: Call) -> None:
    customer_id, number = bought(call)
    page = staff_at(language="es").get(f"/customers/{customer_id}")
    for text in ("Ana Muñoz", number, "ana@example.com", "+525512345678", "Saldo a favor", "por revisar"):
        assert page.says(text), text


@pytest.mark.capability("D36")
def test_store_credit_is_given_once_with_its_reason(call: Call) -> None:
    customer_id, _ = bought(call)
    staff = staff_at()
    page = staff.get(f"/customers/{customer_id}")
    typed = {"amount": "1,250.50", "reason": "por la espera", "way": "give"}
    done = staff.submit(page, "/credit", **typed)
    staff.submit(page, "/credit", **typed)
    after = staff.follow(done)
    assert after.says("1,250.50")
    assert after.says("por la espera")
    found = ask(call, "GET", f"/admin/customers/{customer_id}/credit").body
    assert (found["balance"]["amount"], len(found["entries"])) == (125_050, 1)


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": "mucho", "reason": "x", "way": "give"},
        {"amount": "10", "reason": "", "way": "give"},
        {"amount": "10", "reason": "x", "way": "take"},
    ],
)
def test_credit_that_cannot_be_changes_nothing(call: Call, typed: dict[str, str]) -> None:
    customer_id, _ = bought(call)
    staff = staff_at()
    page, before = staff.get(f"/customers/{customer_id}"), contents()["CustomersTable"]
    seen = staff.submit(page, "/credit", **typed)
    assert seen.status in (409, 422)
    assert seen.form("/credit")["amount"] == typed["amount"]
    assert contents()["CustomersTable"] == before


def test_a_profile_is_changed_under_its_version(call: Call) -> None:
    customer_id, _ = bought(call)
    staff = staff_at()
    page = staff.get(f"/customers/{customer_id}")
    done = staff.submit(page, "/profile", company="Café Luna", tags="mayoreo, centro")
    assert staff.follow(done).says("The profile is changed.")
    found = ask(call, "GET", f"/admin/customers/{customer_id}").body
    assert (found["company"], found["tags"]) == ("Café Luna", ["mayoreo", "centro"])
    stale = staff.submit(page, "/profile", company="Otra")
    assert stale.status == 412
    assert ask(call, "GET", f"/admin/customers/{customer_id}").body["company"] == "Café Luna"


def test_what_people_typed_is_text_and_never_markup(call: Call) -> None:
    customer_id, _ = bought(call)
    staff, bad = staff_at(), "<script>alert(1)</script>"
    staff.submit(staff.get(f"/customers/{customer_id}"), "/profile", note=bad, company=bad, tags=bad)
    for page in (staff.get(f"/customers/{customer_id}"), staff.get("/customers")):
        assert bad not in page.text
        assert "&lt;script&gt;" in page.text


@pytest.mark.capability("A21")
def test_two_profiles_of_one_person_become_one(call: Call) -> None:
    found = two(call)
    project_all()
    staff = staff_at()
    page = staff.get(f"/customers/{found.ana}")
    assert page.says("Perhaps the same person")
    assert page.says("same telephone")
    preview = staff.get(f"/customers/{found.anita}/merge/{found.ana}")
    assert preview.says("This cannot be undone.")
    done = staff.submit(preview, f"/merge/{found.ana}")
    assert staff.follow(done).says("one now")
    assert ask(call, "GET", f"/admin/customers/{found.anita}").body["merged_into"] == found.ana
    assert staff.get(f"/customers/{found.anita}").says("merged into another")


def test_a_merge_seen_with_an_old_profile_changes_nothing(call: Call) -> None:
    found = two(call)
    project_all()
    staff = staff_at()
    preview = staff.get(f"/customers/{found.anita}/merge/{found.ana}")
    staff.submit(staff.get(f"/customers/{found.ana}"), "/profile", note="cambió")
    before = contents()["CustomersTable"]
    assert staff.submit(preview, f"/merge/{found.ana}").status == 412
    assert contents()["CustomersTable"] == before


def test_empty_and_unknown_say_so(aws: None) -> None:
    assert staff_at(language="es").get("/customers").says("Aún no hay clientes")
    assert staff_at().get("/customers/nobody").status == 404
