"""Rights: each function may do what its use case needs, on the resources that it needs."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.deploy.transform import resources_of
from tests.unit.template.described import FUNCTIONS, named, of_kind, transformed

type Statement = dict[str, Any]

# Actions that AWS does not let one limit to a resource; the statement's Sid gives the reason.
WITHOUT_RESOURCE = {
    "TaskTokensHaveNoArn": {"states:SendTaskSuccess", "states:SendTaskFailure"},
    "LogDeliveryHasNoArn": {
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    },
}
# SAM adds these to every role that it makes: writing logs, and traces where they are on.
AWS_POLICIES = {
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess",
}
SECRET_READERS = {
    "SigningSecret": {
        "StorefrontFunction",
        "PlaceOrderFunction",
        "CustomerOrderFunction",
        "VerifyEmailFunction",
        "ApproveOrderFunction",
        "AcceptEditFunction",
        "AcceptQuoteFunction",
        "StaffApiFunction",
        "BackOfficeFunction",
        "SendMailFunction",
        # a command may tell the merchant, whose mail carries signed links
        "ApplyPaymentEventFunction",
        "ApplyCarrierEventFunction",
        "SettlePaymentFunction",
        "SettleLabelFunction",
        "ExportOrdersFunction",
        "BulkActionFunction",
        "OrderStepsFunction",
        "SweepFunction",
        "AskAfterParcelsFunction",
        "ReconcilePaymentsFunction",
        "WakeAndPublishFunction",
    },
    "PaymentSecrets": {
        "PlaceOrderFunction",
        "CustomerOrderFunction",
        "AcceptQuoteFunction",
        "PaymentWebhookFunction",
        "ApplyPaymentEventFunction",
        "SettlePaymentFunction",
        "ReconcilePaymentsFunction",
    },
    "CarrierSecrets": {
        "AskAfterParcelsFunction",
        "AskCarrierFunction",
        "CarrierWebhookFunction",
        "SettleLabelFunction",
    },
    "DestinationSecrets": {"ExportOrdersFunction"},
}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def managed() -> dict[str, list[Statement]]:
    policies = resources_of(transformed(), "AWS::IAM::ManagedPolicy")
    return {name: p["Properties"]["PolicyDocument"]["Statement"] for name, p in policies.items()}


def roles() -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in resources_of(transformed(), "AWS::IAM::Role").items()}


def of_role(role: dict[str, Any]) -> Iterator[Statement]:
    for policy in role.get("Policies", []):
        yield from listed(policy["PolicyDocument"]["Statement"])
    for attached in role.get("ManagedPolicyArns", []):
        if isinstance(attached, dict):
            yield from managed()[named(attached)]


def of_function(function: str) -> list[Statement]:
    return list(of_role(roles()[f"{function}Role"]))


def allowed(function: str, resource: str) -> set[str]:
    """The actions that a function may take on a resource and what is below it."""
    return {
        action
        for statement in of_function(function)
        for target in listed(statement["Resource"])
        if target != "*"
        and isinstance(target, dict)
        and "Fn::Sub" not in target
        and named(target) == resource
        for action in listed(statement["Action"])
    }


@pytest.mark.parametrize("name", roles())
def test_no_right_is_wider_than_it_must_be(name: str) -> None:
    for statement in of_role(roles()[name]):
        actions = set(listed(statement["Action"]))
        assert not [action for action in actions if "*" in action], statement
        assert statement["Effect"] == "Allow"
        if "*" in listed(statement["Resource"]):
            assert actions <= WITHOUT_RESOURCE[statement["Sid"]], statement


@pytest.mark.parametrize("name", roles())
def test_only_known_policies_of_aws_are_attached(name: str) -> None:
    attached = {arn for arn in roles()[name].get("ManagedPolicyArns", []) if isinstance(arn, str)}
    assert attached <= AWS_POLICIES


def test_every_capability_is_used() -> None:
    used = {named(a) for r in roles().values() for a in r.get("ManagedPolicyArns", []) if isinstance(a, dict)}
    assert used == managed().keys()


@pytest.mark.parametrize("secret", SECRET_READERS)
def test_a_secret_is_read_where_it_is_needed_and_nowhere_else(secret: str) -> None:
    readers = {name for name in FUNCTIONS if allowed(name, secret)}
    assert readers == SECRET_READERS[secret]
    assert {action for name in readers for action in allowed(name, secret)} == {
        "secretsmanager:GetSecretValue"
    }
    told = {
        name
        for name in FUNCTIONS
        if {"Ref": secret} in FUNCTIONS[name].get("Environment", {}).get("Variables", {}).values()
    }
    assert told == readers


def test_papers_are_set_for_those_who_print_by_a_function_that_reads_no_order() -> None:
    asking = {name for name in FUNCTIONS if allowed(name, "DocumentsFunction")}
    assert asking == {"StaffApiFunction", "BackOfficeFunction", "BulkActionFunction", "SendMailFunction"}
    assert {action for name in asking for action in allowed(name, "DocumentsFunction")} == {
        "lambda:InvokeFunction"
    }
    rights = {(s["Resource"]["Fn::Sub"], *listed(s["Action"])) for s in of_function("DocumentsFunction")}
    assert rights == {
        ("${ExportBucket.Arn}/parts/*", "s3:GetObject", "s3:PutObject"),
        ("${ExportBucket.Arn}/bulk/*", "s3:PutObject"),
        ("${ExportBucket.Arn}/labels/*", "s3:GetObject"),
    }


@pytest.mark.parametrize("name", ["PaymentWebhookFunction", "CarrierWebhookFunction"])
def test_webhooks_reach_no_table(name: str) -> None:
    services = {a.partition(":")[0] for s in of_function(name) for a in listed(s["Action"])}
    assert services == {"secretsmanager", "s3"}


def test_the_workflow_may_call_its_steps_and_nothing_else() -> None:
    role = roles()["OrderLifecycleRole"]
    acting = {a for s in of_role(role) if "*" not in listed(s["Resource"]) for a in listed(s["Action"])}
    assert acting == {"lambda:InvokeFunction"}
    assert [named(s["Resource"]) for s in of_role(role) if s["Resource"] != "*"] == ["OrderStepsFunction"]


def test_tokens_are_answered_by_three_functions() -> None:
    answering = {
        name for name in FUNCTIONS if any(s.get("Sid") == "TaskTokensHaveNoArn" for s in of_function(name))
    }
    assert answering == {"OrderStepsFunction", "WakeAndPublishFunction", "SweepFunction"}


def test_the_shops_settings_are_changed_by_staff_only() -> None:
    writing = {"dynamodb:PutItem", "dynamodb:UpdateItem"}
    free = {
        name
        for name in FUNCTIONS
        for statement in of_function(name)
        if writing & set(listed(statement["Action"])) and "Condition" not in statement
        if {"Fn::GetAtt": ["SettingsTable", "Arn"]} in listed(statement["Resource"])
    }
    assert free == {"StaffApiFunction", "BackOfficeFunction"}


@pytest.mark.parametrize("name", of_kind("AWS::Lambda::EventSourceMapping"))
def test_a_function_may_read_what_feeds_it(name: str) -> None:
    consumer = of_kind("AWS::Lambda::EventSourceMapping")[name]
    source, function = named(consumer["EventSourceArn"]), named(consumer["FunctionName"])
    reading = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    if source in ("OrdersTable", "CustomersTable", "StockTable"):
        reading = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}
    assert reading <= allowed(function, source)


def test_sessions_are_touched_where_people_come_in_or_are_shut_out() -> None:
    touching = {name for name in FUNCTIONS if allowed(name, "SessionsTable")}
    assert touching == {"BackOfficeFunction", "StaffApiFunction", "PickerFunction"}
    ending = {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:DeleteItem"}
    assert allowed("StaffApiFunction", "SessionsTable") == ending
    assert allowed("PickerFunction", "UserPool") == {
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminListGroupsForUser",
    }
    assert allowed("BackOfficeFunction", "UserPool") == {
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminListGroupsForUser",
        "cognito-idp:ListUsers",
        "cognito-idp:ListUsersInGroup",
        "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminAddUserToGroup",
        "cognito-idp:AdminRemoveUserFromGroup",
        "cognito-idp:AdminDisableUser",
        "cognito-idp:AdminEnableUser",
        "cognito-idp:AdminUserGlobalSignOut",
    }


def test_a_picker_s_phone_reaches_no_secret_no_bucket_and_no_queue() -> None:
    statements = of_function("PickerFunction")
    actions = {action for statement in statements for action in listed(statement["Action"])}
    assert {action.partition(":")[0] for action in actions} == {"dynamodb", "cognito-idp"}
    (jobs,) = (s for s in statements if {"Fn::GetAtt": ["JobsTable", "Arn"]} in listed(s["Resource"]))
    keys = jobs["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert keys == ["WAVE#*", "CLAIM#*", "PICKER#*", "ADJUST#*"]
    assert not {"CartsTable"} & {
        named(target) for s in statements for target in listed(s["Resource"]) if "Fn::GetAtt" in target
    }
