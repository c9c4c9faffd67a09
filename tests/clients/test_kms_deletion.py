"""Keys are deleted when their waiting period is over, not before, and not if it was cancelled."""

from datetime import timedelta

import pytest

from harness.aliases import customer_aliases
from harness.errors import refused

DAY_SECONDS = 24 * 60 * 60


@pytest.mark.parametrize("days", [7, 8, 29, 30])
def test_the_waiting_period_may_be_seven_to_thirty_days(kms, key, days):
    scheduled = kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)
    assert scheduled["KeyId"] == key["Arn"]
    assert scheduled["KeyState"] == "PendingDeletion"
    assert scheduled["PendingWindowInDays"] == days
    waiting = scheduled["DeletionDate"] - key["CreationDate"]
    assert timedelta(days=days) - timedelta(minutes=1) < waiting < timedelta(days=days, minutes=1)
    metadata = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (metadata["KeyState"], metadata["Enabled"]) == ("PendingDeletion", False)
    assert metadata["DeletionDate"] == scheduled["DeletionDate"]


def test_the_waiting_period_is_thirty_days_if_none_is_said(kms, key):
    assert kms.schedule_key_deletion(KeyId=key["KeyId"])["PendingWindowInDays"] == 30


@pytest.mark.parametrize("days", [0, 1, 6, 31, 365, 366, 10**9])
def test_another_waiting_period_is_refused(server, account, kms, key, days):
    # The model takes 1 to 365, the service 7 to 30; without its own checks the client sends any.
    unchecked = server.client("kms", account, parameter_validation=False)
    with refused("ValidationException"):
        unchecked.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"


def test_a_cancelled_deletion_leaves_the_key_disabled(kms, key):
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    assert kms.cancel_key_deletion(KeyId=key["KeyId"])["KeyId"] == key["Arn"]
    metadata = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (metadata["KeyState"], metadata["Enabled"]) == ("Disabled", False)
    assert "DeletionDate" not in metadata


def test_only_a_pending_deletion_can_be_cancelled(kms, key):
    with refused("KMSInvalidStateException", message=f"{key['Arn']} is not pending deletion."):
        kms.cancel_key_deletion(KeyId=key["KeyId"])


def test_a_key_is_gone_when_its_time_has_come_and_not_a_moment_before(own_server, account):
    kms = own_server.client("kms", account)
    key = kms.create_key()["KeyMetadata"]
    other = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/doomed", TargetKeyId=key["KeyId"])
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    own_server.advance_clock(7 * DAY_SECONDS - 60)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"

    # Real time has passed too, so this is a little more than the rest.
    own_server.advance_clock(60)
    for call in (
        lambda: kms.describe_key(KeyId=key["KeyId"]),
        lambda: kms.cancel_key_deletion(KeyId=key["KeyId"]),
        lambda: kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x"),
        lambda: kms.list_resource_tags(KeyId=key["KeyId"]),
        lambda: kms.get_key_policy(KeyId=key["KeyId"]),
    ):
        with refused("NotFoundException", message=f"Key '{key['Arn']}' does not exist"):
            call()
    with refused("NotFoundException"):
        kms.describe_key(KeyId="alias/doomed")
    with refused("AccessDeniedException", "NotFoundException", "KMSInvalidStateException"):
        kms.decrypt(CiphertextBlob=blob)
    assert [listed["KeyId"] for listed in kms.list_keys()["Keys"]] == [other["KeyId"]]
    assert customer_aliases(kms) == []


def test_a_cancelled_deletion_never_happens(own_server, account):
    kms = own_server.client("kms", account)
    key = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    kms.cancel_key_deletion(KeyId=key["KeyId"])
    own_server.advance_clock(400 * DAY_SECONDS)
    kms.enable_key(KeyId=key["KeyId"])
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_a_deletion_scheduled_anew_counts_from_then(own_server, account):
    kms = own_server.client("kms", account)
    key = kms.create_key()["KeyMetadata"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    own_server.advance_clock(5 * DAY_SECONDS)
    kms.cancel_key_deletion(KeyId=key["KeyId"])
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    own_server.advance_clock(5 * DAY_SECONDS)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    own_server.advance_clock(2 * DAY_SECONDS)
    with refused("NotFoundException"):
        kms.describe_key(KeyId=key["KeyId"])
