"""Accounts of an organization: made with their access role, known to policies by their organization.

Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
"""

import time

from harness.errors import refused
from harness.identities import Account
from harness.policies import RESOURCE, allow, denied, trust

CREATION_SECONDS_MAX = 30


def create_account(organization, name: str) -> str:
    """The id of a new account, once it is there."""
    status = organization.api.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
    assert status["State"] == "IN_PROGRESS"
    deadline = time.monotonic() + CREATION_SECONDS_MAX
    while status["State"] == "IN_PROGRESS" and time.monotonic() < deadline:
        time.sleep(0.01)
        status = organization.api.describe_create_account_status(
            CreateAccountRequestId=status["Id"])["CreateAccountStatus"]
    assert status["State"] == "SUCCEEDED", status
    return status["AccountId"]


def test_a_new_account_is_entered_by_its_access_role(home, other):
    organization = home.organization()
    account_id = create_account(organization, "workload")
    role = f"arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole"
    administrator = home.user("administrator", allow("sts:AssumeRole", on=role))
    session = administrator.assume(role)
    assert session.client("sts").get_caller_identity()["Account"] == account_id
    session.client("iam").create_user(UserName="first")
    # Neither those of the management account without permission, nor others with it.
    powerless, stranger = home.user("powerless"), other.user("stranger", allow("sts:*"))
    for user in (powerless, stranger):
        with denied(user, "sts:AssumeRole", role):
            user.assume(role)
    listed = organization.api.get_paginator("list_accounts").paginate()
    assert {account["Id"] for page in listed for account in page["Accounts"]} == {home.id, account_id}


def test_a_key_is_open_to_the_organization_by_its_id(home, other, new_account):
    organization = home.organization()
    outsider = Account(home.server, new_account())
    organization.join(other)
    key = home.key(
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Encrypt", "Resource": "*",
         "Condition": {"StringEquals": {"aws:PrincipalOrgID": organization.id}}},
    )
    member, stranger = other.user("member", allow("kms:*")), outsider.user("stranger", allow("kms:*"))
    member.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    with denied(stranger, "kms:Encrypt", key, missing=RESOURCE):
        stranger.client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_a_role_is_open_to_a_unit_by_its_path(home, other):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths"""
    organization = home.organization()
    inside, outside = organization.unit("Inside"), organization.unit("Outside")
    organization.join(other, inside)
    path = f"{organization.id}/{organization.root_id}/{inside}/"
    role = home.role("ForUnit", trust("*", when={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{path}*"}}))
    user = other.user("user", allow("sts:AssumeRole"))
    user.assume(role)
    organization.api.move_account(AccountId=other.id, SourceParentId=inside, DestinationParentId=outside)
    with denied(user, "sts:AssumeRole", role):
        user.assume(role)


def test_what_only_the_management_account_does_members_do_not(home, other):
    organization = home.organization()
    organization.join(other)
    member = other.root.client("organizations")
    assert member.describe_organization()["Organization"]["Id"] == organization.id
    with refused("AccessDeniedException", message="You don't have permissions to access this resource."):
        member.list_accounts()
    organization.api.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    organization.api.register_delegated_administrator(
        AccountId=other.id, ServicePrincipal="cloudtrail.amazonaws.com"
    )
    assert {account["Id"] for account in member.list_accounts()["Accounts"]} == {home.id, other.id}
    with refused("AccessDeniedException", message="You don't have permissions to access this resource."):
        member.create_organizational_unit(ParentId=organization.root_id, Name="Mine")
