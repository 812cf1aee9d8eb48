"""Tables, buckets and secrets: keys as agreed, kept, private."""

from typing import Any

import pytest

from tests.unit.template.described import BUCKETS, TABLES, TEMPLATE, named, of_kind

INCLUDED = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["row"]}
KEYS_ONLY = {"ProjectionType": "KEYS_ONLY"}
ALL = {"ProjectionType": "ALL"}
KEYS = {
    "OrdersTable": ("pk", "sk"),
    "StockTable": ("pk",),
    "SearchTable": ("pk", "sk"),
    "CartsTable": ("pk",),
    "CustomersTable": ("pk", "sk"),
    "SettingsTable": ("pk",),
    "JobsTable": ("pk", "sk"),
    "DedupeTable": ("pk",),
    "SessionsTable": ("pk", "sk"),
}
INDEXES = {
    ("OrdersTable", "created"): (("created_pk", "created_sk"), INCLUDED),
    ("OrdersTable", "updated"): (("updated_pk", "updated_sk"), INCLUDED),
    ("OrdersTable", "state"): (("state_pk", "state_sk"), INCLUDED),
    ("OrdersTable", "source"): (("source_pk", "source_sk"), INCLUDED),
    ("OrdersTable", "due"): (("due_pk", "due_sk"), KEYS_ONLY),
    ("OrdersTable", "tracking"): (("tracking_pk",), KEYS_ONLY),
    ("StockTable", "catalogue"): (("catalogue_pk", "catalogue_sk"), ALL),
    ("CartsTable", "held"): (
        ("held_pk", "held_until"),
        {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["held"]},
    ),
    ("CartsTable", "open"): (("open_pk", "open_sk"), KEYS_ONLY),
    ("JobsTable", "recent"): (("kind_pk", "kind_sk"), ALL),
}


def keys(described: dict[str, Any]) -> tuple[str, ...]:
    assert [key["KeyType"] for key in described["KeySchema"]] == ["HASH", "RANGE"][
        : len(described["KeySchema"])
    ]
    return tuple(key["AttributeName"] for key in described["KeySchema"])


def test_tables_have_the_agreed_keys() -> None:
    assert {name: keys(table) for name, table in TABLES.items()} == KEYS


def test_indexes_have_the_agreed_keys_and_projections() -> None:
    found = {
        (name, index["IndexName"]): (keys(index), index["Projection"])
        for name, table in TABLES.items()
        for index in table.get("GlobalSecondaryIndexes", [])
    }
    assert found == INDEXES


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_paid_by_use_and_keyed_by_text(name: str) -> None:
    assert TABLES[name]["BillingMode"] == "PAY_PER_REQUEST"
    assert {attribute["AttributeType"] for attribute in TABLES[name]["AttributeDefinitions"]} == {"S"}


@pytest.mark.parametrize("name", TABLES)
def test_tables_survive_a_mistake(name: str) -> None:
    assert TABLES[name]["DeletionProtectionEnabled"] is True
    assert TABLES[name]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("name", [*TABLES, *BUCKETS, *of_kind("AWS::SecretsManager::Secret"), "UserPool"])
def test_what_holds_data_is_kept_when_the_stack_goes(name: str) -> None:
    resource = TEMPLATE["Resources"][name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_what_is_searched_or_runs_low_has_a_stream_and_only_passing_things_expire() -> None:
    streams = {name: t["StreamSpecification"] for name, t in TABLES.items() if "StreamSpecification" in t}
    assert streams == {
        name: {"StreamViewType": "NEW_AND_OLD_IMAGES"}
        for name in ("OrdersTable", "CustomersTable", "StockTable")
    }
    expiring = {
        name: t["TimeToLiveSpecification"] for name, t in TABLES.items() if "TimeToLiveSpecification" in t
    }
    assert expiring == {
        name: {"AttributeName": "expires_at", "Enabled": True}
        for name in ("CartsTable", "DedupeTable", "JobsTable", "SessionsTable")
    }


@pytest.mark.parametrize("name", BUCKETS)
def test_buckets_are_private_and_encrypted(name: str) -> None:
    bucket = BUCKETS[name]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize("name", BUCKETS)
def test_buckets_refuse_plain_http(name: str) -> None:
    (policy,) = [p for p in of_kind("AWS::S3::BucketPolicy").values() if named(p["Bucket"]) == name]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
    assert [named(resource) for resource in statement["Resource"]] == [name, name]


def test_files_expire() -> None:
    found = {
        (name, rule.get("Prefix", "")): rule["ExpirationInDays"]
        for name, bucket in BUCKETS.items()
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    }
    assert found == {
        ("RawBucket", "webhooks/"): 400,
        ("RawBucket", "rejected/"): 14,
        ("ExportBucket", ""): 400,
        ("ExportBucket", "labels/"): 90,
        ("ExportBucket", "parts/"): 1,  # papers of many orders, until they are bound
        ("FailuresBucket", ""): 60,
    }


@pytest.mark.parametrize("name", ["RawBucket", "ExportBucket"])
def test_what_was_received_or_sent_cannot_be_overwritten_unseen(name: str) -> None:
    assert BUCKETS[name]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_secrets_hold_nothing_that_is_secret() -> None:
    contents = {
        name: (secret.get("SecretString"), secret.get("GenerateSecretString", {}).get("GenerateStringKey"))
        for name, secret in of_kind("AWS::SecretsManager::Secret").items()
    }
    assert contents == {
        "SigningSecret": (None, "current"),
        "PaymentSecrets": ("{}", None),
        "CarrierSecrets": ("{}", None),
        "DestinationSecrets": ("{}", None),
    }


def test_no_parameter_asks_for_a_secret() -> None:
    assert [name for name, p in TEMPLATE["Parameters"].items() if p.get("NoEcho")] == []
