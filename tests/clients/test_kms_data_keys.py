"""GenerateDataKey, GenerateDataKeyWithoutPlaintext and GenerateRandom."""

import pytest

from harness.errors import refused

EITHER = "number of bytes or key spec"


@pytest.mark.parametrize("request_, size", [
    ({"KeySpec": "AES_256"}, 32),
    ({"KeySpec": "AES_128"}, 16),
    ({"NumberOfBytes": 1}, 1),
    ({"NumberOfBytes": 24}, 24),
    ({"NumberOfBytes": 64}, 64),
    ({"NumberOfBytes": 1024}, 1024),
])
def test_a_data_key_has_the_size_asked_for_and_its_ciphertext_opens_to_it(kms, key, request_, size):
    context = {"file": "7"}
    made = kms.generate_data_key(KeyId=key["KeyId"], EncryptionContext=context, **request_)
    assert made["KeyId"] == key["Arn"]
    assert len(made["Plaintext"]) == size
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    with refused("InvalidCiphertextException", message=""):
        kms.decrypt(CiphertextBlob=made["CiphertextBlob"])

    sealed = kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], EncryptionContext=context, **request_)
    assert "Plaintext" not in sealed
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context)
    assert len(opened["Plaintext"]) == size


def test_no_two_data_keys_are_the_same(kms, key):
    made = [kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256") for _ in range(20)]
    assert len({one["Plaintext"] for one in made}) == 20
    assert len({one["CiphertextBlob"] for one in made}) == 20


@pytest.mark.parametrize("operation", ["generate_data_key", "generate_data_key_without_plaintext"])
@pytest.mark.parametrize("request_", [{}, {"KeySpec": "AES_256", "NumberOfBytes": 32}])
def test_either_a_size_or_a_spec_must_be_said(kms, key, operation, request_):
    with refused("ValidationException", matching=EITHER):
        getattr(kms, operation)(KeyId=key["KeyId"], **request_)


@pytest.mark.parametrize("operation", ["generate_data_key", "generate_data_key_without_plaintext"])
@pytest.mark.parametrize("size, constraint", [
    (0, "greater than or equal to 1"), (-1, "greater than or equal to 1"), (1025, "less than or equal to 1024"),
])
def test_a_data_key_of_another_size_is_refused(server, account, key, operation, size, constraint):
    unchecked = server.client("kms", account, parameter_validation=False)
    with refused("ValidationException", message=(
        f"1 validation error detected: Value '{size}' at 'numberOfBytes' failed to satisfy constraint: "
        f"Member must have value {constraint}"
    )):
        getattr(unchecked, operation)(KeyId=key["KeyId"], NumberOfBytes=size)


def test_an_unknown_spec_is_refused(kms, key):
    with refused("ValidationException", matching=(
        "^1 validation error detected: Value 'AES_512' at 'keySpec' failed to satisfy constraint: "
        r"Member must satisfy enum value set: \[(AES_256, AES_128|AES_128, AES_256)\]$"
    )):
        kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_512")


@pytest.mark.parametrize("size", [1, 12, 44, 1024])
def test_random_bytes_have_the_length_asked_for(kms, size):
    assert len(kms.generate_random(NumberOfBytes=size)["Plaintext"]) == size


def test_random_bytes_differ(kms):
    assert len({kms.generate_random(NumberOfBytes=32)["Plaintext"] for _ in range(50)}) == 50


def test_the_number_of_random_bytes_is_required(kms):
    with refused("ValidationException", message="NumberOfBytes is required."):
        kms.generate_random()


@pytest.mark.parametrize("size, constraint", [
    (0, "greater than or equal to 1"), (1025, "less than or equal to 1024"),
])
def test_another_number_of_random_bytes_is_refused(server, account, size, constraint):
    unchecked = server.client("kms", account, parameter_validation=False)
    with refused("ValidationException", message=(
        f"1 validation error detected: Value '{size}' at 'numberOfBytes' failed to satisfy constraint: "
        f"Member must have value {constraint}"
    )):
        unchecked.generate_random(NumberOfBytes=size)


def test_random_bytes_from_a_key_store_that_is_not_there_are_refused(kms):
    with refused("CustomKeyStoreNotFoundException", "UnsupportedOperationException"):
        kms.generate_random(NumberOfBytes=8, CustomKeyStoreId="cks-1234567890abcdef0")
