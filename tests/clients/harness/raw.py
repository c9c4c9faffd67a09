"""Requests built by hand: for what no SDK would send, and for load that an SDK would slow down."""

import hashlib
import http.client
import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from unittest import mock
from urllib.parse import urlencode
from xml.etree import ElementTree

import botocore.auth
import cbor2
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness.server import REGION, Server

KMS_TARGET = "TrentService"
STS_CBOR_SERVICE = "AWSSecurityTokenServiceV20110615"


@dataclass
class Request:
    """A request as it goes out; a test may change any part of it after it was signed."""

    method: str = "POST"
    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Response:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def request_id(self) -> str:
        """The id of the call, as the audit log knows it."""
        return self.headers["x-amzn-RequestId"] or ""

    def json(self) -> dict:
        """The body as JSON."""
        return json.loads(self.body) if self.body else {}

    def json_error(self) -> tuple[int, str, str]:
        """Status, code and message of an AWS JSON error."""
        value = self.json()
        return self.status, value["__type"].split("#")[-1], value.get("message", value.get("Message", ""))

    def cbor(self) -> dict:
        """The body as CBOR."""
        return cbor2.loads(self.body) if self.body else {}

    def cbor_error(self) -> tuple[int, str, str]:
        """Status, code and message of a Smithy RPC v2 CBOR error."""
        value = self.cbor()
        return self.status, value["__type"].split("#")[-1], value.get("message", value.get("Message", ""))

    def query_error(self) -> tuple[int, str, str]:
        """Status, code and message of an AWS Query error."""
        root = ElementTree.fromstring(self.body)
        assert root.tag.rpartition("}")[2] == "ErrorResponse", self.body
        error = next(element for element in root if element.tag.endswith("Error"))
        values = {element.tag.rpartition("}")[2]: element.text or "" for element in error}
        assert values["Type"] == "Sender", self.body
        assert any(element.tag.endswith("RequestId") and element.text for element in root), self.body
        return self.status, values["Code"], values["Message"]


class RawClient:
    """Signs as an SDK does, and sends what it is told over one connection."""

    def __init__(self, server: Server, access_key: str, secret: str = "test", region: str = REGION,
                 service: str = "kms", token: str | None = None) -> None:
        self.server = server
        self.credentials = Credentials(access_key, secret, token)
        self.region = region
        self.service = service
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def sign(self, request: Request, skew: timedelta = timedelta()) -> Request:
        """Adds the signature of a client whose clock is off by `skew`."""
        signed = AWSRequest(request.method, self.server.url + request.path, dict(request.headers), request.body)
        with _clock_off_by(skew):
            SigV4Auth(self.credentials, self.service, self.region).add_auth(signed)
        return Request(request.method, request.path, dict(signed.headers.items()), request.body)

    def presign(self, path: str, expires: int = 60, skew: timedelta = timedelta()) -> Request:
        """A GET of `path` with the signature in its query."""
        signed = AWSRequest("GET", self.server.url + path)
        with _clock_off_by(skew):
            SigV4QueryAuth(self.credentials, self.service, self.region, expires).add_auth(signed)
        return Request("GET", signed.url.removeprefix(self.server.url))

    def send(self, request: Request) -> Response:
        """Sends the request as it is."""
        if self._connection is None:
            self._connection = self.server.connect()
        try:
            self._connection.request(request.method, request.path, request.body or None, request.headers)
            answer = self._connection.getresponse()
            response = Response(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return response

    def json_request(self, operation: str, value: object, target: str = KMS_TARGET, version: str = "1.1") -> Request:
        """An unsigned AWS JSON request; bytes go out as they are."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": f"{target}.{operation}"}
        return Request(headers=headers, body=body)

    def query_request(self, operation: str, version: str = "2011-06-15", **parameters: str) -> Request:
        """An unsigned AWS Query request."""
        body = urlencode({"Action": operation, "Version": version, **parameters}).encode()
        return Request(headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, body=body)

    def cbor_request(self, operation: str, value: object, service: str = KMS_TARGET) -> Request:
        """An unsigned Smithy RPC v2 CBOR request; bytes go out as they are."""
        body = value if isinstance(value, bytes) else cbor2.dumps(value)
        headers = {"Content-Type": "application/cbor", "Accept": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}
        return Request(path=f"/service/{service}/operation/{operation}", headers=headers, body=body)

    def json(self, operation: str, value: object, **how: str) -> Response:
        """Sends a signed AWS JSON request."""
        return self.send(self.sign(self.json_request(operation, value, **how)))

    def query(self, operation: str, **parameters: str) -> Response:
        """Sends a signed AWS Query request."""
        return self.send(self.sign(self.query_request(operation, **parameters)))

    def cbor(self, operation: str, value: object, **how: str) -> Response:
        """Sends a signed Smithy RPC v2 CBOR request."""
        return self.send(self.sign(self.cbor_request(operation, value, **how)))


def sha256(body: bytes) -> str:
    """The hexadecimal SHA-256 of a body."""
    return hashlib.sha256(body).hexdigest()


def _clock_off_by(skew: timedelta) -> AbstractContextManager:
    """The signer's idea of the time, moved by `skew`. Not for use by two threads at once."""
    if not skew:
        return nullcontext()
    then = datetime.now(timezone.utc).replace(tzinfo=None) + skew
    return mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: then)
