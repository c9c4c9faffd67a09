"""Versions and labels of parameters, and what selects them.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html and
https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html
"""

import threading

import pytest

from harness import parameters
from harness.errors import refused
from harness.parameters import put, value

NAME = "/app/color"
SYNTAX = "Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>"
# How many versions of a parameter are kept.
VERSIONS_MAX = 100


@pytest.fixture
def ssm(home):
    """An SSM client of this test's root user."""
    return home.root.client("ssm")


@pytest.fixture
def three(ssm):
    """A parameter with three versions."""
    for color in ("red", "green", "blue"):
        put(ssm, NAME, color, Overwrite=True)
    return ssm


def labels(ssm) -> dict[int, list[str]]:
    """The labels of each version."""
    return {version["Version"]: sorted(version["Labels"]) for version in parameters.history(ssm, NAME)}


def test_history_has_every_version_oldest_first(home, three):
    versions = parameters.history(three, NAME)
    assert [(version["Version"], version["Value"]) for version in versions] == [(1, "red"), (2, "green"), (3, "blue")]
    first = versions[0]
    del first["LastModifiedDate"]
    assert first == {
        "DataType": "text", "Labels": [], "LastModifiedUser": home.arn, "Name": NAME, "Policies": [],
        "Tier": "Standard", "Type": "String", "Value": "red", "Version": 1,
    }


def test_versions_are_selected_by_number_and_by_label(home, three):
    three.label_parameter_version(Name=NAME, ParameterVersion=2, Labels=["stable"])
    for selector, found in ((":1", "red"), (":02", "green"), (":stable", "green"), ("", "blue")):
        for name in (NAME, parameters.arn(home.id, NAME)):
            read = three.get_parameter(Name=name + selector)["Parameter"]
            assert (read["Value"], read["Name"], read.get("Selector", "")) == (found, NAME, selector)
    for selector, message in (
        (":4", f"Systems Manager could not find version 4 of {NAME}. Verify the version and try again."),
        (":0", f"Systems Manager could not find version 0 of {NAME}. Verify the version and try again."),
        (":none", f"Systems Manager could not find a version of {NAME} that has the specified label, none. Verify the "
                  "parameter label and try again."),
        (":-1", f"Systems Manager could not find a version of {NAME} that has the specified label, -1. Verify the "
                "parameter label and try again."),
    ):
        with refused("ParameterVersionNotFound", message=message):
            three.get_parameter(Name=NAME + selector)
    for selector in (":", ":1:2"):
        with refused("ValidationException", message=SYNTAX):
            three.get_parameter(Name=NAME + selector)


def test_labels_move_and_go(three):
    assert three.label_parameter_version(Name=NAME, Labels=["stable", "new"])["ParameterVersion"] == 3
    answer = three.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["stable"])
    assert (answer["ParameterVersion"], answer["InvalidLabels"]) == (1, [])
    assert labels(three) == {1: ["stable"], 2: [], 3: ["new"]}
    answer = three.unlabel_parameter_version(Name=NAME, ParameterVersion=1, Labels=["new", "stable", "none"])
    assert (answer["RemovedLabels"], answer["InvalidLabels"]) == (["stable"], ["new", "none"])
    assert labels(three) == {1: [], 2: [], 3: ["new"]}
    with refused("ParameterVersionNotFound", message=(
        f"Systems Manager could not find version 99 of {NAME}. Verify the version and try again."
    )):
        three.label_parameter_version(Name=NAME, ParameterVersion=99, Labels=["x"])
    with refused("ParameterNotFound", message=""):
        three.label_parameter_version(Name="/absent", Labels=["x"])


def test_labels_that_may_not_be_are_told_and_the_others_stick(three):
    given = ["bad label", "AWSbad", "Ssmbad", "1number", "bad:colon", "good", "bad label"]
    answer = three.label_parameter_version(Name=NAME, Labels=given)
    assert sorted(answer["InvalidLabels"]) == sorted(set(given) - {"good"})
    assert labels(three)[3] == ["good"]


