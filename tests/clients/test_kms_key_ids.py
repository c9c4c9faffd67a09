"""The four ways to name a key, and what AWS says when one names nothing."""

import uuid

import pytest

from harness.errors import refused


@pytest.fixture
def names(kms, key, arn) -> dict[str, str]:
    """A key's names, by kind."""
    kms.create_alias(AliasName="alias/team/app", TargetKeyId=key["KeyId"])
    return {
        "key id": key["KeyId"],
        "key ARN": key["Arn"],
        "alias name": "alias/team/app",
        "alias ARN": arn("alias/team/app"),
    }


ALL_NAMES = ["key id", "key ARN", "alias name", "alias ARN"]


@pytest.mark.parametrize("kind", ALL_NAMES)
def test_a_key_is_described_by_every_name(kms, names, key, kind):
    assert kms.describe_key(KeyId=names[kind])["KeyMetadata"]["Arn"] == key["Arn"]


@pytest.mark.parametrize("kind", ALL_NAMES)
def test_cryptographic_operations_take_every_name_and_answer_the_key_arn(kms, names, key, kind):
    name = names[kind]
    encrypted = kms.encrypt(KeyId=name, Plaintext=b"secret")
    blob = encrypted["CiphertextBlob"]
    assert encrypted["KeyId"] == key["Arn"]
    assert kms.decrypt(KeyId=name, CiphertextBlob=blob)["KeyId"] == key["Arn"]
    again = kms.re_encrypt(CiphertextBlob=blob, SourceKeyId=name, DestinationKeyId=name)
    assert (again["SourceKeyId"], again["KeyId"]) == (key["Arn"], key["Arn"])
    assert kms.generate_data_key(KeyId=name, KeySpec="AES_256")["KeyId"] == key["Arn"]
    assert kms.generate_data_key_without_plaintext(KeyId=name, KeySpec="AES_256")["KeyId"] == key["Arn"]


@pytest.mark.parametrize("kind", ["key id", "key ARN"])
def test_management_operations_take_the_key_id_and_the_key_arn(kms, names, key, kind):
    name = names[kind]
    kms.update_key_description(KeyId=name, Description="d")
    kms.disable_key(KeyId=name)
    kms.enable_key(KeyId=name)
    kms.tag_resource(KeyId=name, Tags=[{"TagKey": "k", "TagValue": "v"}])
    assert kms.list_resource_tags(KeyId=name)["Tags"] == [{"TagKey": "k", "TagValue": "v"}]
    kms.untag_resource(KeyId=name, TagKeys=["k"])
    kms.put_key_policy(KeyId=name, Policy=kms.get_key_policy(KeyId=name)["Policy"])
    assert kms.list_key_policies(KeyId=name)["PolicyNames"] == ["default"]
    kms.create_alias(AliasName="alias/second", TargetKeyId=name)
    kms.update_alias(AliasName="alias/second", TargetKeyId=name)
    assert len(kms.list_aliases(KeyId=name)["Aliases"]) == 2
    assert kms.schedule_key_deletion(KeyId=name)["KeyId"] == key["Arn"]
    assert kms.cancel_key_deletion(KeyId=name)["KeyId"] == key["Arn"]


@pytest.mark.parametrize("kind", ["alias name", "alias ARN"])
@pytest.mark.parametrize("operation, parameters", [
    ("disable_key", {}),
    ("enable_key", {}),
    ("update_key_description", {"Description": "d"}),
    ("schedule_key_deletion", {}),
    ("cancel_key_deletion", {}),
    ("tag_resource", {"Tags": [{"TagKey": "k", "TagValue": "v"}]}),
    ("untag_resource", {"TagKeys": ["k"]}),
    ("list_resource_tags", {}),
    ("get_key_policy", {}),
    ("put_key_policy", {"Policy": "{}"}),
    ("list_key_policies", {}),
])
def test_management_operations_do_not_take_aliases(kms, names, key, kind, operation, parameters):
    with refused("NotFoundException", "InvalidArnException", "ValidationException"):
        getattr(kms, operation)(KeyId=names[kind], **parameters)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_a_key_that_does_not_exist_is_named_by_its_arn(kms, arn):
    absent = arn(f"key/{uuid.uuid4()}")
    for name in (absent, absent.rpartition("/")[2]):
        with refused("NotFoundException", message=f"Key '{absent}' does not exist"):
            kms.describe_key(KeyId=name)


@pytest.mark.parametrize("name", ["fake-key-id", "134f2428cec14b25a1ae9048164dba47", "mrk-fake-key-id"])
def test_what_is_no_key_id_is_called_invalid(kms, name):
    with refused("NotFoundException", message=f"Invalid keyId '{name}'"):
        kms.describe_key(KeyId=name)


def test_an_alias_that_does_not_exist_is_named_by_its_arn(kms, arn):
    for name in ("alias/nowhere", arn("alias/nowhere")):
        with refused("NotFoundException", message=f"Alias {arn('alias/nowhere')} is not found."):
            kms.encrypt(KeyId=name, Plaintext=b"x")


def test_an_arn_of_another_region_is_invalid_here(kms, key):
    elsewhere = key["Arn"].replace(":us-east-1:", ":ap-southeast-1:")
    with refused("NotFoundException", message="Invalid arn ap-southeast-1"):
        kms.describe_key(KeyId=elsewhere)


@pytest.mark.parametrize("name", [
    "arn:aws:kms", "arn:aws:s3:::bucket", "arn:aws:kms:us-east-1:111122223333:", "alias/", "arn:aws:kms::::",
    "key/12345678-1234-1234-1234-123456789012", "☃", " ", "../../etc/passwd", "a" * 2048,
])
def test_a_malformed_name_is_refused_cleanly(kms, name):
    with refused("NotFoundException", "InvalidArnException", "ValidationException"):
        kms.describe_key(KeyId=name)
    with refused("NotFoundException", "InvalidArnException", "ValidationException"):
        kms.encrypt(KeyId=name, Plaintext=b"x")
