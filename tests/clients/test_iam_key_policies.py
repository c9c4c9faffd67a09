"""KMS's own rule beside IAM's: a key policy that delegates to IAM or not, grants, and two accounts.

Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
"""

from harness.policies import IDENTITY, RESOURCE, allow, denied, deny, trust


def statement(principal: str | list[str], *actions: str, effect: str = "Allow", **condition: dict) -> dict:
    """A key policy's statement."""
    found = {"Effect": effect, "Principal": {"AWS": principal}, "Action": list(actions) or "kms:*", "Resource": "*"}
    return found | ({"Condition": condition} if condition else {})


def test_the_default_key_policy_delegates_to_iam(home):
    key = home.key()
    allowed, not_allowed = home.user("allowed", allow("kms:Encrypt", on=key)), home.user("not-allowed")
    allowed.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    with denied(allowed, "kms:DescribeKey", key, missing=IDENTITY):
        allowed.client("kms").describe_key(KeyId=key)
    with denied(not_allowed, "kms:Encrypt", key, missing=IDENTITY):
        not_allowed.client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_without_delegation_no_policy_of_iam_opens_a_key(home):
    keeper = home.user("keeper")
    key = home.key(statement(keeper.arn))
    administrator = home.user("administrator", allow("*"))
    keeper.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    with denied(administrator, "kms:Encrypt", key, missing=RESOURCE):
        administrator.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    # Not even the account's root user.
    with denied(home.root, "kms:DescribeKey", key, missing=RESOURCE):
        home.root.client("kms").describe_key(KeyId=key)


def test_a_key_policy_s_deny_wins_over_everything(home):
    user = home.user("user", allow("kms:*"))
    key = home.key(statement(home.arn), statement(user.arn, "kms:Decrypt", effect="Deny"))
    blob = user.client("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    home.root.client("kms").create_grant(KeyId=key, GranteePrincipal=user.arn, Operations=["Decrypt"])
    with denied(user, "kms:Decrypt", key, by=RESOURCE):
        user.client("kms").decrypt(CiphertextBlob=blob)


def test_across_accounts_the_key_policy_and_the_other_account_must_both_allow_it(home, other):
    key = home.key(statement(home.arn), statement(other.arn, "kms:Encrypt", "kms:DescribeKey"))
    allowed = other.user("allowed", allow("kms:*", on=key))
    not_allowed = other.user("not-allowed")
    allowed.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    with denied(allowed, "kms:GenerateMac", key, missing=RESOURCE):
        allowed.client("kms").generate_mac(KeyId=key, Message=b"x", MacAlgorithm="HMAC_SHA_256")
    with denied(not_allowed, "kms:Encrypt", key, missing=IDENTITY):
        not_allowed.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    # Named itself, a user of another account needs its own account's permission all the same.
    named = home.key(statement(home.arn), statement(not_allowed.arn, "kms:Encrypt"))
    with denied(not_allowed, "kms:Encrypt", named, missing=IDENTITY):
        not_allowed.client("kms").encrypt(KeyId=named, Plaintext=b"x")


def test_a_grant_opens_what_no_policy_opens(home):
    user, key = home.user("user"), home.key()
    with denied(user, "kms:Encrypt", key, missing=IDENTITY):
        user.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    grant = home.root.client("kms").create_grant(KeyId=key, GranteePrincipal=user.arn, Operations=["Encrypt"])
    user.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    with denied(user, "kms:DescribeKey", key, missing=IDENTITY):
        user.client("kms").describe_key(KeyId=key)
    home.root.client("kms").revoke_grant(KeyId=key, GrantId=grant["GrantId"])
    with denied(user, "kms:Encrypt", key, missing=IDENTITY):
        user.client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_a_grant_gives_way_to_denies_and_boundaries(home):
    denied_user = home.user("denied", deny("kms:Encrypt"))
    boundary = home.policy("NoKms", allow("iam:*"))
    limited = home.user("limited")
    role = home.role("Limited", trust(limited.arn), PermissionsBoundary=boundary)
    key = home.key()
    for grantee in (denied_user.arn, role):
        home.root.client("kms").create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Encrypt"])
    with denied(denied_user, "kms:Encrypt", key, by=IDENTITY):
        denied_user.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    session = limited.assume(role)
    with denied(session, "kms:Encrypt", key, missing=IDENTITY):
        session.client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_a_grant_to_a_role_is_for_its_sessions(home):
    user, stranger = home.user("user"), home.user("stranger", allow("sts:AssumeRole"))
    role, another = home.role("Grantee", trust(user.arn)), home.role("Another", trust(home.arn))
    key = home.key()
    home.root.client("kms").create_grant(
        KeyId=key, GranteePrincipal=role, Operations=["Encrypt", "Decrypt"],
        Constraints={"EncryptionContextEquals": {"tenant": "a"}},
    )
    session = user.assume(role)
    blob = session.client("kms").encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"tenant": "a"})["CiphertextBlob"]
    assert session.client("kms").decrypt(CiphertextBlob=blob, EncryptionContext={"tenant": "a"})["Plaintext"] == b"x"
    with denied(session, "kms:Encrypt", key, missing=IDENTITY):
        session.client("kms").encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"tenant": "b"})
    elsewhere = stranger.assume(another)
    with denied(elsewhere, "kms:Encrypt", key, missing=IDENTITY):
        elsewhere.client("kms").encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"tenant": "a"})


def test_the_condition_keys_of_kms_count_in_policies_of_iam(home):
    """https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
    user = home.user("user", allow("kms:Encrypt", when={
        "StringEquals": {"kms:EncryptionContext:AppName": "ExampleApp"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"},
    }))
    key = home.key()
    home.root.client("kms").create_alias(AliasName="alias/app", TargetKeyId=key)
    kms = user.client("kms")
    kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"AppName": "ExampleApp"})
    with denied(user, "kms:Encrypt", key, missing=IDENTITY):
        kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"AppName": "Other"})
    home.root.client("kms").delete_alias(AliasName="alias/app")
    with denied(user, "kms:Encrypt", key, missing=IDENTITY):
        kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"AppName": "ExampleApp"})
