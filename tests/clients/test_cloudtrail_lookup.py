"""LookupEvents: by every attribute, in windows of time, in pages, and what it refuses.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest

from harness.errors import refused
from harness.policies import allow
from harness.server import Profile


@pytest.fixture
def trail(home):
    """A CloudTrail client of this test's root user."""
    return home.root.client("cloudtrail")


def lookup(trail, key: str, value: str, **more: object) -> list[dict]:
    """All events with this attribute, newest first."""
    pages = trail.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}], **more
    )
    return [event for page in pages for event in page["Events"]]


def names(events: list[dict]) -> list[str]:
    """The events' names."""
    return [event["EventName"] for event in events]


def test_every_attribute_finds_its_events(home, trail):
    user = home.user("jill", allow("kms:*"))
    kms = user.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.disable_key(KeyId=key["KeyId"])
    kms.describe_key(KeyId=key["KeyId"])
    with refused("NotFoundException"):
        kms.describe_key(KeyId="00000000-0000-0000-0000-000000000000")
    by_name = lookup(trail, "EventName", "DisableKey")
    (event,) = by_name
    assert event.keys() >= {
        "EventId", "EventName", "ReadOnly", "AccessKeyId", "EventTime", "EventSource", "Username", "Resources",
        "CloudTrailEvent",
    }
    assert (event["EventSource"], event["ReadOnly"]) == ("kms.amazonaws.com", "false")
    assert (event["Username"], event["AccessKeyId"]) == ("jill", user.access_key)
    record = json.loads(event["CloudTrailEvent"])
    assert record["eventID"] == event["EventId"]
    assert record["requestParameters"] == {"keyId": key["KeyId"]}
    assert record["userIdentity"]["arn"] == user.arn
    assert abs(event["EventTime"] - datetime.now(timezone.utc)) < timedelta(minutes=5)
    (resource,) = event["Resources"]
    assert resource == {"ResourceType": "AWS::KMS::Key", "ResourceName": key["Arn"]}

    assert lookup(trail, "EventId", event["EventId"]) == by_name
    by_user = lookup(trail, "Username", "jill")
    assert names(by_user) == ["DescribeKey", "DescribeKey", "DisableKey", "CreateKey"]
    assert lookup(trail, "AccessKeyId", user.access_key) == by_user
    assert json.loads(by_user[0]["CloudTrailEvent"])["errorCode"] == "NotFoundException"
    by_resource = lookup(trail, "ResourceName", key["Arn"])
    assert names(by_resource) == ["DescribeKey", "DisableKey", "CreateKey"]
    assert [one for one in lookup(trail, "ResourceType", "AWS::KMS::Key") if one in by_user] == by_resource
    assert set(names(lookup(trail, "EventSource", "iam.amazonaws.com"))) >= {"CreateUser", "CreateAccessKey"}
    reads = lookup(trail, "ReadOnly", "true")
    assert [one for one in reads if one in by_user] == by_user[:2]
    assert names(lookup(trail, "ReadOnly", "false"))[:2] == ["DisableKey", "CreateKey"]
    assert lookup(trail, "Username", "nobody") == []
    # A lookup is an event itself.
    assert "LookupEvents" in names(lookup(trail, "EventSource", "cloudtrail.amazonaws.com"))


def test_windows_of_time_and_pages(home, trail):
    sqs = home.root.client("sqs")
    began = datetime.now(timezone.utc)
    for n in range(12):
        sqs.create_queue(QueueName=f"q{n}")
    time.sleep(1.1)
    between = datetime.now(timezone.utc)
    time.sleep(1.1)
    for n in range(12, 20):
        sqs.create_queue(QueueName=f"q{n}")
    everything = lookup(trail, "EventName", "CreateQueue")
    queued = [json.loads(one["CloudTrailEvent"])["requestParameters"]["queueName"] for one in everything]
    assert queued == [f"q{n}" for n in reversed(range(20))]
    in_pages = lookup(trail, "EventName", "CreateQueue", PaginationConfig={"PageSize": 3})
    assert in_pages == everything
    assert lookup(trail, "EventName", "CreateQueue", StartTime=between) == everything[:8]
    assert lookup(trail, "EventName", "CreateQueue", EndTime=between) == everything[8:]
    window = {"StartTime": began - timedelta(days=2), "EndTime": began - timedelta(days=1)}
    assert lookup(trail, "EventName", "CreateQueue", **window) == []
    assert len(trail.lookup_events()["Events"]) <= 50
    first = trail.lookup_events(MaxResults=7)
    second = trail.lookup_events(MaxResults=7, NextToken=first["NextToken"])
    ids = [one["EventId"] for one in first["Events"] + second["Events"]]
    assert len(set(ids)) == 14


