"""Many clients write while the process is killed, fifty times over.

Afterwards every acknowledged write is there, no half-done one is, and the audit log has every acknowledged call.
"""

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from harness.aliases import AWS_PREFIX
from harness.raw import RawClient, Response
from harness.server import Profile, Server, run

ROUNDS = 50
CLIENTS = 8
LOAD_SECONDS_MIN = 0.1
LOAD_SECONDS_MAX = 0.5
# A bound on one client's writes in a round, far above what it gets to: the kill is to come in the middle of them.
WRITES_MAX = 2000


@dataclass
class Key:
    """What one client knows of a key that it made. No other client writes to it."""

    key_id: str
    token: str
    # The acknowledged value, and the one that was sent and never answered, which may or may not have come to be.
    description: list[str] = field(default_factory=list)
    pair: list[str] = field(default_factory=list)
    deletion: list[bool] = field(default_factory=lambda: [False])


@dataclass
class Ledger:
    """What the clients were told."""

    keys: dict[str, Key] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    request_ids: set[str] = field(default_factory=set)
    unanswered: int = 0


class Writer:
    """One client that writes until its server is gone."""

    def __init__(self, server: Server, profile: Profile, ledger: Ledger, seed: int) -> None:
        self.client = RawClient(server, profile.credentials.access_key, profile.credentials.secret)
        self.ledger = ledger
        self.random = random.Random(seed)
        self.mine: list[Key] = []

    def run(self) -> None:
        """Writes until the connection breaks."""
        try:
            for _ in range(WRITES_MAX):
                self.write()
        except (OSError, http.client.HTTPException):
            self.ledger.unanswered += 1
        finally:
            self.client.close()

    def write(self) -> None:
        """One write of a random kind."""
        alive = [key for key in self.mine if key.deletion == [False]]
        if not alive or self.random.random() < 0.15:
            self.create_key()
            return
        key = self.random.choice(alive)
        self.random.choice([self.create_alias, self.tag, self.describe, self.describe, self.tag, self.schedule])(key)

    def call(self, operation: str, value: dict) -> Response:
        """Sends a call that must succeed, if it is answered at all."""
        response = self.client.json(operation, value)
        assert response.status == 200, (operation, response.body)
        self.ledger.request_ids.add(response.request_id)
        return response

    def create_key(self) -> None:
        token = str(uuid.uuid4())
        tags = [{"TagKey": "token", "TagValue": token}, {"TagKey": "left", "TagValue": "0"},
                {"TagKey": "right", "TagValue": "0"}]
        made = self.call("CreateKey", {"Description": token, "Tags": tags}).json()["KeyMetadata"]
        key = Key(made["KeyId"], token, [token], ["0"])
        self.mine.append(key)
        self.ledger.keys[key.key_id] = key

    def create_alias(self, key: Key) -> None:
        name = f"alias/{uuid.uuid4()}"
        self.call("CreateAlias", {"AliasName": name, "TargetKeyId": key.key_id})
        self.ledger.aliases[name] = key.key_id

    def tag(self, key: Key) -> None:
        value = str(uuid.uuid4())
        key.pair.append(value)
        tags = [{"TagKey": side, "TagValue": value} for side in ("left", "right")]
        self.call("TagResource", {"KeyId": key.key_id, "Tags": tags})
        key.pair = [value]

    def describe(self, key: Key) -> None:
        value = str(uuid.uuid4())
        key.description.append(value)
        self.call("UpdateKeyDescription", {"KeyId": key.key_id, "Description": value})
        key.description = [value]

    def schedule(self, key: Key) -> None:
        key.deletion.append(True)
        self.call("ScheduleKeyDeletion", {"KeyId": key.key_id, "PendingWindowInDays": 7})
        key.deletion = [True]


