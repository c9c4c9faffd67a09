"""External key stores, against a proxy that really is outside: HTTPS with its own CA, and signatures that are checked."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from harness.errors import refused
from harness.https import put_behind_tls
from harness.server import Server

HOST = "xks.example.com"
PATH = "/mine/kms/xks/v1"
ACCESS_KEY = "ABCDEFGHIJKLMNOPQRST"
SECRET = "0123456789abcdefghijABCDEFGHIJ0123456789abcdefg"

WELL = {
    "xksProxyFleetSize": 1, "xksProxyVendor": "Acme", "xksProxyModel": "1.0", "ekmVendor": "Acme",
    "ekmFleetDetails": [{"id": "hsm-1", "model": "2.0", "healthStatus": "ACTIVE"}],
}


class Proxy(ThreadingHTTPServer):
    """An external key store proxy that knows only GetHealthStatus."""

    daemon_threads = True

    def __init__(self, directory: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ca = put_behind_tls(self, HOST, directory)
        self.body = json.dumps(WELL).encode()
        self.delay = 0.0
        self.requests: list[dict] = []

    def handle_error(self, *_) -> None:
        """A client that hangs up is no failure of the test."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append(json.loads(body))
        if not self._is_signed(body):
            return self._answer(401, b'{"errorName": "AuthenticationFailedException"}')
        if self.path != f"{PATH}/health":
            return self._answer(404, b'{"errorName": "InvalidUriPathException"}')
        time.sleep(self.server.delay)
        return self._answer(200, self.server.body)

    def _is_signed(self, body: bytes) -> bool:
        """SigV4 by the specification's appendix A, with nothing of the project's."""
        date = self.headers["x-amz-date"]
        scope = f"{date[:8]}/us-east-1/kms-xks-proxy/aws4_request"
        canonical = "\n".join([
            "POST", self.path, "", f"host:{self.headers['host']}", f"x-amz-date:{date}", "", "host;x-amz-date",
            hashlib.sha256(body).hexdigest(),
        ])
        text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{SECRET}".encode()
        for step in scope.split("/"):
            key = hmac.digest(key, step.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return self.headers["authorization"] == (
            f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}"
        )

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Says nothing."""


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    running = Proxy(tmp_path)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def near(proxy: Proxy) -> Iterator[Server]:
    """A server that knows where the proxy is, and trusts its authority."""
    hosts = f"{HOST}=127.0.0.1:{proxy.server_port},other.example.com=127.0.0.1:{proxy.server_port}"
    with Server("--outbound-ca", proxy.ca, "--outbound-hosts", hosts, dev=True) as running:
        yield running


def store(**changed) -> dict:
    return {
        "CustomKeyStoreName": "mine", "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
        "XksProxyUriEndpoint": f"https://{HOST}", "XksProxyUriPath": PATH,
        "XksProxyConnectivity": "PUBLIC_ENDPOINT",
        "XksProxyAuthenticationCredential": {"AccessKeyId": ACCESS_KEY, "RawSecretAccessKey": SECRET},
    } | changed


def _state(kms, store_id: str) -> dict:
    [found] = kms.describe_custom_key_stores(CustomKeyStoreId=store_id)["CustomKeyStores"]
    return found


def _settled(kms, store_id: str) -> dict:
    deadline = time.monotonic() + 20
    while _state(kms, store_id)["ConnectionState"] == "CONNECTING" and time.monotonic() < deadline:
        time.sleep(0.05)
    return _state(kms, store_id)


def test_a_store_lives_with_a_real_proxy(proxy, near, account):
    kms = near.client("kms", account)
    store_id = kms.create_custom_key_store(**store())["CustomKeyStoreId"]
    assert proxy.requests[0]["requestMetadata"]["kmsOperation"] == "CreateCustomKeyStore"
    kms.connect_custom_key_store(CustomKeyStoreId=store_id)
    assert _settled(kms, store_id)["ConnectionState"] == "CONNECTED"
    assert proxy.requests[-1]["requestMetadata"]["kmsOperation"] == "ConnectCustomKeyStore"
    with refused("UnsupportedOperationException"):
        kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store_id, XksKeyId="key-1")
    kms.disconnect_custom_key_store(CustomKeyStoreId=store_id)
    proxy.body = json.dumps(WELL | {"ekmFleetDetails": [
        {"id": "hsm-1", "model": "2.0", "healthStatus": "UNAVAILABLE"}
    ]}).encode()
    kms.connect_custom_key_store(CustomKeyStoreId=store_id)
    failed = _settled(kms, store_id)
    assert (failed["ConnectionState"], failed["ConnectionErrorCode"]) == ("FAILED", "XKS_PROXY_NOT_REACHABLE")
    kms.disconnect_custom_key_store(CustomKeyStoreId=store_id)
    kms.delete_custom_key_store(CustomKeyStoreId=store_id)
    assert kms.describe_custom_key_stores()["CustomKeyStores"] == []


def test_each_fault_of_a_proxy_has_its_error(proxy, near, account):
    kms = near.client("kms", account)
    wrong = {"AccessKeyId": ACCESS_KEY, "RawSecretAccessKey": SECRET[::-1]}
    with refused("XksProxyIncorrectAuthenticationCredentialException"):
        kms.create_custom_key_store(**store(XksProxyAuthenticationCredential=wrong))
    with refused("XksProxyInvalidConfigurationException", matching="invalid URI path"):
        kms.create_custom_key_store(**store(XksProxyUriPath="/not/kms/xks/v1"))
    with refused("XksProxyInvalidConfigurationException", matching="TLS connection"):
        kms.create_custom_key_store(**store(XksProxyUriEndpoint="https://other.example.com"))
    proxy.body = b"<html>"
    with refused("XksProxyInvalidResponseException"):
        kms.create_custom_key_store(**store())
    proxy.body = json.dumps(WELL | {"xksProxyVendor": "x" * 100_000}).encode()
    with refused("XksProxyInvalidResponseException"):
        kms.create_custom_key_store(**store())
    proxy.body, proxy.delay = json.dumps(WELL).encode(), 1.0
    with refused("XksProxyUriUnreachableException", matching="did not respond in time"):
        kms.create_custom_key_store(**store())
    assert kms.describe_custom_key_stores()["CustomKeyStores"] == []


def test_a_certificate_of_an_unknown_authority_is_not_trusted(proxy, account):
    hosts = f"{HOST}=127.0.0.1:{proxy.server_port}"
    with Server("--outbound-hosts", hosts, dev=True) as server:
        with refused("XksProxyInvalidConfigurationException", matching="TLS connection"):
            server.client("kms", account).create_custom_key_store(**store())
    assert proxy.requests == []


def test_nobody_is_led_to_addresses_within(server, account):
    kms = server.client("kms", account)
    for host in ["localhost", "127.0.0.1", "169.254.169.254", "2130706433"]:
        with refused("XksProxyUriUnreachableException"):
            kms.create_custom_key_store(**store(XksProxyUriEndpoint=f"https://{host}"))
