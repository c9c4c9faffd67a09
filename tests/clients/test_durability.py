"""What was acknowledged is there after a restart and after SIGKILL; a data directory belongs to one process."""

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from harness.errors import refused
from harness.server import Profile, Server, binary, free_port, run


def fill(kms) -> tuple[dict, bytes]:
    """Makes a key with everything a key can have, and a ciphertext under it."""
    key = kms.create_key(Description="kept", Tags=[{"TagKey": "t", "TagValue": "v"}])["KeyMetadata"]
    kms.create_alias(AliasName="alias/kept", TargetKeyId=key["KeyId"])
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"])
    policy["Id"] = "changed"
    kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps(policy))
    blob = kms.encrypt(KeyId="alias/kept", Plaintext=b"secret", EncryptionContext={"a": "b"})["CiphertextBlob"]
    return key, blob


def assert_filled(kms, key: dict, blob: bytes) -> None:
    """All of that is there."""
    assert kms.describe_key(KeyId="alias/kept")["KeyMetadata"] == key
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "t", "TagValue": "v"}]
    assert json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"])["Id"] == "changed"
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "b"})["Plaintext"] == b"secret"


def test_the_first_start_leaves_a_profile_that_only_its_owner_reads(durable_server):
    profile = Profile.find(durable_server.data_dir)
    assert stat.S_IMODE(profile.path.stat().st_mode) == 0o600
    assert profile.credentials.access_key.startswith("AKIA")
    assert len(profile.credentials.secret) >= 40
    identity = durable_server.administrator("sts").get_caller_identity()
    assert identity["Account"] != "000000000000"


def test_nothing_in_the_data_directory_is_open_to_others(durable_server):
    fill(durable_server.administrator("kms"))
    closed = stat.S_IMODE(durable_server.data_dir.stat().st_mode) & 0o077 == 0
    for path in durable_server.data_dir.rglob("*"):
        assert closed or stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_first_start_says_how_to_use_it_and_tells_no_secret(durable_server):
    logged = durable_server.logged().decode()
    profile = Profile.find(durable_server.data_dir)
    assert str(profile.path) in logged or profile.path.name in logged
    assert profile.credentials.secret not in logged


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_second_start_finds_everything(durable_server, end):
    key, blob = fill(durable_server.administrator("kms"))
    before = Profile.find(durable_server.data_dir)
    for _ in range(3):
        getattr(durable_server, end)()
        durable_server.start()
        assert Profile.find(durable_server.data_dir) == before
        assert_filled(durable_server.administrator("kms"), key, blob)


def test_a_clean_stop_ends_with_success(durable_server):
    assert durable_server.stop() == 0


def test_a_second_process_on_the_same_directory_is_refused(durable_server):
    key, blob = fill(durable_server.administrator("kms"))
    second = run("serve", "--listen", f"127.0.0.1:{free_port()}", "--data-dir", durable_server.data_dir)
    assert second.returncode != 0
    message = second.stderr + second.stdout
    assert str(durable_server.data_dir) in message
    assert "another process" in message or "in use" in message or "locked" in message
    assert "panicked" not in message
    assert_filled(durable_server.administrator("kms"), key, blob)


def test_a_scheduled_deletion_survives_and_can_still_be_cancelled(durable_server):
    kms = durable_server.administrator("kms")
    key = kms.create_key()["KeyMetadata"]
    scheduled = kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=9)
    durable_server.kill()
    durable_server.start()
    kms = durable_server.administrator("kms")
    metadata = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (metadata["KeyState"], metadata["DeletionDate"]) == ("PendingDeletion", scheduled["DeletionDate"])
    kms.cancel_key_deletion(KeyId=key["KeyId"])


def test_a_scheduled_deletion_still_happens_after_a_restart(tmp_path, account):
    with Server(dev=True, data_dir=tmp_path / "data") as server:
        kms = server.client("kms", account)
        key = kms.create_key()["KeyMetadata"]
        kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
        server.kill()
        server.start()
        kms = server.client("kms", account)
        assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
        server.advance_clock(8 * 24 * 60 * 60)
        with refused("NotFoundException"):
            kms.describe_key(KeyId=key["KeyId"])


def test_the_managed_key_of_a_service_stays_the_same(durable_server):
    before = durable_server.administrator("kms").describe_key(KeyId="alias/aws/ssm")["KeyMetadata"]
    durable_server.kill()
    durable_server.start()
    assert durable_server.administrator("kms").describe_key(KeyId="alias/aws/ssm")["KeyMetadata"] == before


def files_of(data_dir: Path) -> list[Path]:
    """The files of a data directory that hold its state, the largest first."""
    profile = Profile.find(data_dir).path
    found = [path for path in data_dir.rglob("*") if path.is_file() and path != profile and path.stat().st_size > 64]
    return sorted(found, key=lambda path: -path.stat().st_size)


def tampered_copies(data_dir: Path, copies: Path) -> Iterator[tuple[Path, str]]:
    """Copies of a data directory, each with one byte of one file changed, and what was changed."""
    for path in files_of(data_dir)[:6]:
        used = len(path.read_bytes().rstrip(b"\0"))
        for place in sorted({used // 2, used - 1} - {-1}):
            copy = copies / f"{path.name}-{place}"
            shutil.copytree(data_dir, copy)
            with (copy / path.relative_to(data_dir)).open("r+b") as file:
                file.seek(place)
                byte = file.read(1)[0]
                file.seek(place)
                file.write(bytes([byte ^ 0xFF]))
            yield copy, f"byte {place} of {path.relative_to(data_dir)}"
            shutil.rmtree(copy)


def test_a_tampered_file_is_never_taken_for_a_good_one(tmp_path):
    # Whatever byte is changed, in whatever file: the server refuses to start and says why, or it refuses what it
    # can no longer read, or nothing that matters was changed. It never answers from what was tampered with, and
    # never forgets what it had acknowledged.
    with Server(data_dir=tmp_path / "data") as server:
        key, blob = fill(server.administrator("kms"))
        server.stop()
    for copy, what in tampered_copies(tmp_path / "data", tmp_path / "copies"):
        server = Server(data_dir=copy)
        server.spawn()
        try:
            server.wait_until_healthy()
        except AssertionError:
            logged = server.logged().decode(errors="replace")
            assert logged.strip() and "panicked" not in logged, (what, logged)
            continue
        try:
            assert_filled(server.administrator("kms"), key, blob)
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500, (what, error)
        finally:
            server.kill()
            server.log.close()


def test_a_directory_that_is_not_one_of_ours_is_left_alone(tmp_path):
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "notes.txt").write_text("mine")
    finished = run("status", "--data-dir", strange)
    assert finished.returncode != 0
    assert [path.name for path in strange.iterdir()] == ["notes.txt"]
    assert binary().is_file()
