"""pgpkms, unchanged: it makes OpenPGP keys and signatures with KMS keys, and GnuPG verifies them."""

import subprocess
from pathlib import Path

import pytest
from pgpkms import KmsPgpKey

# pgpkms 1.0.7 looks its public key up under this name, whatever it is told.
ALIAS = "alias/PGP_KEY"
FILE = b"a release \x00\xff" * 1000


@pytest.mark.parametrize("spec, hashing", [("RSA_2048", "sha256"), ("RSA_3072", "sha384"), ("RSA_4096", "sha512")])
def test_signatures_verify_with_the_exported_key(kms, tmp_path: Path, spec, hashing):
    made = kms.create_key(
        KeySpec=spec, KeyUsage="SIGN_VERIFY",
        Tags=[{"TagKey": "PGPName", "TagValue": "Alice"}, {"TagKey": "PGPEmail", "TagValue": "alice@example.com"}],
    )["KeyMetadata"]
    kms.create_alias(AliasName=ALIAS, TargetKeyId=made["KeyId"])
    key = KmsPgpKey(ALIAS, kms_client=kms)
    assert key.arn == made["Arn"]

    for name, content in (
        ("key", key.to_pgp(hash=hashing, kms_client=kms)),
        ("file", FILE),
        ("changed", FILE + b"x"),
        ("signature", key.sign(FILE, hash=hashing, kms_client=kms)),
        ("message", key.message("said in the open\n", hash=hashing, kms_client=kms).encode()),
    ):
        (tmp_path / name).write_bytes(content)

    tmp_path.chmod(0o700)
    imported = gpg(tmp_path, "--import", "key")
    assert "Alice <alice@example.com>" in imported.stderr, imported.stderr
    for verified in (gpg(tmp_path, "--verify", "signature", "file"), gpg(tmp_path, "--verify", "message")):
        assert verified.returncode == 0, verified.stderr
        assert 'Good signature from "Alice <alice@example.com>"' in verified.stderr
    assert "BAD signature" in gpg(tmp_path, "--verify", "signature", "changed").stderr


def gpg(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What GnuPG says, with a home of its own and no agent."""
    command = ["gpg", "--homedir", str(home), "--batch", "--no-autostart", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=home, timeout=60, check=False)
