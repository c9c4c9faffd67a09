"""The AWS Encryption SDK for Python decrypts the messages that alcazar writes, and only under their own data key.

No API shows such a message: Parameter Store keeps them to itself. So these come from the file that a test in Rust
(`crates/crypto/tests/encryption_sdk/for_ever.rs`) holds to be what is written.
"""

import json
from pathlib import Path

import attr
import aws_encryption_sdk
import pytest
from aws_encryption_sdk import CommitmentPolicy
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.key_providers.base import MasterKey, MasterKeyConfig
from aws_encryption_sdk.structures import DataKey, MasterKeyInfo

MESSAGES = json.loads(
    (Path(__file__).parents[2] / "crates/crypto/testdata/formats/encryption-sdk-messages.json").read_text()
)
KEY_ARN = b"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@attr.s(hash=True)
class GivenKeyConfig(MasterKeyConfig):
    """What `GivenKey` is made from."""

    provider_id = "aws-kms"


class GivenKey(MasterKey):
    """Takes every encrypted data key for the data key that it was given."""

    provider_id = "aws-kms"
    _config_class = GivenKeyConfig
    data_key = b""

    def _generate_data_key(self, algorithm, encryption_context):
        raise NotImplementedError

    def _encrypt_data_key(self, data_key, algorithm, encryption_context):
        raise NotImplementedError

    def _decrypt_data_key(self, encrypted_data_key, algorithm, encryption_context):
        assert encrypted_data_key.key_provider == MasterKeyInfo("aws-kms", KEY_ARN)
        assert encrypted_data_key.encrypted_data_key == b"the data key, encrypted"
        return DataKey(encrypted_data_key.key_provider, self.data_key, encrypted_data_key.encrypted_data_key)


def decrypt(message: bytes, data_key: bytes):
    """The plaintext and the header, under the SDK's strictest policy."""
    sdk = aws_encryption_sdk.EncryptionSDKClient(
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    )
    key = GivenKey(key_id=KEY_ARN)
    key.data_key = data_key
    return sdk.decrypt(source=message, key_provider=key)


@pytest.mark.parametrize("written", MESSAGES, ids=lambda written: f"{len(written['plaintext']) // 2} bytes")
def test_what_alcazar_writes_the_python_sdk_decrypts(written: dict):
    data_key, message = (bytes.fromhex(written[name]) for name in ("data_key", "message"))
    plaintext, header = decrypt(message, data_key)
    assert plaintext == bytes.fromhex(written["plaintext"])
    assert header.encryption_context == written["context"]
    assert header.algorithm.algorithm_id == 0x0478
    with pytest.raises(AWSEncryptionSDKClientError):
        decrypt(message, bytes(32))
