"""Queues as the examples of AWS's guides use them."""

import json
import time

from harness.eventually import SECONDS_MAX


def make(sqs, name: str, **attributes: object) -> str:
    """The URL of a new queue."""
    given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
    return sqs.create_queue(QueueName=name, Attributes=given)["QueueUrl"]


def arn(sqs, url: str) -> str:
    """A queue's ARN."""
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def policy(sqs, url: str, *statements: dict) -> None:
    """Gives a queue this policy."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(document)})


def accepts(service: str, queue_arn: str, source_arn: str, operator: str = "ArnEquals") -> dict:
    """The statement that lets a service send for one of its resources, as AWS's guides have it."""
    return {
        "Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": queue_arn,
        "Condition": {operator: {"aws:SourceArn": source_arn}},
    }


def take(sqs, url: str, number: int = 1, seconds: float = SECONDS_MAX, **how: object) -> list[dict]:
    """Receives and deletes so many messages, waiting for them."""
    taken: list[dict] = []
    deadline = time.monotonic() + seconds
    while len(taken) < number and time.monotonic() < deadline:
        messages = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=min(10, number - len(taken)), WaitTimeSeconds=5, **how
        ).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        taken += messages
    assert len(taken) == number, f"{len(taken)} of {number} messages came within {seconds} s"
    return taken


def bodies(sqs, url: str, number: int = 1, **how: object) -> list[dict]:
    """The bodies of so many messages, which are JSON, in order of arrival."""
    return [json.loads(message["Body"]) for message in take(sqs, url, number, **how)]


def is_empty(sqs, url: str, seconds: int = 1) -> bool:
    """Whether nothing can be received, now or in a moment."""
    return "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=seconds)


def counts(sqs, url: str) -> tuple[int, int, int]:
    """How many messages can be received, are in flight, and are delayed."""
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return tuple(int(found[name]) for name in names)
