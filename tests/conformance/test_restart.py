"""What of the emulator's state survives being stopped, and what does not."""

import json
from collections.abc import Iterator
from functools import cache, partial

import pytest

from local.aws import client
from local.emulator import relocate
from local.ports import HOST, choose
from tests.conformance.world import World, end, eventually, launch, lay_out, world


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("mortal")) as made:
        lay_out(made.home)
        relocate.follow_port(made.home, made.port)
        made.deploy()
        yield made


def restart(world: World, port: int) -> None:
    end(world.process)
    relocate.follow_port(world.home, port)
    world.port = port
    world.clients = cache(partial(client, endpoint=f"http://{HOST}:{port}"))
    world.process = launch(world.home, port, world.smtp_port)


def test_everything_but_executions_survives_a_stop_even_under_another_port(mortal: World) -> None:
    """Tables, stack, functions, triggers and files stay; executions fail and their tokens are dead.

    Queues and settings hold the emulator's own address: under another port the saved state is rewritten.
    """
    machine = mortal.clients("stepfunctions")
    mortal.call("/echo/put/before")
    assert eventually(lambda: mortal.item("worked#before"))
    mortal.clients("s3").put_object(Bucket=mortal.physical("Raw"), Key="kept", Body=b"\x00\xff")
    execution = machine.start_execution(
        stateMachineArn=mortal.physical("Waiting"), input=json.dumps({"pk": "lost", "fail": "park"})
    )["executionArn"]

    sqs = mortal.clients("sqs")
    letters = mortal.physical("DeadLetters").rsplit("/", 1)[-1]
    sqs.send_message(QueueUrl=mortal.physical("DeadLetters"), MessageBody="in hand")
    sqs.send_message(QueueUrl=mortal.physical("DeadLetters"), MessageBody="for later", DelaySeconds=600)
    assert sqs.receive_message(QueueUrl=mortal.physical("DeadLetters"), VisibilityTimeout=600)["Messages"]

    restart(mortal, choose(["other"], mortal.home.root / "other.json")["other"])

    assert mortal.item("worked#before")
    kept = mortal.clients("s3").get_object(Bucket=mortal.physical("Raw"), Key="kept")
    assert kept["Body"].read() == b"\x00\xff"
    url = mortal.clients("sqs").get_queue_url(QueueName=letters)["QueueUrl"]
    shown = mortal.clients("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    # Defect: what was in hand stays hidden for its time-out, with nobody left to handle it.
    assert [message["Body"] for message in shown] == ["in hand"]
    machine = mortal.clients("stepfunctions")
    assert machine.describe_execution(executionArn=execution)["status"] in {"FAILED", "ABORTED"}
    deployed = mortal.deploy()
    assert not deployed.changed
    assert mortal.physical("WorkQueue").startswith(mortal.endpoint)
    assert mortal.call("/echo/queue/after").status == 200
    assert eventually(lambda: mortal.item("worked#after"))
    assert mortal.call("/echo/put/streamed").status == 200
    # Defect: the trigger's place in the stream is saved, the stream is not: records would be passed over.
    assert eventually(lambda: mortal.item("worked#streamed"))


def test_a_killed_emulator_has_forgotten_all_but_files(mortal: World) -> None:
    """Defect: state is written at an orderly end only. Hence: SIGTERM, and waiting for it, always."""
    mortal.call("/echo/put/gone")
    mortal.clients("s3").put_object(Bucket=mortal.physical("Raw"), Key="kept", Body=b"x")
    table, bucket = mortal.physical("Table"), mortal.physical("Raw")
    mortal.process.kill()
    mortal.process.wait()
    mortal.process = launch(mortal.home, mortal.port, mortal.smtp_port)
    assert mortal.clients("dynamodb").list_tables()["TableNames"] == []
    assert [entry["Name"] for entry in mortal.clients("s3").list_buckets()["Buckets"]].count(bucket) in {0, 1}
    assert table
