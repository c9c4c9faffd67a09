"""Aliases: their names, what they point at, and who may not have them."""

from datetime import datetime, timedelta, timezone

import pytest

from harness.aliases import customer_aliases
from harness.errors import refused


def test_an_alias_is_listed_with_its_key(kms, key, arn):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    (alias,) = customer_aliases(kms)
    assert alias["AliasName"] == "alias/app"
    assert alias["AliasArn"] == arn("alias/app")
    assert alias["TargetKeyId"] == key["KeyId"]
    now = datetime.now(timezone.utc)
    assert abs(now - alias["CreationDate"]) < timedelta(minutes=1)
    assert abs(now - alias["LastUpdatedDate"]) < timedelta(minutes=1)


def test_list_aliases_of_one_key_lists_only_its_own(kms, key):
    other = kms.create_key()["KeyMetadata"]
    for name, target in (("alias/a", key), ("alias/b", other), ("alias/c", key)):
        kms.create_alias(AliasName=name, TargetKeyId=target["KeyId"])
    assert [alias["AliasName"] for alias in customer_aliases(kms, KeyId=key["Arn"])] == ["alias/a", "alias/c"]
    assert [alias["AliasName"] for alias in customer_aliases(kms, KeyId=other["KeyId"])] == ["alias/b"]


def test_an_alias_moved_to_another_key_encrypts_under_that_one(kms, key):
    other = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    before = kms.encrypt(KeyId="alias/app", Plaintext=b"old")
    kms.update_alias(AliasName="alias/app", TargetKeyId=other["KeyId"])
    assert kms.encrypt(KeyId="alias/app", Plaintext=b"new")["KeyId"] == other["Arn"]
    assert kms.decrypt(CiphertextBlob=before["CiphertextBlob"])["Plaintext"] == b"old"
    with refused("IncorrectKeyException"):
        kms.decrypt(CiphertextBlob=before["CiphertextBlob"], KeyId="alias/app")


def test_a_deleted_alias_is_gone_and_its_key_is_not(kms, key, arn):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    kms.delete_alias(AliasName="alias/app")
    with refused("NotFoundException", message=f"Alias {arn('alias/app')} is not found."):
        kms.describe_key(KeyId="alias/app")
    assert customer_aliases(kms) == []
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])


def test_a_name_can_be_taken_once(kms, key, arn):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    other = kms.create_key()["KeyMetadata"]
    for target in (key, other):
        with refused(
            "AlreadyExistsException", message=f"An alias with the name {arn('alias/app')} already exists"
        ):
            kms.create_alias(AliasName="alias/app", TargetKeyId=target["KeyId"])
    assert kms.describe_key(KeyId="alias/app")["KeyMetadata"]["KeyId"] == key["KeyId"]


@pytest.mark.parametrize("name", ["alias/aws/ssm", "alias/aws/mine", "alias/aws/"])
def test_names_of_aws_cannot_be_made_moved_or_deleted(kms, key, name):
    codes = ("NotAuthorizedException", "InvalidAliasNameException", "ValidationException")
    with refused(*codes):
        kms.create_alias(AliasName=name, TargetKeyId=key["KeyId"])
    with refused(*codes, "NotFoundException"):
        kms.update_alias(AliasName=name, TargetKeyId=key["KeyId"])
    with refused(*codes, "NotFoundException"):
        kms.delete_alias(AliasName=name)


def test_a_name_without_the_prefix_is_refused(kms, key):
    with refused("ValidationException", message=(
        'Alias must start with the prefix "alias/". '
        "Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
    )):
        kms.create_alias(AliasName="app", TargetKeyId=key["KeyId"])


@pytest.mark.parametrize("name", ["alias/a b", "alias/ä", "alias/a.b", "alias/a*", "alias/a?b"])
def test_wrong_characters_are_refused_with_the_pattern(kms, key, name):
    with refused("ValidationException", message=(
        f"1 validation error detected: Value '{name}' at 'aliasName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"
    )):
        kms.create_alias(AliasName=name, TargetKeyId=key["KeyId"])


@pytest.mark.parametrize("name", ["alias/", "alias/a:b"])
def test_names_that_fit_the_pattern_but_are_none_are_refused(kms, key, name):
    with refused("ValidationException", "InvalidAliasNameException"):
        kms.create_alias(AliasName=name, TargetKeyId=key["KeyId"])


def test_a_name_may_be_256_characters_long(kms, key):
    longest = "alias/" + "x" * 250
    kms.create_alias(AliasName=longest, TargetKeyId=key["KeyId"])
    assert kms.describe_key(KeyId=longest)["KeyMetadata"]["KeyId"] == key["KeyId"]
    with refused("ValidationException", matching="Member must have length less than or equal to 256"):
        kms.create_alias(AliasName=longest + "x", TargetKeyId=key["KeyId"])


def test_an_alias_needs_a_key(kms, arn):
    absent = arn("key/12345678-1234-1234-1234-123456789012")
    with refused("NotFoundException", message=f"Key '{absent}' does not exist"):
        kms.create_alias(AliasName="alias/app", TargetKeyId=absent)
    assert customer_aliases(kms) == []


def test_an_alias_cannot_point_at_an_alias(kms, key):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    with refused("ValidationException", "NotFoundException", "InvalidArnException"):
        kms.create_alias(AliasName="alias/second", TargetKeyId="alias/app")


def test_an_absent_alias_can_neither_be_moved_nor_deleted(kms, key, arn):
    for call in (
        lambda: kms.update_alias(AliasName="alias/no", TargetKeyId=key["KeyId"]),
        lambda: kms.delete_alias(AliasName="alias/no"),
    ):
        with refused("NotFoundException", message=f"Alias {arn('alias/no')} is not found."):
            call()
