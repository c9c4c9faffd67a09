"""The AWS Encryption SDK for Python: what it encrypted before a restart, it decrypts after it."""

import os
from pathlib import Path

import aws_encryption_sdk
import pytest
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import CreateAwsKmsKeyringInput
from aws_encryption_sdk import CommitmentPolicy

from harness.server import Server

FILE_BYTES = 10 * 1024 * 1024
CONTEXT = {"document": "contract", "tenant": "a"}


def keyring(client, key_arn: str):
    """A keyring of one KMS key."""
    providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())
    return providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key_arn, kms_client=client))


def test_a_large_file_is_decrypted_after_the_server_was_killed_and_started_again(tmp_path: Path):
    sdk = aws_encryption_sdk.EncryptionSDKClient(
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    )
    plaintext = os.urandom(FILE_BYTES)
    with Server(data_dir=tmp_path / "data") as server:
        client = server.administrator("kms")
        key, other = (client.create_key()["KeyMetadata"] for _ in range(2))
        sealed, _ = sdk.encrypt(source=plaintext, keyring=keyring(client, key["Arn"]), encryption_context=CONTEXT)
        assert len(sealed) > FILE_BYTES
        assert plaintext[:64] not in sealed

        server.kill()
        server.start()
        client = server.administrator("kms")
        opened, header = sdk.decrypt(
            source=sealed, keyring=keyring(client, key["Arn"]), encryption_context=CONTEXT
        )
        assert opened == plaintext
        assert CONTEXT.items() <= header.encryption_context.items()

        small, _ = sdk.encrypt(source=b"secret", keyring=keyring(client, key["Arn"]), encryption_context=CONTEXT)
        with pytest.raises(Exception, match="(?i)context"):
            sdk.decrypt(
                source=small, keyring=keyring(client, key["Arn"]), encryption_context={**CONTEXT, "tenant": "b"}
            )
        changed = small.replace(b"contract", b"kontrakt")
        assert changed != small
        for source, of in ((changed, key), (small, other)):
            with pytest.raises(Exception):
                sdk.decrypt(source=source, keyring=keyring(client, of["Arn"]))
        assert sdk.decrypt(source=small, keyring=keyring(client, key["Arn"]))[0] == b"secret"
