"""What was destroyed leaves the disk: the store's journal that held it is gone within a minute, also after a kill."""

import secrets
import time
from pathlib import Path

from harness.imports import imported_key
from harness.server import Server

# The server lets destructions gather for half a minute before it rewrites its files.
WAIT_SECONDS_MAX = 120


def holders(data_dir: Path) -> set[Path]:
    """The journals, which hold what was just written. No name is used twice."""
    return set((data_dir / "records").glob("*.jnl"))


def test_files_that_held_destroyed_material_are_gone_although_the_server_was_killed(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    material = secrets.token_bytes(32)
    with Server(data_dir=data_dir) as server:
        kms = server.administrator("kms")
        kept = kms.create_key()["KeyMetadata"]["KeyId"]
        blob = kms.encrypt(KeyId=kept, Plaintext=b"kept")["CiphertextBlob"]
        key_id = imported_key(kms, "SYMMETRIC_DEFAULT", material)
        held = holders(data_dir)
        assert held
        kms.delete_imported_key_material(KeyId=key_id)
        server.kill()
        server.start()
        kms = server.administrator("kms")
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while held & holders(data_dir):
            assert time.monotonic() < deadline, "the old files are there still"
            time.sleep(1)
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"kept"
        assert kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "PendingImport"
