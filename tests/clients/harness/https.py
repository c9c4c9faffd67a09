"""HTTPS servers outside of the server under test, each with a certificate authority of its own."""

import datetime
import ssl
from http.server import HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def put_behind_tls(server: HTTPServer, host: str, directory: Path) -> Path:
    """Has a server speak TLS as `host`, and gives back the certificate that vouches for it."""
    authority = _certificate("Test authority")
    certificate, key = _certificate(host, authority)
    ca = directory / f"{host}-ca.pem"
    ca.write_bytes(_pem(authority[0]))
    chain = directory / f"{host}.pem"
    chain.write_bytes(_pem(certificate) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return ca


def _certificate(name: str, issuer=None):
    """A certificate for `name` and its key: an authority's, or one that the authority `issuer` signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_certificate, issuer_key = issuer or (None, key)
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_certificate.subject if issuer_certificate else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    return made, key


def _pem(certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
