"""MACs, key agreement and key encapsulation between KMS and implementations that know nothing of it."""

import hashlib
import hmac
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from kyber_py.ml_kem import ML_KEM_512

from harness.errors import refused
from harness.imports import imported_key, openssl
from harness.outside import MAKERS, pkcs8, spki

MESSAGE = b"what is authenticated"
# The key lengths that each HMAC spec takes: the shortest, the one KMS itself makes, the longest.
HMAC_LENGTHS = [
    (bits, length)
    for bits, lengths in {"224": (28, 64), "256": (32, 64), "384": (48, 128), "512": (64, 128)}.items()
    for length in lengths
]
CURVES = ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"]


@pytest.mark.parametrize("bits, length", HMAC_LENGTHS)
def test_an_imported_key_makes_the_macs_that_hashlib_makes(shared_kms, bits, length):
    material = os.urandom(length)
    key_id = imported_key(shared_kms, f"HMAC_{bits}", material, "GENERATE_VERIFY_MAC")
    how = {"KeyId": key_id, "MacAlgorithm": f"HMAC_SHA_{bits}"}
    for message in (b"x", MESSAGE, os.urandom(4096)):
        expected = hmac.digest(material, message, f"sha{bits}")
        assert shared_kms.generate_mac(Message=message, **how)["Mac"] == expected
        assert shared_kms.verify_mac(Message=message, Mac=expected, **how)["MacValid"] is True
        with refused("KMSInvalidMacException"):
            shared_kms.verify_mac(Message=b"another", Mac=expected, **how)


@pytest.mark.parametrize("curve", CURVES)
def test_a_secret_is_the_one_that_the_other_side_computes(shared_kms, curve):
    key = shared_kms.create_key(KeySpec=curve, KeyUsage="KEY_AGREEMENT")["KeyMetadata"]
    public = shared_kms.get_public_key(KeyId=key["KeyId"])
    assert public["KeyAgreementAlgorithms"] == ["ECDH"]
    other = MAKERS[curve]()
    how = {"KeyId": key["KeyId"], "KeyAgreementAlgorithm": "ECDH"}
    derived = shared_kms.derive_shared_secret(PublicKey=spki(other.public_key()), **how)
    assert derived["SharedSecret"] == other.exchange(ec.ECDH(), load_der_public_key(public["PublicKey"]))
    assert (derived["KeyId"], derived["KeyAgreementAlgorithm"], derived["KeyOrigin"]) == (key["Arn"], "ECDH", "AWS_KMS")


