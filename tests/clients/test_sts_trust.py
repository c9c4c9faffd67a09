"""Who may assume a role: its trust policy, and the caller's own policies where the trust policy delegates.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import pytest

from harness.errors import refused
from harness.policies import IDENTITY, TRUST, allow, denied, deny, policy, trust

ASSUME = "sts:AssumeRole"


def test_a_third_party_needs_the_external_id_that_its_customer_has_agreed_on(home, other):
    """The guide's Example Corp: the customer's role trusts Example Corp's account, if it says the customer's id."""
    customer, example_corp = home, other
    with_id = {"StringEquals": {"sts:ExternalId": "12345"}}
    role = customer.role("ExampleRole", trust(example_corp.arn, when=with_id), allow("kms:ListKeys"))
    deputy = example_corp.user("deputy", allow(ASSUME, on=role))

    session = deputy.assume(role, ExternalId="12345")
    assert session.client("kms").list_keys()["Keys"] == []
    assert session.client("sts").get_caller_identity()["Arn"] == (
        f"arn:aws:sts::{customer.id}:assumed-role/ExampleRole/session"
    )
    # Another customer of Example Corp, who has guessed the role's ARN, has another id.
    with denied(deputy, ASSUME, role):
        deputy.assume(role, ExternalId="67890")
    with denied(deputy, ASSUME, role):
        deputy.assume(role)


def test_across_accounts_both_sides_must_allow_it(home, other):
    role = home.role("CrossAccount", trust(other.arn))
    allowed = other.user("allowed", allow(ASSUME, on=role))
    not_allowed = other.user("not-allowed")
    forbidden = other.user("forbidden", allow(ASSUME), deny(ASSUME, on=role))
    assert allowed.assume(role).account == home.id
    with denied(not_allowed, ASSUME, role):
        not_allowed.assume(role)
    with denied(forbidden, ASSUME, role, by=IDENTITY):
        forbidden.assume(role)
    # The other side says no.
    home.iam.update_assume_role_policy(RoleName="CrossAccount", PolicyDocument=policy(trust(home.arn)))
    with denied(allowed, ASSUME, role):
        allowed.assume(role)


def test_across_accounts_a_trusted_user_needs_its_own_account_s_permission_too(home, other):
    user = other.user("trusted")
    role = home.role("TrustsOneUser", trust(user.arn))
    with denied(user, ASSUME, role):
        user.assume(role)
    other.iam.put_user_policy(UserName="trusted", PolicyName="p", PolicyDocument=policy(allow(ASSUME, on=role)))
    assert user.assume(role).name == "session"


def test_in_one_account_a_trust_policy_that_names_the_user_is_enough(home):
    user, stranger = home.user("named"), home.user("stranger", allow(ASSUME))
    role = home.role("TrustsOneUser", trust(user.arn))
    assert user.assume(role).account == home.id
    with denied(stranger, ASSUME, role):
        stranger.assume(role)


def test_in_one_account_a_trust_policy_that_names_the_account_delegates(home):
    role = home.role("TrustsAccount", trust(home.arn))
    allowed, not_allowed = home.user("allowed", allow(ASSUME, on=role)), home.user("not-allowed")
    assert allowed.assume(role).account == home.id
    with denied(not_allowed, ASSUME, role, missing=IDENTITY):
        not_allowed.assume(role)


def test_a_deny_wins_on_either_side(home):
    user = home.user("denied", deny(ASSUME))
    role = home.role("TrustsUser", trust(user.arn))
    with denied(user, ASSUME, role, by=IDENTITY):
        user.assume(role)
    friend = home.user("friend", allow(ASSUME))
    shut = home.role("Shut", [trust(home.arn), trust(friend.arn) | {"Effect": "Deny"}])
    with denied(friend, ASSUME, shut, by=TRUST):
        friend.assume(shut)


def test_nobody_learns_whether_a_role_exists(home, other):
    user = other.user("prober", allow(ASSUME))
    exists, missing = home.role("Exists", trust(home.arn)), home.arn_of("role/Missing")
    for role in (exists, missing):
        with denied(user, ASSUME, role):
            user.assume(role)


def test_root_users_assume_no_roles(home):
    role = home.role("Any", trust("*"))
    with refused("AccessDenied", message="Roles may not be assumed by root accounts."):
        home.root.assume(role)


def test_a_trust_policy_names_those_who_exist(home):
    unknown = home.arn_of("user/nobody")
    with refused("MalformedPolicyDocument", message=f'Invalid principal in policy: "AWS":"{unknown}"'):
        home.role("Unknown", trust(unknown))


def test_who_was_deleted_and_made_again_is_not_who_was_trusted(home):
    """The guide: a principal is kept by its unique id, so that nobody takes a name over."""
    home.user("Richard")
    role = home.role("TrustsRichard", trust(home.arn_of("user/Richard")))
    (key,) = home.iam.list_access_keys(UserName="Richard")["AccessKeyMetadata"]
    home.iam.delete_access_key(UserName="Richard", AccessKeyId=key["AccessKeyId"])
    user_id = home.iam.get_user(UserName="Richard")["User"]["UserId"]
    home.iam.delete_user(UserName="Richard")
    again = home.user("Richard")
    with denied(again, ASSUME, role):
        again.assume(role)
    document = home.iam.get_role(RoleName="TrustsRichard")["Role"]["AssumeRolePolicyDocument"]
    assert document["Statement"][0]["Principal"] == {"AWS": user_id}


@pytest.mark.parametrize(("name", "wants"), [
    ("arn", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ops/*"}}),
    ("name", {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}),
])
def test_a_trust_policy_s_condition_decides(home, name, wants):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html"""
    role = home.role("Conditional", trust(home.arn, when=wants))
    inside = home.user("inside", allow(ASSUME), Path="/ops/")
    outside = home.user("outside", allow(ASSUME))
    assert inside.assume(role, session="inside").name == "inside"
    with denied(outside, ASSUME, role):
        outside.assume(role, session="inside")
