"""Signatures between KMS and implementations that know nothing of it, in both directions.

What KMS signs, `cryptography`, PyCryptodome (Ed25519ph) and the `openssl` command verify with the key from GetPublicKey;
what they sign, KMS verifies with their key imported.
"""

from pathlib import Path

import pytest

from harness.errors import refused
from harness.imports import imported_key, openssl
from harness.outside import MAKERS, SIGNING, SIGNING_CASES, form, message_types, pkcs8, sign, spki, verifies

MESSAGE = b"what is signed \x00\xff" * 8
OTHER = b"what is not signed"


class Keys:
    """A key of each spec, made when it is first asked for."""

    def __init__(self, kms) -> None:
        self._kms = kms
        self._made: dict[str, str] = {}
        self._imported: dict[str, tuple[str, object]] = {}

    def made(self, spec: str) -> str:
        """The id of a key that KMS made."""
        if spec not in self._made:
            key = self._kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]
            self._made[spec] = key["KeyId"]
        return self._made[spec]

    def imported(self, spec: str) -> tuple[str, object]:
        """The id of a key made outside, and the private key itself."""
        if spec not in self._imported:
            private = MAKERS[spec]()
            self._imported[spec] = imported_key(self._kms, spec, pkcs8(private), "SIGN_VERIFY"), private
        return self._imported[spec]


@pytest.fixture(scope="module")
def keys(shared_kms) -> Keys:
    return Keys(shared_kms)


@pytest.mark.parametrize("spec, algorithm", SIGNING_CASES)
def test_what_kms_signs_verifies_outside(shared_kms, keys, spec, algorithm):
    key_id = keys.made(spec)
    public = shared_kms.get_public_key(KeyId=key_id)
    assert (public["KeySpec"], public["KeyUsage"]) == (spec, "SIGN_VERIFY")
    assert sorted(public["SigningAlgorithms"]) == sorted(SIGNING[spec])
    for message_type in message_types(algorithm):
        sent = form(MESSAGE, message_type, algorithm, public["PublicKey"])
        how = {"KeyId": key_id, "Message": sent, "MessageType": message_type, "SigningAlgorithm": algorithm}
        signed = shared_kms.sign(**how)
        assert (signed["SigningAlgorithm"], signed["KeyId"]) == (algorithm, public["KeyId"])
        assert verifies(public["PublicKey"], algorithm, MESSAGE, signed["Signature"])
        assert not verifies(public["PublicKey"], algorithm, OTHER, signed["Signature"])
        assert shared_kms.verify(**how, Signature=signed["Signature"])["SignatureValid"] is True


@pytest.mark.parametrize("spec, algorithm", SIGNING_CASES)
def test_what_is_signed_outside_verifies_in_kms(shared_kms, keys, spec, algorithm):
    key_id, private = keys.imported(spec)
    public = shared_kms.get_public_key(KeyId=key_id)["PublicKey"]
    assert public == spki(private.public_key())
    signature = sign(pkcs8(private), algorithm, MESSAGE)
    for message_type in message_types(algorithm):
        how = {
            "KeyId": key_id, "MessageType": message_type, "SigningAlgorithm": algorithm, "Signature": signature,
        }
        verified = shared_kms.verify(Message=form(MESSAGE, message_type, algorithm, public), **how)
        assert (verified["SignatureValid"], verified["SigningAlgorithm"]) == (True, algorithm)
        with refused("KMSInvalidSignatureException"):
            shared_kms.verify(Message=form(OTHER, message_type, algorithm, public), **how)
        sent = {"Message": form(MESSAGE, message_type, algorithm, public)}
        ours = shared_kms.sign(KeyId=key_id, MessageType=message_type, SigningAlgorithm=algorithm, **sent)["Signature"]
        assert verifies(spki(private.public_key()), algorithm, MESSAGE, ours)


@pytest.mark.parametrize("spec", SIGNING)
def test_the_public_key_verifies_what_the_private_key_signed_anywhere(shared_kms, keys, spec):
    """A key made by KMS and one of the same spec made outside do not verify each other's signatures."""
    algorithm = SIGNING[spec][0]
    key_id, private = keys.imported(spec)
    stranger = shared_kms.sign(
        KeyId=keys.made(spec), SigningAlgorithm=algorithm, MessageType="RAW", Message=MESSAGE
    )["Signature"]
    assert not verifies(spki(private.public_key()), algorithm, MESSAGE, stranger)
    with refused("KMSInvalidSignatureException"):
        shared_kms.verify(
            KeyId=key_id, SigningAlgorithm=algorithm, MessageType="RAW", Message=MESSAGE, Signature=stranger
        )


