"""The server is killed under senders and receivers, again and again.

Every acknowledged message is there afterwards until it is deleted, and no acknowledged delete comes back.
"""

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from harness import queues
from harness.server import Server

ROUNDS = 6
SENDERS = 4
CONSUMERS = 3
LOAD_SECONDS_MAX = 0.8


@dataclass
class Ledger:
    """What the clients were told, by the messages' bodies."""

    sent: set[str] = field(default_factory=set)
    # Asked for and never answered: the deed may have been done or not.
    unsure: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    unsurely_deleted: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)


def send(server: Server, account: str, name: str, ledger: Ledger) -> None:
    """Sends until the server is gone: single messages and batches."""
    sqs = server.client("sqs", account)
    bodies: list[str] = []
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        group = {"MessageGroupId": uuid.uuid4().hex} if name.endswith(".fifo") else {}
        while True:
            bodies = [uuid.uuid4().hex for _ in range(random.choice((1, 1, 7)))]
            ledger.unsure.update(bodies)
            if len(bodies) == 1:
                sqs.send_message(QueueUrl=url, MessageBody=bodies[0], **group)
            else:
                entries = [{"Id": str(n), "MessageBody": body, **group} for n, body in enumerate(bodies)]
                assert not sqs.send_message_batch(QueueUrl=url, Entries=entries).get("Failed")
            ledger.sent.update(bodies)
    except BotoCoreError:
        return
    except (ClientError, AssertionError) as failure:
        ledger.failures.append(repr(failure))


def consume(server: Server, account: str, name: str, ledger: Ledger) -> None:
    """Receives and deletes some until the server is gone."""
    sqs = server.client("sqs", account)
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        while True:
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                if message["Body"] in ledger.deleted:
                    ledger.failures.append(f"{message['Body']} came back")
                if random.random() < 0.5:
                    ledger.unsurely_deleted.add(message["Body"])
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                    ledger.deleted.add(message["Body"])
    except BotoCoreError:
        return
    except ClientError as failure:
        ledger.failures.append(repr(failure))


def check_durable(data_dir: Path, account: str, name: str, **attributes: str) -> None:
    """Loads one queue and kills the server under it, then looks at what is left."""
    ledger = Ledger()
    with Server(dev=True, data_dir=data_dir) as server:
        queues.make(server.client("sqs", account), name, VisibilityTimeout="40000", **attributes)
        for round_ in range(ROUNDS):
            threads = [
                threading.Thread(target=work, args=(server, account, name, ledger))
                for work in [send] * SENDERS + [consume] * CONSUMERS
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.2 + random.Random(round_).random() * LOAD_SECONDS_MAX)
            server.kill()
            for thread in threads:
                thread.join()
            server.start()
        assert not ledger.failures, ledger.failures[:5]
        assert len(ledger.sent) > ROUNDS * SENDERS and ledger.deleted
        # What is in flight becomes visible again.
        server.advance_clock(40_001)
        sqs = server.client("sqs", account)
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        left: list[str] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            left += [message["Body"] for message in messages]
            sqs.delete_message_batch(QueueUrl=url, Entries=[
                {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)
            ])
    assert len(left) == len(set(left)), "a message is there twice"
    assert not ledger.deleted & set(left), "an acknowledged delete came back"
    missing = ledger.sent - ledger.unsurely_deleted - set(left)
    assert not missing, f"{len(missing)} acknowledged messages are lost"
    assert set(left) <= ledger.unsure


def test_no_kill_loses_a_message_or_brings_one_back(tmp_path: Path, account: str):
    check_durable(tmp_path / "data", account, "queue")


def test_no_kill_loses_a_message_of_a_fifo_queue(tmp_path: Path, account: str):
    check_durable(tmp_path / "data", account, "queue.fifo", FifoQueue="true", ContentBasedDeduplication="true")
