"""One role's session assumes another role; source identities and transitive tags go along.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining)
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
"""

from harness.errors import refused
from harness.policies import allow, denied, trust

ASSUME = "sts:AssumeRole"


def test_a_session_assumes_a_role_that_trusts_its_role(home):
    user = home.user("user")
    first = home.role("First", trust(user.arn))
    second = home.role("Second", trust(first), allow("kms:ListKeys"))
    chained = user.assume(first).assume(second, session="chained")
    assert chained.client("sts").get_caller_identity()["Arn"] == (
        f"arn:aws:sts::{home.id}:assumed-role/Second/chained"
    )
    chained.client("kms").list_keys()
    with denied(user, ASSUME, second):
        user.assume(second)


def test_a_chained_session_lasts_an_hour_at_most(home):
    user = home.user("user")
    first = home.role("First", trust(user.arn), MaxSessionDuration=7200)
    second = home.role("Second", trust(first), MaxSessionDuration=7200)
    session = user.assume(first, DurationSeconds=7200)
    with refused("ValidationError", message=(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    )):
        session.assume(second, DurationSeconds=3601)
    assert session.assume(second, DurationSeconds=3600)


def test_a_session_lasts_as_long_as_its_role_allows(home):
    user = home.user("user")
    role = home.role("Short", trust(user.arn))
    with refused("ValidationError", message=(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )):
        user.assume(role, DurationSeconds=3601)


def test_a_role_does_not_trust_itself_unless_it_says_so(home):
    """https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/"""
    user = home.user("user")
    role = home.role("Itself", trust(user.arn))
    session = user.assume(role)
    with denied(session, ASSUME, role):
        session.assume(role)


def test_a_source_identity_stays_through_the_chain(home):
    user = home.user("user")
    first = home.role("First", trust(user.arn, ASSUME, "sts:SetSourceIdentity"))
    second = home.role("Second", trust(first, ASSUME, "sts:SetSourceIdentity"), allow(
        "kms:ListKeys", when={"StringEquals": {"aws:SourceIdentity": "DiegoRamirez"}}
    ))
    diego = user.assume(first, SourceIdentity="DiegoRamirez").assume(second)
    diego.client("kms").list_keys()
    saanvi = user.assume(first, SourceIdentity="Saanvi").assume(second)
    with denied(saanvi, "kms:ListKeys", "*", missing="an identity-based policy"):
        saanvi.client("kms").list_keys()
    with refused("ValidationError", message="The source identity is already set for this assume role session"):
        user.assume(first, SourceIdentity="DiegoRamirez").assume(second, SourceIdentity="Saanvi")


def test_a_source_identity_needs_a_permission_of_its_own(home):
    user = home.user("user")
    role = home.role("NoSourceIdentity", trust(user.arn))
    with denied(user, "sts:SetSourceIdentity", role):
        user.assume(role, SourceIdentity="DiegoRamirez")
    # Down a chain too, where it is only inherited.
    first = home.role("First", trust(user.arn, ASSUME, "sts:SetSourceIdentity"))
    second = home.role("Second", trust(first))
    session = user.assume(first, SourceIdentity="DiegoRamirez")
    with denied(session, "sts:SetSourceIdentity", second):
        session.assume(second)


def test_transitive_tags_go_along_and_others_do_not(home):
    user = home.user("user")
    both = (ASSUME, "sts:TagSession")
    first = home.role("First", trust(user.arn, *both))
    second = home.role(
        "Second", trust(first, *both),
        allow("kms:ListKeys", when={"StringEquals": {"aws:PrincipalTag/Star": "1"}}),
        allow("kms:ListAliases", when={"StringEquals": {"aws:PrincipalTag/Heart": "1"}}),
    )
    tags = [{"Key": "Star", "Value": "1"}, {"Key": "Heart", "Value": "1"}]
    chained = user.assume(first, Tags=tags, TransitiveTagKeys=["Star"]).assume(second)
    chained.client("kms").list_keys()
    with denied(chained, "kms:ListAliases", "*", missing="an identity-based policy"):
        chained.client("kms").list_aliases()
    with refused("InvalidParameterValue", message=(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
        "the calling session."
    )):
        user.assume(first, Tags=tags, TransitiveTagKeys=["Star"]).assume(
            second, Tags=[{"Key": "star", "Value": "2"}], TransitiveTagKeys=["star"]
        )


def test_session_tags_need_a_permission_of_their_own(home):
    user = home.user("user")
    role = home.role("NoTags", trust(user.arn))
    with denied(user, "sts:TagSession", role):
        user.assume(role, Tags=[{"Key": "Project", "Value": "Automation"}])
