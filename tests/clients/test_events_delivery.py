"""Rules on calls deliver to queues and topics: transformed, retried, and to nobody who did not ask.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import notifications, queues, rules
from harness.errors import refused
from harness.eventually import eventually
from harness.identities import Account
from harness.policies import allow, policy
from harness.receiver import Receiver
from harness.server import Server


@pytest.fixture
def private() -> Iterator[Server]:
    """A development server for this test, which may reach loopback."""
    with Server("--outbound-private", "on", dev=True) as running:
        yield running


def test_a_disabled_key_is_told_to_queues_and_to_a_topic_s_endpoint(private, account):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html"""
    home = Account(private, account)
    kms, events, sqs, sns = (home.root.client(name) for name in ("kms", "events", "sqs", "sns"))
    rule = rules.put(events, "disabled", rules.DISABLE_KEY)
    whole = rules.queue(sqs, events, "whole", "disabled", rule)
    transformed = rules.queue(sqs, events, "transformed", "disabled", rule, InputTransformer=rules.TRANSFORMER)
    part = rules.queue(sqs, events, "part", "disabled", rule, InputPath="$.detail.requestParameters")
    fixed = rules.queue(sqs, events, "fixed", "disabled", rule, Input='{"fixed": true}')

    topic = sns.create_topic(Name="topic")["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy({
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish",
        "Resource": topic, "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }))
    with Receiver() as subscriber:
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=subscriber.url + "/sns")
        notifications.fetch(subscriber.wait("/sns")[0].json()["SubscribeURL"])
        answer = events.put_targets(Rule="disabled", Targets=[
            {"Id": "topic", "Arn": topic, "InputTransformer": rules.TRANSFORMER},
        ])
        assert answer["FailedEntryCount"] == 0, answer

        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.disable_key(KeyId=key)
        kms.enable_key(KeyId=key)

        (event,) = queues.bodies(sqs, whole)
        assert event.keys() == {
            "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
        }
        assert (event["version"], event["account"], event["region"]) == ("0", account, "us-east-1")
        assert event["detail"]["requestParameters"] == {"keyId": key}
        assert event["detail"]["eventType"] == "AwsApiCall"
        assert event["detail"]["userIdentity"]["accountId"] == account
        said = {"what": "DisableKey", "key": key, "text": f"DisableKey by {account}", "rule": rule}
        assert queues.bodies(sqs, transformed) == [said]
        assert queues.bodies(sqs, part) == [{"keyId": key}]
        assert queues.bodies(sqs, fixed) == [{"fixed": True}]
        notification = subscriber.wait("/sns", 2)[1].json()
        notifications.verify(notification)
        assert json.loads(notification["Message"]) == said
        assert all(queues.is_empty(sqs, url, 0) for url in (whole, transformed, part, fixed))
        assert len(subscriber.requests) == 2


