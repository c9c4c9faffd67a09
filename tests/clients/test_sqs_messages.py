"""Messages of standard queues: sent, received, hidden, delayed, deleted and purged.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
"""

import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import queues
from harness.errors import refused
from harness.raw import RawClient


@pytest.fixture
def sqs(server, account):
    """An SQS client of this test's account."""
    return server.client("sqs", account, max_pool_connections=64)


@pytest.fixture
def url(sqs) -> str:
    """The URL of a fresh standard queue."""
    return queues.make(sqs, "queue")


def test_a_queue_begins_with_aws_s_defaults(sqs, url, account):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html"""
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["QueueArn"] == f"arn:aws:sqs:us-east-1:{account}:queue"
    expected = {
        "VisibilityTimeout": "30", "MessageRetentionPeriod": "345600", "DelaySeconds": "0",
        "MaximumMessageSize": "1048576", "ReceiveMessageWaitTimeSeconds": "0", "SqsManagedSseEnabled": "true",
        "ApproximateNumberOfMessages": "0",
    }
    assert expected.items() <= found.items()
    assert "FifoQueue" not in found
    assert sqs.get_queue_url(QueueName="queue")["QueueUrl"] == url
    assert sqs.create_queue(QueueName="queue")["QueueUrl"] == url
    with refused("QueueAlreadyExists"):
        sqs.create_queue(QueueName="queue", Attributes={"VisibilityTimeout": "31"})
    sqs.delete_queue(QueueUrl=url)
    with refused("AWS.SimpleQueueService.NonExistentQueue", message="The specified queue does not exist."):
        sqs.get_queue_url(QueueName="queue")
    with refused("AWS.SimpleQueueService.QueueDeletedRecently"):
        sqs.create_queue(QueueName="queue")


def test_a_message_comes_as_it_was_sent_with_its_attributes(sqs, url, account):
    """boto3 checks the MD5 of the body itself; that of the attributes is checked here.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    body = "zażółć 🦦 \t\n <&>\"'"
    attributes = {
        "Hello": {"DataType": "String", "StringValue": "There"},
        "General": {"DataType": "String", "StringValue": "Kenobi"},
        "Help.Me": {"DataType": "String", "StringValue": "Me"},
    }
    sent = sqs.send_message(
        QueueUrl=url, MessageBody=body, MessageAttributes=attributes,
        MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe"}},
    )
    assert sent["MD5OfMessageBody"] == hashlib.md5(body.encode()).hexdigest()
    # Recorded from AWS.
    assert sent["MD5OfMessageAttributes"] == "4c360f3fdafd970e05fae2f149d997f5"
    (message,) = sqs.receive_message(
        QueueUrl=url, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
    )["Messages"]
    assert (message["Body"], message["MessageId"]) == (body, sent["MessageId"])
    assert message["MessageAttributes"] == attributes
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    system = message["Attributes"]
    assert system["ApproximateReceiveCount"] == "1"
    assert system["SenderId"] == account
    assert system["AWSTraceHeader"] == "Root=1-5759e988-bd862e3fe"
    assert abs(int(system["SentTimestamp"]) / 1000 - time.time()) < 60


def test_attributes_are_received_by_name_and_prefix(sqs, url):
    attributes = {
        "Hello": {"DataType": "String", "StringValue": "There"},
        "General": {"DataType": "String", "StringValue": "Kenobi"},
        "Help.Me": {"DataType": "String", "StringValue": "Me"},
        "count": {"DataType": "Number.int", "StringValue": "-17.5"},
        "bytes": {"DataType": "Binary.gif", "BinaryValue": bytes(range(256))},
    }
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    for asked, given in (
        ([], set()), (["Hello"], {"Hello"}), (["Hel.*"], {"Hello", "Help.Me"}), (["none", "count"], {"count"}),
        ([".*"], set(attributes)), (["All"], set(attributes)),
    ):
        (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=asked, VisibilityTimeout=0)["Messages"]
        assert message.get("MessageAttributes", {}).keys() == given
        assert message.get("MessageAttributes", {}) == {name: attributes[name] for name in given}
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["Hello", "General"])["Messages"]
    assert message["MD5OfMessageAttributes"] == "fca026605781cb4126a1e9044df24232"


