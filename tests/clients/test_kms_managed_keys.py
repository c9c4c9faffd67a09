"""AWS managed keys: made on first use, one for each account, region and service, and not the customer's to change.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
"""

import json

import pytest

from harness.errors import refused

SSM = "alias/aws/ssm"


def test_the_first_look_makes_the_key(kms, account, arn):
    metadata = kms.describe_key(KeyId=SSM)["KeyMetadata"]
    assert metadata["KeyManager"] == "AWS"
    assert metadata["AWSAccountId"] == account
    assert metadata["KeyState"] == "Enabled"
    assert metadata["KeySpec"] == "SYMMETRIC_DEFAULT"
    assert metadata["Description"]
    assert kms.describe_key(KeyId=SSM)["KeyMetadata"] == metadata
    assert kms.describe_key(KeyId=arn(SSM))["KeyMetadata"] == metadata
    assert kms.describe_key(KeyId=metadata["KeyId"])["KeyMetadata"] == metadata


def test_it_is_listed_with_its_alias(kms):
    metadata = kms.describe_key(KeyId=SSM)["KeyMetadata"]
    assert [key["KeyId"] for key in kms.list_keys()["Keys"]] == [metadata["KeyId"]]
    aliases = kms.list_aliases(KeyId=metadata["KeyId"])["Aliases"]
    assert [(alias["AliasName"], alias["TargetKeyId"]) for alias in aliases] == [(SSM, metadata["KeyId"])]


def test_there_is_one_for_each_account_region_and_service(server, new_account, account):
    other = new_account()
    ids = [
        server.client("kms", of, region=region).describe_key(KeyId=alias)["KeyMetadata"]["KeyId"]
        for of in (account, other)
        for region in ("us-east-1", "eu-west-1")
        for alias in (SSM, "alias/aws/secretsmanager")
    ]
    assert len(set(ids)) == len(ids)


def test_a_name_of_no_service_makes_nothing(kms):
    with refused("NotFoundException"):
        kms.describe_key(KeyId="alias/aws/no-such-service-anywhere")
    assert kms.list_keys()["Keys"] == []


@pytest.mark.parametrize("name, parameters", [
    ("disable_key", {}),
    ("enable_key", {}),
    ("schedule_key_deletion", {"PendingWindowInDays": 7}),
    ("update_key_description", {"Description": "mine"}),
    ("put_key_policy", {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"},
    ]})}),
    ("tag_resource", {"Tags": [{"TagKey": "k", "TagValue": "v"}]}),
    ("untag_resource", {"TagKeys": ["k"]}),
])
def test_it_cannot_be_changed(kms, name, parameters):
    key = kms.describe_key(KeyId=SSM)["KeyMetadata"]
    policy = kms.get_key_policy(KeyId=key["KeyId"])["Policy"]
    with refused("AccessDeniedException", "UnsupportedOperationException", "KMSInvalidStateException"):
        getattr(kms, name)(KeyId=key["KeyId"], **parameters)
    assert kms.describe_key(KeyId=SSM)["KeyMetadata"] == key
    assert kms.get_key_policy(KeyId=key["KeyId"])["Policy"] == policy
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == []


def test_it_gets_no_alias_of_a_customer(kms):
    key = kms.describe_key(KeyId=SSM)["KeyMetadata"]
    with refused("AccessDeniedException", "NotAuthorizedException", "ValidationException"):
        kms.create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])


def test_its_policy_lets_its_service_use_it_for_the_account(kms, account):
    key = kms.describe_key(KeyId=SSM)["KeyMetadata"]
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"])
    conditions = json.dumps([statement.get("Condition") for statement in policy["Statement"]])
    assert '"kms:ViaService": "ssm.us-east-1.amazonaws.com"' in conditions
    assert f'"kms:CallerAccount": "{account}"' in conditions


def test_it_cannot_be_used_but_through_its_service(kms):
    kms.describe_key(KeyId=SSM)
    with refused("AccessDeniedException"):
        kms.encrypt(KeyId=SSM, Plaintext=b"x")
