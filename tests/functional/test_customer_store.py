"""Customers in DynamoDB: what older items lack, and two who write at once."""

from dataclasses import replace

import pytest

from comanda import wiring
from comanda.customers.model import Customer, verified
from comanda.dynamo.transaction import RevisionMoved, Transaction

ANA = Customer("c-ana", "ana@example.com", "Ana Muñoz", created_at="2026-11-01T00:00:00.000Z")
NOW = "2026-11-22T10:00:00.000Z"


def saved(customer: Customer) -> None:
    tx = Transaction()
    wiring.customers().save(tx, customer)
    tx.commit()


@pytest.fixture
def ana(aws: None) -> Customer:
    tx = Transaction()
    wiring.customers().register(tx, ANA)
    tx.commit()
    found = wiring.customers().by_email("ANA@example.com")
    assert found == ANA
    return found


def present() -> Customer:
    found = wiring.customers().load(ANA.customer_id)
    assert found
    return found


def test_who_writes_second_reads_again(ana: Customer) -> None:
    saved(replace(ana, group="wholesale"))
    with pytest.raises(RevisionMoved):
        saved(verified(ana, ana.email, NOW))
    now = present()
    assert (now.group, now.verified, now.version) == ("wholesale", False, 1)
    saved(verified(now, ana.email, NOW))
    after = present()
    assert (after.group, after.verified, after.version) == ("wholesale", True, 2)


def test_a_bounce_is_not_lost_under_a_change_that_began_before_it(ana: Customer) -> None:
    wiring.customers().record_delivery_trouble(ana.email, bounced="Permanent", at=NOW)
    with pytest.raises(RevisionMoved):
        saved(replace(ana, group="wholesale"))
    found = present()
    assert found.bounced == "Permanent"


def test_a_profile_from_before_groups_is_read_and_written_on(ana: Customer) -> None:
    wiring.customers()
    from comanda.customers.rows import ProfileRow
    from comanda.dynamo.client import client

    client().update_item(
        TableName=ProfileRow.Meta.table_name,
        Key={"pk": {"S": "CUSTOMER#c-ana"}, "sk": {"S": "PROFILE"}},
        UpdateExpression="REMOVE #group, version",
        ExpressionAttributeNames={"#group": "group"},
    )
    old = present()
    assert (old.group, old.version) == ("", 0)
    saved(replace(old, group="wholesale"))
    found = present()
    assert (found.group, found.version) == ("wholesale", 1)
