"""Access by attributes: tags of principals, resources and requests.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_attribute-based-access-control.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
"""

from harness.policies import IDENTITY, allow, denied, deny, trust


def tags(**values: str) -> list[dict]:
    """Tags as IAM and STS take them."""
    return [{"Key": name.replace("_", "-"), "Value": value} for name, value in values.items()]


def kms_tags(**values: str) -> list[dict]:
    """Tags as KMS takes them."""
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags(**values)]


MATCHING = {"StringEquals": {
    "aws:ResourceTag/access-project": "${aws:PrincipalTag/access-project}",
    "aws:ResourceTag/access-team": "${aws:PrincipalTag/access-team}",
}}
MATCHING_REQUEST = {
    "StringEquals": {
        "aws:RequestTag/access-project": "${aws:PrincipalTag/access-project}",
        "aws:RequestTag/access-team": "${aws:PrincipalTag/access-team}",
    },
    "ForAllValues:StringEquals": {"aws:TagKeys": ["access-project", "access-team", "Name"]},
}


def test_the_tutorial_s_roles_reach_what_has_their_tags(home):
    """The tutorial's Peg and Uni projects, with keys in place of secrets."""
    same_project = (
        allow("kms:CreateKey", "kms:TagResource", when=MATCHING_REQUEST),
        allow("kms:Encrypt", "kms:DescribeKey", "kms:ScheduleKeyDeletion", when=MATCHING),
        deny("kms:UntagResource"),
    )
    user = home.user("access-Arnav-peg-eng", allow(
        "sts:AssumeRole", on=home.arn_of("role/access-*"),
        when={"StringEquals": {"iam:ResourceTag/access-project": "${aws:PrincipalTag/access-project}"}},
    ), Tags=tags(access_project="peg", access_team="eng"))
    peg = home.role("access-peg-engineering", trust(home.arn), *same_project,
                    Tags=tags(access_project="peg", access_team="eng"))
    uni = home.role("access-uni-engineering", trust(home.arn), *same_project,
                    Tags=tags(access_project="uni", access_team="eng"))
    with denied(user, "sts:AssumeRole", uni, missing=IDENTITY):
        user.assume(uni)
    session = user.assume(peg)
    kms = session.client("kms")
    with denied(session, "kms:CreateKey", "*", missing=IDENTITY):
        kms.create_key(Tags=kms_tags(access_project="uni", access_team="eng"))
    with denied(session, "kms:CreateKey", "*", missing=IDENTITY):
        kms.create_key(Tags=kms_tags(access_project="peg", access_team="eng", other="x"))
    own = kms.create_key(Tags=kms_tags(access_project="peg", access_team="eng", Name="n"))["KeyMetadata"]["Arn"]
    foreign = home.key(Tags=kms_tags(access_project="uni", access_team="eng"))
    kms.encrypt(KeyId=own, Plaintext=b"x")
    with denied(session, "kms:Encrypt", foreign, missing=IDENTITY):
        kms.encrypt(KeyId=foreign, Plaintext=b"x")
    with denied(session, "kms:UntagResource", own, by=IDENTITY):
        kms.untag_resource(KeyId=own, TagKeys=["Name"])


def test_a_changed_tag_counts_at_once_on_either_side(home):
    user = home.user("user", allow("kms:DescribeKey", when=MATCHING), Tags=tags(access_project="a", access_team="t"))
    key = home.key(Tags=kms_tags(access_project="a", access_team="t"))
    kms, keeper = user.client("kms"), home.root.client("kms")
    kms.describe_key(KeyId=key)
    keeper.tag_resource(KeyId=key, Tags=kms_tags(access_project="b"))
    with denied(user, "kms:DescribeKey", key, missing=IDENTITY):
        kms.describe_key(KeyId=key)
    home.iam.tag_user(UserName="user", Tags=tags(access_project="b"))
    kms.describe_key(KeyId=key)
    home.iam.untag_user(UserName="user", TagKeys=["access-team"])
    with denied(user, "kms:DescribeKey", key, missing=IDENTITY):
        kms.describe_key(KeyId=key)


def test_a_session_tag_takes_the_place_of_the_role_s(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html"""
    user = home.user("user")
    role = home.role(
        "Role", trust(user.arn, "sts:AssumeRole", "sts:TagSession"),
        allow("kms:DescribeKey", when={"StringEquals": {"aws:ResourceTag/cost": "${aws:PrincipalTag/cost}"}}),
        Tags=tags(cost="role"),
    )
    of_role, of_session = home.key(Tags=kms_tags(cost="role")), home.key(Tags=kms_tags(cost="session"))
    plain, tagged = user.assume(role), user.assume(role, Tags=tags(cost="session"))
    plain.client("kms").describe_key(KeyId=of_role)
    tagged.client("kms").describe_key(KeyId=of_session)
    with denied(plain, "kms:DescribeKey", of_session, missing=IDENTITY):
        plain.client("kms").describe_key(KeyId=of_session)
    with denied(tagged, "kms:DescribeKey", of_role, missing=IDENTITY):
        tagged.client("kms").describe_key(KeyId=of_role)


def test_session_tags_may_be_asked_for(home):
    """The guide's trust policy that requires a session tag with one of two values."""
    user = home.user("test-session-tags")
    role = home.role("my-role", trust(user.arn, "sts:AssumeRole", "sts:TagSession", when={
        "StringLike": {"aws:RequestTag/Department": "*"},
        "StringEquals": {"aws:RequestTag/Project": ["Automation", "Ops"]},
        "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["Project", "Department"]},
    }))
    good = tags(Project="Automation", Department="Engineering")
    assert user.assume(role, Tags=good, TransitiveTagKeys=["Project", "Department"])
    for wrong in (tags(Project="Automation"), tags(Project="Other", Department="Engineering")):
        with denied(user, "sts:AssumeRole", role):
            user.assume(role, Tags=wrong)
    with denied(user, "sts:AssumeRole", role):
        user.assume(role)
    with denied(user, "sts:AssumeRole", role):
        user.assume(role, Tags=[*good, *tags(Cost="1")], TransitiveTagKeys=["Cost"])


def test_only_users_with_a_tag_are_managed_and_the_tag_itself_is_not_taken_away(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html"""
    manager = home.user(
        "manager",
        allow("iam:UpdateUser", "iam:GetUser", when={"StringEquals": {"iam:ResourceTag/status": "terminated"}}),
        allow("iam:TagUser", when={"ForAllValues:StringEquals": {"aws:TagKeys": ["lunch"]}}),
    )
    home.user("gone", Tags=tags(status="terminated"))
    here = home.user("here")
    iam = manager.client("iam")
    iam.get_user(UserName="gone")
    with denied(manager, "iam:GetUser", here.arn, missing=IDENTITY):
        iam.get_user(UserName="here")
    iam.tag_user(UserName="here", Tags=tags(lunch="noon"))
    with denied(manager, "iam:TagUser", here.arn, missing=IDENTITY):
        iam.tag_user(UserName="here", Tags=tags(status="terminated"))