def load_and_kill(server: Server, profile: Profile, ledger: Ledger, round_: int) -> None:
    """Lets the clients write for a moment, and kills the server under them."""
    writers = [Writer(server, profile, ledger, round_ * CLIENTS + number) for number in range(CLIENTS)]
    failures: list[BaseException] = []

    def work(writer: Writer) -> None:
        try:
            writer.run()
        except AssertionError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    time.sleep(random.Random(round_).uniform(LOAD_SECONDS_MIN, LOAD_SECONDS_MAX))
    server.kill()
    for thread in threads:
        thread.join()
    assert not failures, failures


def listed(client: RawClient, operation: str, member: str) -> Iterator[dict]:
    """Everything that a list operation lists."""
    value: dict = {"Limit": 1000 if operation == "ListKeys" else 100}
    while True:
        page = client.json(operation, value).json()
        yield from page[member]
        if not page["Truncated"]:
            return
        value["Marker"] = page["NextMarker"]


def check_key(client: RawClient, key_id: str, known: Key | None) -> None:
    """The key is whole, and is as its client was last told."""
    metadata = client.json("DescribeKey", {"KeyId": key_id}).json()["KeyMetadata"]
    tags = {tag["TagKey"]: tag["TagValue"] for tag in client.json("ListResourceTags", {"KeyId": key_id}).json()["Tags"]}
    policy = json.loads(client.json("GetKeyPolicy", {"KeyId": key_id}).json()["Policy"])
    assert policy["Statement"]
    assert tags.keys() == {"token", "left", "right"}
    assert tags["left"] == tags["right"], "half a TagResource was done"
    pending = metadata["KeyState"] == "PendingDeletion"
    assert pending == ("DeletionDate" in metadata)
    if known is None:
        # Its client was never told of it, so nothing has been done to it since.
        assert (metadata["Description"], tags["left"], pending) == (tags["token"], "0", False)
        return
    assert tags["token"] == known.token
    assert metadata["Description"] in known.description
    assert tags["left"] in known.pair
    assert pending in known.deletion
    if not pending:
        blob = client.json("Encrypt", {"KeyId": key_id, "Plaintext": "c2VjcmV0"}).json()["CiphertextBlob"]
        assert client.json("Decrypt", {"CiphertextBlob": blob}).json()["Plaintext"] == "c2VjcmV0"


def check_all(server: Server, profile: Profile, ledger: Ledger) -> None:
    """Every acknowledged write is there, and no half-done one."""
    clients = threading.local()

    def client() -> RawClient:
        if not hasattr(clients, "raw"):
            clients.raw = RawClient(server, profile.credentials.access_key, profile.credentials.secret)
        return clients.raw

    present = {key["KeyId"] for key in listed(client(), "ListKeys", "Keys")}
    assert ledger.keys.keys() <= present
    aliases = {alias["AliasName"]: alias.get("TargetKeyId") for alias in listed(client(), "ListAliases", "Aliases")
               if not alias["AliasName"].startswith(AWS_PREFIX)}
    assert ledger.aliases.items() <= aliases.items()
    assert set(aliases.values()) <= present
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(lambda key_id: check_key(client(), key_id, ledger.keys.get(key_id)), key_id)
                     for key_id in present]:
            done.result()


def test_no_kill_loses_or_halves_a_write(tmp_path: Path):
    ledger = Ledger()
    with Server(data_dir=tmp_path / "data") as server:
        profile = Profile.find(tmp_path / "data")
        for round_ in range(ROUNDS):
            load_and_kill(server, profile, ledger, round_)
            server.start()
        check_all(server, profile, ledger)
        server.kill()
    assert len(ledger.keys) > ROUNDS and len(ledger.aliases) > ROUNDS, "there was hardly any load"
    assert ledger.unanswered > ROUNDS / 2, "the kills did not come in the middle of writes"

    audit = run("audit", "--data-dir", tmp_path / "data")
    assert audit.returncode == 0, audit.stderr
    recorded = [json.loads(line).get("requestID") for line in audit.stdout.splitlines()]
    # What the server does by itself answers no request.
    recorded = [request_id for request_id in recorded if request_id]
    assert ledger.request_ids <= set(recorded)
    assert len(recorded) == len(set(recorded))