def test_a_version_has_ten_labels_at_most(three):
    three.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=[f"label-{n}" for n in range(10)])
    with refused("ParameterVersionLabelLimitExceeded", matching="^A parameter version can have maximum 10 labels"):
        three.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["one-more"])
    three.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["label-0"])
    three.label_parameter_version(Name=NAME, ParameterVersion=2, Labels=["label-0", "one-more"])
    assert (len(labels(three)[1]), len(labels(three)[2])) == (9, 2)


def test_a_hundred_versions_are_kept_and_a_labelled_one_is_not_lost(ssm):
    put(ssm, NAME, "1")
    ssm.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["keep"])
    for n in range(2, VERSIONS_MAX + 1):
        put(ssm, NAME, str(n), Overwrite=True)
    with refused("ParameterMaxVersionLimitExceeded", message=(
        f"You attempted to create a new version of {NAME} by calling the PutParameter API with the overwrite flag. "
        "Version 1, the oldest version, can't be deleted because it has a label associated with it. Move the label to "
        "another version of the parameter, and try again."
    )):
        put(ssm, NAME, "101", Overwrite=True)
    assert value(ssm, NAME) == "100"
    ssm.label_parameter_version(Name=NAME, ParameterVersion=2, Labels=["keep"])
    assert put(ssm, NAME, "101", Overwrite=True) == 101
    assert [version["Version"] for version in parameters.history(ssm, NAME)] == list(range(2, 102))
    with refused("ParameterVersionNotFound"):
        ssm.get_parameter(Name=f"{NAME}:1")
    assert value(ssm, f"{NAME}:keep") == "2"


def test_writers_at_once_get_a_version_each_and_none_is_skipped(home, ssm):
    put(ssm, NAME, "0")
    taken: list[tuple[int, str]] = []

    def write(writer: int) -> None:
        client = home.root.client("ssm")
        for n in range(10):
            mine = f"{writer}-{n}"
            taken.append((put(client, NAME, mine, Overwrite=True), mine))

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(version for version, _ in taken) == list(range(2, 82))
    kept = {version["Version"]: version["Value"] for version in parameters.history(ssm, NAME)}
    assert kept == {1: "0"} | dict(taken)


def test_one_of_those_who_create_at_once_does(home):
    told: list[str] = []

    def create(writer: int) -> None:
        client = home.root.client("ssm")
        try:
            put(client, NAME, str(writer))
            told.append(f"made {writer}")
        except client.exceptions.ParameterAlreadyExists:
            told.append("exists")

    writers = [threading.Thread(target=create, args=(writer,)) for writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    (made,) = [answer for answer in told if answer != "exists"]
    assert len(told) == 8
    assert f"made {value(home.root.client('ssm'), NAME)}" == made


def test_a_put_that_fails_changes_nothing(home, ssm):
    ssm.put_parameter(Name=NAME, Value="1", Type="String", AllowedPattern="[0-9]", Description="d", Tags=[
        {"Key": "team", "Value": "red"},
    ])
    put(ssm, NAME, "2", Overwrite=True)
    ssm.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["old"])

    def everything() -> tuple:
        return (
            parameters.history(ssm, NAME), ssm.describe_parameters()["Parameters"],
            ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=NAME)["TagList"],
        )

    before = everything()
    absent = home.key().replace(home.id + ":key/", home.id + ":key/0")[:-1]
    for wrong in (
        {"Value": "x"}, {"Value": ""}, {"Value": "3" * 4097}, {"Value": "3", "AllowedPattern": "["},
        {"Value": "3", "Type": "SecureString", "KeyId": absent}, {"Value": "3", "KeyId": "alias/aws/ssm"},
        {"Value": "3", "Policies": "[{}, 1]"}, {"Value": "3", "DataType": "bad"}, {"Value": "3", "Overwrite": False},
        {"Value": "3", "Tags": [{"Key": "team", "Value": "blue"}]}, {"Value": "3", "Type": "Bad"},
        {"Value": "3", "Tier": "Bad"}, {"Value": "{{ssm:other}}"}, {"Value": "3", "Policies": '[{"Type":"Bad"}]'},
    ):
        with pytest.raises(ssm.exceptions.ClientError):
            ssm.put_parameter(**{"Name": NAME, "Overwrite": True, "Description": "changed"} | wrong)
        assert everything() == before, wrong
