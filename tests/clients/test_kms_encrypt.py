"""Encrypt, Decrypt and ReEncrypt: what was encrypted comes back, and nothing that was touched does."""

import base64
import os

import pytest

from harness.errors import refused
from harness.raw import RawClient

PLAINTEXT_BYTES_MAX = 4096


@pytest.mark.parametrize("size", [1, 16, 4095, PLAINTEXT_BYTES_MAX])
def test_a_plaintext_comes_back(kms, key, size):
    plaintext = os.urandom(size)
    encrypted = kms.encrypt(KeyId=key["KeyId"], Plaintext=plaintext)
    assert encrypted["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert encrypted["KeyId"] == key["Arn"]
    assert plaintext not in encrypted["CiphertextBlob"] or size == 1
    decrypted = kms.decrypt(CiphertextBlob=encrypted["CiphertextBlob"])
    assert decrypted["Plaintext"] == plaintext
    assert decrypted["KeyId"] == key["Arn"]
    assert decrypted["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"


def test_the_longest_ciphertext_fits_what_decrypt_takes(kms, key):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=bytes(PLAINTEXT_BYTES_MAX))["CiphertextBlob"]
    assert len(blob) <= 6144


def test_a_plaintext_too_long_is_refused_without_being_repeated(kms, key):
    with refused("ValidationException", message=(
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
        "Member must have length less than or equal to 4096"
    )):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=bytes(PLAINTEXT_BYTES_MAX + 1))


def test_an_empty_plaintext_is_refused(raw: RawClient, key):
    status, code, message = raw.json("Encrypt", {"KeyId": key["KeyId"], "Plaintext": ""}).json_error()
    assert (status, code) == (400, "ValidationException")
    assert message == (
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )


def test_the_same_plaintext_never_gives_the_same_ciphertext(kms, key):
    blobs = {kms.encrypt(KeyId=key["KeyId"], Plaintext=b"same")["CiphertextBlob"] for _ in range(20)}
    assert len(blobs) == 20


def test_the_encryption_context_must_be_the_same(kms, key):
    context = {"tenant": "a", "purpose": "☃"}
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    reordered = dict(reversed(context.items()))
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=reordered)["Plaintext"] == b"secret"
    for wrong in (
        {}, {"tenant": "a"}, {**context, "more": "x"}, {"tenant": "A", "purpose": "☃"},
        {"Tenant": "a", "purpose": "☃"}, {"tenant": "☃", "purpose": "a"}, {"tenant": "a", "purpose": ""},
    ):
        with refused("InvalidCiphertextException", message=""):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=wrong)


@pytest.mark.parametrize("context, alike", [
    ({"a": "bc"}, {"ab": "c"}),
    ({"a": "b", "c": "d"}, {"a": "bcd"}),
    ({"a": "b,c=d"}, {"a": "b", "c": "d"}),
    ({"a": '","b":"c'}, {"a": "", "b": "c"}),
    ({"a": "1", "b": "2"}, {"a": "1b2"}),
    ({"a\x00": "b"}, {"a": "\x00b"}),
    ({"é": "x"}, {"e\u0301": "x"}),
    ({"a": ""}, {}),
])
def test_a_context_that_reads_alike_is_another_context(kms, key, context, alike):
    for one, other in ((context, alike), (alike, context)):
        blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext=one)["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=one)["Plaintext"] == b"secret"
        with refused("InvalidCiphertextException", message=""):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=other)


def test_an_empty_context_is_no_context(kms, key):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext={})["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_a_ciphertext_with_any_byte_changed_is_refused(kms, key, raw: RawClient):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext={"a": "b"})["CiphertextBlob"]
    for position in range(len(blob)):
        for flip in (0x01, 0x80):
            changed = bytearray(blob)
            changed[position] ^= flip
            answer = raw.json("Decrypt", {
                "CiphertextBlob": base64.b64encode(changed).decode(), "EncryptionContext": {"a": "b"},
            })
            status, code, _ = answer.json_error()
            # A changed key id may name a key that is not there, which is refused as one that may not be used.
            assert status == 400 and code in ("InvalidCiphertextException", "AccessDeniedException"), (position, code)


def test_a_ciphertext_cut_or_lengthened_is_refused(kms, key):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    for changed in (blob[:-1], blob[1:], blob + b"\0", b"\0" + blob, blob[:1], blob * 2, blob[: len(blob) // 2]):
        with refused("InvalidCiphertextException", "AccessDeniedException"):
            kms.decrypt(CiphertextBlob=changed)


@pytest.mark.parametrize("blob", [b"x", bytes(200), b"\xff" * 6144, b"AQICAHhyZWFkIG5vdGhpbmcgaW50byB0aGlz"])
def test_what_was_never_a_ciphertext_is_refused(kms, key, blob):
    with refused("InvalidCiphertextException", message=""):
        kms.decrypt(CiphertextBlob=blob)
    with refused("InvalidCiphertextException", message=""):
        kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key["KeyId"])


def test_a_ciphertext_under_another_key_is_refused_by_name(kms, key):
    other = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    with refused("IncorrectKeyException", message=(
        "The key ID in the request does not identify a CMK that can perform this operation."
    )):
        kms.decrypt(CiphertextBlob=blob, KeyId=other["KeyId"])
    with refused("IncorrectKeyException"):
        kms.re_encrypt(CiphertextBlob=blob, SourceKeyId=other["KeyId"], DestinationKeyId=key["KeyId"])


def test_re_encrypt_moves_a_ciphertext_to_another_key_and_context(kms, key):
    other = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext={"a": "1"})["CiphertextBlob"]
    moved = kms.re_encrypt(
        CiphertextBlob=blob,
        SourceEncryptionContext={"a": "1"},
        SourceKeyId=key["KeyId"],
        DestinationKeyId=other["KeyId"],
        DestinationEncryptionContext={"b": "2"},
    )
    assert (moved["SourceKeyId"], moved["KeyId"]) == (key["Arn"], other["Arn"])
    assert moved["SourceEncryptionAlgorithm"] == moved["DestinationEncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    decrypted = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"b": "2"})
    assert (decrypted["Plaintext"], decrypted["KeyId"]) == (b"secret", other["Arn"])
    with refused("InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"a": "1"})
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "1"})["Plaintext"] == b"secret"


def test_re_encrypt_needs_the_source_context(kms, key):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret", EncryptionContext={"a": "1"})["CiphertextBlob"]
    with refused("InvalidCiphertextException", message=""):
        kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key["KeyId"])


def test_an_algorithm_of_other_keys_is_refused(kms, key):
    with refused("InvalidKeyUsageException"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionAlgorithm="SYMMETRIC_DEFAULT")["CiphertextBlob"]
    with refused("InvalidKeyUsageException", "ValidationException"):
        kms.decrypt(CiphertextBlob=blob, KeyId=key["KeyId"], EncryptionAlgorithm="RSAES_OAEP_SHA_256")


def test_grant_tokens_are_taken_in_shape_and_no_more_than_ten(kms, key):
    context = {"GrantTokens": ["AQpAM2RhZTk1MGMy"] * 10}
    try:
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", **context)
    except kms.exceptions.InvalidGrantTokenException:
        pass
    with refused("ValidationException", matching="at 'grantTokens' failed to satisfy constraint: Member must have "
                                                  "length less than or equal to 10"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", GrantTokens=["t"] * 11)
