"""Endpoints over HTTP: confirmed, signed for, unsubscribed, and retried while they are down.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
"""

import json
from collections.abc import Iterator
from urllib.error import HTTPError

import pytest

from harness import notifications, queues
from harness.errors import refused
from harness.eventually import eventually
from harness.receiver import Received, Receiver
from harness.server import Server


@pytest.fixture(scope="module")
def private_server() -> Iterator[Server]:
    """A server that may reach loopback. Its clock is never moved."""
    with Server("--outbound-private", "on", dev=True) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint for this test."""
    with Receiver() as running:
        yield running


@pytest.fixture
def sns(private_server, account):
    """An SNS client of this test's account."""
    return private_server.client("sns", account)


@pytest.fixture
def topic(sns) -> str:
    """The ARN of a fresh topic."""
    return sns.create_topic(Name="topic")["TopicArn"]


def subscribe(sns, topic: str, receiver: Receiver, path: str = "/hook", **attributes: object) -> str:
    """The ARN of a subscription that has been confirmed by the link that it was sent."""
    given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
    arn = sns.subscribe(
        TopicArn=topic, Protocol="http", Endpoint=receiver.url + path, Attributes=given, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    notifications.fetch(receiver.wait(path)[0].json()["SubscribeURL"])
    return arn


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_subscription_is_confirmed_with_its_token(sns, topic, receiver, version):
    """https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html"""
    sns.set_topic_attributes(TopicArn=topic, AttributeName="SignatureVersion", AttributeValue=version)
    answer = sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=receiver.url + "/hook")
    assert answer["SubscriptionArn"] == "pending confirmation"
    (request,) = receiver.wait("/hook")
    assert request.method == "POST"
    assert request.headers["x-amz-sns-message-type"] == "SubscriptionConfirmation"
    assert request.headers["x-amz-sns-topic-arn"] == topic
    assert request.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert request.headers["User-Agent"] == "Amazon Simple Notification Service Agent"
    message = request.json()
    assert message["Type"] == "SubscriptionConfirmation"
    assert message["MessageId"] == request.headers["x-amz-sns-message-id"]
    notifications.verify(message)
    assert sns.list_subscriptions()["Subscriptions"][0]["SubscriptionArn"] == "PendingConfirmation"
    sns.publish(TopicArn=topic, Message="too early")
    with refused("InvalidParameter", matching="^Invalid parameter: Token"):
        sns.confirm_subscription(TopicArn=topic, Token="0" * len(message["Token"]))
    arn = sns.confirm_subscription(
        TopicArn=topic, Token=message["Token"], AuthenticateOnUnsubscribe="true"
    )["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (attributes["PendingConfirmation"], attributes["ConfirmationWasAuthenticated"]) == ("false", "true")
    sns.publish(TopicArn=topic, Message="in time", Subject="Hello")
    notification = receiver.wait("/hook", 2)[1]
    assert notification.headers["x-amz-sns-message-type"] == "Notification"
    assert notification.headers["x-amz-sns-subscription-arn"] == arn
    assert (notification.json()["Message"], notification.json()["SignatureVersion"]) == ("in time", version)
    notifications.verify(notification.json())
    # Whoever confirmed wants it to be unsubscribed by those alone who may.
    with pytest.raises(HTTPError) as refusal:
        notifications.fetch(notification.json()["UnsubscribeURL"])
    assert refusal.value.code == 403
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []


def test_a_subscription_is_confirmed_and_ended_by_visiting_links(sns, topic, receiver):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html"""
    arn = subscribe(sns, topic, receiver)
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (attributes["PendingConfirmation"], attributes["ConfirmationWasAuthenticated"]) == ("false", "false")
    sns.publish(TopicArn=topic, Message="one")
    message = receiver.wait("/hook", 2)[1].json()
    assert arn in message["UnsubscribeURL"].replace("%3A", ":")
    answer = notifications.fetch(message["UnsubscribeURL"])
    assert b"UnsubscribeResponse" in answer
    end = receiver.wait("/hook", 3)[2]
    assert end.headers["x-amz-sns-message-type"] == "UnsubscribeConfirmation"
    notifications.verify(end.json())
    assert sns.list_subscriptions()["Subscriptions"] == []
    sns.publish(TopicArn=topic, Message="nobody listens")
    # Who had not meant it visits the link in that message, and is there again.
    notifications.fetch(end.json()["SubscribeURL"])
    assert [one["SubscriptionArn"] for one in sns.list_subscriptions()["Subscriptions"]] == [arn]
    sns.publish(TopicArn=topic, Message="back")
    assert receiver.wait("/hook", 4)[3].json()["Message"] == "back"


def test_raw_delivery_over_http(sns, topic, receiver):
    subscribe(sns, topic, receiver, RawMessageDelivery="true")
    sns.publish(TopicArn=topic, Message='{"a": 1}')
    notification = receiver.wait("/hook", 2)[1]
    assert notification.body == b'{"a": 1}'
    assert notification.headers["x-amz-sns-rawdelivery"] == "true"


def test_an_endpoint_that_is_down_gets_every_message_once_it_is_back(private_server, sns, topic, receiver, account):
    """Retried by the topic's delivery policy; what is refused for good goes to the dead-letter queue.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
    """
    sqs = private_server.client("sqs", account)
    dead = queues.make(sqs, "dead")
    dead_arn = queues.arn(sqs, dead)
    queues.policy(sqs, dead, queues.accepts("sns.amazonaws.com", dead_arn, topic))
    retries = {"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 2, "numRetries": 50}}
    subscribe(
        sns, topic, receiver, DeliveryPolicy=retries, RedrivePolicy={"deadLetterTargetArn": dead_arn},
        RawMessageDelivery="true",
    )
    receiver.stop()
    sent = {f"m{n}" for n in range(20)}
    for text in sent:
        sns.publish(TopicArn=topic, Message=text)
    failed: set[str] = set()
    taken: set[str] = set()

    def stumble(request: Received) -> int:
        """Fails each message once more, as a server does that has only just come up."""
        text = request.body.decode()
        if text in failed:
            taken.add(text)
            return 200
        failed.add(text)
        return 503

    receiver.answer = stumble
    receiver.start()
    eventually(lambda: taken == sent, "every message")
    receiver.answer = lambda _: 403
    sns.publish(TopicArn=topic, Message="refused for good")
    assert queues.take(sqs, dead)[0]["Body"] == "refused for good"


def test_a_token_is_good_for_two_days(account, receiver):
    with Server("--outbound-private", "on", dev=True) as server:
        sns = server.client("sns", account)
        topic = sns.create_topic(Name="topic")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=receiver.url + "/hook")
        token = receiver.wait("/hook")[0].json()["Token"]
        server.advance_clock(48 * 3600 + 3600)
        with refused("InvalidParameter", "NotFound"):
            sns.confirm_subscription(TopicArn=topic, Token=token)
