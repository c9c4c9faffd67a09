"""Topics that fan out to queues: enveloped and raw, filtered, in order, and only where the queue allows it.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
"""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.exceptions import InvalidSignature

from harness import notifications, queues
from harness.errors import refused
from harness.policies import allow


@pytest.fixture
def sqs(home):
    """An SQS client of this test's root user."""
    return home.root.client("sqs")


@pytest.fixture
def sns(home):
    """An SNS client of this test's root user."""
    return home.root.client("sns", max_pool_connections=32)


@pytest.fixture
def topic(sns) -> str:
    """The ARN of a fresh topic."""
    return sns.create_topic(Name="topic")["TopicArn"]


@pytest.fixture
def subscribed(sqs, sns):
    """Makes queues that are subscribed to a topic, and allow it."""
    def make(topic_arn: str, name: str, fifo: bool = False, **attributes: object) -> str:
        url = queues.make(sqs, name, **({"FifoQueue": "true"} if fifo else {}))
        arn = queues.arn(sqs, url)
        queues.policy(sqs, url, queues.accepts("sns.amazonaws.com", arn, topic_arn))
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
        sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn, Attributes=given, ReturnSubscriptionArn=True)
        return url

    return make


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_queue_gets_the_signed_envelope(sqs, sns, topic, subscribed, version):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html"""
    sns.set_topic_attributes(TopicArn=topic, AttributeName="SignatureVersion", AttributeValue=version)
    url = subscribed(topic, "queue")
    published = sns.publish(
        TopicArn=topic, Subject="A subject", Message="Hello, 🦦!\n",
        MessageAttributes={"a": {"DataType": "String", "StringValue": "1"},
                           "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
    )
    (message,) = queues.bodies(sqs, url)
    assert (message["Type"], message["MessageId"]) == ("Notification", published["MessageId"])
    assert (message["TopicArn"], message["Subject"], message["Message"]) == (topic, "A subject", "Hello, 🦦!\n")
    assert message["MessageAttributes"] == {
        "a": {"Type": "String", "Value": "1"}, "b": {"Type": "Binary", "Value": "AP8="},
    }
    assert message["SignatureVersion"] == version
    notifications.verify(message)
    with pytest.raises(InvalidSignature):
        notifications.verify(message | {"Message": "Hello, otter!"})


def test_raw_delivery_hands_the_message_and_its_attributes_on(sqs, sns, topic, subscribed):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html"""
    raw, enveloped = subscribed(topic, "raw", RawMessageDelivery="true"), subscribed(topic, "enveloped")
    attributes = {"Hello": {"DataType": "String", "StringValue": "There"},
                  "General": {"DataType": "String", "StringValue": "Kenobi"}}
    sns.publish(TopicArn=topic, Message="as it is", MessageAttributes=attributes)
    (message,) = queues.take(sqs, raw, MessageAttributeNames=["All"])
    assert (message["Body"], message["MessageAttributes"]) == ("as it is", attributes)
    assert message["MD5OfMessageAttributes"] == "fca026605781cb4126a1e9044df24232"
    assert queues.bodies(sqs, enveloped)[0]["Message"] == "as it is"


def test_a_message_for_each_protocol(sqs, sns, topic, subscribed):
    url = subscribed(topic, "queue", RawMessageDelivery="true")
    structure = {"default": "for all", "sqs": "for queues", "http": "for endpoints"}
    sns.publish(TopicArn=topic, Message=json.dumps(structure), MessageStructure="json")
    assert queues.take(sqs, url)[0]["Body"] == "for queues"
    with refused("InvalidParameter", matching="No default entry in JSON message body"):
        sns.publish(TopicArn=topic, Message='{"sqs": "x"}', MessageStructure="json")


def test_filter_policies_by_attributes_and_by_body(sqs, sns, topic, subscribed):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html"""
    raw = {"RawMessageDelivery": "true"}
    orders = subscribed(topic, "orders", **raw, FilterPolicy={
        "event": ["order_placed", {"prefix": "order_c"}], "price": [{"numeric": [">=", 100]}],
    })
    body = subscribed(topic, "body", **raw, FilterPolicyScope="MessageBody", FilterPolicy={
        "store": {"name": [{"anything-but": ["closed"]}]}, "items": {"kind": ["ball"]},
    })
    everything = subscribed(topic, "everything", **raw)

    def publish(text: str, **attributes: str) -> None:
        typed = {
            name: {"DataType": "Number" if name == "price" else "String", "StringValue": value}
            for name, value in attributes.items()
        }
        sns.publish(TopicArn=topic, Message=text, MessageAttributes=typed)

    ball = json.dumps({"store": {"name": "corner"}, "items": [{"kind": "bat"}, {"kind": "ball"}]})
    closed = json.dumps({"store": {"name": "closed"}, "items": [{"kind": "ball"}]})
    publish("cheap", event="order_placed", price="99.99")
    publish("dear", event="order_placed", price="100")
    publish("cancelled", event="order_cancelled", price="1e3")
    publish("other", event="shipped", price="500")
    publish("no price", event="order_placed")
    publish(ball)
    publish(closed)
    assert len(queues.take(sqs, everything, 7)) == 7
    assert sorted(one["Body"] for one in queues.take(sqs, orders, 2)) == ["cancelled", "dear"]
    assert queues.take(sqs, body)[0]["Body"] == ball
    assert queues.is_empty(sqs, orders) and queues.is_empty(sqs, body, 0)
    (arn,) = [one["SubscriptionArn"] for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
              if one["Endpoint"].endswith(":orders")]
    sns.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"event": ["x"]}'
    )
    publish("now", event="x")
    assert queues.take(sqs, orders)[0]["Body"] == "now"
    with refused("InvalidParameter", matching="FilterPolicy"):
        sns.set_subscription_attributes(
            SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"event": [{"wrong-operator": 1}]}'
        )


def test_a_fifo_topic_keeps_order_to_its_fifo_queues_and_removes_duplicates(sqs, sns, subscribed):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html"""
    topic = sns.create_topic(Name="topic.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    urls = [subscribed(topic, f"queue{n}.fifo", fifo=True, RawMessageDelivery="true") for n in range(2)]
    groups, number = 4, 15

    def publish(group: int) -> None:
        for n in range(number):
            how = {"TopicArn": topic, "Message": f"{group}:{n}", "MessageGroupId": f"g{group}",
                   "MessageDeduplicationId": f"{group}-{n}"}
            first = sns.publish(**how)
            if random.Random(f"{group}:{n}").random() < 0.4:
                again = sns.publish(**how)
                assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])

    with ThreadPoolExecutor(groups) as pool:
        list(pool.map(publish, range(groups)))
    for url in urls:
        taken = [one["Body"] for one in queues.take(sqs, url, groups * number)]
        for group in range(groups):
            assert [one for one in taken if one.startswith(f"{group}:")] == [f"{group}:{n}" for n in range(number)]
        assert queues.is_empty(sqs, url)


