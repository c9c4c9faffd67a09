"""Every filter of DescribeParameters and GetParametersByPath, and pages that stay right while parameters change.

Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
"""

import pytest

from harness import parameters
from harness.errors import refused
from harness.identities import Account
from harness.parameters import by_path, described, put

ALL = ["/app/dev/a", "/app/dev/deep/b", "/app/list", "/app/prod/a", "/app/prod/secret", "/app2/x", "top"]


@pytest.fixture(scope="module")
def filled(server, new_account):
    """An SSM client of an account with a tree of parameters that no test changes."""
    home = Account(server, new_account())
    ssm = home.root.client("ssm")
    put(ssm, "/app/dev/a", "1")
    put(ssm, "/app/dev/deep/b", "2")
    put(ssm, "/app/list", "3,4", "StringList")
    put(ssm, "/app/prod/a", "5", Tags=[{"Key": "team", "Value": "red"}], Tier="Advanced")
    put(ssm, "/app/prod/secret", "6", "SecureString")
    put(ssm, "/app2/x", "7", Tags=[{"Key": "team", "Value": "blue"}, {"Key": "stage", "Value": "prod"}])
    put(ssm, "top", "8")
    put(ssm, "/app/dev/a", "9", Overwrite=True)
    ssm.label_parameter_version(Name="/app/dev/a", ParameterVersion=1, Labels=["stable"])
    ssm.label_parameter_version(Name="/app/prod/a", ParameterVersion=1, Labels=["stable"])
    return ssm


@pytest.mark.parametrize(("filters", "found"), [
    ([], ALL),
    ([("Name", "")], None),
    ([("Name", "Equals", "/app/list", "top", "/absent")], ["/app/list", "top"]),
    ([("Name", "", "/app/list")], ["/app/list"]),
    ([("Name", "Equals", "/top")], ["top"]),
    ([("Name", "BeginsWith", "/app/")], ALL[:5]),
    ([("Name", "BeginsWith", "/app")], ALL[:6]),
    ([("Name", "BeginsWith", "/app/dev", "/app2")], ["/app/dev/a", "/app/dev/deep/b", "/app2/x"]),
    ([("Name", "Contains", "/a")], ALL[:6]),
    ([("Name", "Contains", "deep", "secr")], ["/app/dev/deep/b", "/app/prod/secret"]),
    ([("Type", "Equals", "StringList", "SecureString")], ["/app/list", "/app/prod/secret"]),
    ([("KeyId", "Equals", "alias/aws/ssm")], ["/app/prod/secret"]),
    ([("KeyId", "BeginsWith", "alias/")], ["/app/prod/secret"]),
    ([("KeyId", "Equals", "alias/other")], []),
    ([("Tier", "Equals", "Advanced")], ["/app/prod/a"]),
    ([("Tier", "Equals", "Standard", "Advanced")], ALL),
    ([("DataType", "Equals", "text")], ALL),
    ([("DataType", "Equals", "aws:ec2:image")], []),
    ([("Path", "Recursive", "/app")], ALL[:5]),
    ([("Path", "Recursive", "/app/")], ALL[:5]),
    ([("Path", "OneLevel", "/app")], ["/app/list"]),
    ([("Path", "", "/app/dev", "/app/prod")], ["/app/dev/a", "/app/prod/a", "/app/prod/secret"]),
    ([("Path", "OneLevel", "/")], ["top"]),
    ([("Path", "Recursive", "/")], ALL),
    ([("tag:team", "Equals", "red", "blue")], ["/app/prod/a", "/app2/x"]),
    ([("tag:team", "Equals", "blue"), ("tag:stage", "Equals", "prod")], ["/app2/x"]),
    ([("tag:team", "")], ["/app/prod/a", "/app2/x"]),
    ([("tag:none", "Equals", "x")], []),
    ([("Path", "Recursive", "/app"), ("Type", "Equals", "String"), ("Tier", "", "Standard")], ALL[:2]),
    ([("Name", "BeginsWith", "/app/prod"), ("tag:team", "", "red")], ["/app/prod/a"]),
])
def test_filters_of_describing(filled, filters, found):
    if found is None:
        with refused("InvalidFilterValue", message="The following filter values are missing : null for filter key Name."):
            described(filled, *filters)
    else:
        assert described(filled, *filters) == found


