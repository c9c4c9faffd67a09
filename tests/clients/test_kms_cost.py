"""What keys were used for, and what that costs: exact, and not lost when the process is killed."""

import json
from datetime import UTC, datetime
from pathlib import Path

from harness.server import REGION, Server, run


def cost(data_dir: Path, *arguments: str) -> dict:
    """The answer of `alcazar cost` as JSON."""
    done = run("cost", "--data-dir", str(data_dir), "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def requests_of(report: dict, arn: str) -> dict[str, int]:
    """How many requests of each class a key had."""
    keys = [key for account in report["accounts"] for region in account["regions"] for key in region["keys"]]
    (key,) = [key for key in keys if key["resource"] == arn]
    return {one["class"]: one["count"] for one in key["requests"]}


def test_use_survives_a_kill_and_costs_the_same_with_and_without_a_server(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with Server(data_dir=data_dir) as server:
        kms = server.administrator("kms")
        key = kms.create_key()["KeyMetadata"]
        blob = b""
        for number in range(25):
            blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=str(number).encode())["CiphertextBlob"]
        assert requests_of(cost(data_dir), key["Arn"]) == {"KMS-Requests": 25}
        for _ in range(5):
            kms.decrypt(CiphertextBlob=blob)
        last = kms.get_key_last_usage(KeyId=key["KeyId"])["KeyLastUsage"]
        assert last["Operation"] == "Decrypt"
        server.kill()
    report = cost(data_dir)
    # Thirty uses, and the question for the last one.
    assert requests_of(report, key["Arn"]) == {"KMS-Requests": 31}
    assert report["month"] == datetime.now(UTC).strftime("%Y-%m") and report["currency"] == "USD"
    with Server(data_dir=data_dir) as server:
        kms = server.administrator("kms")
        told = kms.get_key_last_usage(KeyId=key["Arn"])
        assert told["KeyLastUsage"] == last
        assert told["TrackingStartDate"] <= last["Timestamp"]
        assert requests_of(cost(data_dir), key["Arn"]) == {"KMS-Requests": 32}
    assert requests_of(cost(data_dir), key["Arn"]) == {"KMS-Requests": 32}


def test_costs_are_shown_by_account_region_and_key(durable_server: Server) -> None:
    kms = durable_server.administrator("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    data_dir = durable_server.data_dir
    report = cost(data_dir)
    (account,) = report["accounts"]
    assert account["account"] == key["AWSAccountId"]
    assert [region["region"] for region in account["regions"]] == [REGION]
    # The making of the key and its use are free; its first hour is not.
    assert (account["freeRequests"], account["freeTier"]) == (2, "0.000006000")
    keys = {one["resource"]: one for one in account["regions"][0]["keys"]}
    assert keys[key["Arn"]]["keyHours"] == 1
    assert account["cost"] == report["cost"] == keys[key["Arn"]]["keyCost"]

    alone = cost(data_dir, "--key", key["KeyId"])
    (only,) = alone["accounts"][0]["regions"][0]["keys"]
    assert only["resource"] == key["Arn"] and alone["accounts"][0]["freeRequests"] == 0
    assert cost(data_dir, "--region", "eu-west-3")["accounts"] == []
    assert cost(data_dir, "--account", "999999999999")["cost"] == "0.000000000"
    assert cost(data_dir, "--month", "2020-02") == {
        "month": "2020-02", "currency": "USD", "accounts": [], "cost": "0.000000000",
    }
    table = run("cost", "--data-dir", str(data_dir)).stdout
    assert f"account {key['AWSAccountId']}" in table and f"key/{key['KeyId']}" in table and "1 KMS-Requests" in table
    assert run("cost", "--data-dir", str(data_dir), "--month", "2026-13").returncode != 0