@pytest.mark.parametrize("spec, algorithm", SIGNING_CASES)
def test_a_signature_with_a_byte_changed_is_refused(shared_kms, keys, spec, algorithm):
    key_id = keys.made(spec)
    message_type = message_types(algorithm)[0]
    public = shared_kms.get_public_key(KeyId=key_id)["PublicKey"]
    how = {
        "KeyId": key_id, "Message": form(MESSAGE, message_type, algorithm, public),
        "MessageType": message_type, "SigningAlgorithm": algorithm,
    }
    signature = bytearray(shared_kms.sign(**how)["Signature"])
    signature[len(signature) // 2] ^= 1
    with refused("KMSInvalidSignatureException"):
        shared_kms.verify(**how, Signature=bytes(signature))
    for wrong in (b"x", bytes(len(signature)), bytes(signature[:-1])):
        with refused("KMSInvalidSignatureException"):
            shared_kms.verify(**how, Signature=wrong)


OPENSSL_DIGESTS = {
    "RSASSA_PKCS1_V1_5_SHA_256": ["-sha256"],
    "RSASSA_PKCS1_V1_5_SHA_512": ["-sha512"],
    "RSASSA_PSS_SHA_256": ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
    "RSASSA_PSS_SHA_384": ["-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:48"],
    "ECDSA_SHA_256": ["-sha256"],
    "ECDSA_SHA_384": ["-sha384"],
    "ECDSA_SHA_512": ["-sha512"],
}


@pytest.mark.parametrize("spec, algorithm", [
    ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"),
    ("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_512"),
    ("RSA_2048", "RSASSA_PSS_SHA_256"),
    ("RSA_4096", "RSASSA_PSS_SHA_384"),
    ("ECC_NIST_P256", "ECDSA_SHA_256"),
    ("ECC_NIST_P384", "ECDSA_SHA_384"),
    ("ECC_NIST_P521", "ECDSA_SHA_512"),
    ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
])
def test_openssl_verifies_and_signs(shared_kms, keys, tmp_path: Path, spec, algorithm):
    key_id, private = keys.imported(spec)
    public = shared_kms.get_public_key(KeyId=key_id)["PublicKey"]
    signature = shared_kms.sign(KeyId=key_id, Message=MESSAGE, SigningAlgorithm=algorithm)["Signature"]
    for name, content in (("public", public), ("private", pkcs8(private)), ("message", MESSAGE), ("sig", signature)):
        (tmp_path / name).write_bytes(content)
    digest = ["dgst", *OPENSSL_DIGESTS[algorithm], "-keyform", "DER"]
    assert b"Verified OK" in openssl(tmp_path, *digest, "-verify", "public", "-signature", "sig", "message")
    theirs = openssl(tmp_path, *digest, "-sign", "private", "message")
    shared_kms.verify(KeyId=key_id, Message=MESSAGE, SigningAlgorithm=algorithm, Signature=theirs)


def test_openssl_verifies_and_signs_with_ed25519(shared_kms, keys, tmp_path: Path):
    key_id, private = keys.imported("ECC_NIST_EDWARDS25519")
    how = {"KeyId": key_id, "Message": MESSAGE, "MessageType": "RAW", "SigningAlgorithm": "ED25519_SHA_512"}
    public = shared_kms.get_public_key(KeyId=key_id)["PublicKey"]
    signature = shared_kms.sign(**how)["Signature"]
    for name, content in (("public", public), ("private", pkcs8(private)), ("message", MESSAGE), ("sig", signature)):
        (tmp_path / name).write_bytes(content)
    command = ["pkeyutl", "-keyform", "DER", "-rawin", "-in", "message"]
    openssl(tmp_path, *command, "-verify", "-pubin", "-inkey", "public", "-sigfile", "sig")
    theirs = openssl(tmp_path, *command, "-sign", "-inkey", "private")
    assert theirs == signature, "Ed25519 signatures are the same for the same key and message"
    shared_kms.verify(**how, Signature=theirs)
