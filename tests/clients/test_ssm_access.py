"""Who may use a parameter: by its name, its tags and its policy, from the account and from others.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html and
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html
"""

import json

import pytest

from harness import parameters
from harness.errors import refused
from harness.parameters import by_path, described, put, value
from harness.policies import IDENTITY, allow, denied, deny, policy


@pytest.fixture
def ssm(home):
    """An SSM client of this test's root user."""
    return home.root.client("ssm")


def tags(**given: str) -> list[dict]:
    """Tags as requests have them."""
    return [{"Key": key, "Value": value} for key, value in given.items()]


def tagged(ssm, name: str) -> dict[str, str]:
    """The tags of a parameter."""
    listed = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    return {tag["Key"]: tag["Value"] for tag in listed}


def test_a_user_may_what_its_policy_allows_and_learns_nothing_else(home, ssm):
    put(ssm, "/app/a", "1")
    put(ssm, "/app/b", "2")
    arn = parameters.arn(home.id, "/app/a")
    user = home.user("user", allow("ssm:GetParameter", "ssm:GetParameters", "ssm:DeleteParameters", on=arn))
    client = user.client("ssm")
    assert value(client, "/app/a") == value(client, arn) == "1"
    for name in ("/app/b", "/app/absent", "/app/b:7", "/app/b:none"):
        with denied(user, "ssm:GetParameter", parameters.arn(home.id, name.partition(":")[0]), missing=IDENTITY):
            value(client, name)
    for names, missing in ((["/app/a", "/app/b"], "/app/b"), (["/app/absent", "/app/a"], "/app/absent")):
        with denied(user, "ssm:GetParameters", parameters.arn(home.id, missing), missing=IDENTITY):
            client.get_parameters(Names=names)
        with denied(user, "ssm:DeleteParameters", parameters.arn(home.id, missing), missing=IDENTITY):
            client.delete_parameters(Names=names)
    for action, call in (
        ("ssm:GetParameterHistory", lambda: client.get_parameter_history(Name="/app/a")),
        ("ssm:LabelParameterVersion", lambda: client.label_parameter_version(Name="/app/a", Labels=["x"])),
        ("ssm:DeleteParameter", lambda: client.delete_parameter(Name="/app/a")),
        ("ssm:PutParameter", lambda: put(client, "/app/a", "3", Overwrite=True)),
        ("ssm:ListTagsForResource", lambda: tagged(client, "/app/a")),
        ("ssm:GetResourcePolicies", lambda: client.get_resource_policies(ResourceArn=arn)),
    ):
        with denied(user, action, arn, missing=IDENTITY):
            call()
    with denied(user, "ssm:DescribeParameters", f"arn:aws:ssm:us-east-1:{home.id}:*", missing=IDENTITY):
        client.describe_parameters()
    with denied(user, "ssm:GetParametersByPath", parameters.arn(home.id, "/app"), missing=IDENTITY):
        client.get_parameters_by_path(Path="/app")
    setting = "/ssm/parameter-store/default-parameter-tier"
    with denied(
        user, "ssm:GetServiceSetting", f"arn:aws:ssm:us-east-1:{home.id}:servicesetting{setting}", missing=IDENTITY
    ):
        client.get_service_setting(SettingId=setting)
    assert parameters.by_path(ssm, "/app") == ["/app/a", "/app/b"]


def test_a_path_is_decided_as_a_whole(home, ssm):
    """"If a user has access to a path, then the user can access all levels of that path." (sysman-paramstore-access)"""
    put(ssm, "/a/b/secret", "x")
    arn = parameters.arn(home.id, "/a")
    user = home.user("user", allow("ssm:GetParametersByPath", on=arn), deny("ssm:*", on=arn + "/b*")).client("ssm")
    assert by_path(user, "/a", Recursive=True) == ["/a/b/secret"]
    with refused("AccessDeniedException"):
        by_path(user, "/a/b")
    with refused("AccessDeniedException"):
        value(user, "/a/b/secret")


