"""API destinations: endpoints that events are sent to, signed in, retried while they are down.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import queues, rules
from harness.eventually import eventually
from harness.identities import Account
from harness.receiver import Receiver
from harness.server import Server


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """An endpoint behind TLS for this test, as API destinations must be."""
    with Receiver(tmp_path) as running:
        yield running


@pytest.fixture
def private(receiver: Receiver) -> Iterator[Server]:
    """A development server for this test, which may reach loopback and trusts the endpoint."""
    with Server("--outbound-private", "on", "--outbound-ca", str(receiver.ca), dev=True) as running:
        yield running


def test_a_disabled_key_is_told_to_an_endpoint_that_asks_for_a_key(private, receiver, account):
    """Path, headers and query are the target's, the key is the connection's.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
    """
    home = Account(private, account)
    kms, events = (home.root.client(name) for name in ("kms", "events"))
    rule = rules.put(events, "disabled", rules.DISABLE_KEY)
    answer = events.put_targets(Rule="disabled", Targets=[{
        "Id": "1", **rules.api_destination(home, receiver.url + "/keys/*"), "InputTransformer": rules.TRANSFORMER,
        "HttpParameters": {
            "PathParameterValues": ["disabled"], "HeaderParameters": {"X-More": "more"},
            "QueryStringParameters": {"q": "1"},
        },
    }])
    assert answer["FailedEntryCount"] == 0, answer
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    (request,) = receiver.wait("/keys/disabled?q=1")
    assert request.method == "POST"
    assert request.json() == {"what": "DisableKey", "key": key, "text": f"DisableKey by {account}", "rule": rule}
    assert (request.headers["X-Token"], request.headers["X-More"]) == ("the-api-key", "more")
    assert request.headers["Content-Type"].startswith("application/json")
    assert len(receiver.requests) == 1


def test_an_endpoint_that_was_down_for_a_minute_gets_every_event(private, receiver, account):
    """Retried for a day at most, with backoff; the clock is moved where waiting is long.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
    """
    home = Account(private, account)
    events = home.root.client("events")
    rules.put(events, "rule", {"source": ["test"]})
    events.put_targets(Rule="rule", Targets=[{
        "Id": "1", **rules.api_destination(home, receiver.url + "/down"), "InputPath": "$.detail",
        "RetryPolicy": {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86400},
    }])
    receiver.stop()
    sent = set(range(20))
    for n in sent:
        events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": json.dumps({"n": n})}])
    time.sleep(1)
    private.advance_clock(60)
    receiver.start()

    def arrived() -> bool:
        private.advance_clock(30)
        return {one.json()["n"] for one in receiver.at("/down")} >= sent

    eventually(arrived, "every event")


def test_what_is_retried_in_vain_goes_to_the_dead_letter_queue(private, receiver, account):
    home = Account(private, account)
    events, sqs = (home.root.client(name) for name in ("events", "sqs"))
    rule = rules.put(events, "rule", {"source": ["test"]})
    dead = queues.make(sqs, "dead")
    dead_arn = queues.arn(sqs, dead)
    queues.policy(sqs, dead, queues.accepts("events.amazonaws.com", dead_arn, rule))
    events.put_targets(Rule="rule", Targets=[{
        "Id": "1", **rules.api_destination(home, receiver.url + "/broken"), "DeadLetterConfig": {"Arn": dead_arn},
        "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
    }])
    receiver.answer = lambda _: 503
    events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": "{}"}])
    receiver.wait("/broken")

    def message() -> list[dict]:
        private.advance_clock(60)
        return sqs.receive_message(QueueUrl=dead, MessageAttributeNames=["All"]).get("Messages", [])

    (found,) = eventually(message, "the dead letter")
    attributes = {name: value["StringValue"] for name, value in found["MessageAttributes"].items()}
    assert attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert attributes["RETRY_ATTEMPTS"] == "2"
    assert len(receiver.requests) == 3


def test_connections_sign_in_with_a_name_and_a_password(private, receiver, account):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html"""
    home = Account(private, account)
    events = home.root.client("events")
    rules.put(events, "rule", {"source": ["test"]})
    target = rules.api_destination(home, receiver.url + "/basic", AuthorizationType="BASIC", AuthParameters={
        "BasicAuthParameters": {"Username": "Aladdin", "Password": "open sesame"},
        "InvocationHttpParameters": {
            "HeaderParameters": [{"Key": "X-Of-Connection", "Value": "c", "IsValueSecret": True}],
            "BodyParameters": [{"Key": "added", "Value": "b", "IsValueSecret": False}],
        },
    })
    events.put_targets(Rule="rule", Targets=[{"Id": "1", **target, "InputPath": "$.detail"}])
    events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": '{"n": 1}'}])
    (request,) = receiver.wait("/basic")
    assert request.headers["Authorization"] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert request.headers["X-Of-Connection"] == "c"
    assert request.json() == {"n": 1, "added": "b"}
    described = events.describe_connection(Name="connection")
    assert described["ConnectionState"] == "AUTHORIZED"
    assert "open sesame" not in json.dumps(described, default=str)


def test_no_kill_loses_an_event(receiver, account, tmp_path):
    """Killed as soon as a call has been answered, and with deliveries to an endpoint that is down under way."""
    arguments = ("--outbound-private", "on", "--outbound-ca", str(receiver.ca))
    with Server(*arguments, dev=True, data_dir=tmp_path / "data") as server:
        home = Account(server, account)
        kms, events = (home.root.client(name) for name in ("kms", "events"))
        rules.put(events, "disabled", rules.DISABLE_KEY)
        events.put_targets(Rule="disabled", Targets=[{"Id": "down", **rules.api_destination(home, receiver.url + "/down")}])
        key_ids = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(6)]
        receiver.stop()
        for key_id in key_ids:
            server.client("kms", account).disable_key(KeyId=key_id)
            server.kill()
            server.start()
        receiver.start()

        def all_told() -> bool:
            server.advance_clock(30)
            called = {one.json()["detail"]["requestParameters"]["keyId"] for one in receiver.at("/down")}
            return called == set(key_ids)

        eventually(all_told, "every key's event")
