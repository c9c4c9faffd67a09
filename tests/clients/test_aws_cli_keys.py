"""The AWS CLI: signing, macs, key pairs, import, grants, rotation and replicas, and its paging of every list."""

import base64
import os
from pathlib import Path

from harness.imports import DIRECT, openssl, wrap


def saved(path: Path, encoded: str) -> Path:
    """A file of what the CLI printed in Base64."""
    path.write_bytes(base64.b64decode(encoded))
    return path


def test_a_file_is_signed_and_verified_by_kms_and_by_openssl(aws, tmp_path: Path):
    """As in AWS's examples of `sign` and `verify`."""
    key = aws("kms", "create-key", "--key-spec", "RSA_2048", "--key-usage", "SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    message = tmp_path / "message"
    message.write_bytes(b"\x00a file\xff")
    how = ("--key-id", key, "--message", f"fileb://{message}", "--signing-algorithm", "RSASSA_PKCS1_V1_5_SHA_256")
    signature = saved(tmp_path / "signature", aws("kms", "sign", *how, "--message-type", "RAW")["Signature"])
    verified = aws("kms", "verify", *how, "--signature", f"fileb://{signature}")
    assert verified["SignatureValid"] is True
    saved(tmp_path / "public", aws("kms", "get-public-key", "--key-id", key)["PublicKey"])
    command = ("dgst", "-sha256", "-keyform", "DER", "-verify", "public", "-signature", "signature", "message")
    assert b"Verified OK" in openssl(tmp_path, *command)
    message.write_bytes(b"another file")
    aws(
        "kms", "verify", *how, "--signature", f"fileb://{signature}", fails_with="(KMSInvalidSignatureException)",
    )


def test_macs_and_data_key_pairs(aws, tmp_path: Path):
    key = aws("kms", "create-key", "--key-spec", "HMAC_256", "--key-usage", "GENERATE_VERIFY_MAC")["KeyMetadata"]
    how = ("--key-id", key["KeyId"], "--message", "aGVsbG8=", "--mac-algorithm", "HMAC_SHA_256")
    mac = saved(tmp_path / "mac", aws("kms", "generate-mac", *how)["Mac"])
    assert aws("kms", "verify-mac", *how, "--mac", f"fileb://{mac}")["MacValid"] is True
    symmetric = aws("kms", "create-key")["KeyMetadata"]["KeyId"]
    pair = aws("kms", "generate-data-key-pair", "--key-id", symmetric, "--key-pair-spec", "ECC_NIST_P256")
    sealed = saved(tmp_path / "sealed", pair["PrivateKeyCiphertextBlob"])
    opened = aws("kms", "decrypt", "--ciphertext-blob", f"fileb://{sealed}")
    assert opened["Plaintext"] == pair["PrivateKeyPlaintext"]


def test_material_is_imported(aws, tmp_path: Path):
    key = aws("kms", "create-key", "--origin", "EXTERNAL")["KeyMetadata"]["KeyId"]
    given = aws(
        "kms", "get-parameters-for-import", "--key-id", key,
        "--wrapping-algorithm", DIRECT, "--wrapping-key-spec", "RSA_2048",
    )
    token = saved(tmp_path / "token", given["ImportToken"])
    wrapped = tmp_path / "wrapped"
    wrapped.write_bytes(wrap(base64.b64decode(given["PublicKey"]), DIRECT, os.urandom(32)))
    aws(
        "kms", "import-key-material", "--key-id", key, "--encrypted-key-material", f"fileb://{wrapped}",
        "--import-token", f"fileb://{token}", "--expiration-model", "KEY_MATERIAL_DOES_NOT_EXPIRE",
    )
    assert aws("kms", "describe-key", "--key-id", key)["KeyMetadata"]["KeyState"] == "Enabled"
    aws("kms", "delete-imported-key-material", "--key-id", key)
    assert aws("kms", "describe-key", "--key-id", key)["KeyMetadata"]["KeyState"] == "PendingImport"


def test_grants_are_paged(aws):
    key = aws("kms", "create-key")["KeyMetadata"]["KeyId"]
    account = aws("sts", "get-caller-identity")["Account"]
    principal = f"arn:aws:iam::{account}:root"
    grants = {
        aws(
            "kms", "create-grant", "--key-id", key, "--grantee-principal", principal,
            "--retiring-principal", principal, "--operations", "Encrypt", operation,
        )["GrantId"]
        for operation in ("Decrypt", "DescribeKey", "GenerateDataKey")
    }
    listed = aws("kms", "list-grants", "--key-id", key, "--page-size", "1")["Grants"]
    assert {grant["GrantId"] for grant in listed} == grants
    retirable = aws("kms", "list-retirable-grants", "--retiring-principal", principal, "--page-size", "2")["Grants"]
    assert {grant["GrantId"] for grant in retirable} == grants
    first = aws("kms", "list-grants", "--key-id", key, "--page-size", "1", "--max-items", "2")
    rest = aws("kms", "list-grants", "--key-id", key, "--starting-token", first["NextToken"])
    assert len(first["Grants"]) == 2
    assert {grant["GrantId"] for grant in first["Grants"] + rest["Grants"]} == grants
    aws("kms", "revoke-grant", "--key-id", key, "--grant-id", min(grants))
    left = aws("kms", "list-grants", "--key-id", key)["Grants"]
    assert {grant["GrantId"] for grant in left} == grants - {min(grants)}


def test_rotation_and_replicas(aws):
    key = aws("kms", "create-key", "--multi-region")["KeyMetadata"]
    name = ("--key-id", key["KeyId"])
    aws("kms", "enable-key-rotation", *name, "--rotation-period-in-days", "180")
    status = aws("kms", "get-key-rotation-status", *name)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
    for _ in range(2):
        aws("kms", "rotate-key-on-demand", *name)
    rotations = aws("kms", "list-key-rotations", *name, "--page-size", "1")["Rotations"]
    assert [rotation["RotationType"] for rotation in rotations] == ["ON_DEMAND"] * 2
    replica = aws("kms", "replicate-key", *name, "--replica-region", "eu-west-1")["ReplicaKeyMetadata"]
    assert replica["Arn"] == key["Arn"].replace("us-east-1", "eu-west-1")
    there = aws("kms", "describe-key", *name, "--region", "eu-west-1")["KeyMetadata"]
    assert there["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
