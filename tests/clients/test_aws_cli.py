"""The AWS CLI, with the profile file that the first start leaves."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.server import COMMAND_SECONDS_MAX, REGION, Profile, environment

AWS = Path(sys.executable).parent / "aws"


@pytest.fixture
def aws(durable_server, tmp_path: Path) -> Callable[..., dict]:
    """Runs the CLI as the administrator, and returns what it printed."""
    profile = Profile.find(durable_server.data_dir)
    variables = environment(
        AWS_SHARED_CREDENTIALS_FILE=str(profile.path),
        AWS_CONFIG_FILE=str(tmp_path / "no-config"),
        AWS_PROFILE=profile.name,
        AWS_DEFAULT_REGION=REGION,
        AWS_DEFAULT_OUTPUT="json",
        AWS_PAGER="",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",
    )

    def run(*arguments: str, fails_with: str = "") -> dict:
        finished = subprocess.run(
            [AWS, "--endpoint-url", durable_server.url, *arguments],
            capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, env=variables, check=False,
        )
        if fails_with:
            assert finished.returncode != 0
            assert fails_with in finished.stderr
            return {}
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout) if finished.stdout.strip() else {}

    return run


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
