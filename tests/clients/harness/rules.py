"""Rules of EventBridge as the examples of AWS's guides have them."""

import json

from harness import queues
from harness.identities import Account
from harness.policies import allow

DISABLE_KEY = {
    "source": ["aws.kms"], "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {"eventSource": ["kms.amazonaws.com"], "eventName": ["DisableKey"]},
}
TRANSFORMER = {
    "InputPathsMap": {"call": "$.detail.eventName", "key": "$.detail.requestParameters.keyId", "who": "$.account"},
    "InputTemplate": '{"what": <call>, "key": "<key>", "text": "<call> by <who>", "rule": <aws.events.rule-arn>}',
}


def put(events, name: str, pattern: dict, **more: object) -> str:
    """The ARN of a rule."""
    return events.put_rule(Name=name, EventPattern=json.dumps(pattern), **more)["RuleArn"]


def queue(sqs, events, name: str, rule: str, rule_arn: str, accepts: str = "", **target: object) -> str:
    """The URL of a new queue that is a target of the rule, and lets it send, or another if `accepts` names one."""
    url = queues.make(sqs, name)
    arn = queues.arn(sqs, url)
    queues.policy(sqs, url, queues.accepts("events.amazonaws.com", arn, accepts or rule_arn))
    answer = events.put_targets(Rule=rule, Targets=[{"Id": name, "Arn": arn, **target}])
    assert answer["FailedEntryCount"] == 0, answer
    return url


def api_destination(home: Account, url: str, **connection: object) -> dict:
    """A target that calls an endpoint, as the role that it needs."""
    events = home.root.client("events")
    given = connection or {
        "AuthorizationType": "API_KEY",
        "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Token", "ApiKeyValue": "the-api-key"}},
    }
    made = events.create_connection(Name="connection", **given)["ConnectionArn"]
    destination = events.create_api_destination(
        Name="destination", ConnectionArn=made, InvocationEndpoint=url, HttpMethod="POST"
    )["ApiDestinationArn"]
    role = home.role(
        "invoke",
        {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"},
        allow("events:InvokeApiDestination", on=destination),
    )
    return {"Arn": destination, "RoleArn": role}
