"""A year goes by: schedules, rotation, deletion and retention happen in order, each once.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
"""

import json
from datetime import datetime, timedelta

import pytest

from harness import queues, rules
from harness.errors import refused

DAY = 24 * 60 * 60


@pytest.fixture
def clients(own_server, account):
    """Clients of this test's account on a server whose clock may be moved."""
    return lambda name: own_server.client(name, account)


def at(event: dict) -> datetime:
    """When an event happened."""
    return datetime.fromisoformat(event["time"].replace("Z", "+00:00"))


def drained(sqs, url: str) -> list[dict]:
    """All messages of a queue that are there now."""
    found: list[dict] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def test_schedules_fire_in_order_and_each_once(own_server, clients):
    events, sqs = clients("events"), clients("sqs")
    expressions = {
        "daily": "rate(1 day)", "noon": "cron(0 12 * * ? *)", "month": "cron(0 0 L * ? *)", "off": "rate(1 day)",
    }
    urls = {}
    for name, expression in expressions.items():
        rule = events.put_rule(Name=name, ScheduleExpression=expression)["RuleArn"]
        urls[name] = rules.queue(sqs, events, name, name, rule)
        sqs.set_queue_attributes(QueueUrl=urls[name], Attributes={"MessageRetentionPeriod": "1209600"})
    events.disable_rule(Name="off")
    own_server.advance_clock(10 * DAY)
    daily, noon, month = (drained(sqs, urls[name]) for name in ("daily", "noon", "month"))
    assert len(daily) in (9, 10) and len(noon) == 10
    times = [at(event) for event in sorted(daily, key=at)]
    assert all(abs((later - earlier) - timedelta(days=1)) < timedelta(minutes=1)
               for earlier, later in zip(times, times[1:]))
    assert all((at(event).hour, at(event).minute) == (12, 0) for event in noon)
    assert len({at(event).date() for event in noon}) == len(noon)
    assert all(event["detail-type"] == "Scheduled Event" and event["source"] == "aws.events" for event in daily + noon)
    assert noon[0]["resources"] == [events.describe_rule(Name="noon")["Arn"]]
    for name in ("daily", "noon"):
        events.remove_targets(Rule=name, Ids=[name])
        events.delete_rule(Name=name)
    # Messages live fourteen days at most, so the rest of the year goes by in shorter steps.
    for days in [12] * 29 + [7]:
        own_server.advance_clock(days * DAY)
        month += drained(sqs, urls["month"])
    assert len(month) == 12
    assert len({at(event).date() for event in month}) == len(month)
    assert month == sorted(month, key=at)
    assert all((at(event) + timedelta(days=1)).day == 1 for event in month)
    assert all(queues.is_empty(sqs, url, 0) for url in urls.values())


def test_rotation_expiry_and_deletion_of_keys_tell_of_themselves(own_server, clients):
    """https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html"""
    kms, events, sqs = clients("kms"), clients("events"), clients("sqs")
    kinds = ["KMS CMK Rotation", "KMS CMK Deletion", "KMS Imported Key Material Expiration"]
    rule = rules.put(events, "keys", {"source": ["aws.kms"], "detail-type": kinds})
    url = rules.queue(sqs, events, "queue", "keys", rule)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "1209600"})
    rotating, deleted = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    kms.enable_key_rotation(KeyId=rotating, RotationPeriodInDays=90)
    kms.schedule_key_deletion(KeyId=deleted, PendingWindowInDays=30)
    began = kms.describe_key(KeyId=rotating)["KeyMetadata"]["CreationDate"]
    told: list[dict] = []
    for _ in range(37):
        own_server.advance_clock(10 * DAY)
        told += drained(sqs, url)
    found = [
        (event["detail-type"], event["resources"], round((at(event) - began) / timedelta(days=1))) for event in told
    ]
    rotations = [("KMS CMK Rotation", [rotating], days) for days in (90, 180, 270, 360)]
    assert found == [("KMS CMK Deletion", [deleted], 30), *rotations]
    assert {event["detail"]["key-id"] for event in told[1:]} == {rotating.rpartition("/")[2]}
    with refused("NotFoundException"):
        kms.describe_key(KeyId=deleted)
    rotated = [one["RotationDate"] for page in kms.get_paginator("list_key_rotations").paginate(KeyId=rotating)
               for one in page["Rotations"] if "RotationDate" in one]
    assert len(rotated) == 4


def test_the_event_history_holds_ninety_days(own_server, clients):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html"""
    kms, trail = clients("kms"), clients("cloudtrail")
    old = kms.create_key()["KeyMetadata"]["KeyId"]
    own_server.advance_clock(60 * DAY)
    new = kms.create_key()["KeyMetadata"]["KeyId"]

    def created() -> list[str]:
        pages = trail.get_paginator("lookup_events").paginate(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateKey"}]
        )
        found = [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]
        return [event["responseElements"]["keyMetadata"]["keyId"] for event in found]

    assert created() == [new, old]
    own_server.advance_clock(31 * DAY)
    assert created() == [new]
    own_server.advance_clock(300 * DAY)
    assert created() == []
    newest = kms.create_key()["KeyMetadata"]["KeyId"]
    assert created() == [newest]
