"""All that is stored, to show that a refusal has changed nothing."""

import json

import boto3

from tests.template import tables

COUNTERS = "DedupeTable"  # counts every public write, refused or not


def contents() -> dict[str, list[str]]:
    """Every item of every table but the rate counters', in a fixed order."""
    database = boto3.client("dynamodb")
    return {
        name: sorted(
            json.dumps(item, sort_keys=True, default=repr) for item in database.scan(TableName=name)["Items"]
        )
        for name in tables()
        if name != COUNTERS
    }