@pytest.mark.parametrize("curve", CURVES)
def test_two_keys_agree_one_of_them_imported(shared_kms, curve):
    private = MAKERS[curve]()
    ours = shared_kms.create_key(KeySpec=curve, KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
    theirs = imported_key(shared_kms, curve, pkcs8(private), "KEY_AGREEMENT")
    public = {key: shared_kms.get_public_key(KeyId=key)["PublicKey"] for key in (ours, theirs)}
    secrets = [
        shared_kms.derive_shared_secret(KeyId=one, PublicKey=public[other], KeyAgreementAlgorithm="ECDH")["SharedSecret"]
        for one, other in ((ours, theirs), (theirs, ours))
    ]
    assert secrets == [private.exchange(ec.ECDH(), load_der_public_key(public[ours]))] * 2


def test_openssl_agrees(shared_kms, tmp_path: Path):
    key_id = shared_kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
    private = MAKERS["ECC_NIST_P256"]()
    (tmp_path / "private").write_bytes(pkcs8(private))
    (tmp_path / "peer").write_bytes(shared_kms.get_public_key(KeyId=key_id)["PublicKey"])
    theirs = openssl(
        tmp_path, "pkeyutl", "-derive", "-inkey", "private", "-keyform", "DER", "-peerkey", "peer", "-peerform", "DER"
    )
    public = openssl(tmp_path, "pkey", "-in", "private", "-inform", "DER", "-pubout", "-outform", "DER")
    derived = shared_kms.derive_shared_secret(KeyId=key_id, PublicKey=public, KeyAgreementAlgorithm="ECDH")
    assert derived["SharedSecret"] == theirs


def test_a_public_key_of_another_curve_or_of_none_is_refused(shared_kms):
    key_id = shared_kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
    valid = spki(MAKERS["ECC_NIST_P256"]().public_key())
    off_curve = valid[:-1] + bytes([valid[-1] ^ 1])
    for wrong in (spki(MAKERS["ECC_NIST_P384"]().public_key()), off_curve, valid[:-1], b"x"):
        with refused("ValidationException"):
            shared_kms.derive_shared_secret(KeyId=key_id, PublicKey=wrong, KeyAgreementAlgorithm="ECDH")


def encapsulated(spec: str, public_der: bytes) -> tuple[bytes, bytes]:
    """A secret and its ciphertext; `cryptography` has no ML-KEM-512, so kyber-py makes that one."""
    if spec == "ML_KEM_512":
        return ML_KEM_512.encaps(public_der[-800:])
    return load_der_public_key(public_der).encapsulate()


@pytest.mark.parametrize("spec", ["ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"])
def test_a_secret_encapsulated_outside_is_the_one_decapsulated(shared_kms, spec):
    key = shared_kms.create_key(KeySpec=spec, KeyUsage="ENCAPSULATE_DECAPSULATE")["KeyMetadata"]
    public = shared_kms.get_public_key(KeyId=key["KeyId"])
    assert public["EncapsulationAlgorithms"] == ["ML_KEM"]
    secret, sealed = encapsulated(spec, public["PublicKey"])
    how = {"KeyId": key["KeyId"], "EncapsulationAlgorithm": "ML_KEM"}
    opened = shared_kms.decapsulate(SharedSecretCiphertextBlob=sealed, **how)
    assert opened["SharedSecret"] == secret
    assert (opened["KeyId"], opened["EncapsulationAlgorithm"]) == (key["Arn"], "ML_KEM")


@pytest.mark.parametrize("spec, length", [("ML_KEM_512", 768), ("ML_KEM_768", 1088), ("ML_KEM_1024", 1568)])
def test_what_kms_encapsulates_it_decapsulates(shared_kms, spec, length):
    key_id = shared_kms.create_key(KeySpec=spec, KeyUsage="ENCAPSULATE_DECAPSULATE")["KeyMetadata"]["KeyId"]
    how = {"KeyId": key_id, "EncapsulationAlgorithm": "ML_KEM"}
    made = shared_kms.encapsulate(**how)
    assert (len(made["SharedSecretCiphertextBlob"]), len(made["SharedSecret"])) == (length, 32)
    blob = made["SharedSecretCiphertextBlob"]
    assert shared_kms.decapsulate(SharedSecretCiphertextBlob=blob, **how)["SharedSecret"] == made["SharedSecret"]
    # FIPS 203 rejects implicitly: a changed ciphertext gives a secret that nobody else has.
    changed = blob[:-1] + bytes([blob[-1] ^ 1])
    assert shared_kms.decapsulate(SharedSecretCiphertextBlob=changed, **how)["SharedSecret"] != made["SharedSecret"]


def test_macs_of_a_key_that_kms_made_are_checked_and_have_their_length(shared_kms):
    for bits in ("224", "256", "384", "512"):
        key_id = shared_kms.create_key(KeySpec=f"HMAC_{bits}", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        how = {"KeyId": key_id, "MacAlgorithm": f"HMAC_SHA_{bits}", "Message": MESSAGE}
        mac = shared_kms.generate_mac(**how)["Mac"]
        assert len(mac) == hashlib.new(f"sha{bits}").digest_size
        assert shared_kms.generate_mac(**how)["Mac"] == mac
        shared_kms.verify_mac(Mac=mac, **how)
        for wrong in (mac[:-1], mac[:-1] + bytes([mac[-1] ^ 1]), b"x"):
            with refused("KMSInvalidMacException"):
                shared_kms.verify_mac(Mac=wrong, **how)