def test_sixteen_consumers_receive_each_message_once_within_its_visibility(sqs, url):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html"""
    number = 300

    def send(first: int) -> None:
        entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(first, first + 10)]
        assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 10

    def consume(_: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600, WaitTimeSeconds=1
        ).get("Messages"):
            found += [(message["Body"], message["ReceiptHandle"]) for message in messages]
        return found

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(send, range(0, number, 10)))
        received = sum(pool.map(consume, range(16)), [])
        assert sorted(int(body) for body, _ in received) == list(range(number))
        assert queues.counts(sqs, url) == (0, number, 0)
        list(pool.map(lambda one: sqs.delete_message(QueueUrl=url, ReceiptHandle=one[1]), received))
    assert queues.counts(sqs, url) == (0, 0, 0)


def test_a_long_poll_waits_and_wakes_when_a_message_comes(sqs, url):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html"""
    began = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)
    assert 1.9 < time.monotonic() - began < 10
    began = time.monotonic()
    timer = threading.Timer(1.0, lambda: sqs.send_message(QueueUrl=url, MessageBody="at last"))
    timer.start()
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    waited = time.monotonic() - began
    timer.join()
    assert message["Body"] == "at last"
    assert 0.9 < waited < 10
    # The queue's own waiting time holds where the call names none.
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"ReceiveMessageWaitTimeSeconds": "1"})
    began = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert time.monotonic() - began > 0.9


def test_a_long_poll_wakes_for_what_becomes_visible_and_what_is_due(sqs, url):
    sqs.send_message(QueueUrl=url, MessageBody="hidden")
    assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=1)["Messages"]
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, AttributeNames=["All"])["Messages"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "2"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=1)
    assert queues.counts(sqs, url) == (0, 0, 1)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    assert message["Body"] == "later"


def test_delay_and_visibility_follow_the_clock(own_server, account):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html"""
    sqs = own_server.client("sqs", account)
    url = queues.make(sqs, "queue", DelaySeconds="900", VisibilityTimeout="100")
    sqs.send_message(QueueUrl=url, MessageBody="delayed")
    sqs.send_message(QueueUrl=url, MessageBody="timer", DelaySeconds=10)
    own_server.advance_clock(11)
    (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert message["Body"] == "timer"
    own_server.advance_clock(90)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=1000)
    own_server.advance_clock(990 - 90)
    (other,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert other["Body"] == "delayed"
    own_server.advance_clock(101)
    again = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert {one["Body"] for one in again} == {"timer", "delayed"}
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=again[0]["ReceiptHandle"], VisibilityTimeout=0)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["MessageId"] == again[0]["MessageId"]


def test_batches_answer_for_each_entry(sqs, url):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html"""
    entries = [{"Id": "good", "MessageBody": "g"}, {"Id": "bad", "MessageBody": "b", "DelaySeconds": 901}]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["good"]
    assert [(one["Id"], one["SenderFault"]) for one in answer["Failed"]] == [("bad", True)]
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    handle = message["ReceiptHandle"]
    changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
        {"Id": "1", "ReceiptHandle": handle, "VisibilityTimeout": 60},
        {"Id": "2", "ReceiptHandle": "nonsense", "VisibilityTimeout": 60},
    ])
    assert ([one["Id"] for one in changed["Successful"]], [one["Id"] for one in changed["Failed"]]) == (["1"], ["2"])
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=[
        {"Id": "1", "ReceiptHandle": handle}, {"Id": "2", "ReceiptHandle": "nonsense"},
    ])
    assert ([one["Id"] for one in deleted["Successful"]], [one["Id"] for one in deleted["Failed"]]) == (["1"], ["2"])
    with refused("AWS.SimpleQueueService.TooManyEntriesInBatchRequest"):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(11)])
    with refused("AWS.SimpleQueueService.EmptyBatchRequest"):
        sqs.send_message_batch(QueueUrl=url, Entries=[])
    with refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", message="Id a repeated."):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "x"}] * 2)
    with refused("AWS.SimpleQueueService.InvalidBatchEntryId"):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a.b", "MessageBody": "x"}])
    big = "x" * 600_000
    with refused("AWS.SimpleQueueService.BatchRequestTooLong"):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": one, "MessageBody": big} for one in "ab"])


def test_a_message_of_a_mebibyte_is_sent_and_a_byte_more_is_not(sqs, url):
    body = "x" * 1_048_576
    sqs.send_message(QueueUrl=url, MessageBody=body)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == body
    with refused("InvalidParameterValue", matching="Message must be shorter than 1048576 bytes"):
        sqs.send_message(QueueUrl=url, MessageBody=body + "x")


def test_wrong_input_is_refused_in_aws_s_words(sqs, url):
    with refused("InvalidParameterValue", message="Value 11 for parameter MaxNumberOfMessages is invalid. "
                 "Reason: Must be between 1 and 10, if provided."):
        sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=11)
    with refused("InvalidParameterValue"):
        sqs.receive_message(QueueUrl=url, WaitTimeSeconds=21)
    with refused("InvalidMessageContents"):
        sqs.send_message(QueueUrl=url, MessageBody="\x00")
    with refused("InvalidAttributeName", message="Unknown Attribute Foo."):
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Foo"])
    with refused("InvalidAttributeValue"):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "43201"})
    with refused("ReceiptHandleIsInvalid",
                 message='The input receipt handle "nonsense" is not a valid receipt handle.'):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="nonsense")
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.send_message(QueueUrl=url + "-of-nobody", MessageBody="x")
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName="no spaces")