def test_events_are_of_one_account_and_one_region(home, other, trail):
    home.root.client("sqs").create_queue(QueueName="here")
    home.root.client("sqs", "eu-central-1").create_queue(QueueName="there")
    other.root.client("sqs").create_queue(QueueName="theirs")
    (event,) = lookup(trail, "EventName", "CreateQueue")
    assert json.loads(event["CloudTrailEvent"])["requestParameters"]["queueName"] == "here"
    (event,) = lookup(home.root.client("cloudtrail", "eu-central-1"), "EventName", "CreateQueue")
    assert json.loads(event["CloudTrailEvent"])["awsRegion"] == "eu-central-1"


def test_data_events_are_not_in_the_history(home, trail):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html"""
    sqs = home.root.client("sqs")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    sqs.receive_message(QueueUrl=url)
    found = names(lookup(trail, "EventSource", "sqs.amazonaws.com"))
    assert found == ["CreateQueue"]


def test_wrong_input_is_refused_in_aws_s_words(home, trail):
    now = datetime.now(timezone.utc)
    with refused("InvalidTimeRangeException"):
        trail.lookup_events(StartTime=now, EndTime=now - timedelta(hours=1))
    with refused("InvalidNextTokenException"):
        trail.lookup_events(NextToken="nonsense")
    with refused("InvalidMaxResultsException", "ValidationException"):
        trail.lookup_events(MaxResults=51)
    with refused("InvalidLookupAttributesException"):
        trail.lookup_events(LookupAttributes=[
            {"AttributeKey": "EventName", "AttributeValue": "a"}, {"AttributeKey": "Username", "AttributeValue": "b"},
        ])
    with refused("InvalidLookupAttributesException", "ValidationException"):
        trail.lookup_events(LookupAttributes=[{"AttributeKey": "Nothing", "AttributeValue": "a"}])
    first = trail.lookup_events(MaxResults=1)
    with refused("InvalidNextTokenException"):
        trail.lookup_events(
            NextToken=first["NextToken"], LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": "b"}]
        )
    with refused("AccessDeniedException"):
        home.user("nobody").client("cloudtrail").lookup_events()


def test_the_cli_looks_up_by_every_attribute(durable_server, aws):
    """As in AWS's examples.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html
    """
    key = aws("kms", "create-key")["KeyMetadata"]
    access_key = Profile.find(durable_server.data_dir).credentials.access_key

    def find(attribute: str, value: str, *more: str) -> list[dict]:
        return aws(
            "cloudtrail", "lookup-events", "--lookup-attributes",
            f"AttributeKey={attribute},AttributeValue={value}", *more,
        )["Events"]

    (event,) = find("EventName", "CreateKey")
    for attribute, value in (
        ("EventId", event["EventId"]), ("ReadOnly", "false"), ("Username", event["Username"]),
        ("ResourceType", "AWS::KMS::Key"), ("ResourceName", key["Arn"]), ("EventSource", "kms.amazonaws.com"),
        ("AccessKeyId", access_key),
    ):
        assert event in find(attribute, value), attribute
    assert find("EventName", "CreateKey", "--start-time", "2000-01-01", "--end-time", "2000-01-02") == []
    listed = aws("cloudtrail", "lookup-events", "--max-items", "3")
    assert len(listed["Events"]) == 3 and listed["NextToken"]