@pytest.mark.parametrize(("filters", "found"), [
    ([{"Key": "Name", "Values": ["/app/"]}], ALL[:5]),
    ([{"Key": "Name", "Values": ["/app/list"]}], ["/app/list"]),
    ([{"Key": "Type", "Values": ["SecureString"]}], ["/app/prod/secret"]),
    ([{"Key": "KeyId", "Values": ["alias/aws/ssm"]}], ["/app/prod/secret"]),
    ([{"Key": "Name", "Values": ["/app"]}, {"Key": "Type", "Values": ["String"]}],
     ["/app/dev/a", "/app/dev/deep/b", "/app/prod/a", "/app2/x"]),
])
def test_the_older_filters_of_describing(filled, filters, found):
    assert described(filled, Filters=filters) == found


@pytest.mark.parametrize(("path", "more", "found"), [
    ("/app", {}, ["/app/list"]),
    ("/app/", {}, ["/app/list"]),
    ("/app", {"Recursive": True}, ALL[:5]),
    ("/", {}, ["top"]),
    ("/", {"Recursive": True}, ALL),
    ("/none", {"Recursive": True}, []),
    ("/app/list", {"Recursive": True}, []),
    ("/ap", {"Recursive": True}, []),
    ("/app", {"Recursive": True, "ParameterFilters": [{"Key": "Type", "Values": ["String", "StringList"]}]}, ALL[:4]),
    ("/app", {"Recursive": True, "ParameterFilters": [
        {"Key": "KeyId", "Option": "Equals", "Values": ["alias/aws/ssm"]}]}, ["/app/prod/secret"]),
    ("/app", {"Recursive": True, "ParameterFilters": [{"Key": "Type", "Option": "BeginsWith", "Values": ["StringL"]}]},
     None),
    ("/app", {"Recursive": True, "ParameterFilters": [{"Key": "Label", "Values": ["stable"]}]},
     ["/app/dev/a", "/app/prod/a"]),
    ("/app", {"Recursive": True, "ParameterFilters": [
        {"Key": "Label", "Values": ["stable"]}, {"Key": "Type", "Values": ["SecureString"]}]}, []),
])
def test_filters_of_paths(filled, path, more, found):
    if found is None:
        with refused("InvalidFilterOption"):
            by_path(filled, path, **more)
    else:
        assert by_path(filled, path, **more) == found


def test_a_label_finds_the_version_that_has_it(filled):
    found = filled.get_parameters_by_path(
        Path="/app/dev", ParameterFilters=[{"Key": "Label", "Values": ["stable"]}]
    )["Parameters"]
    assert [(one["Version"], one["Value"], "Selector" in one) for one in found] == [(1, "1", False)]


@pytest.mark.parametrize(("key", "option", "values", "code", "message"), [
    ("Label", "Equals", ["x"], "InvalidFilterKey", r"^The following filter key is not valid: Label. Valid filter keys include: \["),
    ("Other", "Equals", ["x"], "ValidationException", "Member must satisfy regular expression pattern: "),
    ("Path", "Contains", ["/a"], "InvalidFilterOption",
     r"^The following filter option is not valid: Contains. Valid options include: \[Recursive, OneLevel\].$"),
    ("Type", "Contains", ["String"], "InvalidFilterOption",
     r"^The following filter option is not valid: Contains. Valid options include: \[BeginsWith, Equals\].$"),
    ("Type", "Equals", ["Text"], "InvalidFilterOption",
     r"^The following filter value is not valid: Text. Valid values include: \[String, StringList, SecureString\].$"),
    ("Tier", "Equals", ["Best"], "InvalidFilterOption",
     r"^The following filter value is not valid: Best. Valid values include: \[Standard, Advanced, Intelligent-Tiering\].$"),
    ("Type", "Equals", [], "InvalidFilterValue", "^The following filter values are missing : null for filter key Type.$"),
    ("Path", "OneLevel", ["app"], "ValidationException", "The parameter name must begin with a forward slash"),
    ("Path", "OneLevel", ["/app//x"], "ValidationException", "The parameter doesn't meet the parameter name requirements."),
    ("Path", "OneLevel", ["/ssm/x"], "ValidationException", "^Filters for common parameters can't be prefixed with "),
    ("Path", "OneLevel", ["/aws/x"], "ValidationException", "^Filters for common parameters can't be prefixed with "),
])
def test_filters_of_describing_that_say_nothing(filled, key, option, values, code, message):
    with refused(code, matching=message):
        described(filled, (key, option, *values))


