"""What the template describes, read once: as written, and as CloudFormation gets it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from local.deploy.transform import Template, read, resources_of, to_cloudformation

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "template.yaml"
TEMPLATE: Template = read(SOURCE)
GLOBALS: dict[str, Any] = TEMPLATE["Globals"]["Function"]
WORKFLOW: dict[str, Any] = json.loads((ROOT / "statemachines" / "order_lifecycle.asl.json").read_text())


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    """Properties by logical id."""
    return {name: resource["Properties"] for name, resource in resources_of(TEMPLATE, kind).items()}


FUNCTIONS = of_kind("AWS::Serverless::Function")
QUEUES = of_kind("AWS::SQS::Queue")
TABLES = of_kind("AWS::DynamoDB::Table")
BUCKETS = of_kind("AWS::S3::Bucket")
CONSUMERS = of_kind("AWS::Lambda::EventSourceMapping")
RULES = of_kind("AWS::Events::Rule")
SCHEDULES = of_kind("AWS::Scheduler::Schedule")
ALARMS = of_kind("AWS::CloudWatch::Alarm")


@cache
def transformed() -> Template:
    return to_cloudformation(TEMPLATE, ROOT, {})


def named(reference: Any) -> str:
    """The logical id behind a Ref, a GetAtt or a Sub of one resource."""
    if isinstance(reference, dict) and "Ref" in reference:
        return str(reference["Ref"])
    if isinstance(reference, dict) and "Fn::GetAtt" in reference:
        path = reference["Fn::GetAtt"]
        return str(path[0] if isinstance(path, list) else path.split(".")[0])
    if isinstance(reference, dict) and "Fn::Sub" in reference:
        text = reference["Fn::Sub"] if isinstance(reference["Fn::Sub"], str) else reference["Fn::Sub"][0]
        return str(text).partition("${")[2].partition("}")[0].partition(".")[0]
    raise AssertionError(f"{reference} names no resource")


def timeout(function: str) -> int:
    return int(FUNCTIONS[function].get("Timeout", GLOBALS["Timeout"]))


def environment(function: str) -> dict[str, Any]:
    own = FUNCTIONS[function].get("Environment", {}).get("Variables", {})
    return {**GLOBALS["Environment"]["Variables"], **own}


def folder(function: str) -> str:
    return str(FUNCTIONS[function]["CodeUri"]).removeprefix("functions/")