def test_a_queue_that_allows_another_rule_gets_nothing_and_the_dead_letter_queue_says_why(server, home):
    """The confused deputy.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    events, sqs = (home.root.client(name) for name in ("events", "sqs"))
    rule = rules.put(events, "mine", {"source": ["test"]})
    dead = queues.make(sqs, "dead")
    dead_arn = queues.arn(sqs, dead)
    queues.policy(sqs, dead, queues.accepts("events.amazonaws.com", dead_arn, rule))
    other = rule.replace("mine", "other")
    url = rules.queue(sqs, events, "queue", "mine", rule, accepts=other, DeadLetterConfig={"Arn": dead_arn})
    answer = events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": '{"n": 1}'}])
    assert answer["FailedEntryCount"] == 0
    (message,) = queues.take(sqs, dead, MessageAttributeNames=["All"])
    assert json.loads(message["Body"])["detail"] == {"n": 1}
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"]) == (rule, queues.arn(sqs, url))
    assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    assert queues.is_empty(sqs, url)


def test_a_key_s_policy_decides_for_a_queue_that_is_encrypted(home):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""
    events, sqs, kms = (home.root.client(name) for name in ("events", "sqs", "kms"))
    rule = rules.put(events, "rule", {"source": ["test"]})
    key = home.key()
    url = rules.queue(sqs, events, "queue", "rule", rule)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})
    entry = {"Source": "test", "DetailType": "t"}
    events.put_events(Entries=[entry | {"Detail": '{"n": 1}'}])
    assert queues.is_empty(sqs, url)
    kms.put_key_policy(KeyId=key, BypassPolicyLockoutSafetyCheck=True, Policy=policy(
        {"Effect": "Allow", "Principal": {"AWS": home.arn}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": "*",
         "Action": ["kms:GenerateDataKey", "kms:Decrypt"]},
    ))
    events.put_events(Entries=[entry | {"Detail": '{"n": 2}'}])
    event = queues.bodies(sqs, url)[0]
    # The first one may have been tried again.
    assert event["detail"]["n"] in (1, 2)


def test_no_kill_loses_an_event(account, tmp_path: Path):
    """Killed as soon as a call has been answered, and with deliveries to an endpoint that is down under way."""
    retries = {"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 5, "numRetries": 100}}
    with Receiver() as receiver, Server(
        "--outbound-private", "on", dev=True, data_dir=tmp_path / "data"
    ) as server:
        home = Account(server, account)
        kms, events, sqs, sns = (home.root.client(name) for name in ("kms", "events", "sqs", "sns"))
        rule = rules.put(events, "disabled", rules.DISABLE_KEY)
        rules.queue(sqs, events, "queue", "disabled", rule)
        topic = sns.create_topic(Name="topic")["TopicArn"]
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy({
            "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish",
            "Resource": topic,
        }))
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=receiver.url + "/sns", Attributes={
            "RawMessageDelivery": "true", "DeliveryPolicy": json.dumps(retries),
        })
        notifications.fetch(receiver.wait("/sns")[0].json()["SubscribeURL"])
        assert events.put_targets(Rule="disabled", Targets=[{"Id": "topic", "Arn": topic}])["FailedEntryCount"] == 0
        key_ids = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(6)]
        receiver.stop()
        receiver.requests.clear()
        for key_id in key_ids:
            server.client("kms", account).disable_key(KeyId=key_id)
            server.kill()
            server.start()
        receiver.start()
        sqs = server.client("sqs", account)
        url = sqs.get_queue_url(QueueName="queue")["QueueUrl"]
        told: set[str] = set()

        def all_told() -> bool:
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                told.add(json.loads(message["Body"])["detail"]["requestParameters"]["keyId"])
            server.advance_clock(5)
            called = {one.json()["detail"]["requestParameters"]["keyId"] for one in receiver.at("/sns")}
            return told == called == set(key_ids)

        eventually(all_told, "every key's event")


def test_only_the_owner_s_events_match_and_only_while_the_rule_is_enabled(home, other):
    events, sqs = (home.root.client(name) for name in ("events", "sqs"))
    rule = rules.put(events, "rule", {"source": ["test"]})
    url = rules.queue(sqs, events, "queue", "rule", rule, InputPath="$.detail.n")

    def put(client, n: int) -> None:
        client.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": json.dumps({"n": n})}])

    put(other.root.client("events"), 0)
    events.disable_rule(Name="rule")
    put(events, 1)
    events.enable_rule(Name="rule")
    put(events, 2)
    assert queues.bodies(sqs, url) == [2]
    assert queues.is_empty(sqs, url)
    # Another account's bus takes what its policy allows.
    with refused("AccessDeniedException"):
        other.user("theirs", allow("events:PutEvents")).client("events").put_events(Entries=[{
            "Source": "test", "DetailType": "t", "Detail": '{"n": 3}',
            "EventBusName": f"arn:aws:events:us-east-1:{home.id}:event-bus/default",
        }])
    events.put_permission(StatementId="other", Principal=other.id, Action="events:PutEvents")
    other.root.client("events").put_events(Entries=[{
        "Source": "test", "DetailType": "t", "Detail": '{"n": 4}',
        "EventBusName": f"arn:aws:events:us-east-1:{home.id}:event-bus/default",
    }])
    assert queues.bodies(sqs, url) == [4]
