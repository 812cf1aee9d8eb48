"""Messages: whatever cannot be handled ends where somebody is told about it."""

from typing import Any

import pytest

from tests.unit.template.described import (
    ALARMS,
    BUCKETS,
    CONSUMERS,
    FUNCTIONS,
    QUEUES,
    RULES,
    SCHEDULES,
    TEMPLATE,
    named,
    of_kind,
    timeout,
)

FROM_QUEUES = {name: c for name, c in CONSUMERS.items() if named(c["EventSourceArn"]) in QUEUES}
FROM_STREAMS = {name: c for name, c in CONSUMERS.items() if name not in FROM_QUEUES}
DEAD_ENDS = {"UndeliveredQueue"} | {name for name in QUEUES if name.endswith("DeadLetters")}


def targets() -> list[tuple[str, dict[str, Any]]]:
    of_rules = [(name, target) for name, rule in RULES.items() for target in rule["Targets"]]
    return of_rules + [(name, schedule["Target"]) for name, schedule in SCHEDULES.items()]


def test_each_queue_has_one_reader_or_is_a_dead_end() -> None:
    read = sorted(named(consumer["EventSourceArn"]) for consumer in FROM_QUEUES.values())
    assert read == sorted(QUEUES.keys() - DEAD_ENDS)


@pytest.mark.parametrize("name", sorted(QUEUES.keys() - DEAD_ENDS))
def test_a_queue_gives_up_into_its_own_dead_letters(name: str) -> None:
    redrive = QUEUES[name]["RedrivePolicy"]
    assert named(redrive["deadLetterTargetArn"]) == name.removesuffix("Queue") + "DeadLetters"
    assert redrive["maxReceiveCount"] == 5


@pytest.mark.parametrize("name", sorted(DEAD_ENDS))
def test_a_dead_end_keeps_its_messages_for_two_weeks_and_alarms(name: str) -> None:
    assert QUEUES[name]["MessageRetentionPeriod"] == 14 * 86_400
    watching = [a for a in ALARMS.values() if a["Namespace"] == "AWS/SQS" and watched(a) == name]
    assert [(a["MetricName"], a["Threshold"]) for a in watching] == [
        ("ApproximateNumberOfMessagesVisible", 1)
    ]


def watched(alarm: dict[str, Any]) -> str:
    return named(alarm["Dimensions"][0]["Value"])


@pytest.mark.parametrize("name", FROM_QUEUES)
def test_a_queue_hides_a_message_six_times_as_long_as_its_function_may_run(name: str) -> None:
    queue = QUEUES[named(FROM_QUEUES[name]["EventSourceArn"])]
    assert queue["VisibilityTimeout"] >= 6 * timeout(named(FROM_QUEUES[name]["FunctionName"]))


@pytest.mark.parametrize("name", CONSUMERS)
def test_one_bad_message_does_not_fail_its_neighbours(name: str) -> None:
    assert CONSUMERS[name]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("name", FROM_QUEUES)
def test_a_burst_does_not_take_all_workers(name: str) -> None:
    assert 2 <= FROM_QUEUES[name]["ScalingConfig"]["MaximumConcurrency"] <= 10


def test_the_stream_has_two_readers() -> None:
    assert {named(c["FunctionName"]) for c in FROM_STREAMS.values()} == {
        "WakeAndPublishFunction",
        "ProjectSearchFunction",
        "WatchStockFunction",  # the stock's own stream
    }


@pytest.mark.parametrize("name", FROM_STREAMS)
def test_a_stream_reader_sets_aside_what_fails(name: str) -> None:
    reader = FROM_STREAMS[name]
    assert reader["BisectBatchOnFunctionError"] is True
    assert (reader["MaximumRetryAttempts"], reader["MaximumRecordAgeInSeconds"]) == (20, 3600)
    assert reader["StartingPosition"] == "TRIM_HORIZON"
    assert named(reader["DestinationConfig"]["OnFailure"]["Destination"]) == "FailuresBucket"


def test_a_failed_stream_record_is_told() -> None:
    told = BUCKETS["FailuresBucket"]["NotificationConfiguration"]["TopicConfigurations"]
    assert told == [{"Event": "s3:ObjectCreated:*", "Topic": {"Ref": "AlarmTopic"}}]


@pytest.mark.parametrize(("name", "target"), targets())
def test_rules_and_schedules_keep_what_they_cannot_deliver(name: str, target: dict[str, Any]) -> None:
    assert named(target["DeadLetterConfig"]["Arn"]) == "UndeliveredQueue", name


def test_functions_started_without_waiting_have_a_failure_destination() -> None:
    started = {named(target["Arn"]) for _, target in targets()} & FUNCTIONS.keys()
    assert started == {"SweepFunction", "ReconcilePaymentsFunction", "AskAfterParcelsFunction"}
    for name in started:
        destination = FUNCTIONS[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert named(destination["Destination"]) == "UndeliveredQueue"


def test_stored_webhooks_start_their_processing() -> None:
    rules = BUCKETS["RawBucket"]["NotificationConfiguration"]["QueueConfigurations"]
    assert {rule["Filter"]["S3Key"]["Rules"][0]["Value"]: named(rule["Queue"]) for rule in rules} == {
        "webhooks/payments/": "PaymentEventsQueue",
        "webhooks/carriers/": "CarrierEventsQueue",
    }


def test_each_wanted_effect_has_its_queue() -> None:
    found = {}
    for rule in RULES.values():
        pattern = rule["EventPattern"]
        key = (*pattern.get("detail-type", ["-"]), *map(str, pattern.get("detail", {}).get("kind", [])))
        found[key] = named(rule["Targets"][0]["Arn"])
    assert found == {
        ("EffectWanted", "mail"): "MailQueue",
        ("EffectWanted", "{'prefix': 'payment.'}"): "PaymentEffectsQueue",
        ("EffectWanted", "{'prefix': 'label.'}"): "LabelEffectsQueue",
        ("LifecycleWanted",): "LifecycleStartsQueue",
        ("-",): "MailEventsQueue",
    }


def test_queues_accept_from_the_sender_that_feeds_them() -> None:
    """A rule without a queue policy loses every event, silently."""
    accepting = {named(q) for p in of_kind("AWS::SQS::QueuePolicy").values() for q in p["Queues"]}
    fed_by_rules = {named(target["Arn"]) for rule in RULES.values() for target in rule["Targets"]}
    assert accepting == fed_by_rules | {"PaymentEventsQueue", "CarrierEventsQueue", "UndeliveredQueue"}


@pytest.mark.parametrize("name", ALARMS)
def test_every_alarm_tells_somebody(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert ALARMS[name]["TreatMissingData"] == "notBreaching"


def test_the_merchants_address_is_optional() -> None:
    assert TEMPLATE["Resources"]["AlarmMail"]["Condition"] == "HasAlarmEmail"
