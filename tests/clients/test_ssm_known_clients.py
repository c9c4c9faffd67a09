"""Libraries that people read and copy parameters with, unchanged: they find the server by the environment."""

import json
import subprocess
import sys

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters as powertools
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from aws_parameter_store import AwsParameterStore
from ssm_cache import InvalidParameterError, SSMParameter, SSMParameterGroup
from ssm_cache.filters import SSMFilterType
from ssm_cache.refreshable import Refreshable

from harness import parameters
from harness.parameters import put, value
from harness.server import REGION, environment


@pytest.fixture
def around(home, monkeypatch, tmp_path) -> dict[str, str]:
    """The environment that leads a client which knows of no endpoint here, as this test's root user."""
    given = {
        "AWS_ENDPOINT_URL": home.server.url, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": home.root.access_key, "AWS_SECRET_ACCESS_KEY": home.root.secret,
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    # What an earlier test's clients have kept for the process would be of its account.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(Refreshable, "_ssm_client", None)
    return given


@pytest.fixture
def ssm(home):
    """An SSM client of this test's root user, with a tree of parameters."""
    client = home.root.client("ssm")
    put(client, "/app/prod/db/host", "db.example.com")
    put(client, "/app/prod/db/password", "secret", "SecureString", Tags=[{"Key": "team", "Value": "red"}])
    put(client, "/app/prod/colors", "red,green", "StringList", Description="Some colors")
    put(client, "/app/prod/limits", json.dumps({"a": 1, "b": [2]}))
    return client


def copy(around: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs aws-ssm-copy."""
    return subprocess.run(
        [sys.executable, "-m", "aws_ssm_copy", *arguments], capture_output=True, text=True, timeout=120,
        env=environment(**around), check=False,
    )


def test_aws_parameter_store_reads_a_tree(around, ssm):
    for n in range(12):
        put(ssm, f"/app/prod/many/{n:02}", f'"{n}"')
    store = AwsParameterStore(REGION)
    assert store.get_parameters_dict("/app/prod") == {
        "db": {"host": "db.example.com", "password": "secret"}, "colors": "red,green", "limits": {"a": 1, "b": [2]},
        "many": {f"{n:02}": str(n) for n in range(12)},
    }
    flat = store.get_parameters_dict("/app/prod/db/", decrypt=False, get_flat_dict=True)
    assert (flat["host"], flat["password"] != "secret") == ("db.example.com", True)


def test_aws_ssm_copy_copies_a_tree_with_its_tags(home, around, ssm):
    planned = copy(around, "--dry-run", "--recursive", "--target-path", "/copy", "/app/prod")
    assert planned.returncode == 0, planned.stderr
    assert parameters.by_path(ssm, "/copy", Recursive=True) == []
    done = copy(around, "--recursive", "--with-tags", "--target-path", "/copy", "/app/prod")
    assert done.returncode == 0, done.stderr
    assert parameters.by_path(ssm, "/copy", Recursive=True) == [
        "/copy/colors", "/copy/db/host", "/copy/db/password", "/copy/limits",
    ]
    assert value(ssm, "/copy/db/password", WithDecryption=True) == "secret"
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/copy/db/password")["TagList"] == [
        {"Key": "team", "Value": "red"},
    ]
    (described,) = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/copy/colors"]}])["Parameters"]
    assert (described["Type"], described["Description"]) == ("StringList", "Some colors")
    again = copy(around, "--recursive", "--target-path", "/copy", "/app/prod")
    assert (again.returncode, "already exists" in again.stderr) == (1, True)
    key = home.key()
    over = copy(around, "--recursive", "--overwrite", "--key-id", key, "--target-path", "/copy", "/app/prod")
    assert over.returncode == 0, over.stderr
    assert parameters.history(ssm, "/copy/db/password")[-1]["KeyId"] == key
    absent = copy(around, "--target-path", "/x", "/none")
    assert (absent.returncode, "not found" in absent.stderr) == (1, True)


def test_ssm_cache_keeps_and_refreshes_parameters(around, ssm):
    host = SSMParameter("/app/prod/db/host")
    assert host.value == "db.example.com"
    put(ssm, "/app/prod/db/host", "db2.example.com", Overwrite=True)
    assert host.value == "db.example.com"
    host.refresh()
    assert (host.value, host.version) == ("db2.example.com", 2)
    assert SSMParameter("/app/prod/db/host:1").value == "db.example.com"
    assert SSMParameter("/app/prod/colors").value == ["red", "green"]
    with pytest.raises(InvalidParameterError):
        _ = SSMParameter("/app/none").value
    group = SSMParameterGroup(base_path="/app/prod")
    assert (group.parameter("/db/password").value, group.parameter("/colors").value) == ("secret", ["red", "green"])
    found = {parameter.name: parameter.value for parameter in SSMParameterGroup().parameters("/app/prod/")}
    assert found["/app/prod/db/password"] == "secret" and len(found) == 4
    lists = SSMParameterGroup().parameters("/app/prod", filters=[SSMFilterType().value("StringList")])
    assert [parameter.value for parameter in lists] == [["red", "green"]]


def test_powertools_reads_transforms_and_sets_parameters(around, ssm):
    provider = powertools.SSMProvider()
    assert provider.get("/app/prod/db/host") == "db.example.com"
    assert provider.get("/app/prod/db/password", decrypt=True) == "secret"
    assert provider.get("/app/prod/limits", transform="json") == {"a": 1, "b": [2]}
    assert provider.get_multiple("/app/prod", recursive=True, decrypt=True) == {
        "db/host": "db.example.com", "db/password": "secret", "colors": "red,green", "limits": '{"a": 1, "b": [2]}',
    }
    names = {"/app/prod/db/password": {"decrypt": True}, "/app/prod/limits": {"transform": "json"}, "/app/none": {}}
    found = provider.get_parameters_by_name(names, raise_on_error=False)
    assert found == {
        "/app/prod/db/password": "secret", "/app/prod/limits": {"a": 1, "b": [2]}, "_errors": ["/app/none"],
    }
    with pytest.raises(GetParameterError):
        provider.get("/app/none")
    assert provider.set(name="/app/prod/new", value="1")["Version"] == 1
    assert provider.set(name="/app/prod/new", value="2", overwrite=True, tier="Advanced")["Version"] == 2
    assert provider.get("/app/prod/new", force_fetch=True) == "2"
