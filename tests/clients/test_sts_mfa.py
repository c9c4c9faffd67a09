"""Multi-factor authentication in policies.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

import pytest

from harness.errors import refused
from harness.identities import Account
from harness.mfa import Device
from harness.policies import IDENTITY, allow, denied, deny, trust

WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def test_a_role_across_accounts_wants_mfa(home, other):
    """Scenario 1 of the guide: MFA protection for cross-account delegation."""
    role = home.role("NeedsMfa", trust(other.arn, when=WITH_MFA), allow("kms:ListKeys"))
    user = other.user("user", allow("sts:AssumeRole", on=role))
    device = Device(other.iam, "user")
    with denied(user, "sts:AssumeRole", role):
        user.assume(role)
    user.assume(role, **device.code()).client("kms").list_keys()


def test_an_operation_of_one_s_own_account_wants_mfa(home):
    """Scenario 2 of the guide: MFA protection for access to operations in the current account."""
    user = home.user("user", allow("kms:ListKeys"), allow("kms:CreateKey", when=WITH_MFA))
    device = Device(home.iam, "user")
    with denied(user, "kms:CreateKey", "*", missing=IDENTITY):
        user.client("kms").create_key()
    without = user.session(user.arn, user.client("sts").get_session_token())
    with denied(user, "kms:CreateKey", "*", missing=IDENTITY):
        without.client("kms").create_key()
    session = user.session(user.arn, user.client("sts").get_session_token(**device.code()))
    session.client("kms").create_key()


def test_a_deny_without_mfa_lets_only_those_with_it_pass(home):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html"""
    user = home.user("user", allow("*"), deny(
        NotAction=["iam:ListMFADevices", "sts:GetSessionToken"],
        when={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    ))
    device = Device(home.iam, "user")
    with denied(user, "iam:ListUsers", home.arn_of("user/"), by=IDENTITY):
        user.client("iam").list_users()
    assert len(user.client("iam").list_mfa_devices(UserName="user")["MFADevices"]) == 1
    session = user.session(user.arn, user.client("sts").get_session_token(**device.code()))
    session.client("iam").list_users()


def test_mfa_wears_off_by_its_age(own_server, account):
    """The guide's example of aws:MultiFactorAuthAge."""
    home = Account(own_server, account)
    user = home.user("user", allow("kms:ListKeys", when={"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}))
    device = Device(home.iam, "user")
    session = user.session(user.arn, user.client("sts").get_session_token(**device.code()))
    session.client("kms").list_keys()
    own_server.advance_clock(3601)
    with denied(user, "kms:ListKeys", "*", missing=IDENTITY):
        session.client("kms").list_keys()


def test_a_session_without_mfa_is_not_for_iam(home):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html"""
    user = home.user("user", allow("*"))
    session = user.session(user.arn, user.client("sts").get_session_token())
    with refused("InvalidClientTokenId", message="The security token included in the request is invalid."):
        session.client("iam").list_users()


@pytest.mark.parametrize(("wrong", "message"), [
    ({"TokenCode": "000000"}, "MultiFactorAuthentication failed with invalid MFA one time pass code. "),
    ({"SerialNumber": "arn:aws:iam::111122223333:mfa/none"},
     "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
     "and associated with this user."),
])
def test_a_wrong_code_or_device_is_refused(home, wrong, message):
    user = home.user("user")
    shown = Device(home.iam, "user").code() | wrong
    with refused("AccessDenied", message=message):
        user.client("sts").get_session_token(**shown)


def test_a_code_counts_once(home):
    user = home.user("user")
    shown = Device(home.iam, "user").code()
    user.client("sts").get_session_token(**shown)
    with refused("AccessDenied", message="MultiFactorAuthentication failed with invalid MFA one time pass code. "):
        user.client("sts").get_session_token(**shown)
