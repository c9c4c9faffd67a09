"""FIFO queues: order in each group, duplicates removed, and groups that wait for what is in flight.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html
"""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import queues
from harness.errors import refused

GROUPS = 6
SENDERS = 12
MESSAGES_PER_GROUP = 30


@pytest.fixture
def sqs(server, account):
    """An SQS client of this test's account."""
    return server.client("sqs", account, max_pool_connections=64)


@pytest.fixture
def url(sqs) -> str:
    """The URL of a fresh FIFO queue whose duplicates are told by id."""
    return queues.make(sqs, "queue.fifo", FifoQueue="true")


def test_order_in_each_group_holds_and_duplicates_go_under_concurrency(sqs, url):
    """Every message is sent by two at once, and received by many who now and then give one back.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
    """
    steps = [threading.Barrier(2) for _ in range(GROUPS)]
    sent: dict[str, set[tuple[str, str]]] = {}
    lock = threading.Lock()

    def send(sender: int) -> None:
        group = sender % GROUPS
        for n in range(MESSAGES_PER_GROUP):
            steps[group].wait(60)
            answer = sqs.send_message(
                QueueUrl=url, MessageBody=f"{group}:{n}", MessageGroupId=f"g{group}",
                MessageDeduplicationId=f"{group}-{n}",
            )
            with lock:
                sent.setdefault(f"{group}:{n}", set()).add((answer["MessageId"], answer["SequenceNumber"]))

    received: dict[str, list[str]] = {f"g{group}": [] for group in range(GROUPS)}
    in_flight: set[str] = set()
    left = threading.Semaphore(0)
    done = threading.Event()

    def consume(seed: int) -> None:
        chance = random.Random(seed)
        while not done.is_set():
            messages = sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=4, WaitTimeSeconds=1, AttributeNames=["All"], VisibilityTimeout=120
            ).get("Messages", [])
            groups = {message["Attributes"]["MessageGroupId"] for message in messages}
            with lock:
                assert not groups & in_flight, "a group was handed out while it was in flight"
                in_flight.update(groups)
            if messages and chance.random() < 0.15:
                # Giving all back from the last to the first never lets another overtake.
                with lock:
                    in_flight.difference_update(groups)
                for message in reversed(messages):
                    sqs.change_message_visibility(
                        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                    )
                continue
            for message in messages:
                group = message["Attributes"]["MessageGroupId"]
                with lock:
                    received[group].append(message["Body"])
                    if message is [one for one in messages if one["Attributes"]["MessageGroupId"] == group][-1]:
                        in_flight.discard(group)
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                left.release()

    with ThreadPoolExecutor(SENDERS + 8) as pool:
        work = [pool.submit(send, sender) for sender in range(SENDERS)]
        consumers = [pool.submit(consume, seed) for seed in range(8)]
        try:
            for one in work:
                one.result(120)
            for _ in range(GROUPS * MESSAGES_PER_GROUP):
                failed = [one for one in consumers if one.done()]
                assert not failed, failed[0].exception()
                assert left.acquire(timeout=60)
        finally:
            done.set()
        for one in consumers:
            one.result(30)
    assert all(len(answers) == 1 for answers in sent.values()), "a duplicate was taken for a message of its own"
    for group in range(GROUPS):
        assert received[f"g{group}"] == [f"{group}:{n}" for n in range(MESSAGES_PER_GROUP)]
        numbers = [int(next(iter(sent[f"{group}:{n}"]))[1]) for n in range(MESSAGES_PER_GROUP)]
        assert numbers == sorted(set(numbers))
    assert queues.counts(sqs, url) == (0, 0, 0)


def test_a_group_waits_for_its_message_in_flight_and_others_do_not(sqs, url):
    for group, body in (("a", "a1"), ("a", "a2"), ("b", "b1"), ("a", "a3")):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body)
    (first,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    assert first["Body"] == "a1"
    assert [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]] == ["b1"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    timer = threading.Timer(0.7, lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"]))
    timer.start()
    waited = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20)["Messages"]
    timer.join()
    assert [one["Body"] for one in waited] == ["a2", "a3"]


def test_what_becomes_visible_again_comes_before_its_group_s_next(own_server, account):
    sqs = own_server.client("sqs", account)
    url = queues.make(sqs, "queue.fifo", FifoQueue="true", ContentBasedDeduplication="true", VisibilityTimeout="40")
    for body in ("1", "2"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    own_server.advance_clock(41)
    again = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
    assert [(one["Body"], one["Attributes"]["ApproximateReceiveCount"]) for one in again] == [("1", "2"), ("2", "1")]


def test_a_duplicate_is_one_for_five_minutes_even_of_a_deleted_message(own_server, account):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html"""
    sqs = own_server.client("sqs", account)
    url = queues.make(sqs, "queue.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    first = sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g")
    queues.take(sqs, url)
    # The group makes no difference to a queue's own scope.
    again = sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="other")
    assert [again[name] for name in ("MessageId", "SequenceNumber")] == [first["MessageId"], first["SequenceNumber"]]
    own_server.advance_clock(240)
    assert queues.is_empty(sqs, url, 0)
    own_server.advance_clock(61)
    later = sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g")
    assert later["MessageId"] != first["MessageId"]
    assert int(later["SequenceNumber"]) > int(first["SequenceNumber"])
    assert queues.take(sqs, url)[0]["Body"] == "x"


def test_high_throughput_s_duplicates_are_told_by_group(sqs):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html"""
    url = queues.make(
        sqs, "fast.fifo", FifoQueue="true", DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId"
    )
    for group in "aba":
        sqs.send_message(QueueUrl=url, MessageBody=group, MessageGroupId=group, MessageDeduplicationId="same")
    assert sorted(one["Body"] for one in queues.take(sqs, url, 2)) == ["a", "b"]
    assert queues.is_empty(sqs, url, 0)


def test_a_receive_request_is_repeated_with_its_attempt_id(sqs, url):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-receiverequestattemptid-request-parameter.html"""
    for n in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=str(n), MessageGroupId="g", MessageDeduplicationId=str(n))
    how = {"QueueUrl": url, "MaxNumberOfMessages": 2, "ReceiveRequestAttemptId": "attempt"}
    first = sqs.receive_message(**how)["Messages"]
    second = sqs.receive_message(**how)["Messages"]
    assert [one["Body"] for one in first] == [one["Body"] for one in second] == ["0", "1"]


def test_what_a_fifo_queue_asks_for(sqs, url):
    with refused("MissingParameter", message="The request must contain the parameter MessageGroupId."):
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageDeduplicationId="1")
    with refused("InvalidParameterValue", message="The queue should either have ContentBasedDeduplication enabled or "
                 "MessageDeduplicationId provided explicitly"):
        sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g")
    with refused("InvalidParameterValue", message="Value 2 for parameter DelaySeconds is invalid. Reason: The request "
                 "include parameter that is not valid for this queue type."):
        sqs.send_message(
            QueueUrl=url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="1", DelaySeconds=2
        )
    with refused("InvalidParameterValue"):
        sqs.create_queue(QueueName="no-suffix", Attributes={"FifoQueue": "true"})
