"""Dead-letter queues: messages that nobody can handle move there, and back when they can.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

import json

import pytest

from harness import queues
from harness.errors import refused
from harness.eventually import eventually


@pytest.fixture
def sqs(server, account):
    """An SQS client of this test's account."""
    return server.client("sqs", account)


def with_dead_letters(sqs, suffix: str = "", receives: int = 2, **attributes: str) -> tuple[str, str]:
    """The URLs of a queue and of its dead-letter queue."""
    dead = queues.make(sqs, f"dead{suffix}", **attributes)
    redrive = {"deadLetterTargetArn": queues.arn(sqs, dead), "maxReceiveCount": receives}
    return queues.make(sqs, f"source{suffix}", RedrivePolicy=redrive, **attributes), dead


def test_a_message_moves_after_its_receives_and_keeps_what_it_was(sqs):
    url, dead = with_dead_letters(sqs)
    attributes = {"a": {"DataType": "String", "StringValue": "1"}}
    sent = sqs.send_message(QueueUrl=url, MessageBody="poison", MessageAttributes=attributes)
    for _ in range(2):
        (message,) = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, AttributeNames=["All"])["Messages"]
    sent_at = message["Attributes"]["SentTimestamp"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    (moved,) = sqs.receive_message(
        QueueUrl=dead, AttributeNames=["All"], MessageAttributeNames=["All"], WaitTimeSeconds=5
    )["Messages"]
    assert (moved["Body"], moved["MessageId"], moved["MessageAttributes"]) == ("poison", sent["MessageId"], attributes)
    assert moved["Attributes"]["DeadLetterQueueSourceArn"] == queues.arn(sqs, url)
    assert moved["Attributes"]["SentTimestamp"] == sent_at
    pages = sqs.get_paginator("list_dead_letter_source_queues").paginate(QueueUrl=dead)
    assert [one for page in pages for one in page["queueUrls"]] == [url]


def test_redrive_moves_them_back(sqs):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html"""
    url, dead = with_dead_letters(sqs, receives=1)
    number = 30
    for first in range(0, number, 10):
        entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(first, first + 10)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    # The second look at a message is what moves it.
    eventually(lambda: sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0
    ) and queues.counts(sqs, dead)[0] == number, "the last message in the dead-letter queue")
    assert queues.counts(sqs, url) == (0, 0, 0)
    task = sqs.start_message_move_task(SourceArn=queues.arn(sqs, dead))["TaskHandle"]
    assert task

    def finished() -> dict | None:
        (found,) = sqs.list_message_move_tasks(SourceArn=queues.arn(sqs, dead))["Results"]
        return found if found["Status"] == "COMPLETED" else None

    found = eventually(finished, "the end of the move")
    assert found["ApproximateNumberOfMessagesMoved"] == number
    assert sorted(int(one["Body"]) for one in queues.take(sqs, url, number)) == list(range(number))
    assert queues.counts(sqs, dead) == (0, 0, 0)
    with refused("ResourceNotFoundException"):
        sqs.cancel_message_move_task(TaskHandle=task)


def test_a_fifo_queue_s_group_goes_on_when_its_first_message_is_dead(sqs):
    url, dead = with_dead_letters(sqs, ".fifo", receives=1, FifoQueue="true", ContentBasedDeduplication="true")
    for body in ("poison", "good"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    (message,) = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]
    assert message["Body"] == "poison"
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert message["Body"] == "good"
    (moved,) = sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=5, AttributeNames=["All"])["Messages"]
    assert (moved["Body"], moved["Attributes"]["MessageGroupId"]) == ("poison", "g")


def test_a_dead_letter_queue_says_who_may_use_it(sqs, account):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""
    dead = queues.make(sqs, "dead", RedriveAllowPolicy={"redrivePermission": "denyAll"})
    redrive = json.dumps({"deadLetterTargetArn": queues.arn(sqs, dead), "maxReceiveCount": 3})
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName="source", Attributes={"RedrivePolicy": redrive})
    allowed = f"arn:aws:sqs:us-east-1:{account}:source"
    permission = {"redrivePermission": "byQueue", "sourceQueueArns": [allowed]}
    sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(permission)})
    sqs.create_queue(QueueName="source", Attributes={"RedrivePolicy": redrive})
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName="other", Attributes={"RedrivePolicy": redrive})
