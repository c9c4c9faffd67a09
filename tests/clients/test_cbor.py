"""Smithy RPC v2 CBOR, by hand and as botocore speaks it, against JSON.

Source: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

import gzip
import json
from pathlib import Path

import boto3
import botocore
import botocore.session
import cbor2
import pytest

from harness.errors import refused
from harness.raw import RawClient
from harness.server import REGION


def test_what_is_encrypted_in_one_protocol_is_decrypted_in_the_other(kms, key, raw: RawClient):
    context = {"a": "☃"}
    response = raw.cbor("Encrypt", {"KeyId": key["KeyId"], "Plaintext": b"secret", "EncryptionContext": context})
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/cbor"
    assert response.headers["smithy-protocol"] == "rpc-v2-cbor"
    encrypted = response.cbor()
    assert isinstance(encrypted["CiphertextBlob"], bytes)
    assert encrypted["KeyId"] == key["Arn"]
    decrypted = kms.decrypt(CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext=context)
    assert decrypted["Plaintext"] == b"secret"

    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"back")["CiphertextBlob"]
    assert raw.cbor("Decrypt", {"CiphertextBlob": blob}).cbor()["Plaintext"] == b"back"


def test_times_are_tagged_as_times(raw: RawClient, key):
    # Tag 1, whose content is a number of seconds; `cbor2` reads it as a datetime.
    metadata = raw.cbor("DescribeKey", {"KeyId": key["KeyId"]}).cbor()["KeyMetadata"]
    assert metadata["CreationDate"] == key["CreationDate"]
    assert metadata["Enabled"] is True


def test_an_error_is_cbor_with_its_type_and_message(raw: RawClient):
    response = raw.cbor("DescribeKey", {"KeyId": "nothing"})
    assert response.headers["Content-Type"] == "application/cbor"
    assert response.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert response.cbor_error() == (400, "NotFoundException", "Invalid keyId 'nothing'")


def test_constraints_are_checked_as_in_json(raw: RawClient):
    status, code, message = raw.cbor("DescribeKey", {}).cbor_error()
    assert (status, code) == (400, "ValidationException")
    assert "Value null at 'keyId' failed to satisfy constraint: Member must not be null" in message


def test_indefinite_lengths_are_read(raw: RawClient, key):
    body = b"\xbf" + cbor2.dumps("KeyId") + b"\x7f" + b"".join(
        cbor2.dumps(part) for part in (key["KeyId"][:10], key["KeyId"][10:])
    ) + b"\xff\xff"
    assert raw.cbor("DescribeKey", body).cbor()["KeyMetadata"]["KeyId"] == key["KeyId"]


@pytest.mark.parametrize("body", [
    b"\xff", b"\xa1", b"\xa1\x61", b"\xbf", b"\x00", b"\x80", b"\xf6", b"\xa1\x65KeyId\x07", b"\xa1\x65KeyId\x61\xff",
    b"\xa1\x65KeyId" + b"\x81" * 100_000, b"\xa1\x65KeyId\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff", b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", b"\xd9\xd9\xf7" * 100_000,
], ids=lambda body: body[:12].hex())
def test_a_body_that_is_no_input_is_refused(raw: RawClient, body):
    status, code, _ = raw.cbor("DescribeKey", body).cbor_error()
    assert status == 400
    assert code in ("SerializationException", "ValidationException")


def test_an_empty_body_is_an_empty_input(raw: RawClient):
    request = raw.cbor_request("ListKeys", b"")
    del request.headers["Content-Type"]
    response = raw.send(raw.sign(request))
    assert response.status == 200
    assert response.cbor()["Keys"] == []


@pytest.mark.parametrize("service, operation", [("TrentService", "NoSuch"), ("NoSuch", "ListKeys"), ("", "")])
def test_an_unknown_operation_is_told_so(raw: RawClient, service, operation):
    response = raw.cbor(operation, {}, service=service)
    assert response.status in (400, 404)
    assert response.cbor_error()[1] == "UnknownOperationException"


@pytest.fixture
def cbor_kms(server, account, tmp_path: Path):
    """A boto3 client whose model says that KMS speaks CBOR alone."""
    data = Path(botocore.__file__).parent / "data" / "kms" / "2014-11-01"
    model = json.loads(gzip.decompress((data / "service-2.json.gz").read_bytes()))
    model["metadata"] |= {"protocol": "smithy-rpc-v2-cbor", "protocols": ["smithy-rpc-v2-cbor"]}
    target = tmp_path / "models" / "kms" / "2014-11-01"
    target.mkdir(parents=True)
    (target / "service-2.json").write_text(json.dumps(model))
    for other in ("endpoint-rule-set-1.json.gz", "paginators-1.json"):
        (target / other).write_bytes((data / other).read_bytes())
    session = botocore.session.Session()
    session.get_component("data_loader").search_paths.insert(0, str(tmp_path / "models"))
    return boto3.Session(botocore_session=session).client(
        "kms", region_name=REGION, endpoint_url=server.url, aws_access_key_id=account, aws_secret_access_key="test"
    )


def test_botocore_drives_kms_in_cbor(cbor_kms, kms):
    seen = []
    cbor_kms.meta.events.register("before-send.kms", lambda request, **_: seen.append(request.headers["Content-Type"]))
    key = cbor_kms.create_key(Description="d", Tags=[{"TagKey": "k", "TagValue": "v"}])["KeyMetadata"]
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key
    made = cbor_kms.generate_data_key(KeyId=key["KeyId"], NumberOfBytes=32, EncryptionContext={"a": "b"})
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == made["Plaintext"]
    with refused("NotFoundException", message="Invalid keyId 'nothing'"):
        cbor_kms.describe_key(KeyId="nothing")
    cbor_kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException", message=f"{key['Arn']} is disabled."):
        cbor_kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    assert cbor_kms.list_keys()["Keys"] == [{"KeyId": key["KeyId"], "KeyArn": key["Arn"]}]
    assert {str(kind) for kind in seen} <= {"application/cbor", "b'application/cbor'"} and seen
