"""Permissions boundaries: the most that an identity's own policies can give it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

import pytest

from harness.policies import BOUNDARY, IDENTITY, allow, denied, deny, policy, trust


@pytest.fixture
def boundary(home):
    """The guide's XCompanyBoundaries, for services that are here."""
    return home.policy(
        "XCompanyBoundaries",
        allow("iam:GetAccountPasswordPolicy", "iam:ListUsers", "kms:ListKeys", "kms:Encrypt", "kms:DescribeKey"),
    )


def test_a_boundary_gives_nothing_and_limits_what_is_given(home, boundary):
    """The guide's first example: ShirleyRodriguez."""
    shirley = home.user("ShirleyRodriguez", PermissionsBoundary=boundary)
    with denied(shirley, "kms:ListKeys", "*", missing=IDENTITY):
        shirley.client("kms").list_keys()
    home.iam.attach_user_policy(UserName="ShirleyRodriguez", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    shirley.client("kms").list_keys()
    with denied(shirley, "iam:CreateUser", home.arn_of("user/new"), missing=BOUNDARY):
        shirley.client("iam").create_user(UserName="new")
    home.iam.delete_user_permissions_boundary(UserName="ShirleyRodriguez")
    shirley.client("iam").create_user(UserName="new")


def test_a_boundary_s_deny_is_one(home):
    boundary = home.policy("NoKeys", allow("*"), deny("kms:CreateKey"))
    user = home.user("user", allow("kms:*"), PermissionsBoundary=boundary)
    user.client("kms").list_keys()
    with denied(user, "kms:CreateKey", "*", by=BOUNDARY):
        user.client("kms").create_key()


def test_a_boundary_of_a_role_limits_its_sessions(home, boundary):
    user = home.user("user")
    role = home.role("Limited", trust(user.arn), allow("kms:*"), PermissionsBoundary=boundary)
    session = user.assume(role)
    session.client("kms").list_keys()
    with denied(session, "kms:ListAliases", "*", missing=BOUNDARY):
        session.client("kms").list_aliases()


def test_a_key_policy_that_names_the_user_passes_its_boundary_and_one_that_names_the_role_does_not(home, boundary):
    """The guide: resource-based policies and permissions boundaries."""
    user = home.user("user", PermissionsBoundary=boundary)
    role = home.role("Limited", trust(user.arn), PermissionsBoundary=boundary)
    key = home.key({
        "Effect": "Allow", "Principal": {"AWS": [user.arn, role]}, "Resource": "*",
        "Action": ["kms:DescribeKey", "kms:GetKeyRotationStatus"],
    })
    user.client("kms").get_key_rotation_status(KeyId=key)
    session = user.assume(role)
    session.client("kms").describe_key(KeyId=key)
    with denied(session, "kms:GetKeyRotationStatus", key, missing=BOUNDARY):
        session.client("kms").get_key_rotation_status(KeyId=key)


def test_a_changed_boundary_policy_counts_at_once(home, boundary):
    user = home.user("user", allow("kms:*"), PermissionsBoundary=boundary)
    with denied(user, "kms:ListAliases", "*", missing=BOUNDARY):
        user.client("kms").list_aliases()
    home.iam.create_policy_version(
        PolicyArn=boundary, SetAsDefault=True, PolicyDocument=policy(allow("*"))
    )
    user.client("kms").list_aliases()
    home.iam.set_default_policy_version(PolicyArn=boundary, VersionId="v1")
    with denied(user, "kms:ListAliases", "*", missing=BOUNDARY):
        user.client("kms").list_aliases()


def test_a_delegated_administrator_makes_only_users_with_a_boundary(home, boundary):
    """The guide's Zhang: "Delegating responsibility to others using permissions boundaries"."""
    within = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    delegated = home.policy("DelegatedUserBoundary", *[
        allow("iam:CreateUser", "iam:DeleteUserPolicy", "iam:AttachUserPolicy", "iam:DetachUserPolicy",
              "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy", when=within, Sid="CreateOrChangeOnlyWithBoundary"),
        allow("iam:GetUser", "iam:ListUsers", "iam:DeleteUser", "iam:ListPolicies", "iam:CreateAccessKey",
              Sid="IAMTasks"),
        deny("iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion",
             on=[boundary, home.arn_of("policy/DelegatedUserBoundary")], Sid="NoBoundaryPolicyEdit"),
        deny("iam:DeleteUserPermissionsBoundary", Sid="NoBoundaryUserDelete"),
    ])
    zhang = home.user("Zhang", allow("iam:*"), PermissionsBoundary=delegated)
    iam = zhang.client("iam")
    nikhil = home.arn_of("user/Nikhil")
    with denied(zhang, "iam:CreateUser", nikhil, missing=BOUNDARY):
        iam.create_user(UserName="Nikhil")
    with denied(zhang, "iam:CreateUser", nikhil, missing=BOUNDARY):
        iam.create_user(UserName="Nikhil", PermissionsBoundary=delegated)
    made = iam.create_user(UserName="Nikhil", PermissionsBoundary=boundary)["User"]
    assert made["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary
    }
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_user_policy(UserName="Nikhil", PolicyArn=administrator)
    # Whom others made without the boundary is not Zhang's.
    home.user("Mary")
    with denied(zhang, "iam:AttachUserPolicy", home.arn_of("user/Mary"), missing=BOUNDARY):
        iam.attach_user_policy(UserName="Mary", PolicyArn=administrator)
    with denied(zhang, "iam:DeleteUserPermissionsBoundary", nikhil, by=BOUNDARY):
        iam.delete_user_permissions_boundary(UserName="Nikhil")
    with denied(zhang, "iam:PutUserPermissionsBoundary", nikhil, missing=BOUNDARY):
        iam.put_user_permissions_boundary(UserName="Nikhil", PermissionsBoundary=administrator)
    with denied(zhang, "iam:CreatePolicyVersion", boundary, by=BOUNDARY):
        iam.create_policy_version(PolicyArn=boundary, PolicyDocument="{}")
    # Nikhil is an administrator only within the boundary.
    key = iam.create_access_key(UserName="Nikhil")["AccessKey"]
    kms = home.server.client("kms", key["AccessKeyId"], key["SecretAccessKey"])
    kms.list_keys()
    with denied(nikhil, "kms:CreateKey", "*", missing=BOUNDARY):
        kms.create_key()
