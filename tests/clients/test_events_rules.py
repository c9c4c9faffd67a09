"""Buses, rules and targets: made, listed in pages, tagged, and patterns tried on events, by boto3 and the AWS CLI.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
"""

import json
from datetime import datetime, timezone

import pytest

from harness import queues, rules
from harness.errors import refused

EVENT = {
    "version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Object Created", "source": "aws.s3",
    "account": "123456789012", "time": "2021-11-12T00:00:00Z", "region": "ca-central-1",
    "resources": ["arn:aws:s3:::amzn-s3-demo-bucket1"],
    "detail": {"bucket": {"name": "amzn-s3-demo-bucket1"}, "object": {"key": "dir/example.png", "size": 5},
               "source-ip-address": "10.0.0.1", "state": "", "reason": None},
}


@pytest.fixture
def events(home):
    """An EventBridge client of this test's root user."""
    return home.root.client("events")


@pytest.mark.parametrize(("matches", "detail"), [
    (True, {"object": {"size": [{"numeric": [">", 0, "<=", 5]}]}}),
    (False, {"object": {"size": [{"numeric": ["<", 5]}]}}),
    (True, {"object": {"key": [{"suffix": ".png"}]}}),
    (True, {"object": {"key": [{"wildcard": "dir/*.png"}]}}),
    (True, {"object": {"key": [{"suffix": {"equals-ignore-case": ".PNG"}}]}}),
    (False, {"object": {"key": [{"anything-but": {"prefix": "dir/"}}]}}),
    (True, {"source-ip-address": [{"cidr": "10.0.0.0/24"}]}),
    (True, {"bucket": {"name": [{"equals-ignore-case": "AMZN-S3-DEMO-BUCKET1"}]}, "none": [{"exists": False}]}),
    (True, {"state": [""], "reason": [None]}),
    (True, {"$or": [{"object": {"size": [7]}}, {"bucket": {"name": [{"prefix": "amzn"}]}}]}),
    (False, {"$or": [{"object": {"size": [7]}}, {"state": ["on"]}]}),
])
def test_patterns_are_tried(events, matches, detail):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html"""
    pattern = json.dumps({"source": ["aws.s3"], "detail": detail})
    assert events.test_event_pattern(EventPattern=pattern, Event=json.dumps(EVENT))["Result"] is matches


def test_a_pattern_that_is_none_is_refused(events):
    for pattern in ("{", "[]", '{"source": "aws.s3"}', '{"source": []}', '{"source": [{"nothing": 1}]}'):
        with refused("InvalidEventPatternException", matching="^Event pattern is not valid. Reason: "):
            events.test_event_pattern(EventPattern=pattern, Event=json.dumps(EVENT))
        with refused("InvalidEventPatternException"):
            events.put_rule(Name="rule", EventPattern=pattern)
    for expression in ("rate(0 minutes)", "rate(1 days)", "cron(0 12 * * * *)", "every day"):
        with refused("ValidationException", message="Parameter ScheduleExpression is not valid."):
            events.put_rule(Name="rule", ScheduleExpression=expression)


def test_lists_come_in_pages(home, events):
    """All of boto3's paginators of EventBridge."""
    sqs = home.root.client("sqs")
    arn = queues.arn(sqs, queues.make(sqs, "queue"))
    made = [f"rule-{n:02}" for n in range(7)]
    for name in made:
        events.put_rule(Name=name, ScheduleExpression="rate(1 hour)", State="DISABLED")
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    events.put_rule(Name="other", ScheduleExpression="rate(1 hour)")
    small = {"PaginationConfig": {"PageSize": 3}}
    pages = list(events.get_paginator("list_rules").paginate(NamePrefix="rule-", **small))
    assert [len(page["Rules"]) for page in pages] == [3, 3, 1]
    assert [one["Name"] for page in pages for one in page["Rules"]] == made
    pages = events.get_paginator("list_rule_names_by_target").paginate(TargetArn=arn, **small)
    assert sorted(name for page in pages for name in page["RuleNames"]) == made
    events.put_targets(Rule="other", Targets=[{"Id": str(n), "Arn": arn} for n in range(5)])
    pages = list(events.get_paginator("list_targets_by_rule").paginate(Rule="other", **small))
    assert sorted(one["Id"] for page in pages for one in page["Targets"]) == [str(n) for n in range(5)]
    assert len(pages) == 2
    with refused("ValidationException"):
        events.delete_rule(Name="other")


def test_put_events_answers_for_each_entry(events):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html"""
    good = {"Source": "test", "DetailType": "t", "Detail": "{}", "Time": datetime.now(timezone.utc)}
    answer = events.put_events(Entries=[
        good, good | {"Detail": "no json"}, good | {"Source": "aws.kms"},
        {"Source": "test", "Detail": "{}"},
    ])
    assert answer["FailedEntryCount"] == 3
    assert "EventId" in answer["Entries"][0]
    codes = [entry.get("ErrorCode") for entry in answer["Entries"]]
    assert codes == [None, "MalformedDetail", "NotAuthorizedForSourceException", "InvalidArgument"]
    with refused("ValidationException"):
        events.put_events(Entries=[good] * 11)
    with refused("PutEventsRequestEntryTooLarge", "ValidationException"):
        events.put_events(Entries=[good | {"Detail": json.dumps({"x": "x" * 1_100_000})}])


def test_the_cli_s_walk_through(aws):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule.html"""
    url = aws("sqs", "create-queue", "--queue-name", "queue")["QueueUrl"]
    got = aws("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn")
    arn = got["Attributes"]["QueueArn"]
    rule = aws("events", "put-rule", "--name", "rule", "--event-pattern", '{"source": ["test"]}')["RuleArn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [queues.accepts("events.amazonaws.com", arn, rule)]})
    aws("sqs", "set-queue-attributes", "--queue-url", url, "--attributes", json.dumps({"Policy": policy}))
    assert aws("events", "put-targets", "--rule", "rule", "--targets", f"Id=1,Arn={arn}")["FailedEntryCount"] == 0
    entry = json.dumps([{"Source": "test", "DetailType": "t", "Detail": '{"n": 1}'}])
    assert aws("events", "put-events", "--entries", entry)["FailedEntryCount"] == 0
    (message,) = aws("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "20")["Messages"]
    assert json.loads(message["Body"])["detail"] == {"n": 1}
    topic = aws("sns", "create-topic", "--name", "topic")["TopicArn"]
    aws("sns", "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", arn)
    assert len(aws("sns", "list-subscriptions")["Subscriptions"]) == 1
    aws("events", "remove-targets", "--rule", "rule", "--ids", "1")
    aws("events", "delete-rule", "--name", "rule")
    aws("events", "describe-rule", "--name", "rule", fails_with="(ResourceNotFoundException)")
