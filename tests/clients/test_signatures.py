"""SigV4: what is not signed, or not signed right, is refused in each protocol's own form.

Sources: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html,
https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

import random
from datetime import timedelta

import cbor2
import pytest

from harness.raw import KMS_TARGET, STS_CBOR_SERVICE, RawClient, Request, Response

NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
UNKNOWN_KEY = "The security token included in the request is invalid."

# Status and code of each refusal: in JSON and CBOR, and in Query.
REFUSALS = {
    "missing": ((400, "MissingAuthenticationTokenException"), (403, "MissingAuthenticationToken")),
    "incomplete": ((400, "IncompleteSignatureException"), (400, "IncompleteSignature")),
    "unknown key": ((400, "UnrecognizedClientException"), (403, "InvalidClientTokenId")),
    "no match": ((400, "InvalidSignatureException"), (403, "SignatureDoesNotMatch")),
}


class Protocol:
    """One way to ask, with the way its errors are read."""

    def __init__(self, name: str, server, access_key: str) -> None:
        self.name = name
        self.service = "sts" if name == "query" else "kms"
        self.server = server
        self.access_key = access_key

    def client(self, access_key: str = "", secret: str = "test") -> RawClient:
        """A client, by default of this test's account."""
        return RawClient(self.server, access_key or self.access_key, secret, service=self.service)

    def request(self, client: RawClient) -> Request:
        """An unsigned request that would succeed if it were signed."""
        match self.name:
            case "json":
                return client.json_request("ListKeys", {"Limit": 10})
            case "cbor":
                return client.cbor_request("ListKeys", {"Limit": 10})
            case _:
                return client.query_request("GetCallerIdentity")

    def assert_refused(self, response: Response, kind: str) -> str:
        """It was refused in the protocol's form; returns the message."""
        error = {"json": response.json_error, "cbor": response.cbor_error, "query": response.query_error}[self.name]
        status, code, message = error()
        assert (status, code) == REFUSALS[kind][self.name == "query"], message
        assert response.request_id
        return message


@pytest.fixture(params=["json", "query", "cbor"])
def protocol(request, server, account) -> Protocol:
    """Each protocol in turn."""
    return Protocol(request.param, server, account)


def send(client: RawClient, request: Request) -> Response:
    """Sends one request on a connection of its own."""
    try:
        return client.send(request)
    finally:
        client.close()


def test_a_signed_request_is_served(protocol: Protocol):
    client = protocol.client()
    assert send(client, client.sign(protocol.request(client))).status == 200


def test_an_unsigned_request_is_refused(protocol: Protocol):
    client = protocol.client()
    message = protocol.assert_refused(send(client, protocol.request(client)), "missing")
    assert "uthentication" in message


@pytest.mark.parametrize("authorization", [
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 nonsense",
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/kms/aws4_request",
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/kms/aws4_request, SignedHeaders=host",
    "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=" + "0" * 64,
    "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
    "AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host;x-amz-date, Signature=" + "0" * 64,
])
def test_a_malformed_authorization_is_incomplete(protocol: Protocol, authorization):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    request.headers["Authorization"] = authorization
    protocol.assert_refused(send(client, request), "incomplete")


def test_a_missing_part_is_named(protocol: Protocol):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    request.headers["Authorization"] = request.headers["Authorization"].partition(", Signature=")[0]
    message = protocol.assert_refused(send(client, request), "incomplete")
    assert "Authorization header requires 'Signature' parameter." in message


def test_a_signature_without_a_date_is_incomplete(protocol: Protocol):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    del request.headers["X-Amz-Date"]
    protocol.assert_refused(send(client, request), "incomplete")


@pytest.mark.parametrize("access_key", ["AKIAIOSFODNN7EXAMPLE", "12345678901", "1234567890123", "12345678901x", "x" * 120])
def test_an_unknown_access_key_is_refused(protocol: Protocol, access_key):
    client = protocol.client(access_key=access_key)
    message = protocol.assert_refused(send(client, client.sign(protocol.request(client))), "unknown key")
    assert message == UNKNOWN_KEY


def test_a_wrong_secret_does_not_match(protocol: Protocol):
    client = protocol.client(secret="wrong")
    message = protocol.assert_refused(send(client, client.sign(protocol.request(client))), "no match")
    assert message.startswith(NO_MATCH)


@pytest.mark.parametrize("minutes, words", [(-20, "Signature expired: "), (20, "Signature not yet current: ")])
def test_a_clock_that_is_off_is_told_so(protocol: Protocol, minutes, words):
    client = protocol.client()
    request = client.sign(protocol.request(client), skew=timedelta(minutes=minutes))
    message = protocol.assert_refused(send(client, request), "no match")
    assert message.startswith(words)
    assert request.headers["X-Amz-Date"] in message


def test_a_clock_that_is_off_a_little_is_forgiven(protocol: Protocol):
    client = protocol.client()
    for minutes in (-3, 3):
        assert send(client, client.sign(protocol.request(client), skew=timedelta(minutes=minutes))).status == 200


@pytest.mark.parametrize("position", range(3))
def test_a_changed_signature_does_not_match(protocol: Protocol, position):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    head, _, signature = request.headers["Authorization"].partition("Signature=")
    place = (0, 31, 63)[position]
    digit = "1" if signature[place] == "0" else "0"
    request.headers["Authorization"] = head + "Signature=" + signature[:place] + digit + signature[place + 1:]
    protocol.assert_refused(send(client, request), "no match")


