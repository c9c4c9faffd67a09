"""TLS: with a certificate of one's own, in versions 1.2 and 1.3; and no plain HTTP beyond loopback."""

import datetime
import ipaddress
import re
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness.server import Server, free_port, run


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A self-made certificate for loopback and its key."""
    return make_certificate(tmp_path, is_authority=True)


def make_certificate(tmp_path: Path, is_authority: bool) -> tuple[Path, Path]:
    """A self-made certificate for loopback and its key. Not every client takes an authority's for a host's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    return certificate_path, key_path


@pytest.fixture
def tls_server(certificate):
    """A development server that speaks TLS."""
    path, key = certificate
    with Server("--tls-cert", path, "--tls-key", key, dev=True, scheme="https", ca=path) as running:
        yield running


def test_boto3_drives_it_with_the_certificate_as_trust(tls_server, account):
    kms = tls_server.client("kms", account)
    key = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
    assert tls_server.client("sts", account).get_caller_identity()["Account"] == account


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_good_versions_are_spoken(tls_server, version):
    context = ssl.create_default_context(cafile=tls_server.ca)
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            assert secure.version() == version.name.replace("_", ".")
            secure.sendall(b"GET /_alcazar/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert secure.recv(64).startswith(b"HTTP/1.1 200")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_old_version_is_refused(tls_server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=10) as plain:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(plain, server_hostname="localhost")


def test_plain_http_to_the_tls_port_gets_no_answer(tls_server):
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=10) as plain:
        plain.sendall(b"GET /_alcazar/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            assert not plain.recv(64).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            pass
    assert tls_server.get("/_alcazar/health")[0] == 200


def test_a_certificate_without_its_key_is_refused(certificate, tmp_path):
    path, key = certificate
    for arguments in (
        ["--tls-cert", path], ["--tls-key", key], ["--tls-cert", tmp_path / "absent", "--tls-key", key],
        ["--tls-cert", key, "--tls-key", path],
    ):
        finished = run("serve", "--dev", "--listen", f"127.0.0.1:{free_port()}", *arguments)
        assert finished.returncode != 0
        assert finished.stderr
        assert "panicked" not in finished.stderr


def test_plain_http_beyond_loopback_is_refused_and_the_way_out_is_named(tmp_path):
    port = free_port()
    finished = run("serve", "--listen", f"0.0.0.0:{port}", "--data-dir", tmp_path / "data")
    assert finished.returncode != 0
    message = finished.stderr
    assert "--tls-cert" in message
    flags = set(re.findall(r"--[a-z][a-z-]+", message)) - {"--tls-cert", "--tls-key", "--listen"}
    known = run("serve", "--help").stdout
    assert flags and all(flag in known for flag in flags), message
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("is_authority", [False, True])
def test_the_commands_for_people_trust_whom_the_environment_names(tmp_path, is_authority):
    path, key = make_certificate(tmp_path, is_authority)
    settings = {"AWS_ACCESS_KEY_ID": "111122223333", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
    with Server("--tls-cert", path, "--tls-key", key, dev=True, scheme="https", ca=path) as server:
        command = ["exec", "--path", "/x", "--endpoint-url", server.url, "--", "echo", "ran"]
        trusted = run(*command, **settings, AWS_CA_BUNDLE=str(path))
        if is_authority:
            assert "an authority's own" in trusted.stderr
        else:
            assert trusted.stdout == "ran\n", trusted.stderr
        untrusted = run(*command, **settings)
    assert untrusted.returncode == 1
    assert "certificate" in untrusted.stderr
