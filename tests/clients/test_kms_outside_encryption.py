"""RSA encryption and data key pairs between KMS and implementations that know nothing of it."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from harness.errors import refused
from harness.imports import imported_key, openssl
from harness.outside import MAKERS, oaep, pkcs8, spki

# How many bytes OAEP leaves of a modulus, by the hash.
OVERHEAD = {"1": 42, "256": 66}
RSA_CASES = [(spec, bits) for spec in ("RSA_2048", "RSA_3072", "RSA_4096") for bits in OVERHEAD]


@pytest.fixture(scope="module")
def rsa_keys(shared_kms) -> dict[str, dict]:
    """An encryption key of each size that KMS made, as GetPublicKey tells of it."""
    made = {}
    for spec in ("RSA_2048", "RSA_3072", "RSA_4096"):
        key = shared_kms.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
        made[spec] = shared_kms.get_public_key(KeyId=key["KeyId"])
    return made


@pytest.mark.parametrize("spec, bits", RSA_CASES)
def test_what_is_encrypted_outside_with_the_public_key_decrypts_in_kms(shared_kms, rsa_keys, spec, bits):
    key, algorithm = rsa_keys[spec], f"RSAES_OAEP_SHA_{bits}"
    assert sorted(key["EncryptionAlgorithms"]) == ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
    public = load_der_public_key(key["PublicKey"])
    assert f"RSA_{public.key_size}" == spec
    longest = public.key_size // 8 - OVERHEAD[bits]
    for plaintext in (b"x", os.urandom(32), os.urandom(longest)):
        sealed = public.encrypt(plaintext, oaep(bits))
        opened = shared_kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=sealed, EncryptionAlgorithm=algorithm)
        assert opened["Plaintext"] == plaintext
        assert (opened["KeyId"], opened["EncryptionAlgorithm"]) == (key["KeyId"], algorithm)
    other = f"RSAES_OAEP_SHA_{'256' if bits == '1' else '1'}"
    with refused("InvalidCiphertextException"):
        shared_kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=sealed, EncryptionAlgorithm=other)
    with refused("ValidationException"):
        shared_kms.encrypt(KeyId=key["KeyId"], Plaintext=bytes(longest + 1), EncryptionAlgorithm=algorithm)


@pytest.mark.parametrize("spec", ["RSA_2048", "RSA_3072", "RSA_4096"])
def test_what_kms_encrypts_decrypts_outside(shared_kms, spec):
    private = MAKERS[spec]()
    key_id = imported_key(shared_kms, spec, pkcs8(private), "ENCRYPT_DECRYPT")
    assert shared_kms.get_public_key(KeyId=key_id)["PublicKey"] == spki(private.public_key())
    for bits, overhead in OVERHEAD.items():
        algorithm = f"RSAES_OAEP_SHA_{bits}"
        plaintext = os.urandom(private.key_size // 8 - overhead)
        sealed = shared_kms.encrypt(KeyId=key_id, Plaintext=plaintext, EncryptionAlgorithm=algorithm)
        assert len(sealed["CiphertextBlob"]) == private.key_size // 8
        assert private.decrypt(sealed["CiphertextBlob"], oaep(bits)) == plaintext
        assert shared_kms.decrypt(
            KeyId=key_id, CiphertextBlob=sealed["CiphertextBlob"], EncryptionAlgorithm=algorithm
        )["Plaintext"] == plaintext


def test_openssl_encrypts_with_the_public_key(shared_kms, rsa_keys, tmp_path: Path):
    """As AWS's guide for offline use of a public key shows it."""
    key = rsa_keys["RSA_2048"]
    (tmp_path / "public").write_bytes(key["PublicKey"])
    sealed = openssl(
        tmp_path, "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "public",
        "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256",
        stdin=b"secret",
    )
    opened = shared_kms.decrypt(KeyId=key["KeyId"], CiphertextBlob=sealed, EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    assert opened["Plaintext"] == b"secret"


def test_a_ciphertext_moves_between_rsa_and_symmetric_keys(shared_kms, rsa_keys):
    symmetric = shared_kms.create_key()["KeyMetadata"]["Arn"]
    rsa = rsa_keys["RSA_2048"]
    sealed = load_der_public_key(rsa["PublicKey"]).encrypt(b"secret", oaep("256"))
    moved = shared_kms.re_encrypt(
        CiphertextBlob=sealed, SourceKeyId=rsa["KeyId"], SourceEncryptionAlgorithm="RSAES_OAEP_SHA_256",
        DestinationKeyId=symmetric, DestinationEncryptionContext={"a": "b"},
    )
    assert (moved["SourceEncryptionAlgorithm"], moved["DestinationEncryptionAlgorithm"]) == (
        "RSAES_OAEP_SHA_256", "SYMMETRIC_DEFAULT",
    )
    opened = shared_kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == b"secret"
    back = shared_kms.re_encrypt(
        CiphertextBlob=moved["CiphertextBlob"], SourceEncryptionContext={"a": "b"},
        DestinationKeyId=rsa["KeyId"], DestinationEncryptionAlgorithm="RSAES_OAEP_SHA_1",
    )
    opened = shared_kms.decrypt(
        KeyId=rsa["KeyId"], CiphertextBlob=back["CiphertextBlob"], EncryptionAlgorithm="RSAES_OAEP_SHA_1"
    )
    assert opened["Plaintext"] == b"secret"


PAIR_SPECS = [
    "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1",
    "ECC_NIST_EDWARDS25519",
]


@pytest.mark.parametrize("spec", PAIR_SPECS)
def test_a_data_key_pair_is_of_its_spec_and_its_private_key_decrypts_to_itself(shared_kms, data_key, spec):
    context = {"purpose": "pairs"}
    pair = shared_kms.generate_data_key_pair(KeyId=data_key, KeyPairSpec=spec, EncryptionContext=context)
    assert (pair["KeyPairSpec"], pair["KeyId"]) == (spec, data_key)
    private = load_der_private_key(pair["PrivateKeyPlaintext"], None)
    assert spki(private.public_key()) == pair["PublicKey"]
    assert type(private) is type(MAKERS["RSA_2048" if spec.startswith("RSA") else spec]())
    if spec.startswith("RSA"):
        assert spec == f"RSA_{private.key_size}"
    elif spec != "ECC_NIST_EDWARDS25519":
        assert private.curve.name == MAKERS[spec]().curve.name
    blob = pair["PrivateKeyCiphertextBlob"]
    assert shared_kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == pair["PrivateKeyPlaintext"]
    with refused("InvalidCiphertextException"):
        shared_kms.decrypt(CiphertextBlob=blob)


@pytest.mark.parametrize("spec", ["ML_KEM_768", "ML_KEM_1024"])
def test_a_data_key_pair_for_encapsulation_encapsulates(shared_kms, data_key, spec):
    pair = shared_kms.generate_data_key_pair(KeyId=data_key, KeyPairSpec=spec)
    private = load_der_private_key(pair["PrivateKeyPlaintext"], None)
    secret, sealed = load_der_public_key(pair["PublicKey"]).encapsulate()
    assert private.decapsulate(sealed) == secret


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256", "ECC_NIST_EDWARDS25519", "ML_KEM_768"])
def test_a_data_key_pair_without_plaintext_is_one_all_the_same(shared_kms, data_key, spec):
    pair = shared_kms.generate_data_key_pair_without_plaintext(KeyId=data_key, KeyPairSpec=spec)
    assert "PrivateKeyPlaintext" not in pair
    plaintext = shared_kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])["Plaintext"]
    assert spki(load_der_private_key(plaintext, None).public_key()) == pair["PublicKey"]


@pytest.fixture(scope="module")
def data_key(shared_kms) -> str:
    """The ARN of the key that data key pairs are made under."""
    return shared_kms.create_key()["KeyMetadata"]["Arn"]