def test_condition_keys_of_putting_and_of_paths(home, ssm):
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-conditions.html"""
    once = home.user("once", allow("ssm:PutParameter", when={"StringEquals": {"ssm:Overwrite": "false"}})).client("ssm")
    put(once, "/new", "1")
    with refused("AccessDeniedException"):
        put(once, "/new", "2", Overwrite=True)
    flat = home.user("flat", allow("ssm:GetParametersByPath"), deny(
        "ssm:GetParametersByPath", when={"StringEquals": {"ssm:Recursive": "true"}},
    )).client("ssm")
    assert flat.get_parameters_by_path(Path="/")["Parameters"][0]["Name"] == "/new"
    with refused("AccessDeniedException"):
        flat.get_parameters_by_path(Path="/", Recursive=True)


def test_tags_are_put_listed_filtered_by_and_removed(ssm):
    ssm.put_parameter(Name="/t/a", Value="1", Type="String", Tags=tags(team="red", stage="prod"))
    put(ssm, "/t/b", "2")
    of = {"ResourceType": "Parameter"}
    ssm.add_tags_to_resource(**of, ResourceId="/t/b", Tags=tags(team="blue", empty=""))
    ssm.add_tags_to_resource(**of, ResourceId="/t/b", Tags=tags(team="green"))
    assert (tagged(ssm, "/t/a"), tagged(ssm, "/t/b")) == (
        {"team": "red", "stage": "prod"}, {"team": "green", "empty": ""},
    )
    assert described(ssm, ("tag:team", "Equals", "red", "green")) == ["/t/a", "/t/b"]
    assert described(ssm, ("tag:team", "", "green")) == ["/t/b"]
    assert described(ssm, ("tag:stage", "")) == ["/t/a"]
    ssm.remove_tags_from_resource(**of, ResourceId="/t/a", TagKeys=["team", "absent"])
    assert tagged(ssm, "/t/a") == {"stage": "prod"}
    with refused("ValidationException", matching="^Invalid request: tags and overwrite can't be used together."):
        ssm.put_parameter(Name="/t/a", Value="1", Type="String", Overwrite=True, Tags=tags(team="red"))
    for call in (
        lambda: tagged(ssm, "/absent"), lambda: ssm.add_tags_to_resource(**of, ResourceId="/absent", Tags=tags(a="b")),
        lambda: ssm.remove_tags_from_resource(**of, ResourceId="/absent", TagKeys=["a"]),
    ):
        with refused("InvalidResourceId", message=""):
            call()
    with refused("TooManyTagsError"):
        ssm.add_tags_to_resource(**of, ResourceId="/t/b", Tags=tags(**{f"tag-{n}": "x" for n in range(49)}))
    assert tagged(ssm, "/t/b") == {"team": "green", "empty": ""}
    with refused("InvalidResourceType", "InvalidResourceId"):
        ssm.list_tags_for_resource(ResourceType="Document", ResourceId="/t/a")


def test_access_by_tags(home, ssm):
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html#ps-tags"""
    for team in ("red", "blue"):
        ssm.put_parameter(Name=f"/{team}", Value=team, Type="String", Tags=tags(team=team))
    for key in ("aws:ResourceTag", "ssm:resourceTag"):
        when = {"StringEquals": {f"{key}/team": "red"}}
        user = home.user(f"by-{key[:3]}", allow("ssm:GetParameter", "ssm:GetParameters", when=when)).client("ssm")
        assert value(user, "/red") == "red"
        with refused("AccessDeniedException"):
            value(user, "/blue")
        with refused("AccessDeniedException"):
            user.get_parameters(Names=["/red", "/blue"])
    own = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    member = home.user("member", allow("ssm:GetParameter", when=own), Tags=tags(team="blue")).client("ssm")
    assert value(member, "/blue") == "blue"
    with refused("AccessDeniedException"):
        value(member, "/red")
    home.root.client("ssm").add_tags_to_resource(
        ResourceType="Parameter", ResourceId="/red", Tags=tags(team="blue")
    )
    assert value(member, "/red") == "red"


def test_tagging_on_creation_takes_its_own_permission_and_request_tags_are_asked_about(home):
    plain = home.user("plain", allow("ssm:PutParameter")).client("ssm")
    with refused("AccessDeniedException", matching="is not authorized to perform: ssm:AddTagsToResource on resource: "):
        plain.put_parameter(Name="/x", Value="1", Type="String", Tags=tags(team="red"))
    red = home.user("red", allow(
        "ssm:PutParameter", "ssm:AddTagsToResource",
        when={"StringEquals": {"aws:RequestTag/team": "red"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
    )).client("ssm")
    for wrong in (tags(team="blue"), tags(team="red", more="x")):
        with refused("AccessDeniedException"):
            red.put_parameter(Name="/x", Value="1", Type="String", Tags=wrong)
    red.put_parameter(Name="/x", Value="1", Type="String", Tags=tags(team="red"))


def sharing(arn: str, principal: str, *actions: str) -> str:
    """A resource policy that shares a parameter."""
    given = actions or ("ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters")
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(given), "Resource": arn},
    ]})


