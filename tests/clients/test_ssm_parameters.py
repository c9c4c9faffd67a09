"""Parameters, their names and types, and what is read of them.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
"""

import datetime

import pytest

from harness import parameters
from harness.errors import refused
from harness.parameters import put, value


@pytest.fixture
def ssm(home):
    """An SSM client of this test's root user."""
    return home.root.client("ssm")


def test_a_parameter_is_put_read_described_and_deleted(home, ssm):
    made = ssm.put_parameter(Name="/app/color", Value="red", Type="String", Description="The color")
    assert (made["Version"], made["Tier"]) == (1, "Standard")
    read = ssm.get_parameter(Name="/app/color")["Parameter"]
    changed = read.pop("LastModifiedDate")
    assert abs(changed - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=5)
    arn = parameters.arn(home.id, "/app/color")
    assert read == {
        "ARN": arn, "DataType": "text", "Name": "/app/color", "Type": "String", "Value": "red", "Version": 1,
    }
    assert ssm.get_parameter(Name=arn)["Parameter"] == read | {"LastModifiedDate": changed}
    (described,) = ssm.describe_parameters()["Parameters"]
    assert described == {
        "ARN": arn, "DataType": "text", "Description": "The color", "LastModifiedDate": changed,
        "LastModifiedUser": home.arn, "Name": "/app/color", "Policies": [], "Tier": "Standard", "Type": "String",
        "Version": 1,
    }
    ssm.delete_parameter(Name="/app/color")
    for call in (ssm.get_parameter, ssm.delete_parameter, ssm.get_parameter_history):
        with refused("ParameterNotFound", message=""):
            call(Name="/app/color")
    assert ssm.describe_parameters()["Parameters"] == []
    assert put(ssm, "/app/color") == 1


def test_a_name_at_the_top_is_one_with_and_without_its_slash(ssm):
    put(ssm, "color", "red")
    with refused("ParameterAlreadyExists"):
        put(ssm, "/color", "blue")
    for name in ("color", "/color"):
        read = ssm.get_parameter(Name=name)["Parameter"]
        assert (read["Name"], read["Value"]) == (name, "red")
    assert parameters.names(ssm.describe_parameters()["Parameters"]) == ["color"]


def test_names_have_fifteen_levels_at_most_and_1011_characters_with_the_arn(home, ssm):
    deepest = "".join(f"/level-{n}" for n in range(15))
    put(ssm, deepest, "deep")
    assert value(ssm, deepest) == "deep"
    with refused("HierarchyLevelLimitExceededException"):
        put(ssm, deepest + "/below")
    longest = "/" + "x" * (1011 - len(parameters.arn(home.id, "/")))
    put(ssm, longest, "long")
    assert value(ssm, longest) == "long"
    with refused("ValidationException", "AccessDeniedException"):
        put(ssm, longest + "x")
    put(ssm, "Zz09._-", "every character")
    put(ssm, "  around  ", "spaces go")
    assert value(ssm, "around") == "spaces go"


def test_values_keep_every_character_and_lists_their_elements(ssm):
    text = " a\tb\nc ☃ 🦦 \"'\\ </>&  "
    put(ssm, "/kept", text)
    assert value(ssm, "/kept") == text
    put(ssm, "/list", "red, green,,blue", "StringList")
    assert value(ssm, "/list") == "red, green,,blue"


def test_what_an_overwrite_leaves_out_stays(ssm):
    ssm.put_parameter(
        Name="/kept", Value="1", Type="String", Description="a number", AllowedPattern="[0-9]+", DataType="text"
    )
    assert ssm.put_parameter(Name="/kept", Value="2", Overwrite=True) | {"ResponseMetadata": 0} == {
        "Version": 2, "Tier": "Standard", "ResponseMetadata": 0,
    }
    with refused(
        "ParameterPatternMismatchException",
        message="Parameter value, cannot be validated against allowedPattern: [0-9]+",
    ):
        ssm.put_parameter(Name="/kept", Value="two", Overwrite=True)
    (described,) = ssm.describe_parameters()["Parameters"]
    assert (described["Description"], described["AllowedPattern"], described["Version"]) == ("a number", "[0-9]+", 2)
    ssm.put_parameter(Name="/kept", Value="three", Overwrite=True, AllowedPattern="", Description="a word")
    (described,) = ssm.describe_parameters()["Parameters"]
    assert described["Description"] == "a word"
    assert value(ssm, "/kept") == "three"


def test_a_type_may_change_and_history_tells_of_both(ssm):
    put(ssm, "/turned", "a")
    put(ssm, "/turned", "a,b", "StringList", Overwrite=True)
    put(ssm, "/turned", "hidden", "SecureString", Overwrite=True)
    put(ssm, "/turned", "plain", Overwrite=True)
    assert [version["Type"] for version in parameters.history(ssm, "/turned")] == [
        "String", "StringList", "SecureString", "String",
    ]
    (described,) = ssm.describe_parameters()["Parameters"]
    assert (described["Type"], "KeyId" in described) == ("String", False)