def test_purging_empties_a_queue_once_a_minute(own_server, account):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html"""
    sqs = own_server.client("sqs", account)
    url = queues.make(sqs, "queue")
    for n in range(25):
        sqs.send_message(QueueUrl=url, MessageBody=str(n), DelaySeconds=5 if n % 5 == 0 else 0)
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=3, VisibilityTimeout=1)
    sqs.purge_queue(QueueUrl=url)
    with refused("AWS.SimpleQueueService.PurgeQueueInProgress",
                 message="Only one PurgeQueue operation on queue is allowed every 60 seconds."):
        sqs.purge_queue(QueueUrl=url)
    own_server.advance_clock(61)
    assert queues.counts(sqs, url) == (0, 0, 0)
    sqs.send_message(QueueUrl=url, MessageBody="after")
    assert sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"][0]["Body"] == "after"
    sqs.purge_queue(QueueUrl=url)


def test_messages_end_with_their_retention(own_server, account):
    sqs = own_server.client("sqs", account)
    url = queues.make(sqs, "queue", MessageRetentionPeriod="60")
    keeps = queues.make(sqs, "keeps", MessageRetentionPeriod="1209600")
    for one in (url, keeps):
        sqs.send_message(QueueUrl=one, MessageBody="old")
    own_server.advance_clock(50)
    sqs.send_message(QueueUrl=url, MessageBody="new")
    own_server.advance_clock(20)
    (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert message["Body"] == "new"
    assert sqs.receive_message(QueueUrl=keeps)["Messages"]
    own_server.advance_clock(1_209_600)
    assert queues.is_empty(sqs, keeps, 0)
    # The numbers are approximate: they lag until the queue has been swept.
    own_server.advance_clock(3600)
    assert [queues.counts(sqs, one) for one in (url, keeps)] == [(0, 0, 0)] * 2


def test_a_receipt_handle_of_an_earlier_receive_and_a_deleted_message(sqs, url):
    """Deleting twice succeeds.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
    """
    sqs.send_message(QueueUrl=url, MessageBody="x")
    (first,) = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]
    (second,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert first["ReceiptHandle"] != second["ReceiptHandle"]
    for _ in range(2):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert queues.counts(sqs, url) == (0, 0, 0)
    with refused("InvalidParameterValue"):
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"], VisibilityTimeout=60)


def test_queues_are_listed_by_prefix_in_pages_and_tagged(sqs):
    made = {queues.make(sqs, f"list-{n:02}") for n in range(7)}
    queues.make(sqs, "other")
    pages = list(sqs.get_paginator("list_queues").paginate(QueueNamePrefix="list-", MaxResults=3))
    assert [len(page.get("QueueUrls", [])) for page in pages] == [3, 3, 1]
    assert {url for page in pages for url in page["QueueUrls"]} == made
    url = made.pop()
    sqs.tag_queue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"b": "2"}


def test_the_query_protocol_of_older_clients(server, account, sqs, url):
    """To the endpoint with QueueUrl, and to the queue's URL itself; tags and attributes flattened as it has them.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
    """
    raw = RawClient(server, account, service="sqs")
    try:
        version = {"version": "2012-11-05"}
        sent = raw.send(raw.sign(raw.query_request("SendMessage", **version, **{
            "QueueUrl": url, "MessageBody": "from a query", "MessageAttribute.1.Name": "Foo",
            "MessageAttribute.1.Value.DataType": "String", "MessageAttribute.1.Value.StringValue": "Bar",
        })))
        assert sent.status == 200
        # Recorded from AWS.
        assert b"<MD5OfMessageAttributes>ae7155c6026991b6d54b11589678bf9c</MD5OfMessageAttributes>" in sent.body
        assert b"http://queue.amazonaws.com/doc/2012-11-05/" in sent.body
        names = {"MessageAttributeName.1": "All", "AttributeName.1": "All"}
        request = raw.query_request("ReceiveMessage", **version, **names)
        request.path = url.removeprefix(server.url)
        received = raw.send(raw.sign(request))
        assert received.status == 200
        assert b"<Body>from a query</Body>" in received.body
        assert b"<Name>Foo</Name><Value>" in received.body
        absent = raw.send(raw.sign(raw.query_request("GetQueueUrl", **version, QueueName="none")))
        assert absent.status == 400
        assert b"<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in absent.body
        assert b"The specified queue does not exist for this wsdl version." in absent.body
    finally:
        raw.close()
