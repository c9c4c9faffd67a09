"""Changes and policies of parameters raise their events, and policies act at their time.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html and
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from harness import parameters, queues, rules
from harness.errors import refused
from harness.parameters import put, value
from harness.server import Server

HOUR = 60 * 60
DAY = 24 * HOUR
CHANGE, ACTION = "Parameter Store Change", "Parameter Store Policy Action"


def listening(client) -> str:
    """The URL of a queue that is sent every event of Parameter Store's own, which are not those of calls."""
    events, sqs = client("events"), client("sqs")
    rule = rules.put(events, "parameters", {"source": ["aws.ssm"], "detail-type": [CHANGE, ACTION]})
    url = rules.queue(sqs, events, "queue", "parameters", rule)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "1209600"})
    return url


def drained(sqs, url: str) -> list[dict]:
    """All events of a queue that are there now, by their time."""
    found: list[dict] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return sorted(found, key=lambda event: event["time"])


def expiration(when: datetime) -> dict:
    """A policy by which a parameter expires."""
    return {
        "Type": "Expiration", "Version": "1.0",
        "Attributes": {"Timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
    }


def before(days: int) -> dict:
    """A policy that tells of the expiry before it comes."""
    return {"Type": "ExpirationNotification", "Version": "1.0", "Attributes": {"Before": str(days), "Unit": "Days"}}


def unchanged(days: int) -> dict:
    """A policy that tells of a parameter which nobody changes."""
    return {"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"After": str(days), "Unit": "Days"}}


def test_changes_reach_a_rule(home):
    ssm, sqs = home.root.client("ssm"), home.root.client("sqs")
    url = listening(home.root.client)
    ssm.put_parameter(Name="/app/color", Value="red", Type="String", Description="The color")
    put(ssm, "/app/color", "red,blue", "StringList", Overwrite=True)
    ssm.label_parameter_version(Name="/app/color", ParameterVersion=1, Labels=["stable"])
    ssm.label_parameter_version(Name="/app/color", ParameterVersion=2, Labels=["stable", "bad label"])
    ssm.unlabel_parameter_version(Name="/app/color", ParameterVersion=2, Labels=["stable"])
    ssm.delete_parameter(Name="/app/color")
    told = queues.bodies(sqs, url, 5)
    whole = next(event for event in told if event["detail"]["operation"] == "Create")
    assert (whole["version"], whole["detail-type"], whole["source"], whole["account"], whole["region"]) == (
        "0", CHANGE, "aws.ssm", home.id, "us-east-1",
    )
    assert whole["resources"] == [parameters.arn(home.id, "/app/color")]
    about = {"name": "/app/color", "description": "The color"}
    wanted = [
        about | {"operation": "Create", "type": "String"}, about | {"operation": "Update", "type": "StringList"},
        about | {"operation": "LabelParameterVersion", "type": "StringList", "label": "stable", "fromVersion": "",
                 "toVersion": "1"},
        about | {"operation": "LabelParameterVersion", "type": "StringList", "label": "stable", "fromVersion": "1",
                 "toVersion": "2"},
        about | {"operation": "Delete", "type": "StringList"},
    ]
    found = [event["detail"] for event in told]
    for detail in wanted:
        loose = [one for one in found if one | about == detail]
        assert len(loose) == 1, (detail, found)
    assert queues.is_empty(sqs, url)


def test_what_fails_raises_nothing(home):
    ssm, sqs = home.root.client("ssm"), home.root.client("sqs")
    put(ssm, "/a", "1")
    url = listening(home.root.client)
    with refused("ParameterAlreadyExists"):
        put(ssm, "/a", "2")
    with refused("ParameterNotFound"):
        ssm.delete_parameter(Name="/b")
    with refused("ValidationException"):
        put(ssm, "/a", "x" * 4097, Overwrite=True)
    put(ssm, "/a", "3", Overwrite=True)
    (event,) = queues.bodies(sqs, url, 1)
    assert event["detail"]["operation"] == "Update"
    assert queues.is_empty(sqs, url)


def test_policies_act_in_order_and_each_once(own_server, account):
    def client(name: str):
        return own_server.client(name, account)

    ssm, sqs = client("ssm"), client("sqs")
    now = datetime.now(UTC)
    when = now + timedelta(days=20)
    ssm.put_parameter(
        Name="/app/token", Value="x", Type="String", Tier="Advanced",
        Policies=json.dumps([expiration(when), before(5), before(2), unchanged(10)]),
    )
    url = listening(client)
    (described,) = ssm.describe_parameters()["Parameters"]
    assert sorted(policy["PolicyType"] for policy in described["Policies"]) == [
        "Expiration", "ExpirationNotification", "ExpirationNotification", "NoChangeNotification",
    ]
    assert {policy["PolicyStatus"] for policy in described["Policies"]} == {"Pending"}
    own_server.advance_clock(9 * DAY)
    assert drained(sqs, url) == []
    # Messages live fourteen days at most, so they are taken on the way.
    own_server.advance_clock(7 * DAY)
    told = drained(sqs, url)
    own_server.advance_clock(3 * DAY)
    assert value(ssm, "/app/token") == "x"
    own_server.advance_clock(10 * DAY)
    told += drained(sqs, url)
    with refused("ParameterNotFound"):
        value(ssm, "/app/token")
    actions = [event for event in told if event["detail-type"] == ACTION]
    kinds = [
        (event["detail"]["policy-type"], json.loads(event["detail"]["policy-content"])["Attributes"])
        for event in actions
    ]
    assert [kind for kind, _ in kinds] == [
        "NoChangeNotification", "ExpirationNotification", "ExpirationNotification", "Expiration",
    ]
    assert [attributes.get("Before") for _, attributes in kinds[1:3]] == ["5", "2"]
    for event in actions:
        assert (event["source"], event["resources"]) == ("aws.ssm", [parameters.arn(account, "/app/token")])
        assert (event["detail"]["parameter-name"], event["detail"]["parameter-type"]) == ("/app/token", "String")
        assert event["detail"]["action-status"] == "SUCCESS"
    times = [datetime.fromisoformat(event["time"].replace("Z", "+00:00")) for event in actions]
    for time, days in zip(times, (10, 15, 18, 20)):
        assert timedelta() <= time - (now + timedelta(days=days)) + timedelta(minutes=1) < timedelta(hours=2), times
    assert put(ssm, "/app/token", "again") == 1
    own_server.advance_clock(12 * DAY)
    assert [event["detail"]["operation"] for event in drained(sqs, url)] == ["Create"]


def test_a_change_puts_off_what_tells_of_none_and_policies_are_replaced_and_cleared(own_server, account):
    def client(name: str):
        return own_server.client(name, account)

    ssm, sqs = client("ssm"), client("sqs")
    url = listening(client)
    ssm.put_parameter(
        Name="/a", Value="1", Type="String", Tier="Advanced", Policies=json.dumps([unchanged(3), expiration(
            datetime.now(UTC) + timedelta(days=9))]),
    )
    own_server.advance_clock(2 * DAY)
    put(ssm, "/a", "2", Overwrite=True)
    own_server.advance_clock(2 * DAY)
    assert [event["detail-type"] for event in drained(sqs, url)] == [CHANGE, CHANGE]
    own_server.advance_clock(2 * DAY)
    assert [event["detail"].get("policy-type") for event in drained(sqs, url)] == ["NoChangeNotification"]
    ssm.put_parameter(Name="/a", Value="3", Overwrite=True, Policies="[{}]")
    (described,) = ssm.describe_parameters()["Parameters"]
    assert described["Policies"] == []
    drained(sqs, url)
    own_server.advance_clock(30 * DAY)
    assert value(ssm, "/a") == "3"
    assert drained(sqs, url) == []


def test_policies_act_once_across_a_restart(tmp_path, account):
    with Server(dev=True, data_dir=tmp_path / "data") as server:
        def client(name: str):
            return server.client(name, account)

        url = listening(client)
        client("ssm").put_parameter(
            Name="/a", Value="1", Type="String", Tier="Advanced",
            Policies=json.dumps([expiration(datetime.now(UTC) + timedelta(days=6)), before(3)]),
        )
        server.advance_clock(4 * DAY)
        server.kill()
        server.start()
        url = client("sqs").get_queue_url(QueueName="queue")["QueueUrl"]
        # The clock of a server that was killed is the machine's again, so the rest of the time goes by anew.
        server.advance_clock(4 * DAY)
        server.kill()
        server.start()
        url = client("sqs").get_queue_url(QueueName="queue")["QueueUrl"]
        server.advance_clock(7 * DAY)
        told = drained(client("sqs"), url)
        kinds = [event["detail"].get("policy-type") for event in told if event["detail-type"] == ACTION]
        assert kinds == ["ExpirationNotification", "Expiration"]
        assert [event["detail"]["operation"] for event in told if event["detail-type"] == CHANGE][0] == "Create"
        with refused("ParameterNotFound"):
            value(client("ssm"), "/a")


@pytest.mark.parametrize(("policies", "code", "message"), [
    ("not-json", "ValidationException", "Invalid policies input: not-json."),
    ([{"Type": "BadType", "Version": "1.0", "Attributes": {}}], "InvalidPolicyTypeException",
     "Policy type BadType is not supported."),
    ([before(1)], "IncompatiblePolicyException", "Expiration notification policies are missing expiration policy"),
    ([unchanged(0)], "InvalidPolicyAttributeException", "Attribute After must be a positive integer."),
    ([{"Type": "Expiration", "Version": "1.0", "Attributes": {}}], "InvalidPolicyAttributeException", ""),
    ([{"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "soon"}}],
     "InvalidPolicyAttributeException", "Invalid timestamp format"),
    ([{"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"After": "1", "Unit": "Weeks"}}],
     "InvalidPolicyAttributeException", "Supported time units: DAYS HOURS"),
    ([{"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"Unit": "Days"}}],
     "InvalidPolicyAttributeException", "Mandatory policy attribute After is missing."),
    ([unchanged(n + 1) for n in range(11)], "PoliciesLimitExceededException",
     "Number of policies attached to a parameter cannot exceed 10"),
])
def test_policies_that_are_none(home, policies, code, message):
    ssm = home.root.client("ssm")
    given = policies if isinstance(policies, str) else json.dumps(policies)
    with refused(code, message=message or None):
        ssm.put_parameter(Name="/a", Value="1", Type="String", Tier="Advanced", Policies=given)
    assert ssm.describe_parameters()["Parameters"] == []


def test_standard_parameters_have_no_policies(home):
    ssm = home.root.client("ssm")
    given = json.dumps([unchanged(1)])
    with refused("ValidationException", matching="^You can't assign parameter policies to a standard-parameter tier. "):
        ssm.put_parameter(Name="/a", Value="1", Type="String", Tier="Standard", Policies=given)
    made = ssm.put_parameter(Name="/a", Value="1", Type="String", Tier="Intelligent-Tiering", Policies=given)
    assert made["Tier"] == "Advanced"
