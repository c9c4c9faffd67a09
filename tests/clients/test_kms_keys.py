"""KMS keys: making, describing, listing, describing anew, disabling and enabling them."""

import uuid
from datetime import datetime, timedelta, timezone

import pytest

from harness.errors import refused


def test_a_new_key_has_the_metadata_of_a_symmetric_key(kms, account, arn):
    metadata = kms.create_key(Description="for invoices")["KeyMetadata"]
    assert str(uuid.UUID(metadata["KeyId"])) == metadata["KeyId"]
    expected = {
        "AWSAccountId": account,
        "Arn": arn(f"key/{metadata['KeyId']}"),
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "Description": "for invoices",
        "Enabled": True,
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyState": "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": False,
        "Origin": "AWS_KMS",
    }
    assert expected.items() <= metadata.items()
    assert abs(datetime.now(timezone.utc) - metadata["CreationDate"]) < timedelta(minutes=1)
    for absent in ("DeletionDate", "ValidTo", "CustomKeyStoreId", "MultiRegionConfiguration", "SigningAlgorithms"):
        assert absent not in metadata


def test_describe_key_answers_what_create_key_did(kms, key):
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_a_key_without_a_description_has_an_empty_one(kms, key):
    assert key["Description"] == ""


@pytest.mark.parametrize("parameters", [
    {"KeyUsage": "ENCRYPT_DECRYPT"},
    {"KeySpec": "SYMMETRIC_DEFAULT"},
    {"CustomerMasterKeySpec": "SYMMETRIC_DEFAULT"},
    {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "MultiRegion": False},
])
def test_saying_the_defaults_makes_the_same_key(kms, parameters):
    metadata = kms.create_key(**parameters)["KeyMetadata"]
    assert (metadata["KeySpec"], metadata["KeyUsage"]) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")


@pytest.mark.parametrize("parameters", [
    {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
    {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
    {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
    {"Origin": "EXTERNAL"},
    {"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1234567890abcdef0"},
    {"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": "cks-1234567890abcdef0", "XksKeyId": "k"},
    {"CustomKeyStoreId": "cks-1234567890abcdef0"},
    {"MultiRegion": True},
    {"KeyUsage": "SIGN_VERIFY"},
    {"KeySpec": "RSA_2048"},
    {"KeySpec": "SYMMETRIC_DEFAULT", "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT"},
])
def test_an_option_that_cannot_be_had_is_refused_as_aws_refuses_it_or_works(kms, parameters):
    try:
        metadata = kms.create_key(**parameters)["KeyMetadata"]
    except kms.exceptions.ClientError:
        with refused(
            "ValidationException", "UnsupportedOperationException", "CustomKeyStoreNotFoundException",
            "InvalidKeyUsageException",
        ):
            kms.create_key(**parameters)
        assert kms.list_keys()["Keys"] == []
    else:
        for name, value in parameters.items():
            assert metadata[name] == value


def test_the_key_usage_must_be_said_for_all_but_symmetric_encryption_keys(kms):
    with refused("ValidationException", "UnsupportedOperationException") as refusal:
        kms.create_key(KeySpec="HMAC_256")
    if refusal.code == "ValidationException":
        assert refusal.message == (
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
        )


def test_list_keys_lists_each_key_of_the_account_once(kms):
    made = [kms.create_key()["KeyMetadata"] for _ in range(3)]
    listed = kms.list_keys()
    assert sorted(listed["Keys"], key=lambda key: key["KeyId"]) == sorted(
        ({"KeyId": key["KeyId"], "KeyArn": key["Arn"]} for key in made), key=lambda key: key["KeyId"]
    )
    assert listed["Truncated"] is False
    assert "NextMarker" not in listed


def test_an_empty_account_has_no_keys(kms):
    assert kms.list_keys()["Keys"] == []


def test_a_description_can_be_changed_and_emptied(kms, key):
    for description in ("first", "zweite Ümlaut ☃", "x" * 8192, ""):
        kms.update_key_description(KeyId=key["KeyId"], Description=description)
        assert kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]["Description"] == description


def test_a_description_too_long_is_refused_and_changes_nothing(kms, key):
    with refused("ValidationException", matching="at 'description' failed to satisfy constraint: Member must have "
                                                  "length less than or equal to 8192"):
        kms.update_key_description(KeyId=key["KeyId"], Description="x" * 8193)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["Description"] == ""


def test_a_disabled_key_says_so_and_can_be_enabled_again(kms, key):
    kms.disable_key(KeyId=key["KeyId"])
    disabled = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (disabled["Enabled"], disabled["KeyState"]) == (False, "Disabled")
    kms.enable_key(KeyId=key["Arn"])
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_disabling_and_enabling_twice_is_no_error(kms, key):
    for operation, state in ((kms.disable_key, "Disabled"), (kms.enable_key, "Enabled")):
        operation(KeyId=key["KeyId"])
        operation(KeyId=key["KeyId"])
        assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == state
