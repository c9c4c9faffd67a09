"""The operator's commands: init, status, backup, restore, credentials, rotate-root, audit."""

import os
import stat
from pathlib import Path

import pytest

from harness.server import Profile, Server, run

COMMANDS = ["serve", "init", "status", "backup", "restore", "credentials", "rotate-root", "audit", "exec"]


@pytest.fixture
def filled(tmp_path: Path):
    """A data directory that nothing runs on, with a key and a ciphertext in it."""
    data = tmp_path / "data"
    with Server(data_dir=data) as server:
        kms = server.administrator("kms")
        key = kms.create_key(Description="kept")["KeyMetadata"]
        blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    return data, key, blob


def assert_kept(data: Path, key: dict, blob: bytes) -> None:
    """A server on `data` has the key."""
    with Server(data_dir=data) as server:
        kms = server.administrator("kms")
        assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_the_help_names_every_command():
    finished = run("--help")
    assert finished.returncode == 0
    for command in COMMANDS:
        assert command in finished.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command):
    finished = run(command, "--help")
    assert finished.returncode == 0
    assert "Usage:" in finished.stdout
    assert "--data-dir" in finished.stdout
    assert len(finished.stdout.splitlines()) >= 5


def test_the_version_is_told():
    finished = run("--version")
    assert finished.returncode == 0
    assert finished.stdout.startswith("alcazar ")


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--nonsense"], ["serve", "--listen", "nowhere"], ["backup"]])
def test_a_wrong_command_line_ends_with_an_error_and_no_panic(arguments):
    finished = run(*arguments)
    assert finished.returncode != 0
    assert finished.stderr
    assert "panicked" not in finished.stderr


@pytest.mark.parametrize("command", ["status", "credentials", "rotate-root", "audit"])
def test_a_directory_that_does_not_exist_is_told_so_and_not_made(tmp_path, command):
    absent = tmp_path / "absent"
    finished = run(command, "--data-dir", absent)
    assert finished.returncode != 0
    assert str(absent) in finished.stderr
    assert "panicked" not in finished.stderr
    assert not absent.exists()


def test_init_makes_what_the_first_start_would(tmp_path):
    data = tmp_path / "data"
    finished = run("init", "--data-dir", data)
    assert finished.returncode == 0, finished.stderr
    profile = Profile.find(data)
    assert stat.S_IMODE(profile.path.stat().st_mode) == 0o600
    with Server(data_dir=data) as server:
        assert Profile.find(data) == profile
        server.administrator("kms").create_key()


def test_init_does_not_touch_what_is_there(filled):
    data, key, blob = filled
    before = Profile.find(data)
    finished = run("init", "--data-dir", data)
    assert finished.returncode != 0
    assert Profile.find(data) == before
    assert_kept(data, key, blob)


def test_status_says_something_of_the_store_and_no_secret(filled):
    data, _, _ = filled
    finished = run("status", "--data-dir", data)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip()
    assert Profile.find(data).credentials.secret not in finished.stdout + finished.stderr


def test_credentials_are_shown_so_that_they_can_be_used(filled):
    data, _, _ = filled
    finished = run("credentials", "--data-dir", data)
    assert finished.returncode == 0, finished.stderr
    assert Profile.find(data).credentials.access_key in finished.stdout


def test_a_backup_is_restored_elsewhere_with_everything_in_it(filled, tmp_path):
    data, key, blob = filled
    backup = tmp_path / "backup"
    finished = run("backup", backup, "--data-dir", data)
    assert finished.returncode == 0, finished.stderr
    assert stat.S_IMODE(backup.stat().st_mode) & 0o077 == 0
    restored = tmp_path / "restored"
    finished = run("restore", backup, "--data-dir", restored)
    assert finished.returncode == 0, finished.stderr
    assert Profile.find(restored).credentials == Profile.find(data).credentials
    assert_kept(restored, key, blob)
    assert_kept(data, key, blob)


def test_a_backup_does_not_overwrite_a_file(filled, tmp_path):
    data, _, _ = filled
    precious = tmp_path / "precious"
    precious.write_text("mine")
    finished = run("backup", precious, "--data-dir", data)
    assert finished.returncode != 0
    assert precious.read_text() == "mine"


def test_a_backup_is_not_restored_over_a_store(filled, tmp_path):
    data, key, blob = filled
    backup = tmp_path / "backup"
    assert run("backup", backup, "--data-dir", data).returncode == 0
    finished = run("restore", backup, "--data-dir", data)
    assert finished.returncode != 0
    assert_kept(data, key, blob)


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "foreign"])
def test_a_damaged_backup_is_refused_and_leaves_nothing_behind(filled, tmp_path, damage):
    data, _, _ = filled
    backup = tmp_path / "backup"
    assert run("backup", backup, "--data-dir", data).returncode == 0
    good = backup.read_bytes()
    middle = len(good) // 2
    backup.write_bytes({
        "cut": good[:-1],
        "changed": good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1:],
        "empty": b"",
        "foreign": os.urandom(len(good)),
    }[damage])
    restored = tmp_path / "restored"
    finished = run("restore", backup, "--data-dir", restored)
    assert finished.returncode != 0
    assert "panicked" not in finished.stderr
    assert run("status", "--data-dir", restored).returncode != 0


def test_after_the_root_was_rotated_everything_still_opens(filled, tmp_path):
    data, key, blob = filled
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and path.stat().st_size < 4096}
    finished = run("rotate-root", "--data-dir", data)
    assert finished.returncode == 0, finished.stderr
    assert any(path.read_bytes() != content for path, content in before.items() if path.exists()), "nothing changed"
    assert_kept(data, key, blob)
    assert run("rotate-root", "--data-dir", data).returncode == 0
    assert_kept(data, key, blob)


def test_commands_that_need_the_directory_for_themselves_say_so_while_a_server_runs(durable_server):
    finished = run("rotate-root", "--data-dir", durable_server.data_dir)
    assert finished.returncode != 0
    assert str(durable_server.data_dir) in finished.stderr
    durable_server.administrator("kms").create_key()


def test_every_setting_can_come_from_the_environment_too(tmp_path):
    data = tmp_path / "data"
    finished = run("init", ALCAZAR_DATA_DIR=str(data))
    assert finished.returncode == 0, finished.stderr
    assert Profile.find(data)
