"""Endpoints that customers name lead outside, never to the machine itself, its neighbours or the metadata service.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
"""

import time
from collections.abc import Iterator

import pytest

from harness.receiver import Receiver

# Loopback, link-local and metadata, private and shared ranges, and the disguises that parsers of addresses fall for.
HOSTS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "localhost.",
]
FORBIDDEN = [
    "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "10.0.0.1", "172.16.0.1",
    "192.168.0.1", "100.64.0.1",
]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint on loopback that nobody is to reach."""
    with Receiver() as running:
        yield running


def test_no_subscription_reaches_loopback_unless_it_is_allowed(own_server, account, receiver):
    sns = own_server.client("sns", account)
    topic = sns.create_topic(Name="topic")["TopicArn"]
    for host in HOSTS + FORBIDDEN:
        try:
            sns.subscribe(
                TopicArn=topic, Protocol="http", Endpoint=f"http://{host}:{receiver.port}/{host.strip('[]')}"
            )
        except sns.exceptions.InvalidParameterException:
            # What is no URL at all is refused at once.
            continue
    time.sleep(2)
    own_server.advance_clock(3600)
    assert receiver.requests == []
