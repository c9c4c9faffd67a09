"""Development mode: accounts out of nothing, a clock to move, and a reset; on loopback alone."""

import json
import socket
from datetime import datetime, timedelta, timezone

import pytest

from harness.aliases import customer_aliases
from harness.errors import refused
from harness.server import Server, free_port, run


@pytest.mark.parametrize("address", ["0.0.0.0", "[::]", "192.0.2.1"])
def test_no_address_but_loopback_is_bound(address):
    port = free_port()
    finished = run("serve", "--dev", "--listen", f"{address}:{port}")
    assert finished.returncode != 0
    assert "loopback" in (finished.stderr + finished.stdout).lower()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_health_is_answered_without_a_signature(server):
    status, _ = server.get("/_alcazar/health")
    assert status == 200


def test_a_wrong_secret_is_refused_here_too(server, account):
    with refused("InvalidSignatureException"):
        server.client("kms", account, secret="Test").list_keys()


def test_a_reset_forgets_everything(own_server, account):
    kms = own_server.client("kms", account)
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/a", TargetKeyId=key["KeyId"])
    blob = kms.encrypt(KeyId="alias/a", Plaintext=b"x")["CiphertextBlob"]
    own_server.advance_clock(3600)
    status, _ = own_server.post("/_alcazar/reset", {})
    assert status == 200
    assert kms.list_keys()["Keys"] == []
    assert customer_aliases(kms) == []
    with refused("NotFoundException"):
        kms.describe_key(KeyId=key["KeyId"])
    with refused("AccessDeniedException", "InvalidCiphertextException", "NotFoundException"):
        kms.decrypt(CiphertextBlob=blob)
    kms.create_key()


def test_the_clock_moves_what_is_dated_and_not_the_signature_s_freshness(own_server, account):
    kms = own_server.client("kms", account)
    own_server.advance_clock(365 * 24 * 60 * 60)
    created = kms.create_key()["KeyMetadata"]["CreationDate"]
    ahead = created - datetime.now(timezone.utc)
    assert timedelta(days=364, hours=23) < ahead < timedelta(days=365, hours=1)


def test_the_clock_can_be_set(own_server, account):
    then = (datetime.now(timezone.utc) + timedelta(days=1000)).replace(microsecond=0)
    status, body = own_server.post("/_alcazar/clock", {"set": then.strftime("%Y-%m-%dT%H:%M:%SZ")})
    assert status == 200, body
    created = own_server.client("kms", account).create_key()["KeyMetadata"]["CreationDate"]
    assert timedelta(0) <= created - then < timedelta(minutes=1)


@pytest.mark.parametrize("value", [
    {}, [], 7, {"advance_seconds": "x"}, {"advance_seconds": 10**30}, {"set": "yesterday"}, {"set": 7}, {"other": 1},
    {"advance_seconds": None},
])
def test_what_is_no_time_is_refused(own_server, account, value):
    status, _ = own_server.post("/_alcazar/clock", value)
    assert 400 <= status < 500
    created = own_server.client("kms", account).create_key()["KeyMetadata"]["CreationDate"]
    assert abs(created - datetime.now(timezone.utc)) < timedelta(minutes=1)


@pytest.mark.parametrize("path", ["/_alcazar/reset", "/_alcazar/clock"])
def test_outside_of_development_mode_neither_clock_nor_reset_is_there(durable_server, path):
    kms = durable_server.administrator("kms")
    key = kms.create_key()["KeyMetadata"]
    status, _ = durable_server.post(path, {"advance_seconds": 10})
    assert 400 <= status < 500
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_outside_of_development_mode_its_access_keys_are_unknown(durable_server, account):
    for access_key in (account, "test"):
        with refused("UnrecognizedClientException"):
            durable_server.client("kms", access_key).list_keys()


def test_with_a_data_directory_it_keeps_what_it_was_told(tmp_path, account):
    with Server(dev=True, data_dir=tmp_path / "data") as server:
        key = server.client("kms", account).create_key()["KeyMetadata"]
        server.stop()
        server.start()
        assert server.client("kms", account).describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_health_is_json_or_text_and_tells_no_secret(server, account):
    status, body = server.get("/_alcazar/health")
    assert status == 200
    if body.startswith(b"{"):
        json.loads(body)
    assert b"secret" not in body.lower()
