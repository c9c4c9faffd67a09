"""The AWS CLI with profiles that assume roles: it asks STS for their credentials by itself.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html
"""

import json
from pathlib import Path

import pytest

from harness.cli import Cli
from harness.policies import allow, policy, trust

EXTERNAL_ID = "123456"


@pytest.fixture
def role(aws: Cli) -> str:
    """The ARN of a role that the user `cli` may assume with an external id, made by the CLI."""
    user = aws("iam", "create-user", "--user-name", "cli")["User"]["Arn"]
    trusted = policy(trust(user, when={"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}))
    made = aws("iam", "create-role", "--role-name", "marketingadminrole", "--assume-role-policy-document", trusted)
    aws("iam", "attach-role-policy", "--role-name", "marketingadminrole",
        "--policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess")
    aws("iam", "put-user-policy", "--user-name", "cli", "--policy-name", "keys",
        "--policy-document", policy(allow("kms:ListKeys")))
    return made["Role"]["Arn"]


def profiles(aws: Cli, directory: Path, role: str) -> Cli:
    """The CLI with a profile of the user, and of the role by way of the user's, as the guide writes them."""
    key = aws("iam", "create-access-key", "--user-name", "cli")["AccessKey"]
    credentials, config = directory / "credentials", directory / "config"
    credentials.write_text(
        f"[user1]\naws_access_key_id = {key['AccessKeyId']}\naws_secret_access_key = {key['SecretAccessKey']}\n"
    )
    config.write_text(
        f"[profile marketingadmin]\nrole_arn = {role}\nsource_profile = user1\nexternal_id = {EXTERNAL_ID}\n"
        "role_session_name = by-itself\n"
        f"[profile forgetful]\nrole_arn = {role}\nsource_profile = user1\nrole_session_name = by-itself\n"
    )
    return aws.configured(credentials, config)


def test_a_profile_of_a_role_works_by_itself(aws: Cli, tmp_path: Path, role: str):
    user = profiles(aws, tmp_path, role)
    account = role.split(":")[4]
    assert user("sts", "get-caller-identity", "--profile", "user1")["Arn"] == f"arn:aws:iam::{account}:user/cli"
    user("kms", "list-keys", "--profile", "user1")
    user("iam", "list-users", "--profile", "user1", fails_with=(
        f"User: arn:aws:iam::{account}:user/cli is not authorized to perform: iam:ListUsers on resource: "
        f"arn:aws:iam::{account}:user/ because no identity-based policy allows the iam:ListUsers action"
    ))
    session = f"arn:aws:sts::{account}:assumed-role/marketingadminrole/by-itself"
    assert user("sts", "get-caller-identity", "--profile", "marketingadmin")["Arn"] == session
    listed = user("iam", "list-users", "--profile", "marketingadmin")["Users"]
    assert [one["UserName"] for one in listed] == ["cli"]
    user("iam", "create-group", "--group-name", "g", "--profile", "marketingadmin", fails_with=(
        f"User: {session} is not authorized to perform: iam:CreateGroup on resource: "
        f"arn:aws:iam::{account}:group/g because no identity-based policy allows the iam:CreateGroup action"
    ))
    user("sts", "get-caller-identity", "--profile", "forgetful", fails_with=(
        f"User: arn:aws:iam::{account}:user/cli is not authorized to perform: sts:AssumeRole on resource: {role}"
    ))


def test_documents_come_back_as_they_went_in(aws: Cli, role: str):
    document = json.loads(policy(allow("kms:ListKeys")))
    given = aws("iam", "get-user-policy", "--user-name", "cli", "--policy-name", "keys")["PolicyDocument"]
    assert given == document
    found = aws("iam", "get-role", "--role-name", "marketingadminrole")["Role"]
    assert found["Arn"] == role
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"