def test_a_changed_body_does_not_match(protocol: Protocol):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    request.body = {
        "json": b'{"Limit":11}', "cbor": cbor2.dumps({"Limit": 11}),
        "query": request.body + b"&Extra=1",
    }[protocol.name]
    protocol.assert_refused(send(client, request), "no match")


def test_a_changed_signed_header_does_not_match(protocol: Protocol):
    client = protocol.client()
    request = protocol.request(client)
    request.headers["X-Amz-Meta-Note"] = "one"
    request = client.sign(request)
    assert "x-amz-meta-note" in request.headers["Authorization"]
    request.headers["X-Amz-Meta-Note"] = "other"
    protocol.assert_refused(send(client, request), "no match")


def test_a_changed_query_does_not_match(protocol: Protocol):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    request.path += "?extra=1"
    protocol.assert_refused(send(client, request), "no match")


def test_a_changed_path_does_not_match(server, account):
    client = RawClient(server, account)
    request = client.sign(client.cbor_request("ListKeys", {}))
    request.path = request.path.replace("ListKeys", "ListAliases")
    status, code, _ = send(client, request).cbor_error()
    assert (status, code) == REFUSALS["no match"][0]


def test_another_host_does_not_match(protocol: Protocol):
    client = protocol.client()
    request = client.sign(protocol.request(client))
    request.headers["Host"] = "kms.us-east-1.amazonaws.com"
    protocol.assert_refused(send(client, request), "no match")


@pytest.mark.parametrize("region, service", [("us-east-1", "s3"), ("us-east-1", "iam")])
def test_a_scope_of_another_service_is_refused(protocol: Protocol, region, service):
    client = protocol.client()
    client.service, client.region = service, region
    message = protocol.assert_refused(send(client, client.sign(protocol.request(client))), "no match")
    assert "Credential should be scoped to correct service" in message


def test_the_wrong_signature_of_an_operation_that_changes_something_changes_nothing(server, kms, account):
    client = RawClient(server, account, secret="wrong")
    send(client, client.sign(client.json_request("CreateKey", {})))
    assert kms.list_keys()["Keys"] == []


def test_a_session_token_that_was_never_given_is_refused(server, account):
    client = RawClient(server, account, token="AQoDYXdzEJr//////////wEa")
    status, code, _ = send(client, client.sign(client.json_request("ListKeys", {}))).json_error()
    assert (status, code) in (
        (400, "UnrecognizedClientException"), (400, "InvalidSignatureException"), (400, "ExpiredTokenException"),
    )


PRESIGNED = "/?Action=GetCallerIdentity&Version=2011-06-15"


def test_a_presigned_request_is_served_until_it_expires(server, account):
    client = RawClient(server, account, service="sts")
    assert send(client, client.presign(PRESIGNED)).status == 200
    assert send(client, client.presign(PRESIGNED, expires=600, skew=timedelta(minutes=-9))).status == 200
    status, code, message = send(
        client, client.presign(PRESIGNED, expires=60, skew=timedelta(minutes=-9))
    ).query_error()
    assert (status, code) == REFUSALS["no match"][1]
    assert message.startswith("Signature expired: ")


@pytest.mark.parametrize("expires", [0, -1, 604801, 10**20])
def test_a_presigned_request_cannot_last_for_ever(server, account, expires):
    client = RawClient(server, account, service="sts")
    status, _, _ = send(client, client.presign(PRESIGNED, expires=expires)).query_error()
    assert status in (400, 403)


@pytest.mark.parametrize("change", [
    ("GetCallerIdentity", "GetSessionToken"), ("X-Amz-Expires=60", "X-Amz-Expires=3600"),
    ("us-east-1", "us-west-2"), ("Version=2011", "Extra=1&Version=2011"),
])
def test_a_presigned_request_that_was_changed_does_not_match(server, account, change):
    client = RawClient(server, account, service="sts")
    request = client.presign(PRESIGNED)
    request.path = request.path.replace(*change)
    status, code, _ = send(client, request).query_error()
    assert (status, code) == REFUSALS["no match"][1]


def test_a_presigned_request_lacking_a_parameter_is_refused(server, account):
    client = RawClient(server, account, service="sts")
    for name in ("X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"):
        request = client.presign(PRESIGNED)
        request.path = "&".join(part for part in request.path.split("&") if not part.startswith(name))
        status, code, _ = send(client, request).query_error()
        assert (status, code) in ((400, "IncompleteSignature"), (403, "MissingAuthenticationToken")), name


def test_the_caller_identity_can_be_asked_in_cbor_too(server, account):
    client = RawClient(server, account, service="sts")
    response = send(client, client.sign(client.cbor_request("GetCallerIdentity", {}, service=STS_CBOR_SERVICE)))
    assert response.status == 200
    assert response.cbor()["Account"] == account


def test_names_of_headers_in_any_case_and_spaces_in_values_verify(server, account):
    client = RawClient(server, account)
    request = client.json_request("ListKeys", {})
    request.headers["x-AMZ-meta-Spaced"] = "a  b   c"
    request = client.sign(request)
    request.headers = {
        "".join(random.choice((str.upper, str.lower))(c) for c in name): value for name, value in request.headers.items()
    }
    assert send(client, request).status == 200
    assert KMS_TARGET in request.headers[next(name for name in request.headers if name.lower() == "x-amz-target")]
