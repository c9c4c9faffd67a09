"""The AWS CLI: parameters, as in the examples of the Systems Manager User Guide.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/param-create-cli.html
"""

import json
from pathlib import Path


def put(aws, name: str, value: str, *more: str, kind: str = "String") -> dict:
    """What `put-parameter` says."""
    return aws("ssm", "put-parameter", "--name", name, "--value", value, "--type", kind, *more)


def names(answer: dict) -> list[str]:
    """The names of the parameters in an answer."""
    return sorted(parameter["Name"] for parameter in answer["Parameters"])


def test_parameters_are_put_read_listed_and_deleted(aws, tmp_path: Path):
    assert put(aws, "/IAD/ERP/Oracle/addUsers", "Milana,Mariana,Mark,Miguel", kind="StringList") == {
        "Version": 1, "Tier": "Standard",
    }
    put(aws, "/IAD/ERP/Oracle/password", "secret", "--tags", "Key=team,Value=red", kind="SecureString")
    text = tmp_path / "value.json"
    text.write_text(json.dumps({"a": ["☃", 1]}))
    put(aws, "/IAD/Web/config", f"file://{text}", "--tier", "Advanced", "--description", "Made by the CLI")
    read = aws("ssm", "get-parameter", "--name", "/IAD/ERP/Oracle/password", "--with-decryption")["Parameter"]
    assert (read["Value"], read["Type"], read["Version"]) == ("secret", "SecureString", 1)
    assert aws("ssm", "get-parameter", "--name", "/IAD/ERP/Oracle/password")["Parameter"]["Value"] != "secret"
    answer = aws("ssm", "get-parameters", "--names", "/IAD/Web/config", "/none", "/IAD/Web/config:1")
    assert (len(answer["Parameters"]), answer["InvalidParameters"]) == (2, ["/none"])
    assert json.loads(answer["Parameters"][0]["Value"]) == {"a": ["☃", 1]}
    everything = ["/IAD/ERP/Oracle/addUsers", "/IAD/ERP/Oracle/password", "/IAD/Web/config"]
    path = ("ssm", "get-parameters-by-path", "--path")
    assert names(aws(*path, "/IAD", "--recursive", "--with-decryption")) == everything
    assert names(aws(*path, "/IAD")) == []
    two = names(aws(*path, "/IAD", "--recursive", "--page-size", "1", "--max-items", "2"))
    assert len(two) == 2 and set(two) < set(everything)
    typed = "Key=Type,Option=Equals,Values=SecureString,StringList"
    assert names(aws(*path, "/IAD", "--recursive", "--parameter-filters", typed)) == everything[:2]
    describe = ("ssm", "describe-parameters")
    assert names(aws(*describe)) == everything
    assert names(aws(*describe, "--parameter-filters", "Key=Name,Option=BeginsWith,Values=/IAD/ERP")) == everything[:2]
    assert names(aws(*describe, "--parameter-filters", "Key=tag:team,Values=red")) == [everything[1]]
    assert names(aws(*describe, "--filters", "Key=Type,Values=String")) == [everything[2]]
    assert names(aws(*describe, "--parameter-filters", "Key=Path,Option=OneLevel,Values=/IAD/Web")) == [everything[2]]
    aws("ssm", "delete-parameter", "--name", everything[0])
    answer = aws("ssm", "delete-parameters", "--names", *everything)
    assert (sorted(answer["DeletedParameters"]), answer["InvalidParameters"]) == (everything[1:], everything[:1])
    aws("ssm", "get-parameter", "--name", everything[0], fails_with="(ParameterNotFound)")


def test_versions_labels_and_history(aws):
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html"""
    put(aws, "MyParameter", "1")
    put(aws, "MyParameter", "2", "--overwrite")
    aws("ssm", "put-parameter", "--name", "MyParameter", "--value", "3", fails_with="(ParameterAlreadyExists)")
    label = ("--name", "MyParameter", "--parameter-version", "1", "--labels")
    assert aws("ssm", "label-parameter-version", *label, "stable", "aws-no") == {
        "InvalidLabels": ["aws-no"], "ParameterVersion": 1,
    }
    assert aws("ssm", "get-parameter", "--name", "MyParameter:stable")["Parameter"]["Value"] == "1"
    history = aws("ssm", "get-parameter-history", "--name", "MyParameter")["Parameters"]
    assert [(version["Value"], version["Labels"]) for version in history] == [("1", ["stable"]), ("2", [])]
    assert aws("ssm", "unlabel-parameter-version", *label, "stable", "none") == {
        "RemovedLabels": ["stable"], "InvalidLabels": ["none"],
    }


def test_tags_settings_and_policies(aws, tmp_path: Path):
    put(aws, "/a", "1", "--tier", "Advanced", "--policies", json.dumps([
        {"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"After": "20", "Unit": "Days"}},
    ]))
    (described,) = aws("ssm", "describe-parameters")["Parameters"]
    assert described["Policies"][0]["PolicyType"] == "NoChangeNotification"
    of = ("--resource-type", "Parameter", "--resource-id", "/a")
    aws("ssm", "add-tags-to-resource", *of, "--tags", "Key=team,Value=red", "Key=stage,Value=prod")
    aws("ssm", "remove-tags-from-resource", *of, "--tag-keys", "stage")
    assert aws("ssm", "list-tags-for-resource", *of) == {"TagList": [{"Key": "team", "Value": "red"}]}
    setting = ("--setting-id", "/ssm/parameter-store/default-parameter-tier")
    aws("ssm", "update-service-setting", *setting, "--setting-value", "Intelligent-Tiering")
    found = aws("ssm", "get-service-setting", *setting)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"]) == ("Intelligent-Tiering", "Customized")
    assert aws("ssm", "reset-service-setting", *setting)["ServiceSetting"]["SettingValue"] == "Standard"
    policy = tmp_path / "policy.json"
    arn = described["ARN"]
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{arn.split(':')[4]}:root"},
        "Action": ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"], "Resource": arn,
    }]}))
    made = aws("ssm", "put-resource-policy", "--resource-arn", arn, "--policy", f"file://{policy}")
    (listed,) = aws("ssm", "get-resource-policies", "--resource-arn", arn)["Policies"]
    assert (listed["PolicyId"], listed["PolicyHash"]) == (made["PolicyId"], made["PolicyHash"])
    aws("ssm", "delete-resource-policy", "--resource-arn", arn, "--policy-id", made["PolicyId"],
        "--policy-hash", made["PolicyHash"])
    assert aws("ssm", "get-resource-policies", "--resource-arn", arn) == {"Policies": []}
