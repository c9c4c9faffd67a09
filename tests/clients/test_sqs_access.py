"""Who may use a queue: identity policies, the queue's own across accounts, and the key that encrypts it.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-authentication-and-access-control.html
"""

import json

import pytest

from harness import queues
from harness.errors import refused
from harness.policies import allow, deny, trust


@pytest.fixture
def sqs(home):
    """An SQS client of this test's root user."""
    return home.root.client("sqs")


@pytest.fixture
def url(sqs) -> str:
    """The URL of a fresh standard queue."""
    return queues.make(sqs, "queue")


def test_a_user_may_what_its_policy_allows(home, sqs, url):
    arn = queues.arn(sqs, url)
    sender = home.user("sender", allow("sqs:SendMessage", on=arn)).client("sqs")
    reader = home.user("reader", allow("sqs:ReceiveMessage", "sqs:DeleteMessage", on=arn)).client("sqs")
    sender.send_message(QueueUrl=url, MessageBody="x")
    sender.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "y"}])
    for call in (
        lambda: sender.receive_message(QueueUrl=url), lambda: sender.purge_queue(QueueUrl=url),
        lambda: reader.send_message(QueueUrl=url, MessageBody="x"), lambda: reader.get_queue_attributes(QueueUrl=url),
        lambda: reader.delete_queue(QueueUrl=url), lambda: sender.create_queue(QueueName="other"),
        # Who may not ask learns nothing of what exists.
        lambda: sender.send_message(QueueUrl=url + "-absent", MessageBody="x"),
    ):
        with refused("AccessDenied"):
            call()
    assert len(queues.take(reader, url, 2)) == 2


def test_another_account_needs_both_policies(home, other, sqs, url):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-creating-custom-policies.html"""
    arn = queues.arn(sqs, url)
    theirs = other.user("theirs", allow("sqs:*"))
    with refused("AccessDenied", "AWS.SimpleQueueService.NonExistentQueue"):
        theirs.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    sqs.add_permission(QueueUrl=url, Label="theirs", AWSAccountIds=[other.id], Actions=["SendMessage"])
    theirs.client("sqs").send_message(QueueUrl=url, MessageBody="from afar")
    with refused("AccessDenied"):
        other.user("nobody").client("sqs").send_message(QueueUrl=url, MessageBody="x")
    with refused("AccessDenied"):
        theirs.client("sqs").receive_message(QueueUrl=url)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "from afar"
    sqs.remove_permission(QueueUrl=url, Label="theirs")
    with refused("AccessDenied"):
        theirs.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    queues.policy(sqs, url, trust(theirs.arn, "sqs:SendMessage") | {"Resource": arn},
                  {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn,
                   "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
    with refused("AccessDenied"):
        theirs.client("sqs").send_message(QueueUrl=url, MessageBody="not over TLS")


def test_a_queue_encrypted_under_a_key_asks_kms_as_its_user(home, sqs):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""
    key = home.key()
    url = queues.make(sqs, "sealed", KmsMasterKeyId=key, KmsDataKeyReusePeriodSeconds="60")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (attributes["KmsMasterKeyId"], attributes["SqsManagedSseEnabled"]) == (key, "false")
    producer = home.user("producer", allow("sqs:*"), allow("kms:GenerateDataKey", "kms:Decrypt", on=key))
    without = home.user("without", allow("sqs:*"))
    producer.client("sqs").send_message(QueueUrl=url, MessageBody="secret")
    with refused("KMS.AccessDeniedException", matching="is not authorized to perform: kms:GenerateDataKey on resource"):
        without.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    with refused("KMS.AccessDeniedException", matching="is not authorized to perform: kms:Decrypt on resource"):
        without.client("sqs").receive_message(QueueUrl=url)
    assert producer.client("sqs").receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]["Body"] == "secret"
    denied = home.user("denied", allow("sqs:*", "kms:*"), deny("kms:*", on=key))
    with refused("KMS.AccessDeniedException", matching="with an explicit deny"):
        denied.client("sqs").send_message(QueueUrl=url, MessageBody="x")


def test_a_disabled_key_refuses_when_its_data_key_is_no_longer_reused(own_server, account):
    sqs, kms = (own_server.client(name, account) for name in ("sqs", "kms"))
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    url = queues.make(sqs, "sealed", KmsMasterKeyId=key, KmsDataKeyReusePeriodSeconds="60")
    sqs.send_message(QueueUrl=url, MessageBody="secret")
    kms.disable_key(KeyId=key)
    own_server.advance_clock(61)
    with refused("KMS.DisabledException"):
        sqs.send_message(QueueUrl=url, MessageBody="x")
    with refused("KMS.DisabledException"):
        sqs.receive_message(QueueUrl=url)
    kms.enable_key(KeyId=key)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "secret"


def test_a_queue_policy_that_is_none_is_refused(sqs, url):
    for document in ("{", json.dumps({"Version": "2012-10-17"}), json.dumps({"Statement": [{"Effect": "Maybe"}]})):
        with refused("InvalidAttributeValue", "InvalidParameterValue"):
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
