"""Applies what the emulator's CloudFormation leaves out, through the service's own call."""

from dataclasses import dataclass
from typing import Any

from local.deploy.http_api import cross_origin
from local.deploy.stack import Client, Stack
from local.deploy.transform import Template, resources_of


@dataclass(frozen=True)
class Cured:
    """One property of one resource that had to be set a second time."""

    resource: str
    property: str

    def __str__(self) -> str:
        return f"{self.resource}.{self.property}"


def apply(client: Client, translated: Template, stack: Stack) -> list[Cured]:
    """`translated` is the template before its API body was spelled out: the body holds the CORS settings."""
    return [
        *_cross_origin(client, translated, stack),
        *_tables(client, translated, stack),
        *_buckets(client, translated, stack),
    ]


def _cross_origin(client: Client, translated: Template, stack: Stack) -> list[Cured]:
    cured = []
    for name, api in resources_of(translated, "AWS::ApiGatewayV2::Api").items():
        settings = cross_origin(api["Properties"].get("Body", {}))
        if settings:
            client("apigatewayv2").update_api(ApiId=stack.physical[name], CorsConfiguration=settings)
            cured.append(Cured(name, "CorsConfiguration"))
    return cured


def _tables(client: Client, translated: Template, stack: Stack) -> list[Cured]:
    cured = []
    for name, table in resources_of(translated, "AWS::DynamoDB::Table").items():
        expiry = table["Properties"].get("TimeToLiveSpecification")
        if expiry:
            client("dynamodb").update_time_to_live(
                TableName=stack.physical[name], TimeToLiveSpecification=expiry
            )
            cured.append(Cured(name, "TimeToLiveSpecification"))
        recovery = table["Properties"].get("PointInTimeRecoverySpecification")
        if recovery:
            client("dynamodb").update_continuous_backups(
                TableName=stack.physical[name], PointInTimeRecoverySpecification=recovery
            )
            cured.append(Cured(name, "PointInTimeRecoverySpecification"))
    return cured


def _buckets(client: Client, translated: Template, stack: Stack) -> list[Cured]:
    cured = []
    for name, bucket in resources_of(translated, "AWS::S3::Bucket").items():
        declared = bucket["Properties"].get("LifecycleConfiguration")
        if declared:
            rules = [_lifecycle_rule(rule) for rule in declared["Rules"]]
            client("s3").put_bucket_lifecycle_configuration(
                Bucket=stack.physical[name], LifecycleConfiguration={"Rules": rules}
            )
            cured.append(Cured(name, "LifecycleConfiguration"))
    return cured


def _lifecycle_rule(declared: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's words for a rule in those of the S3 API."""
    rule = {key: value for key, value in declared.items() if key not in {"Id", "Prefix", "ExpirationInDays"}}
    rule |= {"ID": declared["Id"], "Filter": {"Prefix": declared.get("Prefix", "")}}
    if "ExpirationInDays" in declared:
        rule["Expiration"] = {"Days": declared["ExpirationInDays"]}
    return rule
