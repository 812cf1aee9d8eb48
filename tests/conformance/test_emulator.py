"""How the emulator behaves where the product counts on it: defects stepped round, and cures at its start."""

import base64
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.deploy.fill import access_token
from local.deploy.functions import package
from local.ports import HOST
from tests.conformance.world import World, eventually, fetch, workers_of

ROLE = "arn:aws:iam::000000000000:role/any"
WAITING = "arn:aws:states:::lambda:invoke.waitForTaskToken"


def machine(raw: World, name: str, state: dict[str, Any]) -> str:
    definition = {"StartAt": "Only", "States": {"Only": {**state, "End": True}}}
    made = raw.clients("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE
    )
    arn: str = made["stateMachineArn"]
    return arn


def parked(cured: World, **more: Any) -> dict[str, Any]:
    """A task that waits for a token that nobody sends."""
    parameters = {"FunctionName": cured.physical("StepsFunction")}
    payload = {"token.$": "$$.Task.Token", "pk": "parked", "fail": "park"}
    return {"Type": "Task", "Resource": WAITING, "Parameters": {**parameters, "Payload": payload}, **more}


def status_after(world: World, arn: str, seconds: float, given: dict[str, Any] | None = None) -> str:
    client = world.clients("stepfunctions")
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps(given or {}))["executionArn"]
    time.sleep(seconds)
    status: str = client.describe_execution(executionArn=execution)["status"]
    if status == "RUNNING":
        client.stop_execution(executionArn=execution)
    return status


def test_a_number_of_seconds_ends_a_wait_but_a_path_and_a_heartbeat_do_not(cured: World) -> None:
    """Defect: HeartbeatSeconds and TimeoutSecondsPath are ignored. Hence: deadlines are the order's."""
    numbers = machine(cured, "static", parked(cured, TimeoutSeconds=1))
    heartbeat = machine(cured, "heartbeat", parked(cured, HeartbeatSeconds=1, TimeoutSeconds=60))
    path = machine(cured, "path", parked(cured, TimeoutSecondsPath="$.seconds"))
    with ThreadPoolExecutor() as pool:
        seen = list(
            pool.map(lambda arn: status_after(cured, arn, 4, {"seconds": 1}), (numbers, heartbeat, path))
        )
    assert seen == ["TIMED_OUT", "RUNNING", "RUNNING"] or seen == ["FAILED", "RUNNING", "RUNNING"]


def test_a_step_that_raises_while_it_waits_fails_the_step(cured: World) -> None:
    """Defect: it is swallowed, the execution stays RUNNING. Cure: the task fails, its Catch counts."""
    client = cured.clients("stepfunctions")
    wish = {"stateMachineArn": cured.physical("Waiting"), "input": '{"pk": "broken", "fail": "raise"}'}
    execution = client.start_execution(**wish)["executionArn"]

    def ended() -> dict[str, Any] | None:
        seen: dict[str, Any] = client.describe_execution(executionArn=execution)
        return None if seen["status"] == "RUNNING" else seen

    seen = eventually(ended)
    assert seen is not None
    assert (seen["status"], seen["error"]) == ("FAILED", "ValueError")
    assert "the step broke" in seen["cause"]


def test_a_definition_without_sense_is_accepted(raw: World) -> None:
    """Defect: AWS refuses it at creation. Hence: the definition is linted before."""
    assert machine(raw, "nonsense", {"Type": "Nonsense"})


def test_a_used_token_is_unknown(cured: World) -> None:
    """Difference: TaskDoesNotExist where AWS says TaskTimedOut. Hence: both mean `already answered`."""
    client = cured.clients("stepfunctions")
    started = client.start_execution(
        stateMachineArn=cured.physical("Waiting"), input=json.dumps({"pk": "token", "fail": "no"})
    )["executionArn"]
    item = eventually(lambda: cured.item("wait#token"))
    assert item is not None
    assert eventually(lambda: client.describe_execution(executionArn=started)["status"] == "SUCCEEDED")
    with pytest.raises(client.exceptions.TaskDoesNotExist):
        client.send_task_success(taskToken=item["token"]["S"], output="{}")


def test_a_second_start_under_one_name_is_refused_even_with_the_same_input(cured: World) -> None:
    """Difference: AWS answers success. Hence: the starter takes `already exists` for done."""
    client = cured.clients("stepfunctions")
    wish = {
        "stateMachineArn": cured.physical("Waiting"),
        "name": "order-1",
        "input": '{"pk": "x", "fail": "park"}',
    }
    execution = client.start_execution(**wish)["executionArn"]
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(**wish)
    client.stop_execution(executionArn=execution)