def test_ten_at_most_are_read_or_deleted_at_once(home, ssm):
    for n in range(11):
        put(ssm, f"/many/{n:02}", str(n))
    wanted = [f"/many/{n:02}" for n in range(9)]
    arn = parameters.arn(home.id, "/many/03")
    answer = ssm.get_parameters(Names=[*reversed(wanted), "/absent"])
    assert parameters.names(answer["Parameters"]) == wanted
    assert answer["InvalidParameters"] == ["/absent"]
    answer = ssm.get_parameters(Names=["/many/00", "/many/00", "/many/01:7", "/many/01:none", "/b", "/a", "/b", arn])
    assert [found["Value"] for found in answer["Parameters"]] == ["0", "3"]
    assert answer["InvalidParameters"] == ["/a", "/b", "/many/01:7", "/many/01:none"]
    for call in (ssm.get_parameters, ssm.delete_parameters):
        with refused("ValidationException", matching="at 'names' failed to satisfy constraint: Member must have length "
                     "less than or equal to 10"):
            call(Names=[f"/many/{n:02}" for n in range(11)])
    answer = ssm.delete_parameters(Names=["/many/00", "/many/01", "/absent"])
    assert sorted(answer["DeletedParameters"]) == ["/many/00", "/many/01"]
    assert answer["InvalidParameters"] == ["/absent"]
    assert parameters.by_path(ssm, "/many") == [f"/many/{n:02}" for n in range(2, 11)]


def test_regions_and_accounts_have_parameters_of_their_own(home, other, ssm):
    put(ssm, "/mine", "here")
    for elsewhere in (home.root.client("ssm", "eu-west-1"), other.root.client("ssm")):
        with refused("ParameterNotFound"):
            elsewhere.get_parameter(Name="/mine")
        put(elsewhere, "/mine", "elsewhere")
    assert value(ssm, "/mine") == "here"


def test_default_tiers_and_throughput_are_settings_of_the_account(home, ssm):
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-default-tier.html"""
    tier, throughput = (
        f"/ssm/parameter-store/{name}" for name in ("default-parameter-tier", "high-throughput-enabled")
    )
    found = ssm.get_service_setting(SettingId=tier)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"], found["LastModifiedUser"]) == ("Standard", "Default", "System")
    arn = f"arn:aws:ssm:us-east-1:{home.id}:servicesetting{tier}"
    assert found["ARN"] == arn
    ssm.update_service_setting(SettingId=arn, SettingValue="Intelligent-Tiering")
    found = ssm.get_service_setting(SettingId=tier)["ServiceSetting"]
    assert (found["SettingId"], found["SettingValue"], found["Status"], found["LastModifiedUser"]) == (
        tier, "Intelligent-Tiering", "Customized", home.arn,
    )
    assert ssm.put_parameter(Name="/small", Value="x", Type="String")["Tier"] == "Standard"
    assert ssm.put_parameter(Name="/large", Value="x" * 4097, Type="String")["Tier"] == "Advanced"
    found = ssm.reset_service_setting(SettingId=tier)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"]) == ("Standard", "Default")
    assert ssm.get_service_setting(SettingId=throughput)["ServiceSetting"]["SettingValue"] == "false"
    ssm.update_service_setting(SettingId=throughput, SettingValue="true")
    assert ssm.get_service_setting(SettingId=throughput)["ServiceSetting"]["SettingValue"] == "true"
    for call in (ssm.get_service_setting, ssm.reset_service_setting):
        with refused("ServiceSettingNotFound"):
            call(SettingId="/ssm/parameter-store/no-such-setting")
    for setting in (tier, throughput):
        with refused("ValidationException"):
            ssm.update_service_setting(SettingId=setting, SettingValue="no-such-value")


def test_tiers_hold_four_and_eight_kilobytes(ssm):
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"""
    otters = "🦦" * 1024
    assert ssm.put_parameter(Name="/a", Value=otters, Type="String")["Tier"] == "Standard"
    with refused("ValidationException", matching="^Standard tier parameters support a maximum parameter value of 4096 "):
        ssm.put_parameter(Name="/a", Value=otters + "x", Overwrite=True)
    assert ssm.put_parameter(Name="/a", Value=otters * 2, Overwrite=True, Tier="Advanced")["Tier"] == "Advanced"
    with refused("ValidationException", message=(
        "The specified parameter value is too large. Advanced-tier parameters support a maximum parameter value of 8192 "
        "characters."
    )):
        ssm.put_parameter(Name="/a", Value=otters * 2 + "x", Overwrite=True)
    with refused("ValidationException", message=(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter "
        "tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a "
        "standard parameter. Be aware that standard parameters have a value limit of 4096 characters."
    )):
        ssm.put_parameter(Name="/a", Value="x", Overwrite=True, Tier="Standard")
    assert ssm.put_parameter(Name="/a", Value="x", Overwrite=True)["Tier"] == "Advanced"
    assert [version["Tier"] for version in parameters.history(ssm, "/a")] == ["Standard", "Advanced", "Advanced"]
