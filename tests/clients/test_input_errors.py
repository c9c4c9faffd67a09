"""Input that is wrong gets AWS's error, whatever is wrong with it; nothing gets a 5xx."""

import json

import pytest

from harness.raw import Request, RawClient

# The server says its own limit; this is far beyond any.
OVERSIZE_BODY_BYTES = 32 * 1024 * 1024


def test_several_failures_are_told_in_one_message(raw: RawClient):
    status, code, message = raw.json("CreateAlias", {"AliasName": "a b" * 100, "TargetKeyId": ""}).json_error()
    assert (status, code) == (400, "ValidationException")
    name = "a b" * 100
    assert message.startswith("3 validation errors detected: ")
    for part in (
        f"Value '{name}' at 'aliasName' failed to satisfy constraint: "
        "Member must have length less than or equal to 256",
        f"Value '{name}' at 'aliasName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
        "Value '' at 'targetKeyId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1",
    ):
        assert part in message
    assert message.count("; ") == 2


def test_what_is_required_and_absent_is_null(raw: RawClient):
    for value in ({}, {"KeyId": None}):
        status, code, message = raw.json("DescribeKey", value).json_error()
        assert (status, code) == (400, "ValidationException")
        assert message == (
            "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null"
        )


def test_an_empty_key_id_is_too_short(raw: RawClient):
    status, code, message = raw.json("DescribeKey", {"KeyId": ""}).json_error()
    assert (status, code) == (400, "ValidationException")
    assert message == (
        "1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )


def test_members_of_lists_are_named_by_their_place(raw: RawClient):
    answer = raw.json("TagResource", {"KeyId": "k", "Tags": [{"TagKey": "a", "TagValue": "b"}, {"TagKey": ""}]})
    status, code, message = answer.json_error()
    assert (status, code) == (400, "ValidationException")
    assert "2 validation errors detected: " in message
    assert "Value '' at 'tags.2.member.tagKey' failed to satisfy constraint: Member must have length" in message
    assert "Value null at 'tags.2.member.tagValue' failed to satisfy constraint: Member must not be null" in message


def test_an_unknown_member_is_ignored(raw: RawClient):
    assert raw.json("ListKeys", {"NoSuchMember": [1, {"a": None}]}).status == 200


def test_a_null_is_as_if_it_were_absent(raw: RawClient):
    assert raw.json("ListKeys", {"Limit": None, "Marker": None}).status == 200


@pytest.mark.parametrize("body", [
    b"", b"{", b"}", b"not json", b'{"KeyId":}', b'{"KeyId":"a"', b'{"KeyId":"a"}}', b"{'KeyId':'a'}",
    b'{"KeyId":"\xff\xfe"}', b'{"KeyId":"\\ud800"}', b"\x00", b"[]", b'"text"', b"7", b"null", b"true",
    b'{"KeyId":"a",}', b"{" * 100_000, b"[" * 100_000,
    b'{"KeyId":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
    b'{"KeyId":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"NoSuchMember":' + b"[" * 5000 + b"]" * 5000 + b',"KeyId":"a"}',
], ids=lambda body: repr(body[:24]))
def test_a_body_that_is_no_input_is_refused(raw: RawClient, body):
    status, code, _ = raw.json("DescribeKey", body).json_error()
    assert status == 400
    assert code in ("SerializationException", "ValidationException")


@pytest.mark.parametrize("operation, value", [
    ("DescribeKey", {"KeyId": 7}),
    ("DescribeKey", {"KeyId": ["a"]}),
    ("DescribeKey", {"KeyId": {"a": "b"}}),
    ("DescribeKey", {"KeyId": True}),
    ("ListKeys", {"Limit": "ten"}),
    ("ListKeys", {"Limit": {}}),
    ("ListKeys", {"Limit": 10**30}),
    ("CreateKey", {"Tags": {"TagKey": "a"}}),
    ("CreateKey", {"Tags": ["a"]}),
    ("CreateKey", {"MultiRegion": {}}),
    ("Encrypt", {"KeyId": "a", "Plaintext": 7}),
    ("Encrypt", {"KeyId": "a", "Plaintext": ["QQ=="]}),
    ("Encrypt", {"KeyId": "a", "Plaintext": "QQ==", "EncryptionContext": "a=b"}),
    ("Encrypt", {"KeyId": "a", "Plaintext": "QQ==", "EncryptionContext": {"a": 7}}),
    ("Encrypt", {"KeyId": "a", "Plaintext": "QQ==", "EncryptionContext": {"a": ["b"]}}),
])
def test_a_value_of_another_type_cannot_be_read(raw: RawClient, operation, value):
    status, code, _ = raw.json(operation, value).json_error()
    assert (status, code) == (400, "SerializationException")


@pytest.mark.parametrize("text", ["*", "Q", "====", "ä", "QQ==!", "-_-_"])
def test_bad_base64_cannot_be_read(raw: RawClient, text):
    status, code, _ = raw.json("Encrypt", {"KeyId": "a", "Plaintext": text}).json_error()
    assert (status, code) == (400, "SerializationException")


def test_a_body_beyond_every_limit_is_refused(server, raw: RawClient):
    body = json.dumps({"KeyId": "k", "Description": "x" * OVERSIZE_BODY_BYTES}).encode()
    request = raw.sign(raw.json_request("UpdateKeyDescription", body))
    try:
        response = raw.send(request)
    except (ConnectionError, TimeoutError):
        # It may hang up before all of it was sent.
        pass
    else:
        assert response.status in (400, 413)
    assert server.get("/_alcazar/health")[0] == 200


def test_a_body_announced_far_too_long_is_not_waited_for(server, raw: RawClient):
    request = raw.sign(raw.json_request("ListKeys", {}))
    connection = server.connect()
    try:
        connection.putrequest("POST", "/")
        for name, value in request.headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders()
        response = connection.getresponse()
        assert 400 <= response.status < 500
    finally:
        connection.close()


@pytest.mark.parametrize("operation", ["NoSuchOperation", "describeKey", "", "DescribeKey.More"])
def test_an_unknown_operation_is_told_so(raw: RawClient, operation):
    status, code, _ = raw.json(operation, {}).json_error()
    assert (status, code) == (400, "UnknownOperationException")


def test_a_target_of_no_service_is_an_unknown_operation(raw: RawClient):
    response = raw.json("DescribeKey", {"KeyId": "a"}, target="NoSuchService")
    assert response.status in (400, 404)
    assert response.json_error()[1] == "UnknownOperationException"


def test_both_versions_of_aws_json_are_spoken(raw: RawClient):
    for version in ("1.0", "1.1"):
        response = raw.json("ListKeys", {}, version=version)
        assert response.status == 200
        assert response.headers["Content-Type"] == f"application/x-amz-json-{version}"


def test_every_answer_has_a_request_id_of_its_own(raw: RawClient):
    answers = [raw.json("ListKeys", {}), raw.json("ListKeys", {}), raw.json("DescribeKey", {"KeyId": "nothing"})]
    ids = {answer.request_id for answer in answers}
    assert len(ids) == 3 and "" not in ids


def test_errors_are_in_the_form_that_sdks_read(raw: RawClient):
    response = raw.json("DescribeKey", {"KeyId": "nothing"})
    assert response.status == 400
    assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert response.json()["__type"].endswith("NotFoundException")
    assert response.json()["message"] == "Invalid keyId 'nothing'"


@pytest.mark.parametrize("request_", [
    Request("GET", "/"),
    Request("GET", "/no/such/path"),
    Request("PUT", "/", {}, b"x"),
    Request("DELETE", "/"),
    Request("OPTIONS", "/"),
    Request("POST", "/", {"Content-Type": "text/plain"}, b"x"),
    Request("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}, b"%%%"),
    Request("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}, b"Action="),
    Request("POST", "/service//operation/", {"Smithy-Protocol": "rpc-v2-cbor"}, b""),
    Request("POST", "/?" + "a=b&" * 2000, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"),
    Request("POST", "/" + "a" * 60_000, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"),
    Request("POST", "/", {"X-Long": "x" * 200_000}, b"{}"),
], ids=lambda request: f"{request.method} {request.path[:24]}")
def test_requests_that_are_no_aws_request_get_a_4xx(server, raw: RawClient, request_):
    for request in (request_, raw.sign(request_)):
        try:
            assert 400 <= raw.send(request).status < 500
        except ConnectionError:
            # What is too long to be read may end in the connection's end.
            assert len(request.path) + sum(map(len, request.headers.values())) > 50_000
    assert server.get("/_alcazar/health")[0] == 200
