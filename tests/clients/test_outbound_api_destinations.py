"""API destinations lead outside, never to the machine itself, its neighbours or the metadata service.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

import json
import time
from pathlib import Path

from harness import queues, rules
from harness.identities import Account
from harness.receiver import Receiver
from harness.server import Server

FORBIDDEN = ["169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]"]


def test_the_metadata_service_is_out_of_reach_even_where_private_addresses_are_not(account):
    """Deliveries to it fail, and go to the dead-letter queue."""
    with Server("--outbound-private", "on", dev=True) as server:
        home = Account(server, account)
        events, sqs = (home.root.client(name) for name in ("events", "sqs"))
        rule = rules.put(events, "rule", {"source": ["test"]})
        dead = queues.make(sqs, "dead")
        dead_arn = queues.arn(sqs, dead)
        queues.policy(sqs, dead, queues.accepts("events.amazonaws.com", dead_arn, rule))
        target = rules.api_destination(home, "https://example.com/latest/meta-data")
        events.put_targets(Rule="rule", Targets=[{
            "Id": "1", **target, "DeadLetterConfig": {"Arn": dead_arn},
            "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
        }])
        for number, host in enumerate(FORBIDDEN):
            try:
                events.update_api_destination(
                    Name="destination", InvocationEndpoint=f"https://{host}/latest/meta-data"
                )
            except events.exceptions.ClientError as refusal:
                # What is no endpoint is refused at once.
                assert refusal.response["Error"]["Code"] == "ValidationException", refusal
                continue
            events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": json.dumps({"n": number})}])
            (message,) = queues.take(sqs, dead)
            assert json.loads(message["Body"])["detail"] == {"n": number}


def test_a_name_that_resolves_to_loopback_is_refused_after_it_was_resolved(account, tmp_path: Path):
    """`localhost` here stands for any name whose owner points it inwards."""
    with Receiver(tmp_path) as receiver, Server("--outbound-ca", str(receiver.ca), dev=True) as server:
        home = Account(server, account)
        events = home.root.client("events")
        rules.put(events, "rule", {"source": ["test"]})
        events.put_targets(Rule="rule", Targets=[{"Id": "1", **rules.api_destination(home, receiver.url + "/in")}])
        events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": "{}"}])
        time.sleep(1)
        server.advance_clock(3600)
        assert receiver.requests == []