def test_a_filter_stands_once_and_the_older_ones_alone(filled):
    twice = ("Name", "BeginsWith", "/a")
    with refused("InvalidFilterKey", message=(
        "The following filter is duplicated in the request: Name. A request can contain only one occurrence of a specific "
        "filter."
    )):
        described(filled, twice, twice)
    with refused("ValidationException", message="You can use either Filters or ParameterFilters in a single request."):
        described(filled, twice, Filters=[{"Key": "Name", "Values": ["/a"]}])
    for key in ("Name", "Path", "Tier"):
        with refused("InvalidFilterKey", message=(
            f"The following filter key is not valid: {key}. Valid filter keys include: [Type, KeyId, Label]."
        )):
            by_path(filled, "/app", ParameterFilters=[{"Key": key, "Values": ["x"]}])
    with refused("InvalidFilterValue", message="The following filter Label can have only one value"):
        by_path(filled, "/app", ParameterFilters=[{"Key": "Label", "Values": ["a", "b"]}])


@pytest.mark.parametrize("path", ["app", "/app/*", "/AWS/x", "/ssm", "/a b"])
def test_paths_that_are_none(filled, path):
    with refused("ValidationException"):
        by_path(filled, path)


def test_pages_have_as_many_as_asked_for(filled):
    for size in (1, 3, 7, 10):
        pages = list(filled.get_paginator("describe_parameters").paginate(PaginationConfig={"PageSize": size}))
        assert sorted(name for page in pages for name in parameters.names(page["Parameters"])) == ALL
        assert all(len(page["Parameters"]) <= size for page in pages)
    page = filled.describe_parameters(MaxResults=7)
    assert len(page["Parameters"]) == 7 and "NextToken" not in page
    for call, more, most in (
        (filled.describe_parameters, {}, 50), (filled.get_parameters_by_path, {"Path": "/app"}, 10),
        (filled.get_parameter_history, {"Name": "top"}, 50),
    ):
        for size, bound in ((0, "greater than or equal to 1"), (most + 1, f"less than or equal to {most}")):
            # boto3 itself refuses 0.
            if size:
                with refused("ValidationException", matching=f"Value '{size}' at 'maxResults' failed to satisfy "
                             f"constraint: Member must have value {bound}"):
                    call(MaxResults=size, **more)
        with refused("InvalidNextToken", message="The following token is invalid: no-token."):
            call(NextToken="no-token", **more)


def test_a_token_is_of_its_own_call(filled):
    token = filled.get_parameters_by_path(Path="/", Recursive=True, MaxResults=2)["NextToken"]
    rest = filled.get_parameters_by_path(Path="/", Recursive=True, MaxResults=10, NextToken=token)
    assert len(rest["Parameters"]) == 5
    with refused("InvalidNextToken"):
        filled.describe_parameters(NextToken=token)


def test_paging_goes_on_while_parameters_come_and_go(home):
    ssm = home.root.client("ssm")
    stays = [f"/many/{n:03}" for n in range(0, 60, 2)]
    for name in stays:
        put(ssm, name)
    for call, more in (
        (ssm.get_parameters_by_path, {"Path": "/many"}),
        (ssm.describe_parameters, {"ParameterFilters": [{"Key": "Path", "Values": ["/many"]}]}),
        (ssm.describe_parameters, {}),
    ):
        found: list[str] = []
        token: dict = {}
        others = iter(f"/many/{n:03}" for n in range(1, 60, 2))
        while token is not None:
            page = call(MaxResults=4, **more, **token)
            names = parameters.names(page["Parameters"])
            found += names
            # What the page ended with goes and comes again; others come near both ends.
            if names:
                ssm.delete_parameter(Name=names[-1])
                put(ssm, names[-1])
            put(ssm, next(others), Overwrite=True)
            token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        assert len(found) == len(set(found))
        assert set(stays) <= set(found)
