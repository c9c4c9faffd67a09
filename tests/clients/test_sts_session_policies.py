"""Session policies: a session may do what both its role and they allow.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

import pytest

from harness.errors import refused
from harness.policies import IDENTITY, SESSION, allow, denied, deny, policy, trust


@pytest.fixture
def user(home):
    """A user whom the roles of these tests trust."""
    return home.user("operator")


def key_statement(principal: str, *actions: str) -> dict:
    """A key policy's statement."""
    return {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(actions), "Resource": "*"}


def test_a_session_may_do_what_role_and_session_policy_both_allow(home, user):
    role = home.role("Broad", trust(user.arn), allow("kms:ListKeys", "kms:ListAliases"))
    session = user.assume(role, Policy=policy(allow("kms:ListKeys", "kms:GenerateRandom")))
    kms = session.client("kms")
    assert kms.list_keys()["Keys"] == []
    with denied(session, "kms:ListAliases", "*", missing=SESSION):
        kms.list_aliases()
    # A session policy never gives what the role does not have.
    with denied(session, "kms:GenerateRandom", "*", missing=IDENTITY):
        kms.generate_random(NumberOfBytes=8)
    # The role itself is not changed by it.
    user.assume(role).client("kms").list_aliases()


def test_a_session_policy_s_deny_wins(home, user):
    role = home.role("Broad", trust(user.arn), allow("kms:*"))
    session = user.assume(role, Policy=policy(allow("*"), deny("kms:List*")))
    with denied(session, "kms:ListKeys", "*", by=SESSION):
        session.client("kms").list_keys()
    assert session.client("kms").generate_random(NumberOfBytes=8)["Plaintext"]


def test_managed_policies_and_the_inline_one_of_a_session_count_together(home, user):
    role = home.role("Broad", trust(user.arn), allow("kms:*"))
    keys, aliases = home.policy("keys", allow("kms:ListKeys")), home.policy("aliases", allow("kms:ListAliases"))
    session = user.assume(
        role, PolicyArns=[{"arn": keys}, {"arn": aliases}], Policy=policy(allow("kms:GenerateRandom"))
    )
    kms = session.client("kms")
    kms.list_keys()
    kms.list_aliases()
    kms.generate_random(NumberOfBytes=8)
    with denied(session, "kms:CreateKey", "*", missing=SESSION):
        kms.create_key()
    assert 0 < session.packed <= 100
    assert user.assume(role).packed is None


def test_a_key_policy_that_names_the_role_is_limited_by_the_session_policy(home, user):
    role = home.role("KeyUser", trust(user.arn))
    key = home.key(key_statement(role, "kms:DescribeKey", "kms:Encrypt"))
    session = user.assume(role, Policy=policy(allow("kms:DescribeKey")))
    kms = session.client("kms")
    kms.describe_key(KeyId=key)
    with denied(session, "kms:Encrypt", key, missing=SESSION):
        kms.encrypt(KeyId=key, Plaintext=b"x")


def test_a_key_policy_that_names_the_session_is_not_limited_by_the_session_policy(home, user):
    role = home.role("KeyUser", trust(user.arn))
    arn = f"arn:aws:sts::{home.id}:assumed-role/KeyUser/session"
    key = home.key(key_statement(arn, "kms:Encrypt"))
    session = user.assume(role, Policy=policy(allow("kms:ListKeys")))
    assert session.client("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    elsewhere = user.assume(role, session="another")
    with denied(elsewhere, "kms:Encrypt", key, missing="a resource-based policy"):
        elsewhere.client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_a_session_policy_that_is_none_is_refused(home, user):
    role = home.role("Broad", trust(user.arn))
    with refused("MalformedPolicyDocument"):
        user.assume(role, Policy="{")
    with refused("ValidationError", matching="Member must have length less than or equal to 2048"):
        user.assume(role, Policy=policy(allow(*[f"kms:{'x' * 60}{n}" for n in range(40)])))


def test_a_federated_user_has_what_its_user_and_its_session_policy_both_allow(home):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html"""
    broker = home.user("broker", allow("sts:GetFederationToken", "kms:ListKeys", "kms:ListAliases"))
    sts = broker.client("sts")
    answer = sts.get_federation_token(Name="Jill", Policy=policy(allow("kms:ListKeys", "kms:GenerateRandom")))
    jill = broker.session(answer["FederatedUser"]["Arn"], answer)
    assert jill.arn == f"arn:aws:sts::{home.id}:federated-user/Jill"
    assert jill.client("sts").get_caller_identity()["UserId"] == f"{home.id}:Jill"
    kms = jill.client("kms")
    kms.list_keys()
    with denied(jill, "kms:ListAliases", "*", missing=SESSION):
        kms.list_aliases()
    with denied(jill, "kms:GenerateRandom", "*", missing=IDENTITY):
        kms.generate_random(NumberOfBytes=8)


def test_a_federated_user_without_session_policies_has_nothing_but_what_names_it(home):
    broker = home.user("broker", allow("*"))
    answer = broker.client("sts").get_federation_token(Name="Jill")
    jill = broker.session(answer["FederatedUser"]["Arn"], answer)
    key = home.key(key_statement(jill.arn, "kms:DescribeKey"))
    jill.client("kms").describe_key(KeyId=key)
    with denied(jill, "kms:ListKeys", "*", missing=SESSION):
        jill.client("kms").list_keys()
    # A federated user's credentials are not for IAM.
    with refused("InvalidClientTokenId", message="The security token included in the request is invalid."):
        jill.client("iam").list_users()
