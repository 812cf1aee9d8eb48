"""What is looked at in each kind of resource, compared with what the template means."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local.deploy.stack import Client


@dataclass(frozen=True)
class Look:
    """One resource to look at: its properties as the template means them, and its physical id."""

    client: Client
    name: str
    wanted: dict[str, Any]
    id: str


type Check = Callable[[Look], Iterator[str]]


def _differences(look: Look, actual: dict[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        if name in look.wanted and not _same(look.wanted[name], actual.get(name)):
            yield f"{name}: wanted {look.wanted[name]!r}, found {actual.get(name)!r}"


def _same(wanted: Any, actual: Any) -> bool:
    """Whether all that is wanted is there; an answer may tell more than was asked for."""
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return all(_same(value, actual.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(actual, list):
        return len(wanted) == len(actual) and all(map(_same, _ordered(wanted), _ordered(actual)))
    if isinstance(wanted, int | float) and isinstance(actual, int | float):
        return wanted == actual
    return str(wanted) == str(actual)


def _ordered(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def _table(look: Look) -> Iterator[str]:
    dynamodb = look.client("dynamodb")
    table = dynamodb.describe_table(TableName=look.id)["Table"]
    yield from _differences(look, table, "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    yield from _differences(look, table, "DeletionProtectionEnabled", "StreamSpecification")
    expiry = dynamodb.describe_time_to_live(TableName=look.id)["TimeToLiveDescription"]
    wanted = look.wanted.get("TimeToLiveSpecification", {}).get("AttributeName")
    if wanted != expiry.get("AttributeName"):
        yield f"TimeToLiveSpecification: wanted {wanted!r}, found {expiry.get('AttributeName')!r}"
    backups = dynamodb.describe_continuous_backups(TableName=look.id)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    if "PointInTimeRecoverySpecification" in look.wanted and recovery != "ENABLED":
        yield f"PointInTimeRecoverySpecification: found {recovery}"


def _function(look: Look) -> Iterator[str]:
    found = look.client("lambda").get_function_configuration(FunctionName=look.id)
    yield from _differences(look, found, "Handler", "Timeout", "MemorySize", "Role", "Environment")
    if not found["CodeSize"]:
        yield "Code: the package was not found"


def _mapping(look: Look) -> Iterator[str]:
    found = look.client("lambda").get_event_source_mapping(UUID=look.id)
    if found["State"] != "Enabled":
        yield f"State: found {found['State']}"
    yield from _differences(look, found, "EventSourceArn", "BatchSize", "FunctionResponseTypes")
    yield from _differences(look, found, "BisectBatchOnFunctionError", "MaximumRetryAttempts")
    yield from _differences(look, found, "DestinationConfig", "FilterCriteria", "ScalingConfig")


def _route(look: Look) -> Iterator[str]:
    api, _, route = look.id.partition("/")
    found = look.client("apigatewayv2").get_route(ApiId=api, RouteId=route)
    yield from _differences(look, found, "RouteKey", "Target", "AuthorizationType", "AuthorizerId")


def _authorizer(look: Look) -> Iterator[str]:
    found = look.client("apigatewayv2").get_authorizer(ApiId=look.wanted["ApiId"], AuthorizerId=look.id)
    yield from _differences(look, found, "AuthorizerType", "IdentitySource", "JwtConfiguration")


def _queue(look: Look) -> Iterator[str]:
    found = look.client("sqs").get_queue_attributes(QueueUrl=look.id, AttributeNames=["All"])["Attributes"]
    found["RedrivePolicy"] = json.loads(found.get("RedrivePolicy", "null"))
    yield from _differences(look, found, "VisibilityTimeout", "MessageRetentionPeriod", "RedrivePolicy")


def _rule(look: Look) -> Iterator[str]:
    events = look.client("events")
    bus = look.wanted.get("EventBusName", "default")
    found = events.describe_rule(Name=look.id, EventBusName=bus)
    found["EventPattern"] = json.loads(found.get("EventPattern", "null"))
    found["Targets"] = events.list_targets_by_rule(Rule=look.id, EventBusName=bus)["Targets"]
    yield from _differences(look, found, "EventPattern", "Targets")
    if found["State"] != "ENABLED":
        yield f"State: found {found['State']}"


def _schedule(look: Look) -> Iterator[str]:
    found = look.client("scheduler").get_schedule(Name=look.id)
    yield from _differences(look, found, "ScheduleExpression", "Target", "FlexibleTimeWindow")


def _bucket(look: Look) -> Iterator[str]:
    s3 = look.client("s3")
    told = s3.get_bucket_notification_configuration(Bucket=look.id).get("QueueConfigurations", [])
    declared = look.wanted.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
    if {entry["QueueArn"] for entry in told} != {entry["Queue"] for entry in declared}:
        yield f"NotificationConfiguration: wanted {declared!r}, found {told!r}"
    versioning = s3.get_bucket_versioning(Bucket=look.id)
    yield from _differences(look, {"VersioningConfiguration": versioning}, "VersioningConfiguration")
    if "PublicAccessBlockConfiguration" in look.wanted:
        blocked = s3.get_public_access_block(Bucket=look.id)
        yield from _differences(look, blocked, "PublicAccessBlockConfiguration")
    if "LifecycleConfiguration" in look.wanted:
        rules = s3.get_bucket_lifecycle_configuration(Bucket=look.id)["Rules"]
        wanted = {rule["Id"] for rule in look.wanted["LifecycleConfiguration"]["Rules"]}
        if {rule["ID"] for rule in rules} != wanted:
            yield f"LifecycleConfiguration: wanted {wanted!r}, found {rules!r}"


def _machine(look: Look) -> Iterator[str]:
    found = look.client("stepfunctions").describe_state_machine(stateMachineArn=look.id)
    if "${" in found["definition"]:
        yield "DefinitionSubstitutions: not all were put in"
    if not json.loads(found["definition"]).get("States"):
        yield "DefinitionString: has no states"


def _log_group(look: Look) -> Iterator[str]:
    groups = look.client("logs").describe_log_groups(logGroupNamePrefix=look.id)["logGroups"]
    kept = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
    yield from _differences(look, {"RetentionInDays": kept.get(look.id)}, "RetentionInDays")


def _alarm(look: Look) -> Iterator[str]:
    found = look.client("cloudwatch").describe_alarms(AlarmNames=[look.id])["MetricAlarms"]
    yield from _differences(look, found[0] if found else {}, "MetricName", "Threshold", "AlarmActions")


def _secret(look: Look) -> Iterator[str]:
    if "ARN" not in look.client("secretsmanager").describe_secret(SecretId=look.id):
        yield "Id: has no ARN"


def _group(look: Look) -> Iterator[str]:
    found = look.client("cognito-idp").get_group(GroupName=look.id, UserPoolId=look.wanted["UserPoolId"])
    yield from _differences(look, found["Group"], "GroupName", "Precedence")


def _user_pool_client(look: Look) -> Iterator[str]:
    found = look.client("cognito-idp").describe_user_pool_client(
        UserPoolId=look.wanted["UserPoolId"], ClientId=look.id
    )["UserPoolClient"]
    yield from _differences(look, found, "ExplicitAuthFlows", "AllowedOAuthFlows", "CallbackURLs")


def _mail_events(look: Look) -> Iterator[str]:
    name = look.wanted["ConfigurationSetName"]
    wanted = look.wanted["EventDestination"]["Name"]
    found = look.client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=name)
    if wanted not in {destination["Name"] for destination in found["EventDestinations"]}:
        yield f"EventDestination: {wanted} is missing"


CHECKS: dict[str, Check] = {
    "AWS::ApiGatewayV2::Authorizer": _authorizer,
    "AWS::ApiGatewayV2::Route": _route,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::Cognito::UserPoolClient": _user_pool_client,
    "AWS::Cognito::UserPoolGroup": _group,
    "AWS::DynamoDB::Table": _table,
    "AWS::Events::Rule": _rule,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::SES::ConfigurationSetEventDestination": _mail_events,
    "AWS::SQS::Queue": _queue,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::StepFunctions::StateMachine": _machine,
}
