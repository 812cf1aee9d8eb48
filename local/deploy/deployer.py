"""Puts the built template into the embedded AWS: translate, rewrite, create or update, cure, verify."""

import copy
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.deploy import cures, functions, http_api, references, stack, transform, verify
from local.deploy.cures import Cured
from local.deploy.stack import Client, Stack
from local.home import STACK_NAME, TOOLS, Home
from local.plan import write_whole

INTERPRETER = TOOLS / "lambda" / "bin" / "python"


@dataclass(frozen=True)
class Deployed:
    """The stack, what had to be cured, and what the emulator still lacks of the template."""

    stack: Stack
    changed: bool
    cured: list[Cured] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


def deploy(
    client: Client, home: Home, template_file: Path, values: dict[str, str], name: str = STACK_NAME
) -> Deployed:
    """Deploy unless exactly this is what stands there already."""
    template = transform.read(template_file)
    parameters = transform.known_parameters(template, values)
    translated = transform.to_cloudformation(template, template_file.parent, parameters)
    rewritten = copy.deepcopy(translated)
    http_api.expand(rewritten)
    references.ask_for_secret_arns(rewritten)
    packages = functions.point_at_build(rewritten, INTERPRETER, home.build, stack.BUCKET)
    mark = hashlib.sha256(json.dumps([rewritten, parameters], sort_keys=True).encode()).hexdigest()
    cloudformation = client("cloudformation")
    if _stands(home, mark) and stack.exists(cloudformation, name):
        return Deployed(stack.describe(cloudformation, name), changed=False)
    home.deployed_file.unlink(missing_ok=True)
    stack.store_packages(client("s3"), packages)
    made = stack.deploy(client, name, rewritten, parameters)
    cured = cures.apply(client, translated, made)
    gaps = verify.gaps(client, rewritten, made, parameters)
    if not gaps:
        write_whole(home.deployed_file, json.dumps({"mark": mark}))
    return Deployed(made, changed=True, cured=cured, gaps=gaps)


def renew(client: Client, home: Home, template_file: Path, made: Stack, built: list[str]) -> int:
    """Start functions anew on what was built: all if a layer changed, else the changed ones."""
    template = transform.read(template_file)
    names = set(transform.resources_of(template, "AWS::Serverless::Function"))
    changed = names if set(built) - names else names & set(built)
    lambda_client, s3 = client("lambda"), client("s3")
    for name in sorted(changed):
        # The same package again: what matters is that the emulator ends the processes of the old code.
        lambda_client.update_function_code(
            FunctionName=made.physical[name], S3Bucket=stack.BUCKET, S3Key=_package_key(s3, name)
        )
    return len(changed)


def _package_key(s3: Any, name: str) -> str:
    found = s3.list_objects_v2(Bucket=stack.BUCKET, Prefix=f"{name}-")["Contents"]
    key: str = max(found, key=lambda entry: entry["LastModified"])["Key"]
    return key


def _stands(home: Home, mark: str) -> bool:
    return home.deployed_file.exists() and json.loads(home.deployed_file.read_text())["mark"] == mark
