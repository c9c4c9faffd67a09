"""Service and resource control policies of an organization.

Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
"""

import pytest

from harness.errors import refused
from harness.identities import Account, Organization
from harness.policies import IDENTITY, RESOURCE_CONTROL, SERVICE_CONTROL, allow, denied, deny, policy, trust

RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"


@pytest.fixture
def organization(home: Account) -> Organization:
    """An organization that this test's account manages."""
    return home.organization()


@pytest.fixture
def member(organization: Organization, other: Account) -> Account:
    """A member of it, right below its root."""
    return organization.join(other)


def for_everyone(statement: dict) -> dict:
    """A resource control policy's statement."""
    return statement | {"Principal": "*"}


def test_a_deny_list_takes_from_members_what_it_names(organization, member):
    user = member.user("user", allow("*"))
    user.client("kms").create_key()
    organization.attach(organization.root_id, deny("kms:CreateKey"))
    with denied(user, "kms:CreateKey", "*", by=SERVICE_CONTROL):
        user.client("kms").create_key()
    # Root users of members too, but nobody of the management account.
    with denied(member.root, "kms:CreateKey", "*", by=SERVICE_CONTROL):
        member.root.client("kms").create_key()
    organization.management.root.client("kms").create_key()
    organization.management.user("user", allow("*")).client("kms").create_key()


def test_an_allow_list_leaves_only_what_every_level_allows(organization, member):
    """The guide's evaluation of allows: root, unit and account must each allow it."""
    unit = organization.unit("Workloads")
    organization.api.move_account(
        AccountId=member.id, SourceParentId=organization.root_id, DestinationParentId=unit
    )
    user = member.user("user", allow("*"))
    organization.attach(unit, allow("kms:*", "sts:*"))
    organization.api.detach_policy(PolicyId="p-FullAWSAccess", TargetId=unit)
    user.client("kms").list_keys()
    with denied(user, "iam:ListUsers", member.arn_of("user/"), missing=SERVICE_CONTROL):
        user.client("iam").list_users()
    # What is allowed to the account itself alone is not.
    organization.attach(member.id, allow("iam:*"))
    with denied(user, "iam:ListUsers", member.arn_of("user/"), missing=SERVICE_CONTROL):
        user.client("iam").list_users()
    organization.api.move_account(
        AccountId=member.id, SourceParentId=unit, DestinationParentId=organization.root_id
    )
    user.client("iam").list_users()


def test_a_control_policy_gives_nothing(organization, member):
    organization.attach(organization.root_id, allow("kms:*"))
    user = member.user("user")
    with denied(user, "kms:ListKeys", "*", missing=IDENTITY):
        user.client("kms").list_keys()


def test_requests_of_regions_are_denied_and_some_roles_are_spared(organization, member):
    """The guide's example "Deny access to AWS based on the requested AWS Region"."""
    organization.attach(organization.root_id, deny(
        NotAction=["iam:*", "organizations:*", "sts:*"], Sid="DenyAllOutsideEU", when={
            "StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]},
            "ArnNotLike": {"aws:PrincipalARN": ["arn:aws:iam::*:role/Role1AllowedToBypassThisSCP"]},
        },
    ))
    user = member.user("user", allow("*"))
    user.client("kms", region="eu-central-1").list_keys()
    with denied(user, "kms:ListKeys", "*", by=SERVICE_CONTROL):
        user.client("kms").list_keys()
    role = member.role("Role1AllowedToBypassThisSCP", trust(user.arn), allow("kms:*"))
    user.assume(role).client("kms").list_keys()


def test_members_do_not_leave_and_root_users_do_nothing(organization, member):
    """The guide's examples of preventing members from leaving, and of restricting root users."""
    organization.attach(member.id, deny("organizations:LeaveOrganization"))
    organization.attach(
        member.id, deny("kms:*", when={"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::*:root"]}})
    )
    with denied(member.root, "organizations:LeaveOrganization", "*", by=SERVICE_CONTROL):
        member.root.client("organizations").leave_organization()
    with denied(member.root, "kms:ListKeys", "*", by=SERVICE_CONTROL):
        member.root.client("kms").list_keys()
    member.user("user", allow("kms:*")).client("kms").list_keys()