def test_there_is_no_redrive(cured: World) -> None:
    """Missing: RedriveExecution. Hence: a failed step is held in the execution and run again."""
    client = cured.clients("stepfunctions")
    with pytest.raises(client.exceptions.ClientError) as refused:
        client.redrive_execution(executionArn="arn:aws:states:us-east-1:000000000000:execution:shop:none")
    assert refused.value.response["Error"]["Code"] not in {"ExecutionDoesNotExist", "ExecutionNotRedrivable"}


def test_a_burst_is_served_by_a_few_workers(cured: World) -> None:
    """Defect: a process per simultaneous event. Cure: at most four per function, the others wait."""
    name = cured.physical("EchoFunction")
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda number: cured.call(f"/echo/put/burst{number}").status, range(24)))
    assert answers == [200] * 24
    assert cured.log().count(f"spawned for {name}") <= 12  # four, and as many after each renewal of the code
    assert len(workers_of(cured.process)) <= 4 * 4


def test_a_function_that_prints_nothing_answers_at_once(cured: World, raw: World) -> None:
    """Defect: each such call waits 50 ms for log lines. Cure: a few milliseconds."""
    quiet = package(QUIET)
    raw.clients("lambda").create_function(
        FunctionName="quiet", Runtime="provided.al2023", Handler="x", Role=ROLE, Code={"ZipFile": quiet}
    )
    cured.clients("lambda").create_function(
        FunctionName="quiet", Runtime="provided.al2023", Handler="x", Role=ROLE, Code={"ZipFile": quiet}
    )
    assert milliseconds(raw) > 50
    assert milliseconds(cured) < 35


def milliseconds(world: World) -> float:
    """The time of a warm call when nothing else keeps the machine busy."""
    times = []
    for _ in range(12):
        begun = time.perf_counter()
        world.clients("lambda").invoke(FunctionName="quiet")["Payload"].read()
        times.append(time.perf_counter() - begun)
    return min(times[2:]) * 1000


# A runtime of a few lines of shell: what is measured is the emulator, not an interpreter.
QUIET = """#!/bin/sh
base="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while :; do
  id=$(curl -s -D - -o /dev/null "$base/next" | tr -d '\\r' | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //Ip')
  [ -n "$id" ] || exit 0
  curl -s -o /dev/null -X POST -d '{}' "$base/$id/response"
done
"""


def test_a_warm_function_answers_in_a_few_milliseconds(cured: World) -> None:
    """Defect: each event is sent in two packets, the second 40 ms late (49 ms a call). Cure: at once (8)."""
    connection = http.client.HTTPConnection(HOST, cured.port)
    times = []
    for _ in range(30):
        begun = time.perf_counter()
        connection.request("GET", f"/_aws/execute-api/{cured.physical('Api')}/echo/quiet")
        connection.getresponse().read()
        times.append(time.perf_counter() - begun)
    connection.close()
    assert min(times[5:]) < 0.03


def test_an_error_over_http_shows_its_insides(cured: World) -> None:
    """Defect: 502 with the raw error; API Gateway says 500 and nothing more. Cure: the front proxy."""
    answer = cured.call("/echo/raise")
    assert answer.status == 502
    assert answer.json()["errorType"] == "LookupError"


def test_http_events_have_no_cookies_and_no_domain_prefix(cured: World) -> None:
    """Defect: both missing from payload 2.0. Hence: handlers read the cookie header too."""
    event = cured.call("/echo/event?a=1&a=2", headers={"Cookie": "session=abc"}).json()["event"]
    assert "cookies" not in event
    assert "domainPrefix" not in event["requestContext"]
    assert event["headers"]["cookie"] == "session=abc"
    assert event["queryStringParameters"] == {"a": "1,2"}
    assert event["rawQueryString"] == "a=1&a=2"


@pytest.fixture(scope="session")
def tokens(cured: World) -> dict[str, str]:
    cognito = cured.clients("cognito-idp")
    person = {"UserPoolId": cured.physical("UserPool"), "Username": "ana"}
    cognito.admin_create_user(**person, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**person, Password="Staff-0123456789", Permanent=True)
    for group in ("staff", "admin"):
        cognito.admin_add_user_to_group(**person, GroupName=group)
    access = access_token(cured.clients, cured.physical("UserPoolClient"), "ana", "Staff-0123456789")
    return {"access": access, "tampered": tampered(access), "unsigned": unsigned(access), "none": ""}


