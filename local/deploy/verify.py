"""Looks whether what the template asks for really exists: the emulator passes over what it does not know."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from local.deploy.checks import CHECKS, Check, Look
from local.deploy.resolve import Resolver, Unresolved
from local.deploy.stack import Client, Stack
from local.deploy.transform import Template


def gaps(client: Client, template: Template, stack: Stack, parameters: dict[str, str]) -> list[str]:
    """What is missing or different, as `Resource.Property: …`; empty is as it should be."""
    resolver = Resolver(template, stack, parameters)
    found = []
    for name, resource in template["Resources"].items():
        if "Condition" in resource and name not in stack.physical:
            continue
        if not stack.physical.get(name):
            found.append(f"{name}: was not made")
            continue
        check = CHECKS.get(resource["Type"])
        if check:
            wanted = _resolved(resolver, resource.get("Properties", {}))
            look = Look(client, name, wanted, stack.physical[name])
            found += [f"{name}.{gap}" for gap in _looked_at(check, look)]
    return found


def _looked_at(check: Check, look: Look) -> Iterator[str]:
    try:
        yield from check(look)
    except ClientError as error:
        yield f"{error.operation_name}: {error.response['Error']['Message']}"


def _resolved(resolver: Resolver, properties: dict[str, Any]) -> dict[str, Any]:
    known = {}
    for key, value in properties.items():
        try:
            known[key] = resolver.value(value)
        except Unresolved:
            continue
    return known
