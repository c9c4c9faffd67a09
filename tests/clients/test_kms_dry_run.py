"""DryRun: says whether a call would have been done, and does nothing.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
"""

import pytest

from harness.errors import refused

CALLS = {
    "encrypt": lambda kms, key, blob: kms.encrypt(KeyId=key, Plaintext=b"x", DryRun=True),
    "decrypt": lambda kms, key, blob: kms.decrypt(CiphertextBlob=blob, DryRun=True),
    "re-encrypt": lambda kms, key, blob: kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key, DryRun=True),
    "data key": lambda kms, key, blob: kms.generate_data_key(KeyId=key, KeySpec="AES_256", DryRun=True),
    "data key without plaintext": lambda kms, key, blob: kms.generate_data_key_without_plaintext(
        KeyId=key, KeySpec="AES_256", DryRun=True
    ),
}


@pytest.fixture
def blob(kms, key) -> bytes:
    """A ciphertext under the key."""
    return kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_would_succeed_is_said_to(kms, key, blob, call):
    with refused("DryRunOperationException", matching="DryRun"):
        call(kms, key["KeyId"], blob)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_would_fail_fails_as_it_would(kms, key, blob, call):
    kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException", message=f"{key['Arn']} is disabled."):
        call(kms, key["KeyId"], blob)


def test_an_absent_key_is_not_found_in_a_dry_run_either(kms):
    with refused("NotFoundException"):
        kms.encrypt(KeyId="alias/absent", Plaintext=b"x", DryRun=True)


def test_dry_run_said_to_be_off_is_no_dry_run(kms, key):
    assert kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", DryRun=False)["CiphertextBlob"]
