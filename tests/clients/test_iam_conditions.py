"""Policy variables, global condition keys, NotAction and NotResource, as the guide's examples use them.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
"""

from datetime import datetime, timedelta, timezone

import pytest

from harness.policies import IDENTITY, allow, denied, deny, trust


def test_users_manage_their_own_access_keys_by_a_variable(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam_credentials_console.html"""
    own = allow("iam:*AccessKey*", "iam:GetUser", on=home.arn_of("user/${aws:username}"))
    ann, bob = home.user("ann", own), home.user("bob", own)
    assert [key["AccessKeyId"] for key in ann.client("iam").list_access_keys()["AccessKeyMetadata"]] == [
        ann.access_key
    ]
    assert ann.client("iam").get_user()["User"]["Arn"] == ann.arn
    with denied(ann, "iam:CreateAccessKey", bob.arn, missing=IDENTITY):
        ann.client("iam").create_access_key(UserName="bob")


def test_a_session_has_no_user_name_but_an_id(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse"""
    user = home.user("user")
    role = home.role(
        "Role", trust(user.arn),
        allow("iam:GetUser", on=home.arn_of("user/${aws:username}")),
        allow("kms:ListKeys", when={"StringLike": {"aws:userid": "*:friend"}}),
    )
    friend, stranger = user.assume(role, session="friend"), user.assume(role, session="stranger")
    friend.client("kms").list_keys()
    with denied(stranger, "kms:ListKeys", "*", missing=IDENTITY):
        stranger.client("kms").list_keys()
    with denied(friend, "iam:GetUser", user.arn, missing=IDENTITY):
        friend.client("iam").get_user(UserName="user")


@pytest.mark.parametrize(("holds", "fails"), [
    ({"IpAddress": {"aws:SourceIp": ["127.0.0.0/8", "::1/128"]}}, {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
    ({"Bool": {"aws:SecureTransport": "false"}}, {"Bool": {"aws:SecureTransport": "true"}}),
    ({"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
     {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    ({"StringLike": {"aws:UserAgent": "*Boto3*"}}, {"StringLike": {"aws:UserAgent": "curl*"}}),
    ({"StringEquals": {"aws:PrincipalType": "User"}}, {"StringEquals": {"aws:PrincipalType": "AssumedRole"}}),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/u*"}}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
    ({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
     {"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
    ({"Null": {"aws:TokenIssueTime": "true"}}, {"Null": {"aws:TokenIssueTime": "false"}}),
    ({"Bool": {"aws:ViaAWSService": "false"}}, {"Bool": {"aws:ViaAWSService": "true"}}),
    ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    ({"Null": {"aws:PrincipalOrgID": "true"}}, {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}),
], ids=lambda condition: next(iter(next(iter(condition.values())))))
def test_a_global_key_decides(home, holds, fails):
    user = home.user("u1", allow("kms:ListKeys", when=holds), allow("kms:ListAliases", when=fails))
    user.client("kms").list_keys()
    with denied(user, "kms:ListAliases", "*", missing=IDENTITY):
        user.client("kms").list_aliases()


def test_a_deny_outside_of_an_address_range_holds_inside_of_none(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html"""
    def outside(ranges):
        return deny("*", when={"NotIpAddress": {"aws:SourceIp": ranges}})

    local = home.user("local", allow("*"), outside(["127.0.0.0/8", "::1/128"]))
    local.client("kms").list_keys()
    remote = home.user("remote", allow("*"), outside(["192.0.2.0/24", "203.0.113.0/24"]))
    with denied(remote, "kms:ListKeys", "*", by=IDENTITY):
        remote.client("kms").list_keys()


def test_other_regions_are_denied_and_global_services_are_not(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html"""
    user = home.user("user", allow("*"), deny(
        NotAction=["iam:*", "organizations:*", "sts:*"],
        when={"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}},
    ))
    user.client("kms", region="eu-west-1").list_keys()
    with denied(user, "kms:ListKeys", "*", by=IDENTITY):
        user.client("kms", region="us-east-1").list_keys()
    user.client("iam").list_users()


def test_access_between_dates(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws-dates.html"""
    now = datetime.now(timezone.utc)

    def between(start, end):
        return {
            "DateGreaterThan": {"aws:CurrentTime": (now + start).strftime("%Y-%m-%dT%H:%M:%SZ")},
            "DateLessThan": {"aws:CurrentTime": (now + end).strftime("%Y-%m-%dT%H:%M:%SZ")},
        }

    hour = timedelta(hours=1)
    user = home.user(
        "user", allow("kms:ListKeys", when=between(-hour, hour)), allow("kms:ListAliases", when=between(hour, 2 * hour))
    )
    user.client("kms").list_keys()
    with denied(user, "kms:ListAliases", "*", missing=IDENTITY):
        user.client("kms").list_aliases()


def test_not_action_with_allow_is_all_the_rest(home):
    """The guide's example: all but IAM, in the way PowerUserAccess does it."""
    user = home.user("user", allow(NotAction=["iam:*", "organizations:*"]))
    user.client("kms").list_keys()
    with denied(user, "iam:ListUsers", home.arn_of("user/"), missing=IDENTITY):
        user.client("iam").list_users()


def test_not_resource_with_deny_spares_what_it_names(home):
    """The guide's example, in which only one group may be touched."""
    spared = home.arn_of("group/spared")
    user = home.user("user", allow("iam:*"), deny("iam:*", NotResource=[spared]))
    user.client("iam").create_group(GroupName="spared")
    with denied(user, "iam:CreateGroup", home.arn_of("group/other"), by=IDENTITY):
        user.client("iam").create_group(GroupName="other")


def test_a_policy_of_a_group_counts_for_its_members_alone(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html"""
    member = home.user("member")
    home.iam.create_group(GroupName="Admins")
    home.iam.attach_group_policy(GroupName="Admins", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    with denied(member, "kms:ListKeys", "*", missing=IDENTITY):
        member.client("kms").list_keys()
    home.iam.add_user_to_group(GroupName="Admins", UserName="member")
    member.client("kms").list_keys()
    home.iam.remove_user_from_group(GroupName="Admins", UserName="member")
    with denied(member, "kms:ListKeys", "*", missing=IDENTITY):
        member.client("kms").list_keys()
