"""Creates or updates the stack and says which resource failed, and why."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from local.console import Failure
from local.deploy.transform import Template
from local.home import REGION

type Client = Callable[[str], Any]

BUCKET = "comanda-local-packages"
DEADLINE_SECONDS = 120
LONGEST_REASON = 2000
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True)
class Stack:
    """What CloudFormation made: physical ids by the template's names, and the outputs."""

    name: str
    physical: dict[str, str]
    outputs: dict[str, str]


def store_packages(s3: Any, packages: dict[str, bytes]) -> None:
    s3.create_bucket(Bucket=BUCKET)
    for key, body in packages.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def _store_template(s3: Any, name: str, template: Template) -> str:
    """CloudFormation takes a template of this size from S3 only."""
    s3.put_object(Bucket=BUCKET, Key=f"{name}.json", Body=json.dumps(template).encode())
    return f"https://s3.{REGION}.amazonaws.com/{BUCKET}/{name}.json"


def deploy(client: Client, name: str, template: Template, parameters: dict[str, str]) -> Stack:
    cloudformation = client("cloudformation")
    request = {
        "StackName": name,
        "TemplateURL": _store_template(client("s3"), name, template),
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        "Capabilities": CAPABILITIES,
    }
    try:
        if exists(cloudformation, name):
            cloudformation.update_stack(**request)
        else:
            cloudformation.create_stack(**request)
    except ClientError as error:
        if "No updates" not in str(error):
            reason = error.response["Error"]["Message"][-LONGEST_REASON:]
            raise Failure(f"the template was refused: {reason}") from error
    return _wait(cloudformation, name)


def exists(cloudformation: Any, name: str) -> bool:
    try:
        found = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError:
        return False
    return bool(found) and found[0]["StackStatus"] != "DELETE_COMPLETE"


def describe(cloudformation: Any, name: str) -> Stack:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    physical = {
        r["LogicalResourceId"]: r.get("PhysicalResourceId", "")
        for page in pages
        for r in page["StackResourceSummaries"]
        if not r["ResourceStatus"].startswith("DELETE")
    }
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Outputs", [])
    return Stack(name, physical, {o["OutputKey"]: o["OutputValue"] for o in outputs})


def _wait(cloudformation: Any, name: str) -> Stack:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return describe(cloudformation, name)
        if status.endswith(("FAILED", "ROLLBACK_COMPLETE")):
            raise Failure(f"the stack ended as {status}: " + "; ".join(_reasons(cloudformation, name)))
        time.sleep(0.1)
    raise Failure(f"the stack was not ready after {DEADLINE_SECONDS} seconds")


def _reasons(cloudformation: Any, name: str) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return [
        f"{e['LogicalResourceId']}: {e['ResourceStatusReason']}"
        for e in events
        if e["ResourceStatus"].endswith("FAILED") and e.get("ResourceStatusReason")
    ]