def test_a_role_of_the_organization_is_not_changed(organization, member):
    """The guide's example "Prevent IAM users and roles from making specified changes, with an exception"."""
    organization.attach(organization.root_id, deny(
        "iam:AttachRolePolicy", "iam:DeleteRole", "iam:UpdateAssumeRolePolicy",
        on=["arn:aws:iam::*:role/name-of-role-to-deny"],
        when={"StringNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/name-of-admin-role-to-allow"}},
    ))
    user = member.user("user", allow("*"))
    guarded = member.role("name-of-role-to-deny", trust(member.arn))
    member.role("another", trust(member.arn))
    with denied(user, "iam:DeleteRole", guarded, by=SERVICE_CONTROL):
        user.client("iam").delete_role(RoleName="name-of-role-to-deny")
    user.client("iam").delete_role(RoleName="another")
    administrator = user.assume(member.role("name-of-admin-role-to-allow", trust(user.arn), allow("iam:*")))
    administrator.client("iam").delete_role(RoleName="name-of-role-to-deny")


def test_a_resource_control_policy_keeps_outsiders_out(organization, member, new_account):
    """The guide's example: only principals of the organization may use its resources."""
    outsider = Account(member.server, new_account())
    key = member.key({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"})
    stranger, insider = outsider.user("stranger", allow("kms:*")), member.user("insider", allow("kms:*"))
    stranger.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    organization.attach(organization.root_id, for_everyone(deny("kms:*", "sts:*", when={
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization.id},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    })), policy_type=RESOURCE_CONTROL_POLICY)
    with denied(stranger, "kms:Encrypt", key, by=RESOURCE_CONTROL):
        stranger.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    insider.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    # Resources of the management account are not under it.
    own = organization.management.key(
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
    )
    stranger.client("kms").encrypt(KeyId=own, Plaintext=b"x")


def test_a_resource_control_policy_guards_roles_too(organization, member, new_account):
    outsider = Account(member.server, new_account())
    role = member.role("Open", trust(outsider.arn))
    stranger = outsider.user("stranger", allow("sts:*"))
    stranger.assume(role)
    organization.attach(member.id, for_everyone(deny("sts:AssumeRole", when={
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization.id},
    })), policy_type=RESOURCE_CONTROL_POLICY)
    with denied(stranger, "sts:AssumeRole", role, by=RESOURCE_CONTROL):
        stranger.assume(role)


def test_changed_and_detached_policies_count_at_once(organization, member):
    user = member.user("user", allow("kms:*"))
    policy_id = organization.attach(member.id, deny("kms:ListKeys"))
    with denied(user, "kms:ListKeys", "*", by=SERVICE_CONTROL):
        user.client("kms").list_keys()
    organization.api.update_policy(PolicyId=policy_id, Content=policy(deny("kms:ListAliases")))
    user.client("kms").list_keys()
    with denied(user, "kms:ListAliases", "*", by=SERVICE_CONTROL):
        user.client("kms").list_aliases()
    organization.api.detach_policy(PolicyId=policy_id, TargetId=member.id)
    user.client("kms").list_aliases()


def test_who_leaves_is_free_of_them(organization, member):
    user = member.user("user", allow("kms:*"))
    organization.attach(organization.root_id, deny("kms:ListKeys"))
    with denied(user, "kms:ListKeys", "*", by=SERVICE_CONTROL):
        user.client("kms").list_keys()
    member.root.client("organizations").leave_organization()
    user.client("kms").list_keys()
    with refused("AWSOrganizationsNotInUseException",
                 message="Your account is not a member of an organization."):
        member.root.client("organizations").describe_organization()
