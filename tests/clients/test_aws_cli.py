"""The AWS CLI, with the profile file that the first start leaves."""

import base64
from pathlib import Path

def test_the_caller_is_the_first_account_s_administrator(aws):
    identity = aws("sts", "get-caller-identity")
    assert len(identity["Account"]) == 12
    assert identity["Account"] in identity["Arn"]


def test_a_key_s_life(aws):
    key = aws("kms", "create-key", "--description", "cli", "--tags", "TagKey=team,TagValue=a")["KeyMetadata"]
    name = ("--key-id", key["KeyId"])
    assert aws("kms", "list-resource-tags", *name)["Tags"] == [{"TagKey": "team", "TagValue": "a"}]
    aws("kms", "tag-resource", *name, "--tags", "TagKey=more,TagValue=b")
    aws("kms", "untag-resource", *name, "--tag-keys", "team")
    aws("kms", "update-key-description", *name, "--description", "changed")
    assert aws("kms", "describe-key", *name)["KeyMetadata"]["Description"] == "changed"
    assert [item["KeyId"] for item in aws("kms", "list-keys")["Keys"]] == [key["KeyId"]]
    policy = aws("kms", "get-key-policy", *name, "--policy-name", "default")["Policy"]
    aws("kms", "put-key-policy", *name, "--policy-name", "default", "--policy", policy)
    assert aws("kms", "list-key-policies", *name)["PolicyNames"] == ["default"]
    aws("kms", "disable-key", *name)
    aws("kms", "encrypt", *name, "--plaintext", "eA==", fails_with="(DisabledException)")
    aws("kms", "enable-key", *name)
    scheduled = aws("kms", "schedule-key-deletion", *name, "--pending-window-in-days", "7")
    assert scheduled["KeyState"] == "PendingDeletion"
    assert aws("kms", "cancel-key-deletion", *name)["KeyId"] == key["Arn"]


def test_aliases(aws):
    keys = [aws("kms", "create-key")["KeyMetadata"]["KeyId"] for _ in range(2)]
    aws("kms", "create-alias", "--alias-name", "alias/cli", "--target-key-id", keys[0])
    aws("kms", "update-alias", "--alias-name", "alias/cli", "--target-key-id", keys[1])
    listed = aws("kms", "list-aliases", "--key-id", keys[1])["Aliases"]
    assert [alias["AliasName"] for alias in listed] == ["alias/cli"]
    aws("kms", "delete-alias", "--alias-name", "alias/cli")
    aws("kms", "describe-key", "--key-id", "alias/cli", fails_with="(NotFoundException)")


def test_encrypting_and_decrypting_files(aws, tmp_path: Path):
    key = aws("kms", "create-key")["KeyMetadata"]["KeyId"]
    other = aws("kms", "create-key")["KeyMetadata"]["KeyId"]
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(b"\x00secret\xff")
    context = ("--encryption-context", "purpose=cli,tenant=a")
    encrypted = aws("kms", "encrypt", "--key-id", key, "--plaintext", f"fileb://{plain}", *context)
    sealed.write_bytes(base64.b64decode(encrypted["CiphertextBlob"]))
    decrypted = aws("kms", "decrypt", "--ciphertext-blob", f"fileb://{sealed}", *context)
    assert base64.b64decode(decrypted["Plaintext"]) == plain.read_bytes()
    aws("kms", "decrypt", "--ciphertext-blob", f"fileb://{sealed}", fails_with="(InvalidCiphertextException)")
    moved = aws(
        "kms", "re-encrypt", "--ciphertext-blob", f"fileb://{sealed}", "--destination-key-id", other,
        "--source-encryption-context", "purpose=cli,tenant=a",
    )
    sealed.write_bytes(base64.b64decode(moved["CiphertextBlob"]))
    decrypted = aws("kms", "decrypt", "--ciphertext-blob", f"fileb://{sealed}")
    assert base64.b64decode(decrypted["Plaintext"]) == plain.read_bytes()


def test_data_keys_and_random_bytes(aws):
    key = aws("kms", "create-key")["KeyMetadata"]["KeyId"]
    made = aws("kms", "generate-data-key", "--key-id", key, "--key-spec", "AES_256")
    assert len(base64.b64decode(made["Plaintext"])) == 32
    assert "Plaintext" not in aws(
        "kms", "generate-data-key-without-plaintext", "--key-id", key, "--number-of-bytes", "64"
    )
    assert len(base64.b64decode(aws("kms", "generate-random", "--number-of-bytes", "20")["Plaintext"])) == 20
    aws("kms", "encrypt", "--key-id", key, "--plaintext", "eA==", "--dry-run", fails_with="(DryRunOperationException)")
