"""What each key state lets happen.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

import pytest

from harness.errors import refused

CRYPTOGRAPHIC = {
    "encrypt": lambda kms, key, blob: kms.encrypt(KeyId=key, Plaintext=b"x"),
    "decrypt": lambda kms, key, blob: kms.decrypt(CiphertextBlob=blob),
    "decrypt under a named key": lambda kms, key, blob: kms.decrypt(CiphertextBlob=blob, KeyId=key),
    "re-encrypt to it": lambda kms, key, blob: kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key),
    "data key": lambda kms, key, blob: kms.generate_data_key(KeyId=key, KeySpec="AES_256"),
    "data key without plaintext": lambda kms, key, blob: kms.generate_data_key_without_plaintext(
        KeyId=key, KeySpec="AES_256"
    ),
}

MANAGEMENT_REFUSED_PENDING_DELETION = {
    "disable": lambda kms, key: kms.disable_key(KeyId=key),
    "enable": lambda kms, key: kms.enable_key(KeyId=key),
    "describe anew": lambda kms, key: kms.update_key_description(KeyId=key, Description="d"),
    "schedule again": lambda kms, key: kms.schedule_key_deletion(KeyId=key),
    "tag": lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "k", "TagValue": "v"}]),
    "untag": lambda kms, key: kms.untag_resource(KeyId=key, TagKeys=["k"]),
    "new alias": lambda kms, key: kms.create_alias(AliasName="alias/new", TargetKeyId=key),
}

ALWAYS_ALLOWED = {
    "describe": lambda kms, key: kms.describe_key(KeyId=key),
    "policy": lambda kms, key: kms.get_key_policy(KeyId=key),
    "policies": lambda kms, key: kms.list_key_policies(KeyId=key),
    "new policy": lambda kms, key: kms.put_key_policy(KeyId=key, Policy=kms.get_key_policy(KeyId=key)["Policy"]),
    "tags": lambda kms, key: kms.list_resource_tags(KeyId=key),
    "aliases": lambda kms, key: kms.list_aliases(KeyId=key),
    "delete an alias": lambda kms, key: kms.delete_alias(AliasName="alias/old"),
}


@pytest.fixture
def blob(kms, key) -> bytes:
    """A ciphertext under the key, which has an alias."""
    kms.create_alias(AliasName="alias/old", TargetKeyId=key["KeyId"])
    return kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]


@pytest.mark.parametrize("call", CRYPTOGRAPHIC.values(), ids=CRYPTOGRAPHIC)
def test_a_disabled_key_refuses_every_cryptographic_operation(kms, key, blob, call):
    kms.disable_key(KeyId=key["KeyId"])
    with refused("DisabledException", message=f"{key['Arn']} is disabled."):
        call(kms, key["KeyId"], blob)
    kms.enable_key(KeyId=key["KeyId"])
    call(kms, key["KeyId"], blob)


@pytest.mark.parametrize("call", CRYPTOGRAPHIC.values(), ids=CRYPTOGRAPHIC)
def test_a_key_pending_deletion_refuses_every_cryptographic_operation(kms, key, blob, call):
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    with refused("KMSInvalidStateException", message=f"{key['Arn']} is pending deletion."):
        call(kms, key["KeyId"], blob)


@pytest.mark.parametrize("call", MANAGEMENT_REFUSED_PENDING_DELETION.values(), ids=MANAGEMENT_REFUSED_PENDING_DELETION)
def test_a_key_pending_deletion_cannot_be_changed(kms, key, blob, call):
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    with refused("KMSInvalidStateException", message=f"{key['Arn']} is pending deletion."):
        call(kms, key["KeyId"])


@pytest.mark.parametrize("state", ["Enabled", "Disabled", "PendingDeletion"])
@pytest.mark.parametrize("call", ALWAYS_ALLOWED.values(), ids=ALWAYS_ALLOWED)
def test_what_every_state_allows(kms, key, blob, state, call):
    if state == "Disabled":
        kms.disable_key(KeyId=key["KeyId"])
    if state == "PendingDeletion":
        kms.schedule_key_deletion(KeyId=key["KeyId"])
    call(kms, key["KeyId"])
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == state


def test_a_disabled_key_can_be_managed(kms, key, blob):
    kms.disable_key(KeyId=key["KeyId"])
    kms.update_key_description(KeyId=key["KeyId"], Description="d")
    kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "k", "TagValue": "v"}])
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["k"])
    kms.create_alias(AliasName="alias/new", TargetKeyId=key["KeyId"])
    kms.schedule_key_deletion(KeyId=key["KeyId"])


def test_an_alias_can_be_moved_away_from_a_key_pending_deletion_but_not_to_it(kms, key, blob):
    other = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/other", TargetKeyId=other["KeyId"])
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    with refused("KMSInvalidStateException", message=f"{key['Arn']} is pending deletion."):
        kms.update_alias(AliasName="alias/other", TargetKeyId=key["KeyId"])
    kms.update_alias(AliasName="alias/old", TargetKeyId=other["KeyId"])
    assert kms.describe_key(KeyId="alias/old")["KeyMetadata"]["KeyId"] == other["KeyId"]
