"""Makes the fixtures of attestation.rs: a certification authority of our own, and documents that it vouches for.

Needs the `cryptography` package. The certificates are valid for three hours of 2026-01-01, so the tests bring their own
time. Run it again only to change what the fixtures hold: every key is new then.
"""

import datetime
import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.x509.oid import NameOID

HERE = Path(__file__).parent
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
DER = serialization.Encoding.DER


def head(major, value):
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << 8 * size:
            return bytes([major << 5 | code]) + value.to_bytes(size, "big")
    raise ValueError(value)


def cbor(value):
    """Just enough of CBOR for an attestation document."""
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())
    raise TypeError(value)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, issuer_key, authority, lifetime):
    usage = dict.fromkeys(
        ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"], False)
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + lifetime)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **usage),
            critical=True)
        .sign(issuer_key, hashes.SHA384())
    )


def signed(payload, key):
    protected = cbor({1: -35})
    to_sign = cbor(["Signature1", protected, b"", payload])
    r, s = utils.decode_dss_signature(key.sign(to_sign, ec.ECDSA(hashes.SHA384())))
    return cbor([protected, {}, payload, r.to_bytes(48, "big") + s.to_bytes(48, "big")])


def main():
    keys = [ec.generate_private_key(ec.SECP384R1()) for _ in range(3)]
    hours, years = datetime.timedelta(hours=3), datetime.timedelta(days=3650)
    root = certificate("root", keys[0], "root", keys[0], True, years)
    intermediate = certificate("intermediate", keys[1], "root", keys[0], True, years)
    leaf = certificate("leaf", keys[2], "intermediate", keys[1], False, hours)
    recipient = rsa.generate_private_key(65537, 2048)
    public_key = recipient.public_key().public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    pcrs = {index: hashlib.sha384(bytes([index])).digest() for index in range(16)}
    document = {
        "module_id": "i-0123456789abcdef0-enc0123456789abcdef",
        "digest": "SHA384",
        "timestamp": int(START.timestamp() * 1000) + 60_000,
        "pcrs": pcrs,
        "certificate": leaf.public_bytes(DER),
        "cabundle": [root.public_bytes(DER), intermediate.public_bytes(DER)],
        "public_key": public_key,
        "user_data": b"user data",
        "nonce": None,
    }
    tpm = {("nitrotpm_pcrs" if key == "pcrs" else key): value for key, value in document.items()}
    small = rsa.generate_private_key(65537, 1024).public_key().public_bytes(
        DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    (HERE / "root.der").write_bytes(root.public_bytes(DER))
    (HERE / "recipient.pkcs8").write_bytes(recipient.private_bytes(
        DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    for file, content in (
        ("enclave.cose", document),
        ("tpm.cose", tpm),
        ("without_public_key.cose", {**document, "public_key": None}),
        ("short_public_key.cose", {**document, "public_key": small}),
        ("without_pcrs.cose", {**document, "pcrs": {}}),
        ("another_digest.cose", {**document, "digest": "SHA256"}),
    ):
        (HERE / file).write_bytes(signed(cbor(content), keys[2]))
    # The signer's certificate is no authority, so what it signs is not trusted.
    key = ec.generate_private_key(ec.SECP384R1())
    forged = certificate("forged", key, "leaf", keys[2], False, hours)
    bundle = document["cabundle"] + [leaf.public_bytes(DER)]
    (HERE / "signed_by_leaf.cose").write_bytes(
        signed(cbor({**document, "certificate": forged.public_bytes(DER), "cabundle": bundle}), key))


main()
