"""Input of Parameter Store that is wrong gets AWS's code and text, whichever member is wrong; nothing gets a 5xx.

The texts are those of recorded answers of AWS's, and of its users' issues.
"""

import pytest

from harness.parameters import put
from harness.raw import RawClient

NAME_TEXT = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths '
    "divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
)
TOP_TEXT = 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).'
SYNTAX = "Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>"
ONE = "1 validation error detected: "
NESTED = (
    "Parameter value: '{{ssm:other}}' failed to satisfy constraint: Parameter value can't nest another parameter. Do not "
    'use "{{}}" in the value.'
)
VALIDATION = "ValidationException"
NEW = {"Name": "/new", "Value": "1", "Type": "String"}
TARGET = "AmazonSSM"


@pytest.fixture
def raw_ssm(server, account):
    """A client of this test's account that sends whatever it is told, to Parameter Store, and one parameter."""
    put(server.client("ssm", account), "/a", "1")
    client = RawClient(server, account, service="ssm")
    yield client
    client.close()


def too_long(member: str, most: int) -> str:
    """What is said of a member that is too long, from where its value ends."""
    return f"' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {most}"


PUT_PARAMETER = [
    ({"Name": ""}, VALIDATION, f"{ONE}Value '' at 'name' failed to satisfy constraint: Member must have length greater "
                               "than or equal to 1"),
    ({"Name": None}, VALIDATION, f"{ONE}Value null at 'name' failed to satisfy constraint: Member must not be null"),
    ({"Name": "x" * 2049}, VALIDATION, too_long("name", 2048)),
    ({"Name": "/a b"}, VALIDATION, NAME_TEXT),
    ({"Name": "/a@b"}, VALIDATION, NAME_TEXT),
    ({"Name": "/a//b"}, VALIDATION, NAME_TEXT),
    ({"Name": "/ssm/x"}, VALIDATION, NAME_TEXT),
    ({"Name": "/SSM/x"}, VALIDATION, NAME_TEXT),
    ({"Name": "ssm-x"}, VALIDATION, TOP_TEXT),
    ({"Name": "AwsX"}, VALIDATION, TOP_TEXT),
    ({"Name": "a/b"}, VALIDATION, "Parameter name must be a fully qualified name."),
    ({"Name": "/a/b/"}, VALIDATION, "Parameter name must not end with slash."),
    ({"Name": "/aws/x"}, "AccessDeniedException", "No access to reserved parameter name: aws/x."),
    ({"Name": "/awssec/lab01/vpc_id"}, "AccessDeniedException",
     "No access to reserved parameter name: awssec/lab01/vpc_id."),
    ({"Value": None}, VALIDATION, "at 'value' failed to satisfy constraint: Member must not be null"),
    ({"Value": ""}, VALIDATION, f"{ONE}Value at 'value' failed to satisfy constraint: Member must have length greater "
                                "than or equal to 1"),
    ({"Value": "{{ssm:other}}"}, VALIDATION, NESTED),
    ({"Type": None}, VALIDATION, "A parameter type is required when you create a parameter."),
    ({"Type": "Bad"}, VALIDATION, f"{ONE}Value 'Bad' at 'type' failed to satisfy constraint: Member must satisfy enum "
                                  "value set: [SecureString, StringList, String]"),
    ({"Tier": "Bad"}, VALIDATION, f"{ONE}Value 'Bad' at 'tier' failed to satisfy constraint: Member must satisfy enum "
                                  "value set: ["),
    ({"Description": "x" * 1025}, VALIDATION, too_long("description", 1024)),
    ({"KeyId": "a b", "Type": "SecureString"}, VALIDATION,
     f"{ONE}Value 'a b' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: "),
    ({"KeyId": "x" * 257, "Type": "SecureString"}, VALIDATION, too_long("keyId", 256)),
    ({"KeyId": "alias/aws/ssm"}, VALIDATION, "KeyId is required for SecureString type parameter only."),
    ({"AllowedPattern": "x" * 1025}, VALIDATION, too_long("allowedPattern", 1024)),
    ({"AllowedPattern": "["}, "InvalidAllowedPatternException", "The syntax of the allowedPattern parameter is invalid."),
    ({"AllowedPattern": "[a-z]+"}, "ParameterPatternMismatchException",
     "Parameter value, cannot be validated against allowedPattern: [a-z]+"),
    ({"DataType": "bad"}, VALIDATION,
     "The following data type is not supported: bad. (Data type names are all lowercase.)"),
    ({"DataType": "x" * 129}, VALIDATION, too_long("dataType", 128)),
    ({"DataType": "aws:ssm:integration", "Type": "SecureString"}, VALIDATION,
     "Parameters with data type: aws:ssm:integration must start with prefix: "
     "/d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations"),
    ({"Policies": "x" * 4097}, VALIDATION, too_long("policies", 4096)),
    ({"Policies": "", "Tier": "Advanced"}, VALIDATION,
     "at 'policies' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ({"Tags": [{"Key": "", "Value": "x"}]}, VALIDATION, "at 'tags.1.member.key' failed to satisfy constraint: Member "
                                                         "must have length greater than or equal to 1"),
    ({"Tags": [{"Key": "a"}]}, VALIDATION, "at 'tags.1.member.value' failed to satisfy constraint: Member must not be "
                                           "null"),
    ({"Tags": [{"Key": "a", "Value": "x" * 257}]}, VALIDATION, too_long("tags.1.member.value", 256)),
    ({"Tags": [{"Key": "a", "Value": "!"}]}, VALIDATION, "at 'tags.1.member.value' failed to satisfy constraint: Member "
                                                          "must satisfy regular expression pattern: "),
    ({"Tags": [{"Key": "aws:a", "Value": "x"}]}, VALIDATION, "aws: prefixed tag key names are not allowed"),
    ({"Overwrite": "yes"}, "SerializationException", ""),
    ({"Value": 1}, "SerializationException", ""),
]
OTHERS = [
    ("GetParameter", {"Name": "a/b"}, VALIDATION, NAME_TEXT),
    ("GetParameter", {"Name": "/a//b"}, VALIDATION, NAME_TEXT),
    ("GetParameter", {"Name": "/a b"}, VALIDATION, NAME_TEXT),
    ("GetParameter", {"Name": "/a:"}, VALIDATION, SYNTAX),
    ("GetParameter", {"Name": "/a:1:2"}, VALIDATION, SYNTAX),
    ("GetParameter", {"Name": ""}, VALIDATION, "at 'name' failed to satisfy constraint: Member must have length"),
    ("GetParameter", {}, VALIDATION, f"{ONE}Value null at 'name' failed to satisfy constraint: Member must not be null"),
    ("GetParameters", {"Names": []}, VALIDATION, "at 'names' failed to satisfy constraint: Member must have length "
                                                 "greater than or equal to 1"),
    ("GetParameters", {"Names": ["/a"] * 11}, VALIDATION, too_long("names", 10).removeprefix("'")),
    ("GetParametersByPath", {}, VALIDATION, "Value null at 'path' failed to satisfy constraint: Member must not be null"),
    ("GetParametersByPath", {"Path": "a"}, VALIDATION, "Parameter path: can't be prefixed with"),
    ("GetParametersByPath", {"Path": "/a/*"}, VALIDATION, "Parameter path: can't be prefixed with"),
    ("GetParametersByPath", {"Path": "/", "MaxResults": 11}, VALIDATION,
     f"{ONE}Value '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10"),
    ("GetParametersByPath", {"Path": "/", "MaxResults": 0}, VALIDATION,
     f"{ONE}Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ("GetParameterHistory", {"Name": "/a", "MaxResults": 51}, VALIDATION, "Member must have value less than or equal to 50"),
    ("GetParameterHistory", {"Name": "/none"}, "ParameterNotFound", ""),
    ("DescribeParameters", {"MaxResults": 51}, VALIDATION, "Member must have value less than or equal to 50"),
    ("DescribeParameters", {"ParameterFilters": [{}]}, VALIDATION, "Value null at 'parameterFilters.1.member.key' failed to "
                                                                   "satisfy constraint: Member must not be null"),
    ("DeleteParameter", {"Name": "/none"}, "ParameterNotFound", ""),
    ("DeleteParameters", {"Names": []}, VALIDATION, "at 'names' failed to satisfy constraint"),
    ("LabelParameterVersion", {"Name": "/a", "Labels": []}, VALIDATION, "at 'labels' failed to satisfy constraint: Member "
                                                                         "must have length greater than or equal to 1"),
    ("LabelParameterVersion", {"Name": "/a", "Labels": ["x" * 101]}, VALIDATION,
     f"{ONE}Value '[{'x' * 101}]' at 'labels' failed to satisfy constraint: Member must satisfy constraint: [Member must "
     "have length less than or equal to 100, Member must have length greater than or equal to 1]"),
    ("LabelParameterVersion", {"Name": "/a", "Labels": ["x"] * 11}, VALIDATION, "Member must have length less than or "
                                                                                "equal to 10"),
    ("UnlabelParameterVersion", {"Name": "/a", "Labels": ["x"]}, VALIDATION,
     f"{ONE}Value null at 'parameterVersion' failed to satisfy constraint: Member must not be null"),
    ("AddTagsToResource", {"ResourceType": "Bad", "ResourceId": "/a", "Tags": []}, VALIDATION,
     "at 'resourceType' failed to satisfy constraint: Member must satisfy enum value set: ["),
    ("AddTagsToResource", {"ResourceType": "Parameter", "ResourceId": "/a"}, VALIDATION, "Value null at 'tags'"),
    ("RemoveTagsFromResource", {"ResourceType": "Parameter", "ResourceId": "/a"}, VALIDATION, "Value null at 'tagKeys'"),
    ("ListTagsForResource", {"ResourceType": "Parameter", "ResourceId": "/none"}, "InvalidResourceId", ""),
    ("GetServiceSetting", {"SettingId": ""}, VALIDATION, "at 'settingId' failed to satisfy constraint"),
    ("UpdateServiceSetting", {"SettingId": "/ssm/parameter-store/default-parameter-tier"}, VALIDATION,
     "Value null at 'settingValue'"),
    ("PutResourcePolicy", {"ResourceArn": "x", "Policy": "{}"}, VALIDATION, "at 'resourceArn' failed to satisfy constraint"),
    # What has nothing to do with parameters is not here.
    ("SendCommand", {}, "UnknownOperationException", ""),
]


def check(raw: RawClient, operation: str, value: dict, code: str, text: str) -> None:
    """The call must be refused with this code, and with a message that has this text."""
    response = raw.json(operation, value, target=TARGET)
    status, told, message = response.json_error()
    assert (status, told) == (400, code), response.body
    assert text in message
    if not text and not code.startswith(("Serialization", "Unknown")):
        assert response.json() == {"__type": code}


@pytest.mark.parametrize(("wrong", "code", "text"), PUT_PARAMETER)
def test_putting(raw_ssm: RawClient, wrong: dict, code: str, text: str):
    check(raw_ssm, "PutParameter", NEW | wrong, code, text)
    assert raw_ssm.json("GetParameter", {"Name": "/new"}, target=TARGET).json_error()[1] == "ParameterNotFound"


@pytest.mark.parametrize(("operation", "value", "code", "text"), OTHERS)
def test_the_other_operations(raw_ssm: RawClient, operation: str, value: dict, code: str, text: str):
    check(raw_ssm, operation, value, code, text)


def test_texts_stand_in_the_member_that_aws_has_for_them(raw_ssm: RawClient, home):
    """Clients take both spellings, and others who read answers may not."""
    def members(operation: str, value: dict, client: RawClient = raw_ssm) -> list[str]:
        return list(client.json(operation, value, target=TARGET).json())

    assert members("PutParameter", NEW | {"Name": "/a"}) == ["__type", "message"]
    assert members("PutParameter", NEW | {"Name": "/a//b"}) == ["__type", "message"]
    assert members("GetParametersByPath", {"Path": "/", "NextToken": "x"}) == ["__type", "Message"]
    nobody = home.user("nobody")
    client = RawClient(home.server, nobody.access_key, nobody.secret, service="ssm")
    assert members("GetParameter", {"Name": "/a"}, client) == ["__type", "Message"]
    client.close()
