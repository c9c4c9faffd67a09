"""Quotas as an operator sets them, and request rates as AWS's clients meet them.

Sources: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html and
https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html
"""

import subprocess

import boto3
import pytest
from botocore.config import Config

from harness.errors import refused
from harness.server import REGION, Server, binary, environment

THROTTLING = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."


def patient_client(server: Server, account: str, mode: str):
    """A KMS client with boto3's own retries."""
    return boto3.client(
        "kms", region_name=REGION, endpoint_url=server.url, aws_access_key_id=account, aws_secret_access_key="test",
        config=Config(retries={"mode": mode, "total_max_attempts": 10}),
    )


def test_a_quota_that_is_set_holds(account: str) -> None:
    with Server("--quota", "kms.keys=2", "--quota", "kms.tags-per-key=1", dev=True) as server:
        kms = server.client("kms", account)
        keys = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2)]
        with refused("LimitExceededException"):
            kms.create_key()
        with refused("TagException"):
            kms.tag_resource(KeyId=keys[0], Tags=[{"TagKey": key, "TagValue": ""} for key in "ab"])


def test_the_environment_sets_quotas_too(account: str) -> None:
    with Server(dev=True, ALCAZAR_QUOTAS="kms.aliases-per-key=1") as server:
        kms = server.client("kms", account)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/one", TargetKeyId=key)
        message = "Aliases per key quota for this account in this region is 1, current usage is 1."
        with refused("LimitExceededException", message=message):
            kms.create_alias(AliasName="alias/two", TargetKeyId=key)


def test_request_rates_are_off_until_they_are_switched_on(kms) -> None:
    for _ in range(12):
        kms.create_key()


def test_a_throttled_call_says_so(account: str) -> None:
    # One request in ten seconds: however slow the machine, the second comes too soon.
    with Server("--quota", "kms.rate.create-key=0.1", dev=True) as server:
        kms = server.client("kms", account)
        kms.create_key()
        with refused("ThrottlingException", message=THROTTLING) as refusal:
            kms.create_key()
        assert refusal.status == 400


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_clients_that_are_throttled_try_again_and_succeed(account: str, mode: str) -> None:
    with Server("--request-rates", "on", "--quota", "kms.rate.create-key=2", dev=True) as server:
        kms = patient_client(server, account, mode)
        answers = [kms.create_key() for _ in range(5)]
        assert len({answer["KeyMetadata"]["KeyId"] for answer in answers}) == 5
        assert sum(answer["ResponseMetadata"]["RetryAttempts"] for answer in answers) > 0


def test_a_quota_that_there_is_not_keeps_the_server_from_starting() -> None:
    line = [str(binary()), "serve", "--dev", "--quota", "kms.kyes=1"]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert '"kms.kyes" is no quota; there are ' in done.stderr
    assert ' kms.keys, ' in done.stderr
