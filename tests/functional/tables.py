"""All that is stored, to show that a refusal has changed nothing."""

import json

import boto3

from tests.template import tables

# Written before anybody knows what comes of a request: public writes of a minute, numbers of orders that
# may stay unused, partitions that an index may come to have, and what staff are about to change.
BEFOREHAND = ("RATE#", "COUNTER#order", "REGISTRY#state", "REGISTRY#source", "OWN#")


def contents() -> dict[str, list[str]]:
    """Every item of every table but what is written beforehand, in a fixed order."""
    database = boto3.client("dynamodb")
    found = {}
    for name in tables():
        items = [i for p in database.get_paginator("scan").paginate(TableName=name) for i in p["Items"]]
        kept = (item for item in items if not item["pk"]["S"].startswith(BEFOREHAND))
        found[name] = sorted(json.dumps(item, sort_keys=True, default=repr) for item in kept)
    return found
