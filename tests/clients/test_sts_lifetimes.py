"""Sessions end: by themselves, by revocation, and with what they came from.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
"""

from datetime import datetime, timedelta, timezone

import pytest

from harness.errors import refused
from harness.identities import Account
from harness.policies import IDENTITY, allow, denied, deny, policy, trust
from harness.server import Server

EXPIRED = "The security token included in the request is expired"
INVALID = "The security token included in the request is invalid"


@pytest.fixture
def own_home(own_server: Server, account: str) -> Account:
    """An account of a server whose clock this test moves."""
    return Account(own_server, account)


def test_a_session_ends_when_its_time_is_over(own_server, own_home):
    user = own_home.user("user")
    role = own_home.role("Role", trust(user.arn), allow("kms:*", "iam:*"))
    session = user.assume(role, DurationSeconds=900)
    assert abs(session.expires - datetime.now(timezone.utc) - timedelta(minutes=15)) < timedelta(minutes=1)
    own_server.advance_clock(890)
    session.client("kms").list_keys()
    own_server.advance_clock(11)
    with refused("ExpiredTokenException", message=EXPIRED):
        session.client("kms").list_keys()
    for service, call in (("sts", "get_caller_identity"), ("iam", "list_users")):
        with refused("ExpiredToken", message=EXPIRED) as refusal:
            getattr(session.client(service), call)()
        assert refusal.status == 403
    # The user's own keys are for good.
    user.assume(role).client("kms").list_keys()


@pytest.mark.parametrize(("call", "parameters", "seconds"), [
    ("get_session_token", {}, 12 * 60 * 60),
    ("get_session_token", {"DurationSeconds": 900}, 900),
    ("get_federation_token", {"Name": "Jill"}, 12 * 60 * 60),
])
def test_a_user_s_own_sessions_end_too(own_server, own_home, call, parameters, seconds):
    user = own_home.user("user", allow("sts:GetFederationToken"))
    session = user.session(user.arn, getattr(user.client("sts"), call)(**parameters))
    own_server.advance_clock(seconds - 5)
    session.client("sts").get_caller_identity()
    own_server.advance_clock(6)
    with refused("ExpiredToken", message=EXPIRED):
        session.client("sts").get_caller_identity()


def test_older_sessions_are_revoked_by_a_deny_on_when_they_were_issued(own_server, own_home):
    """The policy AWSRevokeOlderSessions as the console writes it."""
    user = own_home.user("user")
    role = own_home.role("Role", trust(user.arn), allow("kms:ListKeys"))
    old = user.assume(role)
    old.client("kms").list_keys()
    own_server.advance_clock(60)
    # The clock has been moved, so this moment is before it.
    now = datetime.now(timezone.utc) + timedelta(seconds=55)
    own_home.iam.put_role_policy(RoleName="Role", PolicyName="AWSRevokeOlderSessions", PolicyDocument=policy(
        deny("*", when={"DateLessThan": {"aws:TokenIssueTime": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}})
    ))
    with denied(old, "kms:ListKeys", "*", by=IDENTITY):
        old.client("kms").list_keys()
    user.assume(role).client("kms").list_keys()


def test_a_changed_policy_counts_for_sessions_at_once(home):
    user = home.user("user")
    role = home.role("Role", trust(user.arn), allow("kms:ListKeys"))
    session = user.assume(role)
    session.client("kms").list_keys()
    home.iam.delete_role_policy(RoleName="Role", PolicyName="inline")
    with denied(session, "kms:ListKeys", "*", missing=IDENTITY):
        session.client("kms").list_keys()
    home.iam.put_role_policy(RoleName="Role", PolicyName="inline", PolicyDocument=policy(allow("kms:List*")))
    session.client("kms").list_keys()
    # A changed trust policy is for those who come later.
    home.iam.update_assume_role_policy(RoleName="Role", PolicyDocument=policy(trust(home.arn)))
    session.client("kms").list_keys()


def test_a_role_s_sessions_end_with_it_and_another_of_its_name_does_not_revive_them(home):
    user = home.user("user")
    role = home.role("Role", trust(user.arn))
    session = user.assume(role)
    home.iam.delete_role(RoleName="Role")
    with refused("InvalidClientTokenId", message=INVALID + "."):
        session.client("sts").get_caller_identity()
    home.role("Role", trust(user.arn))
    with refused("InvalidClientTokenId", message=INVALID + "."):
        session.client("sts").get_caller_identity()
    with refused("UnrecognizedClientException", message=INVALID + "."):
        session.client("kms").list_keys()


def test_an_access_key_that_is_inactive_or_deleted_opens_nothing(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"""
    user = home.user("user", allow("iam:ListUsers"))
    key = {"UserName": "user", "AccessKeyId": user.access_key}
    home.iam.update_access_key(**key, Status="Inactive")
    with refused("InvalidClientTokenId", message=INVALID + "."):
        user.client("iam").list_users()
    home.iam.update_access_key(**key, Status="Active")
    user.client("iam").list_users()
    home.iam.delete_access_key(**key)
    with refused("InvalidClientTokenId", message=INVALID + "."):
        user.client("iam").list_users()


def test_a_session_needs_its_own_token(home):
    user = home.user("user")
    role = home.role("Role", trust(user.arn), allow("kms:ListKeys"))
    one, two = user.assume(role), user.assume(role)
    for token in (None, two.token, one.token[:-4] + "AAAA"):
        with refused("UnrecognizedClientException", message=INVALID + "."):
            home.server.client("kms", one.access_key, one.secret, token=token).list_keys()


def test_users_and_sessions_outlive_a_restart(durable_server: Server):
    iam = durable_server.administrator("iam")
    arn = iam.create_user(UserName="user")["User"]["Arn"]
    key = iam.create_access_key(UserName="user")["AccessKey"]
    role = iam.create_role(RoleName="Role", AssumeRolePolicyDocument=policy(trust(arn)))["Role"]["Arn"]
    user = durable_server.client("sts", key["AccessKeyId"], key["SecretAccessKey"])
    session = user.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    durable_server.kill()
    durable_server.start()
    sts = durable_server.client(
        "sts", session["AccessKeyId"], session["SecretAccessKey"], token=session["SessionToken"]
    )
    assert sts.get_caller_identity()["Arn"].endswith(":assumed-role/Role/session")
    user = durable_server.client("iam", key["AccessKeyId"], key["SecretAccessKey"])
    with denied(arn, "iam:GetUser", arn, missing=IDENTITY):
        user.get_user(UserName="user")
