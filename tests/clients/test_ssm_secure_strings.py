"""Secure strings: what they are encrypted with, what of them opens elsewhere, and who may read them.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
"""

import base64

import aws_encryption_sdk
import botocore.session
import pytest
from aws_encryption_sdk import CommitmentPolicy

from harness import parameters
from harness.errors import refused
from harness.parameters import put, value
from harness.policies import allow, policy, trust

NAME = "/app/password"
SECRET = "open ☃ sesame"


@pytest.fixture
def ssm(home):
    """An SSM client of this test's root user."""
    return home.root.client("ssm")


def administration(home) -> dict:
    """The statement of a key policy that keeps the account in charge, and has it ask IAM."""
    return trust(home.arn, "kms:*") | {"Resource": "*"}


def test_a_secure_string_is_read_in_the_clear_only_if_asked_for(home, ssm):
    for tier in ("Standard", "Advanced"):
        put(ssm, NAME + tier, SECRET, "SecureString", Tier=tier)
        sealed = value(ssm, NAME + tier)
        assert SECRET.encode() not in base64.b64decode(sealed, validate=True)
        assert value(ssm, NAME + tier, WithDecryption=False) == sealed
        assert value(ssm, NAME + tier, WithDecryption=True) == SECRET
        answer = ssm.get_parameters(Names=[NAME + tier], WithDecryption=True)
        assert answer["Parameters"][0]["Value"] == SECRET
        (version,) = parameters.history(ssm, NAME + tier, WithDecryption=True)
        assert (version["Value"], version["KeyId"]) == (SECRET, "alias/aws/ssm")
        assert parameters.history(ssm, NAME + tier)[0]["Value"] == sealed
    found = ssm.get_parameters_by_path(Path="/app", WithDecryption=True)["Parameters"]
    assert [parameter["Value"] for parameter in found] == [SECRET, SECRET]
    assert [described["KeyId"] for described in ssm.describe_parameters()["Parameters"]] == ["alias/aws/ssm"] * 2