def tampered(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = json.dumps({**claims, "cognito:groups": ["owner"]}).encode()
    return f"{head}.{base64.urlsafe_b64encode(changed).decode().rstrip('=')}.{signature}"


def unsigned(token: str) -> str:
    head, body, _ = token.split(".")
    fields = json.loads(base64.urlsafe_b64decode(head + "=="))
    changed = json.dumps({**fields, "alg": "none"}).encode()
    return f"{base64.urlsafe_b64encode(changed).decode().rstrip('=')}.{body}."


@pytest.mark.parametrize(
    ("kind", "status"), [("access", 200), ("tampered", 401), ("unsigned", 401), ("none", 401)]
)
def test_the_authorizer_takes_only_a_signed_token(
    cured: World, tokens: dict[str, str], kind: str, status: int
) -> None:
    answer = cured.call("/admin/x", headers={"Authorization": f"Bearer {tokens[kind]}"})
    assert answer.status == status
    if status == 200:
        claims = answer.json()["event"]["requestContext"]["authorizer"]["jwt"]["claims"]
        assert claims["token_use"] == "access"
        assert claims["cognito:groups"] in {"[staff admin]", "[admin staff]"}


def test_a_bucket_announces_itself_to_its_queue(cured: World) -> None:
    """As on AWS: `s3:TestEvent` comes before any object. Hence: consumers of bucket queues pass over it."""
    sqs, s3 = cured.clients("sqs"), cured.clients("s3")
    url = sqs.create_queue(QueueName="announced")["QueueUrl"]
    s3.create_bucket(Bucket="announcing")
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    wish = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket="announcing", NotificationConfiguration=wish)
    messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"]
    assert json.loads(messages[0]["Body"])["Event"] == "s3:TestEvent"


def test_a_refused_message_comes_back_and_ends_in_the_dead_letters(enforced: World) -> None:
    """As on AWS, only what was refused is delivered again."""
    sqs = enforced.clients("sqs")
    url = enforced.physical("WorkQueue")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    for key in ("bad", "good"):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"pk": key}))
    dead = eventually(
        lambda: sqs.receive_message(QueueUrl=enforced.physical("DeadLetters"), WaitTimeSeconds=1).get(
            "Messages"
        ),
        20,
    )
    assert dead is not None
    assert json.loads(dead[0]["Body"]) == {"pk": "bad"}


def test_refused_stream_records_come_again(cured: World) -> None:
    """Defect: `batchItemFailures` of a stream is ignored, the record lost. Cure: it comes again."""
    cured.call("/echo/put/fussy")
    assert eventually(lambda: cured.item("worked#fussy"))


def test_a_record_refused_for_good_does_not_block_the_stream(cured: World) -> None:
    """Defect: MaximumRetryAttempts is ignored, a batch is tried for ever. Cure: given up as on AWS."""
    cured.call("/echo/put/poison")
    cured.call("/echo/put/after-poison")
    assert eventually(lambda: cured.item("worked#after-poison"), 20)


def test_execution_roles_decide_where_they_are_enforced(enforced: World, cured: World) -> None:
    """With AUTH=true a function may do what its role allows and nothing else; without it, everything."""
    assert enforced.call("/echo/put/allowed").status == 200
    denied = enforced.call("/echo/delete/allowed")
    assert denied.status == 502
    assert denied.json()["errorMessage"].startswith("An error occurred (AccessDeniedException)")
    assert cured.call("/echo/delete/allowed").status == 200


def test_a_bucket_that_wants_tls_takes_the_loopback(enforced: World) -> None:
    """Defect: over plain HTTP such a policy refuses everybody. Cure: the loopback counts as encrypted."""
    assert enforced.call(f"/echo/store/{enforced.physical('Raw')}/one").status == 200
    assert eventually(lambda: enforced.item("worked#raw/one"))


def test_a_permission_on_a_secret_fits(enforced: World) -> None:
    """Defect: a permission for the `Ref` of a secret names no ARN. Cure: asked for by its id."""
    assert enforced.call("/echo/secret").status == 200


def test_a_permission_to_send_is_one_for_a_sender(enforced: World) -> None:
    """Defect: sending is asked for on `*`, to which no identity fits. Cure: on the sender's identity."""
    for sender in ("shop@shop.example", "boss@shop.example"):
        enforced.clients("ses").verify_email_identity(EmailAddress=sender)
    assert enforced.call("/echo/mail/shop@shop.example").status == 200
    denied = enforced.call("/echo/mail/boss@shop.example")
    assert (denied.status, "AccessDenied" in denied.json()["errorMessage"]) == (502, True)


def test_the_mailbox_of_the_emulator_has_no_attachments(cured: World) -> None:
    """Defect: /_ministack/ses/messages has texts only. Hence: our own mailbox behind SMTP."""
    messages = fetch(f"{cured.endpoint}/_ministack/ses/messages").json()
    assert "attachments" not in json.dumps(messages).lower()