def test_an_advanced_parameter_is_shared_with_another_account(home, other, ssm):
    put(ssm, "/shared/a", "1", Tier="Advanced")
    arn = parameters.arn(home.id, "/shared/a")
    reader = other.user("reader", allow("ssm:GetParameter*")).client("ssm")
    with refused("AccessDeniedException"):
        value(reader, arn)
    made = ssm.put_resource_policy(ResourceArn=arn, Policy=sharing(arn, other.arn))
    read = reader.get_parameter(Name=arn)["Parameter"]
    assert (read["Value"], read["ARN"]) == ("1", arn)
    answer = reader.get_parameters(Names=[arn])
    assert [found["Value"] for found in answer["Parameters"]] == ["1"]
    for call in (
        lambda: value(other.user("nobody").client("ssm"), arn),
        lambda: reader.get_parameter_history(Name=arn),
        lambda: other.root.client("ssm").put_parameter(Name=arn, Value="2", Overwrite=True),
        lambda: other.root.client("ssm").delete_parameter(Name=arn),
    ):
        with refused("AccessDeniedException", "ValidationException", "ParameterNotFound"):
            call()
    with refused("ParameterNotFound"):
        value(reader, "/shared/a")
    (listed,) = ssm.get_resource_policies(ResourceArn=arn)["Policies"]
    assert (listed["PolicyId"], listed["PolicyHash"]) == (made["PolicyId"], made["PolicyHash"])
    assert json.loads(listed["Policy"]) == json.loads(sharing(arn, other.arn))
    updated = ssm.put_resource_policy(
        ResourceArn=arn, PolicyId=made["PolicyId"], PolicyHash=made["PolicyHash"],
        Policy=sharing(arn, other.arn, "ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters",
                       "ssm:GetParameterHistory"),
    )
    assert (updated["PolicyId"] == made["PolicyId"], updated["PolicyHash"] == made["PolicyHash"]) == (True, False)
    assert [version["Value"] for version in reader.get_parameter_history(Name=arn)["Parameters"]] == ["1"]
    with refused("ResourcePolicyConflictException"):
        ssm.delete_resource_policy(ResourceArn=arn, PolicyId=made["PolicyId"], PolicyHash=made["PolicyHash"])
    ssm.delete_resource_policy(ResourceArn=arn, PolicyId=made["PolicyId"], PolicyHash=updated["PolicyHash"])
    with refused("AccessDeniedException"):
        value(reader, arn)
    with refused("ResourcePolicyNotFoundException"):
        ssm.delete_resource_policy(ResourceArn=arn, PolicyId=made["PolicyId"], PolicyHash=updated["PolicyHash"])


def test_a_shared_secure_string_takes_its_key_too(home, other, ssm):
    key = home.key()
    put(ssm, "/shared/s", "secret", "SecureString", KeyId=key, Tier="Advanced")
    arn = parameters.arn(home.id, "/shared/s")
    ssm.put_resource_policy(ResourceArn=arn, Policy=sharing(arn, other.arn))
    reader = other.user("reader", allow("ssm:GetParameter*"), allow("kms:Decrypt", on=key)).client("ssm")
    with refused("AccessDeniedException"):
        value(reader, arn, WithDecryption=True)
    home.root.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy(
        {"Effect": "Allow", "Principal": {"AWS": home.arn}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": other.arn}, "Action": "kms:Decrypt", "Resource": "*"},
    ))
    assert value(reader, arn, WithDecryption=True) == "secret"


def test_only_advanced_parameters_are_shared(home, other, ssm):
    put(ssm, "/standard", "1")
    arn = parameters.arn(home.id, "/standard")
    with refused("ResourcePolicyInvalidParameterException", "ValidationException"):
        ssm.put_resource_policy(ResourceArn=arn, Policy=sharing(arn, other.arn))
    absent = parameters.arn(home.id, "/absent")
    for call in (ssm.put_resource_policy, ssm.get_resource_policies):
        more = {"Policy": sharing(absent, other.arn)} if call == ssm.put_resource_policy else {}
        with refused("ResourceNotFoundException"):
            call(ResourceArn=absent, **more)
    put(ssm, "/standard", "2", Overwrite=True, Tier="Advanced")
    with refused("MalformedResourcePolicyDocumentException"):
        ssm.put_resource_policy(ResourceArn=arn, Policy="no policy")
    assert ssm.get_resource_policies(ResourceArn=arn)["Policies"] == []
