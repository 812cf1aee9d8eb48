"""What the deployer cures: each test names the defect, shows it where it can, and that the cure holds."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from local.deploy import deployer, functions, http_api, stack, transform, verify
from local.deploy.transform import Template
from tests.conformance.world import SHOP, VALUES, World, eventually


def translated() -> Template:
    return transform.to_cloudformation(transform.read(SHOP / "template.yaml"), SHOP, VALUES)


def raw_stack(raw: World, name: str, resources: dict[str, Any]) -> stack.Stack:
    """A stack of a few resources, deployed as they are written."""
    stack.store_packages(raw.clients("s3"), {})
    return stack.deploy(raw.clients, name, {"Resources": resources}, {})


def test_the_whole_shop_stands_and_nothing_is_missing(cured: World) -> None:
    assert cured.deployed is not None
    assert cured.deployed.gaps == []
    assert sorted(map(str, cured.deployed.cured)) == [
        "Api.CorsConfiguration",
        "Raw.LifecycleConfiguration",
        "Table.PointInTimeRecoverySpecification",
        "Table.TimeToLiveSpecification",
    ]


def test_the_same_template_again_changes_nothing(cured: World) -> None:
    again = deployer.deploy(cured.clients, cured.home, SHOP / "template.yaml", VALUES, "shop")
    assert not again.changed
    assert again.stack.physical == cured.stack.physical


def test_a_template_file_is_never_written(cured: World) -> None:
    before = (SHOP / "template.yaml").stat().st_mtime_ns
    transform.to_cloudformation(transform.read(SHOP / "template.yaml"), SHOP, VALUES)
    assert (SHOP / "template.yaml").stat().st_mtime_ns == before


def test_an_api_body_makes_no_route(raw: World, cured: World) -> None:
    """Defect: the body is ignored and the stack reports success. Cure: its routes become resources."""
    body = copy.deepcopy(translated()["Resources"]["Api"]["Properties"]["Body"])
    body["components"] = {}
    for methods in body["paths"].values():
        for operation in methods.values():
            operation["x-amazon-apigateway-integration"]["uri"] = (
                "arn:aws:lambda:us-east-1:000000000000:function:x"
            )
    made = raw_stack(raw, "body", {"Api": {"Type": http_api.API, "Properties": {"Body": body}}})
    assert raw.clients("apigatewayv2").get_routes(ApiId=made.physical["Api"])["Items"] == []

    routes = cured.clients("apigatewayv2").get_routes(ApiId=cured.physical("Api"))["Items"]
    assert {(route["RouteKey"], route["AuthorizationType"]) for route in routes} == {
        ("ANY /echo/{proxy+}", "NONE"),
        ("POST /echo", "NONE"),
        ("ANY /admin/{proxy+}", "JWT"),
    }


def test_the_cross_origin_settings_of_a_stack_do_nothing(raw: World, cured: World) -> None:
    """Defect: what the stack stores is not what the API answers from. Cure: set again by the API's call."""
    settings = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"]}
    api = {"Name": "cors", "ProtocolType": "HTTP", "CorsConfiguration": settings}
    made = raw_stack(raw, "cors", {"Api": {"Type": http_api.API, "Properties": api}})
    raw.deployed = deployer.Deployed(made, changed=True)
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
    assert raw.call("/echo", "OPTIONS", asked).status == 403

    answer = cured.call("/echo", "OPTIONS", asked)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.headers["access-control-allow-methods"] == "GET,POST"
    assert answer.headers["access-control-max-age"] == "600"
    foreign = cured.call("/echo", "OPTIONS", {"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in foreign.headers


def test_expiry_and_recovery_of_a_table_are_ignored(raw: World, cured: World) -> None:
    """Defect: a stack's table has neither. Cure: both set by DynamoDB's own calls."""
    table = copy.deepcopy(translated()["Resources"]["Table"])
    made = raw_stack(raw, "table", {"Table": table})
    name = made.physical["Table"]
    dynamodb = raw.clients("dynamodb")
    assert (
        dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
        == "DISABLED"
    )

    expiry = cured.clients("dynamodb").describe_time_to_live(TableName=cured.physical("Table"))
    assert expiry["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_a_secret_s_reference_is_its_name(raw: World, cured: World) -> None:
    """Defect: permissions written with `Ref` of a secret fit nothing. Cure: ask for the id, its ARN."""
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "{}"}}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Statement": []}, "Description": {"Ref": "Secret"}},
    }
    made = raw_stack(raw, "secret", {"Secret": secret, "Role": role})
    described = raw.clients("iam").get_role(RoleName=made.physical["Role"])["Role"]["Description"]
    assert not described.startswith("arn:")

    arn = cured.clients("secretsmanager").describe_secret(SecretId=cured.physical("Secret"))["ARN"]
    assert cured.stack.outputs["SecretArn"] == arn