def test_what_a_standard_one_keeps_is_what_kms_encrypted(home, ssm):
    key = home.key(administration(home))
    kms = home.root.client("kms")
    put(ssm, NAME, SECRET, "SecureString", KeyId=key)
    sealed = base64.b64decode(value(ssm, NAME))
    context = {"PARAMETER_ARN": parameters.arn(home.id, NAME)}
    opened = kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)
    assert (opened["Plaintext"].decode(), opened["KeyId"]) == (SECRET, key)
    for wrong in ({}, {"PARAMETER_ARN": parameters.arn(home.id, "/app/other")}, context | {"more": "x"}):
        with refused("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=sealed, EncryptionContext=wrong)
    with refused("AccessDeniedException"):
        home.user("nobody").client("kms").decrypt(CiphertextBlob=sealed, EncryptionContext=context)


def test_what_an_advanced_one_keeps_is_a_message_of_the_encryption_sdk(home, ssm, monkeypatch):
    key = home.key(administration(home))
    put(ssm, NAME, SECRET, "SecureString", KeyId=key, Tier="Advanced")
    message = base64.b64decode(value(ssm, NAME))
    session = botocore.session.Session()
    session.set_credentials(home.root.access_key, home.root.secret)
    session.set_config_variable("region", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", home.server.url)
    provider = aws_encryption_sdk.StrictAwsKmsMasterKeyProvider(key_ids=[key], botocore_session=session)
    sdk = aws_encryption_sdk.EncryptionSDKClient(
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT
    )
    plaintext, header = sdk.decrypt(source=message, key_provider=provider)
    assert plaintext.decode() == SECRET
    assert header.encryption_context["PARAMETER_ARN"] == parameters.arn(home.id, NAME)


def test_a_plain_read_takes_no_permission_on_the_key_and_a_decrypted_one_does(home, ssm):
    key = home.key(administration(home))
    arn = parameters.arn(home.id, NAME)
    for tier in ("Standard", "Advanced"):
        put(ssm, NAME + tier, SECRET, "SecureString", KeyId=key, Tier=tier)
        on = arn + tier
        reads = home.user(f"reads-{tier}", allow("ssm:GetParameter", on=on)).client("ssm")
        assert value(reads, NAME + tier) == value(ssm, NAME + tier)
        with refused("AccessDeniedException", matching="is not authorized to perform: kms:Decrypt on resource: "):
            value(reads, NAME + tier, WithDecryption=True)
        via = {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}
        opens = home.user(
            f"opens-{tier}", allow("ssm:GetParameter", on=on), allow("kms:Decrypt", on=key, when=via)
        )
        assert value(opens.client("ssm"), NAME + tier, WithDecryption=True) == SECRET
        if tier == "Standard":
            blob = base64.b64decode(value(ssm, NAME + tier))
            with refused("AccessDeniedException"):
                opens.client("kms").decrypt(CiphertextBlob=blob, EncryptionContext={"PARAMETER_ARN": on})
        directly = home.user(
            f"directly-{tier}", allow("ssm:GetParameter", on=on),
            allow("kms:Decrypt", on=key, when={"StringNotEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}),
        )
        with refused("AccessDeniedException"):
            value(directly.client("ssm"), NAME + tier, WithDecryption=True)


def test_putting_takes_encrypt_or_a_data_key(home):
    key = home.key(administration(home))
    for tier, action in (("Standard", "kms:Encrypt"), ("Advanced", "kms:GenerateDataKey")):
        name = f"{NAME}-{tier}"
        puts = home.user(f"puts-{tier}", allow("ssm:PutParameter", on=parameters.arn(home.id, name)))
        with refused("AccessDeniedException", matching=f"is not authorized to perform: {action} on resource: {key}"):
            put(puts.client("ssm"), name, SECRET, "SecureString", KeyId=key, Tier=tier)
        home.iam.put_user_policy(
            UserName=puts.name, PolicyName="key", PolicyDocument=policy(allow(action, on=key))
        )
        assert put(puts.client("ssm"), name, SECRET, "SecureString", KeyId=key, Tier=tier) == 1


def test_the_context_of_the_parameter_is_what_key_policies_may_ask_for(home, ssm):
    key = home.key(administration(home))
    for name in ("/mine/a", "/yours/b"):
        put(ssm, name, SECRET, "SecureString", KeyId=key)
    mine = {"StringLike": {"kms:EncryptionContext:PARAMETER_ARN": parameters.arn(home.id, "/mine/*")}}
    reader = home.user("reader", allow("ssm:GetParameter*"), allow("kms:Decrypt", on=key, when=mine)).client("ssm")
    assert value(reader, "/mine/a", WithDecryption=True) == SECRET
    with refused("AccessDeniedException"):
        value(reader, "/yours/b", WithDecryption=True)


def test_the_managed_key_serves_the_account_s_users_through_parameter_store_alone(home, ssm):
    user = home.user("user", allow("ssm:*")).client("ssm")
    put(user, NAME, SECRET, "SecureString")
    assert value(user, NAME, WithDecryption=True) == SECRET
    with refused("AccessDeniedException"):
        home.root.client("kms").decrypt(
            CiphertextBlob=base64.b64decode(value(ssm, NAME)),
            EncryptionContext={"PARAMETER_ARN": parameters.arn(home.id, NAME)},
        )


@pytest.mark.parametrize("tier", ["Standard", "Advanced"])
def test_a_key_that_is_out_of_use_gives_no_value(home, ssm, tier):
    key = home.key()
    kms = home.root.client("kms")
    put(ssm, NAME, SECRET, "SecureString", KeyId=key, Tier=tier)
    sealed = value(ssm, NAME)
    tail = r" \(Service: AWSKMS; Status Code: 400; Error Code: {}; Request ID: [0-9a-f-]{{36}}; Proxy: null\)$"
    kms.disable_key(KeyId=key)
    for call in (
        lambda: value(ssm, NAME, WithDecryption=True), lambda: put(ssm, NAME, "x", "SecureString", Overwrite=True),
    ):
        with refused("InvalidKeyId", matching=f"^{key} is disabled." + tail.format("DisabledException")):
            call()
    assert value(ssm, NAME) == sealed
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    for call in (
        lambda: value(ssm, NAME, WithDecryption=True), lambda: put(ssm, NAME, "x", "SecureString", Overwrite=True),
        lambda: put(ssm, "/other", "x", "SecureString", KeyId=key),
    ):
        with refused("InvalidKeyId", matching=f"^{key} is pending deletion." + tail.format("KMSInvalidStateException")):
            call()
    assert (len(parameters.history(ssm, NAME)), value(ssm, NAME)) == (1, sealed)
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    assert value(ssm, NAME, WithDecryption=True) == SECRET


def test_keys_that_are_not_there_or_do_not_encrypt(home, other, ssm):
    absent = f"arn:aws:kms:us-east-1:{home.id}:key/00000000-0000-0000-0000-000000000000"
    signing = home.key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    for key, code in (
        (absent, "InvalidKeyId"), ("alias/none", "InvalidKeyId"), (signing, "InvalidKeyId"),
        (other.key(), "AccessDeniedException"),
    ):
        with refused(code, matching=r"\(Service: AWSKMS; Status Code: 400; Error Code: "):
            put(ssm, NAME, SECRET, "SecureString", KeyId=key)
    with refused("ValidationException", message="KeyId is required for SecureString type parameter only."):
        put(ssm, NAME, SECRET, KeyId="alias/aws/ssm")
    assert ssm.describe_parameters()["Parameters"] == []


def test_a_key_of_another_account_serves_those_whom_it_lets(home, other, ssm):
    foreign = other.key(administration(other), trust(home.arn, "kms:Encrypt", "kms:Decrypt") | {"Resource": "*"})
    put(ssm, NAME, SECRET, "SecureString", KeyId=foreign)
    assert value(ssm, NAME, WithDecryption=True) == SECRET
    other.root.client("kms").put_key_policy(
        KeyId=foreign, PolicyName="default", Policy=policy(administration(other)), BypassPolicyLockoutSafetyCheck=True
    )
    with refused("AccessDeniedException"):
        value(ssm, NAME, WithDecryption=True)
    assert base64.b64decode(value(ssm, NAME), validate=True)


def test_every_version_opens_after_the_key_was_rotated_or_changed(home, ssm):
    first, second = home.key(), home.key()
    for n, more in enumerate(({"KeyId": first}, {}, {"KeyId": second}, {"Tier": "Advanced"}, {"KeyId": first})):
        put(ssm, NAME, str(n), "SecureString", Overwrite=True, **more)
        home.root.client("kms").rotate_key_on_demand(KeyId=first)
    versions = parameters.history(ssm, NAME, WithDecryption=True)
    assert [version["Value"] for version in versions] == ["0", "1", "2", "3", "4"]
    assert [value(ssm, f"{NAME}:{n}", WithDecryption=True) for n in (1, 3, 5)] == ["0", "2", "4"]
    home.root.client("kms").disable_key(KeyId=second)
    assert value(ssm, f"{NAME}:1", WithDecryption=True) == "0"
    with refused("InvalidKeyId"):
        value(ssm, f"{NAME}:3", WithDecryption=True)
    with refused("InvalidKeyId"):
        ssm.get_parameter_history(Name=NAME, WithDecryption=True)
