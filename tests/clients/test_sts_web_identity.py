"""AssumeRoleWithWebIdentity, against an OpenID Connect provider that really is outside: HTTPS with its own CA."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from harness.errors import refused
from harness.https import put_behind_tls
from harness.server import REGION, Server

HOST = "oidc.example.com"
ISSUER = f"https://{HOST}/id/A1"
AUDIENCE = "sts.amazonaws.com"

# The algorithms that AWS takes, with their keys and hashes.
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
ALGORITHMS = ["RS256", "RS384", "RS512", *CURVES]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(number: int, size: int | None = None) -> str:
    return _text(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))


class Provider(ThreadingHTTPServer):
    """An OpenID Connect provider with a key for each algorithm, which signs whatever it is given."""

    daemon_threads = True

    def __init__(self, directory: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ca = put_behind_tls(self, HOST, directory)
        rsa_key = rsa.generate_private_key(65537, 2048)
        self.keys = {
            name: ec.generate_private_key(CURVES[name]) if name in CURVES else rsa_key for name in ALGORITHMS
        }
        self.documents = {
            "/id/A1/.well-known/openid-configuration": {"issuer": ISSUER, "jwks_uri": f"https://{HOST}/jwks"},
            "/jwks": {"keys": [self._jwk(name) for name in ALGORITHMS]},
        }
        self.paths: list[str] = []

    def handle_error(self, *_) -> None:
        """A client that hangs up is no failure of the test."""

    def _jwk(self, name: str) -> dict:
        numbers = self.keys[name].public_key().public_numbers()
        if name not in CURVES:
            return {"kty": "RSA", "use": "sig", "kid": name, "n": _number(numbers.n), "e": _number(numbers.e)}
        size, curve = (CURVES[name].key_size + 7) // 8, f"P-{CURVES[name].key_size}"
        return {
            "kty": "EC", "use": "sig", "kid": name, "crv": curve,
            "x": _number(numbers.x, size), "y": _number(numbers.y, size),
        }

    def token(self, algorithm: str = "RS256", **changed) -> str:
        """An ID token; claims that are changed to None are left out."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": "system:pod", "aud": AUDIENCE, "iat": now, "exp": now + 600} | changed
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": algorithm, "typ": "JWT", "kid": algorithm}
        signed = ".".join(_text(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{_text(self._signature(algorithm, signed.encode()))}"

    def _signature(self, algorithm: str, message: bytes) -> bytes:
        key, digest = self.keys[algorithm], HASHES[algorithm[2:]]
        if algorithm not in CURVES:
            return key.sign(message, padding.PKCS1v15(), digest)
        size = (CURVES[algorithm].key_size + 7) // 8
        return b"".join(
            part.to_bytes(size, "big") for part in utils.decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
        )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        document = self.server.documents.get(self.path)
        body = json.dumps(document).encode()
        self.send_response(200 if document else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Says nothing."""


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    running = Provider(tmp_path)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def near(provider: Provider) -> Iterator[Server]:
    """A server that knows where the provider is, and trusts its authority."""
    hosts = f"{HOST}=127.0.0.1:{provider.server_port},untrusted.example.com=127.0.0.1:{provider.server_port}"
    with Server("--outbound-ca", provider.ca, "--outbound-hosts", hosts, dev=True) as running:
        yield running


def role(server: Server, account: str, issuer: str = ISSUER) -> str:
    """A role that trusts the provider's pod, and may do everything."""
    iam = server.client("iam", account)
    arn = iam.create_open_id_connect_provider(Url=issuer, ClientIDList=[AUDIENCE])["OpenIDConnectProviderArn"]
    name = issuer.removeprefix("https://")
    trust = {
        "Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{name}:aud": AUDIENCE, f"{name}:sub": "system:pod"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = iam.create_role(RoleName="pod", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="pod", PolicyName="all", PolicyDocument=json.dumps(everything))
    return made


def unsigned(server: Server):
    """An STS client without any credentials."""
    return boto3.client(
        "sts", endpoint_url=server.url, region_name=REGION, config=Config(signature_version=UNSIGNED)
    )


def assume(server: Server, arn: str, token: str, **more) -> dict:
    return unsigned(server).assume_role_with_web_identity(
        RoleArn=arn, RoleSessionName="pod", WebIdentityToken=token, **more
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_token_of_each_algorithm_begins_a_session(provider, near, account, algorithm):
    arn = role(near, account)
    answer = assume(near, arn, provider.token(algorithm))
    assert answer["SubjectFromWebIdentityToken"] == "system:pod"
    assert answer["Audience"] == AUDIENCE
    assert answer["Provider"].endswith(f"oidc-provider/{HOST}/id/A1")
    credentials = answer["Credentials"]
    session = boto3.Session(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"], region_name=REGION
    )
    identity = session.client("sts", endpoint_url=near.url).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{account}:assumed-role/pod/pod"
    assert session.client("iam", endpoint_url=near.url).list_roles()["Roles"]


def test_boto3_takes_the_token_from_a_file_as_pods_do(provider, near, account, tmp_path, monkeypatch):
    arn = role(near, account)
    file = tmp_path / "token"
    file.write_text(provider.token())
    for name, value in {
        "AWS_ROLE_ARN": arn, "AWS_WEB_IDENTITY_TOKEN_FILE": str(file), "AWS_ROLE_SESSION_NAME": "pod",
        "AWS_ENDPOINT_URL": near.url, "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    key = boto3.Session(region_name=REGION).client("kms").create_key()["KeyMetadata"]
    assert key["AWSAccountId"] == account


def test_a_token_that_proves_nothing_is_refused(provider, near, account):
    arn = role(near, account)
    with refused("InvalidIdentityToken", matching="not a valid JWT"):
        assume(near, arn, "opaque")
    with refused("InvalidIdentityToken", matching="Incorrect token audience"):
        assume(near, arn, provider.token(aud="somebody"))
    with refused("ExpiredTokenException", matching="Token expired"):
        assume(near, arn, provider.token(exp=int(time.time()) - 1))
    with refused("InvalidIdentityToken", matching="No OpenIDConnect provider found in your account"):
        assume(near, arn, provider.token(iss="https://elsewhere.example.com"))
    with refused("InvalidIdentityToken", matching="signature"):
        head, _, signature = provider.token().rpartition(".")
        assume(near, arn, f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    with refused("AccessDenied", matching="Not authorized to perform sts:AssumeRoleWithWebIdentity"):
        assume(near, arn, provider.token(sub="system:other"))
    assert provider.paths.count("/jwks") == 1


def test_a_provider_that_cannot_be_trusted_or_reached_is_told_of(provider, near, new_account):
    other = new_account()
    issuer = "https://untrusted.example.com"
    arn = role(near, other, issuer)
    with refused("InvalidIdentityToken", matching="HTTPS certificate"):
        assume(near, arn, provider.token(iss=issuer))
    account = new_account()
    arn = role(near, account)
    provider.shutdown()
    provider.server_close()
    with refused("IDPCommunicationError"):
        assume(near, arn, provider.token())
