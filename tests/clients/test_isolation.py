"""What belongs to one account or region is not there for another."""

import pytest

from harness.aliases import customer_aliases
from harness.errors import refused

CIPHERTEXT_OF_ANOTHER = (
    "is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource "
    "does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly "
    "denies access$"
)


@pytest.fixture
def stranger(server, new_account):
    """A KMS client of another account."""
    return server.client("kms", new_account())


@pytest.fixture
def elsewhere(server, account):
    """A KMS client of the same account in another region."""
    return server.client("kms", account, region="eu-west-1")


def test_another_account_sees_neither_keys_nor_aliases(kms, key, stranger):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    assert stranger.list_keys()["Keys"] == []
    assert customer_aliases(stranger) == []
    for name in (key["KeyId"], "alias/app"):
        with refused("NotFoundException"):
            stranger.describe_key(KeyId=name)
        with refused("NotFoundException"):
            stranger.encrypt(KeyId=name, Plaintext=b"x")


def test_another_account_may_not_use_a_key_by_its_arn(kms, key, arn, stranger):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    for name in (key["Arn"], arn("alias/app")):
        for call in (
            lambda: stranger.describe_key(KeyId=name),
            lambda: stranger.encrypt(KeyId=name, Plaintext=b"x"),
            lambda: stranger.generate_data_key(KeyId=name, KeySpec="AES_256"),
        ):
            with refused("AccessDeniedException", "NotFoundException"):
                call()


@pytest.mark.parametrize("name, parameters", [
    ("disable_key", {}),
    ("schedule_key_deletion", {}),
    ("update_key_description", {"Description": "taken"}),
    ("put_key_policy", {"Policy": "{}"}),
    ("tag_resource", {"Tags": [{"TagKey": "k", "TagValue": "v"}]}),
    ("get_key_policy", {}),
    ("list_resource_tags", {}),
])
def test_another_account_may_not_manage_a_key(kms, key, stranger, name, parameters):
    with refused("AccessDeniedException", "NotFoundException", "InvalidArnException"):
        getattr(stranger, name)(KeyId=key["Arn"], **parameters)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] == key


def test_another_account_may_not_open_a_ciphertext(kms, key, stranger):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    with refused("AccessDeniedException", matching=CIPHERTEXT_OF_ANOTHER):
        stranger.decrypt(CiphertextBlob=blob)
    own = stranger.create_key()["KeyMetadata"]
    with refused("AccessDeniedException"):
        stranger.re_encrypt(CiphertextBlob=blob, DestinationKeyId=own["KeyId"])
    with refused("IncorrectKeyException", "AccessDeniedException"):
        stranger.decrypt(CiphertextBlob=blob, KeyId=own["KeyId"])


def test_another_region_has_neither_keys_nor_aliases(kms, key, elsewhere):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    assert elsewhere.list_keys()["Keys"] == []
    assert customer_aliases(elsewhere) == []
    for name in (key["KeyId"], key["Arn"], "alias/app"):
        with refused("NotFoundException"):
            elsewhere.describe_key(KeyId=name)


def test_another_region_cannot_open_a_ciphertext(kms, key, elsewhere):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    with refused("AccessDeniedException", matching=CIPHERTEXT_OF_ANOTHER):
        elsewhere.decrypt(CiphertextBlob=blob)


def test_the_same_alias_may_stand_in_every_account_and_region(kms, key, stranger, elsewhere):
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
    for other in (stranger, elsewhere):
        other.create_alias(AliasName="alias/app", TargetKeyId=other.create_key()["KeyMetadata"]["KeyId"])
    found = {client.describe_key(KeyId="alias/app")["KeyMetadata"]["Arn"] for client in (kms, stranger, elsewhere)}
    assert len(found) == 3


def test_the_arn_names_the_partition_of_the_region(server, account):
    for region, partition in (("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")):
        key = server.client("kms", account, region=region).create_key()["KeyMetadata"]
        assert key["Arn"].startswith(f"arn:{partition}:kms:{region}:{account}:key/")