def test_a_batch_reaches_all_subscribers(sqs, sns, topic, subscribed):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-batch-api-actions.html"""
    urls = [subscribed(topic, f"queue{n}", RawMessageDelivery="true") for n in range(3)]
    entries = [{"Id": str(n), "Message": f"m{n}"} for n in range(10)]
    assert len(sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]) == 10
    for url in urls:
        assert sorted(one["Body"] for one in queues.take(sqs, url, 10)) == [f"m{n}" for n in range(10)]


def test_a_queue_that_allows_another_topic_gets_nothing_and_the_dead_letter_queue_does(sqs, sns, topic, home):
    """The confused deputy: only the topic that the queue's policy names may send.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    """
    url, dead = queues.make(sqs, "queue"), queues.make(sqs, "dead")
    arn, dead_arn = queues.arn(sqs, url), queues.arn(sqs, dead)
    queues.policy(sqs, url, queues.accepts("sns.amazonaws.com", arn, topic + "-other"))
    queues.policy(sqs, dead, queues.accepts("sns.amazonaws.com", dead_arn, topic))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn}),
    })
    sns.publish(TopicArn=topic, Message="for whom?")
    assert queues.bodies(sqs, dead)[0]["Message"] == "for whom?"
    assert queues.is_empty(sqs, url)
    queues.policy(sqs, url, queues.accepts("sns.amazonaws.com", arn, topic))
    sns.publish(TopicArn=topic, Message="for you")
    assert queues.bodies(sqs, url)[0]["Message"] == "for you"


def test_a_topic_s_policy_lets_another_account_publish(home, other, sqs, sns, topic, subscribed):
    url = subscribed(topic, "queue", RawMessageDelivery="true")
    publisher = other.user("publisher", allow("sns:Publish")).client("sns")
    with refused("AuthorizationError"):
        publisher.publish(TopicArn=topic, Message="x")
    sns.add_permission(TopicArn=topic, Label="other", AWSAccountId=[other.id], ActionName=["Publish"])
    publisher.publish(TopicArn=topic, Message="from afar")
    assert queues.take(sqs, url)[0]["Body"] == "from afar"
    with refused("AuthorizationError"):
        publisher.get_topic_attributes(TopicArn=topic)
    sns.remove_permission(TopicArn=topic, Label="other")
    with refused("AuthorizationError"):
        publisher.publish(TopicArn=topic, Message="x")


def test_a_topic_encrypted_under_a_key_asks_kms_as_its_publisher(home, sqs, sns, subscribed):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""
    key = home.key()
    topic = sns.create_topic(Name="sealed", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    url = subscribed(topic, "queue", RawMessageDelivery="true")
    with refused("KMSAccessDenied"):
        home.user("without", allow("sns:*")).client("sns").publish(TopicArn=topic, Message="x")
    allowed = home.user("allowed", allow("sns:*"), allow("kms:GenerateDataKey*", "kms:Decrypt", on=key))
    allowed.client("sns").publish(TopicArn=topic, Message="sealed")
    assert queues.take(sqs, url)[0]["Body"] == "sealed"


def test_lists_come_in_pages_of_a_hundred(sns):
    """https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html"""
    made = {sns.create_topic(Name=f"t{n}")["TopicArn"] for n in range(103)}
    pages = [page["Topics"] for page in sns.get_paginator("list_topics").paginate()]
    assert [len(page) for page in pages] == [100, 3]
    assert {one["TopicArn"] for page in pages for one in page} == made


def test_wrong_input_is_refused_in_aws_s_words(sns, topic):
    with refused("InvalidParameter", message="Invalid parameter: Empty message"):
        sns.publish(TopicArn=topic, Message="")
    with refused("InvalidParameter", message="Invalid parameter: Subject"):
        sns.publish(TopicArn=topic, Message="x", Subject="a\nb")
    with refused("InvalidParameter", matching="^Invalid parameter: Topic Name"):
        sns.create_topic(Name="no spaces")
    with refused("NotFound", message="Topic does not exist"):
        sns.publish(TopicArn=topic + "x", Message="x")
    with refused("InvalidParameter", matching="Message too long"):
        sns.publish(TopicArn=topic, Message="x" * 262_145)
    with refused("TooManyEntriesInBatchRequest"):
        sns.publish_batch(
            TopicArn=topic, PublishBatchRequestEntries=[{"Id": str(n), "Message": "x"} for n in range(11)]
        )
