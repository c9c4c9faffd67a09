"""The audit log has every call, in CloudTrail's form, the refused ones too, and no secret.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import json
from datetime import datetime, timezone

import pytest

from harness.errors import refused
from harness.raw import RawClient
from harness.server import Profile, run


@pytest.fixture
def records(durable_server):
    """Stops the server and reads what it recorded."""
    def read() -> list[dict]:
        durable_server.stop()
        finished = run("audit", "--data-dir", durable_server.data_dir)
        assert finished.returncode == 0, finished.stderr
        return [json.loads(line) for line in finished.stdout.splitlines()]

    return read


def test_a_call_is_recorded_as_cloudtrail_does(durable_server, records):
    kms = durable_server.administrator("kms")
    account = durable_server.administrator("sts").get_caller_identity()["Account"]
    answer = kms.create_key(Description="d")
    request_id = answer["ResponseMetadata"]["RequestId"]
    (record,) = [record for record in records() if record.get("requestID") == request_id]
    assert record["eventSource"] == "kms.amazonaws.com"
    assert record["eventName"] == "CreateKey"
    assert record["awsRegion"] == "us-east-1"
    assert record["sourceIPAddress"] == "127.0.0.1"
    assert "Boto3" in record["userAgent"]
    assert record["userIdentity"]["accountId"] == account
    assert record["userIdentity"]["accessKeyId"] == Profile.find(durable_server.data_dir).credentials.access_key
    assert record["recipientAccountId"] == account
    assert record["eventType"] == "AwsApiCall"
    assert record["readOnly"] is False
    assert record["eventVersion"] and record["eventID"]
    when = datetime.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert abs((datetime.now(timezone.utc) - when).total_seconds()) < 300
    assert "errorCode" not in record


def test_what_was_refused_is_recorded_with_its_error(durable_server, records):
    kms = durable_server.administrator("kms")
    with refused("NotFoundException"):
        kms.describe_key(KeyId="nothing")
    credentials = Profile.find(durable_server.data_dir).credentials
    ids = {}
    for name, client, sign in (
        ("MissingAuthenticationTokenException", RawClient(durable_server, credentials.access_key, "x"), False),
        ("InvalidSignatureException", RawClient(durable_server, credentials.access_key, "wrong"), True),
        ("UnrecognizedClientException", RawClient(durable_server, "AKIAIOSFODNN7EXAMPLE", "x"), True),
    ):
        request = client.json_request("ListKeys", {})
        response = client.send(client.sign(request) if sign else request)
        client.close()
        assert response.json_error()[1] == name
        ids[name] = response.request_id
    recorded = {record.get("requestID"): record for record in records()}
    for name, request_id in ids.items():
        assert recorded[request_id]["errorCode"].startswith(name.removesuffix("Exception"))
    assert any(
        record.get("errorCode", "").startswith("NotFound") and record["eventName"] == "DescribeKey"
        for record in recorded.values()
    )


def test_a_plaintext_is_never_in_a_record(durable_server, records):
    kms = durable_server.administrator("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"plaintext-of-the-audit-test")["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=blob)
    text = json.dumps(records())
    assert "cGxhaW50ZXh0LW9mLXRoZS1hdWRpdC10ZXN0" not in text
    assert "plaintext-of-the-audit-test" not in text
