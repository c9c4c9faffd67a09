"""Key policies: the default one, changing it, and what is no policy.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
"""

import json

import pytest

from harness.errors import refused


def policy_for(account: str, *actions: str) -> dict:
    """A policy that allows the account these actions."""
    return {
        "Version": "2012-10-17",
        "Id": "mine",
        "Statement": [{
            "Sid": "All",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": list(actions) or "kms:*",
            "Resource": "*",
        }],
    }


def test_a_new_key_has_the_default_policy(kms, key, account):
    answer = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")
    policy = json.loads(answer["Policy"])
    assert policy["Version"] == "2012-10-17"
    (statement,) = policy["Statement"]
    assert statement == {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def test_the_policy_name_is_default_and_may_be_left_out(kms, key):
    named = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")
    unnamed = kms.get_key_policy(KeyId=key["KeyId"])
    assert named["Policy"] == unnamed["Policy"]
    assert unnamed.get("PolicyName", "default") == "default"
    with refused("NotFoundException"):
        kms.get_key_policy(KeyId=key["KeyId"], PolicyName="other")
    with refused("ValidationException", "NotFoundException"):
        kms.put_key_policy(KeyId=key["KeyId"], PolicyName="other", Policy=named["Policy"])


def test_list_key_policies_lists_the_one(kms, key):
    listed = kms.list_key_policies(KeyId=key["KeyId"])
    assert (listed["PolicyNames"], listed["Truncated"]) == (["default"], False)


def test_a_policy_is_kept_as_it_was_given(kms, key, account):
    text = json.dumps(policy_for(account), indent=3)
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=text)
    assert json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"]) == policy_for(account)


def test_a_key_can_be_made_with_a_policy(kms, account):
    key = kms.create_key(Policy=json.dumps(policy_for(account)))["KeyMetadata"]
    assert json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"]) == policy_for(account)


@pytest.mark.parametrize("text", [
    "not json", "{", "[]", "{}", '"text"', '{"Version":"2012-10-17"}', '{"Version":"2012-10-17","Statement":7}',
    '{"Version":"2099-01-01","Statement":[]}',
    '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps","Principal":"*","Action":"kms:*","Resource":"*"}]}',
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}',
])
def test_what_is_no_policy_is_refused_and_changes_nothing(kms, key, text):
    before = kms.get_key_policy(KeyId=key["KeyId"])["Policy"]
    with refused("MalformedPolicyDocumentException"):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=text)
    assert kms.get_key_policy(KeyId=key["KeyId"])["Policy"] == before
    with refused("MalformedPolicyDocumentException"):
        kms.create_key(Policy=text)
    assert len(kms.list_keys()["Keys"]) == 1


def test_a_policy_that_would_lock_its_writer_out_is_refused(kms, key, account):
    text = json.dumps(policy_for(account, "kms:DescribeKey"))
    with refused("MalformedPolicyDocumentException", message=(
        "The new key policy will not allow you to update the key policy in the future."
    )):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=text)
    with refused("MalformedPolicyDocumentException"):
        kms.create_key(Policy=text)


def test_a_policy_decides_what_the_account_may_do(kms, key, account):
    kms.put_key_policy(
        KeyId=key["KeyId"], Policy=json.dumps(policy_for(account, "kms:DescribeKey", "kms:*KeyPolicy"))
    )
    kms.describe_key(KeyId=key["KeyId"])
    with refused("AccessDeniedException", matching="not authorized to perform: kms:Encrypt on resource: "):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps(policy_for(account)))
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def test_the_lockout_check_can_be_bypassed_and_the_lockout_is_real(kms, key, account):
    kms.put_key_policy(
        KeyId=key["KeyId"],
        Policy=json.dumps(policy_for(account, "kms:DescribeKey")),
        BypassPolicyLockoutSafetyCheck=True,
    )
    kms.describe_key(KeyId=key["KeyId"])
    with refused("AccessDeniedException"):
        kms.put_key_policy(KeyId=key["KeyId"], Policy=json.dumps(policy_for(account)))