def test_a_function_without_its_code_counts_as_made(raw: World) -> None:
    """Defect: missing code in S3 is no error. Cure: the look afterwards finds it."""
    properties = {
        "Runtime": "provided.al2023",
        "Handler": "app.lambda_handler",
        "Role": "arn:aws:iam::000000000000:role/none",
        "Code": {"S3Bucket": stack.BUCKET, "S3Key": "nobody-stored-this.zip"},
    }
    template = {"Resources": {"Lost": {"Type": functions.FUNCTION, "Properties": properties}}}
    made = raw_stack(raw, "lost", template["Resources"])
    assert verify.gaps(raw.clients, template, made, {}) == ["Lost.Code: the package was not found"]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("ApiRoute90aba273c3", lambda world, id: _delete_route(world, id)),
        ("Tick", lambda world, id: world.clients("scheduler").delete_schedule(Name=id)),
        (
            "WorkerFunctionWork",
            lambda world, id: world.clients("lambda").delete_event_source_mapping(UUID=id),
        ),
        (
            "WorkWanted",
            lambda world, id: world.clients("events").remove_targets(
                Rule=id, EventBusName=world.physical("Bus"), Ids=["queue"]
            ),
        ),
        (
            "WorkQueue",
            lambda world, id: world.clients("sqs").set_queue_attributes(
                QueueUrl=id, Attributes={"VisibilityTimeout": "7"}
            ),
        ),
        (
            "Raw",
            lambda world, id: world.clients("s3").put_bucket_notification_configuration(
                Bucket=id, NotificationConfiguration={}
            ),
        ),
    ],
)
def test_what_is_missing_is_told(spare: World, name: str, spoil: Any) -> None:
    """The look afterwards sees a lost route, schedule, trigger, target, attribute and notification."""
    expanded = translated()
    http_api.expand(expanded)
    functions.point_at_build(expanded, deployer.INTERPRETER, spare.home.build, stack.BUCKET)
    assert not [
        gap for gap in verify.gaps(spare.clients, expanded, spare.stack, VALUES) if gap.startswith(name)
    ]
    spoil(spare, spare.physical(name))
    told = verify.gaps(spare.clients, expanded, spare.stack, VALUES)
    assert [gap for gap in told if gap.startswith(f"{name}.")]


def _delete_route(world: World, identity: str) -> None:
    api, _, route = identity.partition("/")
    world.clients("apigatewayv2").delete_route(ApiId=api, RouteId=route)


def test_schedules_of_one_name_are_one(raw: World) -> None:
    """Defect: a second schedule of the same name vanishes without a word. Hence: names are generated."""
    target = {"Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": "arn:aws:iam::000000000000:role/r"}
    common = {"Name": "twice", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    kind = "AWS::Scheduler::Schedule"
    rates = {"One": "rate(1 hour)", "Two": "rate(2 hours)"}
    raw_stack(
        raw,
        "twice",
        {
            n: {"Type": kind, "Properties": {**common, "ScheduleExpression": rate}}
            for n, rate in rates.items()
        },
    )
    assert len(raw.clients("scheduler").list_schedules(NamePrefix="twice")["Schedules"]) == 1
    named = [
        name
        for name, resource in transform.read(Path("template.yaml"))["Resources"].items()
        if resource["Type"] == kind and "Name" in resource["Properties"]
    ]
    assert named == []


def test_functions_run_the_build_folder_with_lambda_s_own_client(cured: World) -> None:
    """Defect: the built-in Python runtime is the emulator's own interpreter. Cure: a start script of ours."""
    told = cured.call("/echo/where").json()
    assert told["folder"] == str(cured.home.build / "EchoFunction")
    assert told["executable"] == str(deployer.INTERPRETER)


def test_an_exception_keeps_its_name_and_the_worker_lives(cured: World) -> None:
    """Defect: every exception is Runtime.HandlerError and ends the process. Cure: AWS's own client."""
    name = cured.physical("EchoFunction")
    event = json.dumps({"rawPath": "/echo/raise"}).encode()
    answer = cured.clients("lambda").invoke(FunctionName=name, Payload=event)
    told = json.loads(answer["Payload"].read())
    assert answer["FunctionError"] == "Unhandled"
    assert (told["errorType"], told["errorMessage"]) == ("LookupError", "no such thing")
    assert told["stackTrace"][0].endswith('raise LookupError("no such thing")\n')
    started = cured.log().count(f"spawned for {name}")
    cured.call("/echo/where")
    assert cured.log().count(f"spawned for {name}") == started


def test_changed_code_is_live_after_the_same_package_is_sent_again(cured: World) -> None:
    """Defect: a running worker keeps the old code. Cure: UpdateFunctionCode with the same package."""
    word = cured.home.build / "SharedLayer" / "python" / "trade" / "__init__.py"
    text = word.read_text()
    assert cured.call("/echo/word").json()["word"] == "first"
    try:
        word.write_text(text.replace("first", "second"))
        assert cured.call("/echo/word").json()["word"] == "first"
        renewed = deployer.renew(
            cured.clients, cured.home, SHOP / "template.yaml", cured.stack, ["SharedLayer"]
        )
        assert renewed == 4
        assert cured.call("/echo/word").json()["word"] == "second"
    finally:
        word.write_text(text)
        deployer.renew(cured.clients, cured.home, SHOP / "template.yaml", cured.stack, ["SharedLayer"])


def test_queue_rule_bucket_and_stream_reach_their_functions(cured: World) -> None:
    """The deployed triggers work: HTTP to table, stream to bus, rule to queue, bucket to queue."""
    assert cured.call("/echo/put/abc").status == 200
    assert eventually(lambda: cured.item("worked#abc"))
    assert cured.call("/echo/queue/def").status == 200
    assert eventually(lambda: cured.item("worked#def"))
    cured.clients("s3").put_object(Bucket=cured.physical("Raw"), Key="raw/1", Body=b"\x00\xff")
    assert eventually(lambda: cured.item("worked#raw/1"))


def test_a_workflow_waits_for_its_token(cured: World) -> None:
    machine = cured.clients("stepfunctions")
    started = machine.start_execution(
        stateMachineArn=cured.physical("Waiting"), input=json.dumps({"pk": "run", "fail": "no"})
    )["executionArn"]
    ended = eventually(lambda: machine.describe_execution(executionArn=started)["status"] != "RUNNING")
    assert ended
    assert machine.describe_execution(executionArn=started)["status"] == "SUCCEEDED"
