"""Grants: they let others use a key until they are retired or revoked.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

import pytest

from harness.errors import refused


@pytest.fixture
def other(new_account) -> str:
    """Another account, whose root user is granted something."""
    return new_account()


@pytest.fixture
def others(server, other):
    """A KMS client of the other account."""
    return server.client("kms", other)


@pytest.fixture
def third(new_account) -> str:
    """An account that has nothing to do with the key."""
    return new_account()


@pytest.fixture
def thirds(server, third):
    """A KMS client of the third account."""
    return server.client("kms", third)


def root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def test_a_grant_lets_another_account_use_the_key_until_it_is_revoked(kms, key, other, others, thirds):
    encrypt = {"KeyId": key["Arn"], "Plaintext": b"x", "EncryptionContext": {"app": "1"}}
    with refused("AccessDeniedException", matching="because no resource-based policy allows the kms:Encrypt action$"):
        others.encrypt(**encrypt)
    made = kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=root(other), Operations=["Encrypt", "Decrypt"])
    blob = others.encrypt(**encrypt)["CiphertextBlob"]
    told = others.encrypt(**encrypt, GrantTokens=[made["GrantToken"]])
    assert told["KeyId"] == key["Arn"]
    opened = others.decrypt(CiphertextBlob=blob, EncryptionContext={"app": "1"})
    assert opened["Plaintext"] == b"x"
    for caller, call in (
        (thirds, lambda: thirds.encrypt(**encrypt)),
        (thirds, lambda: thirds.encrypt(**encrypt, GrantTokens=[made["GrantToken"]])),
        (others, lambda: others.describe_key(KeyId=key["Arn"])),
        (others, lambda: others.revoke_grant(KeyId=key["Arn"], GrantId=made["GrantId"])),
    ):
        with refused("AccessDeniedException"):
            call()
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])
    with refused("AccessDeniedException"):
        others.encrypt(**encrypt, GrantTokens=[made["GrantToken"]])
    with refused("NotFoundException"):
        kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])


@pytest.mark.parametrize("constraint, more", [("EncryptionContextEquals", False), ("EncryptionContextSubset", True)])
def test_a_constraint_holds_the_grantee_to_an_encryption_context(kms, key, other, others, constraint, more):
    kms.create_grant(
        KeyId=key["KeyId"], GranteePrincipal=root(other), Operations=["GenerateDataKey"],
        Constraints={constraint: {"Department": "IT"}},
    )
    generate = {"KeyId": key["Arn"], "KeySpec": "AES_256"}
    others.generate_data_key(**generate, EncryptionContext={"Department": "IT"})
    wider = {"Department": "IT", "Team": "red"}
    if more:
        others.generate_data_key(**generate, EncryptionContext=wider)
    else:
        with refused("AccessDeniedException"):
            others.generate_data_key(**generate, EncryptionContext=wider)
    for context in ({}, {"Department": "it"}, {"Team": "red"}):
        with refused("AccessDeniedException"):
            others.generate_data_key(**generate, EncryptionContext=context)


def test_a_grantee_may_pass_on_no_more_than_it_has(kms, key, other, others, third, thirds):
    kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=root(other), Operations=["Encrypt", "CreateGrant"])
    pass_on = {"KeyId": key["Arn"], "GranteePrincipal": root(third)}
    with refused("AccessDeniedException"):
        others.create_grant(**pass_on, Operations=["Encrypt", "Decrypt"])
    others.create_grant(**pass_on, Operations=["Encrypt"])
    thirds.encrypt(KeyId=key["Arn"], Plaintext=b"x")


def test_a_repeated_request_with_a_name_gives_the_same_grant(kms, key, other):
    request = {
        "KeyId": key["KeyId"], "GranteePrincipal": root(other), "Operations": ["Encrypt"], "Name": "n",
    }
    first, second = kms.create_grant(**request), kms.create_grant(**request)
    assert first["GrantId"] == second["GrantId"]
    assert first["GrantToken"] != second["GrantToken"]
    assert len(kms.list_grants(KeyId=key["KeyId"])["Grants"]) == 1


def test_the_retiring_principal_finds_its_grants_and_retires_them(kms, key, other, others, third, thirds):
    made = [
        kms.create_grant(
            KeyId=key["KeyId"], GranteePrincipal=root(third), RetiringPrincipal=root(other), Operations=["Encrypt"]
        )
        for _ in range(3)
    ]
    pages = others.get_paginator("list_retirable_grants").paginate(
        RetiringPrincipal=root(other), PaginationConfig={"PageSize": 2}
    )
    found = [grant["GrantId"] for page in pages for grant in page["Grants"]]
    assert sorted(found) == sorted(grant["GrantId"] for grant in made)
    with refused("AccessDeniedException"):
        thirds.retire_grant(GrantToken=made[0]["GrantToken"])
    others.retire_grant(GrantToken=made[0]["GrantToken"])
    others.retire_grant(KeyId=key["Arn"], GrantId=made[1]["GrantId"])
    kms.retire_grant(KeyId=key["Arn"], GrantId=made[2]["GrantId"])
    with refused("NotFoundException"):
        others.retire_grant(GrantToken=made[0]["GrantToken"])
    assert kms.list_grants(KeyId=key["KeyId"])["Grants"] == []


def test_a_grant_is_listed_with_all_that_it_says(server, kms, key, account, other):
    admin = server.client("iam", account).create_user(UserName="admin", Path="/ci/")["User"]["Arn"]
    made = kms.create_grant(
        KeyId=key["KeyId"], GranteePrincipal=root(other), RetiringPrincipal=admin,
        Operations=["Decrypt", "DescribeKey"], Name="it-1",
        Constraints={"EncryptionContextSubset": {"Department": "IT"}},
    )
    for filters in ({}, {"GrantId": made["GrantId"]}, {"GranteePrincipal": root(other)}):
        [grant] = kms.list_grants(KeyId=key["KeyId"], **filters)["Grants"]
        created = grant.pop("CreationDate")
        assert abs(created.timestamp() - key["CreationDate"].timestamp()) < 3600
        assert sorted(grant.pop("Operations")) == ["Decrypt", "DescribeKey"]
        assert grant == {
            "KeyId": key["Arn"],
            "GrantId": made["GrantId"],
            "Name": "it-1",
            "GranteePrincipal": root(other),
            "RetiringPrincipal": admin,
            "IssuingAccount": root(account),
            "Constraints": {"EncryptionContextSubset": {"Department": "IT"}},
        }
    assert kms.list_grants(KeyId=key["KeyId"], GranteePrincipal=root(account))["Grants"] == []


@pytest.mark.parametrize("changes, code", [
    ({"Operations": ["Sign"]}, "ValidationException"),
    ({"Operations": ["CreateGrant"]}, "ValidationException"),
    ({"GranteePrincipal": "sns.amazonaws.com"}, "InvalidArnException"),
    ({"GranteePrincipal": "arn:aws:iam::111122223333:group/admins"}, "InvalidArnException"),
    ({"GrantTokens": ["not-a-token"]}, "InvalidGrantTokenException"),
    ({"DryRun": True}, "DryRunOperationException"),
])
def test_what_no_grant_can_be_is_refused(kms, key, other, changes, code):
    request = {"KeyId": key["KeyId"], "GranteePrincipal": root(other), "Operations": ["Encrypt"], **changes}
    with refused(code):
        kms.create_grant(**request)
    assert kms.list_grants(KeyId=key["KeyId"])["Grants"] == []
