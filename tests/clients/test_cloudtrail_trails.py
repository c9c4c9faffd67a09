"""Trails: made, started, stopped, told what to log, tagged, listed and deleted, by boto3 and the AWS CLI.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
"""

import json
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from harness.errors import refused


@pytest.fixture
def trail(home):
    """A CloudTrail client of this test's root user."""
    return home.root.client("cloudtrail")


def test_a_trail_lives_as_in_aws_s_guide(trail, account):
    made = trail.create_trail(
        Name="trail", S3BucketName="amzn-s3-demo-bucket", IsMultiRegionTrail=True, EnableLogFileValidation=True,
        TagsList=[{"Key": "a", "Value": "1"}],
    )
    arn = f"arn:aws:cloudtrail:us-east-1:{account}:trail/trail"
    assert (made["TrailARN"], made["LogFileValidationEnabled"]) == (arn, True)
    assert trail.get_trail_status(Name="trail")["IsLogging"] is False
    trail.start_logging(Name=arn)
    status = trail.get_trail_status(Name="trail")
    assert status["IsLogging"] is True and status["StartLoggingTime"]
    trail.stop_logging(Name="trail")
    assert trail.get_trail_status(Name="trail")["StopLoggingTime"] >= status["StartLoggingTime"]
    trail.update_trail(Name="trail", S3KeyPrefix="prefix", IncludeGlobalServiceEvents=True)
    (found,) = trail.describe_trails()["trailList"]
    assert (found["S3KeyPrefix"], found["HomeRegion"], found["IsMultiRegionTrail"]) == ("prefix", "us-east-1", True)
    assert trail.get_trail(Name="trail")["Trail"] == found
    trail.add_tags(ResourceId=arn, TagsList=[{"Key": "b", "Value": "2"}])
    trail.remove_tags(ResourceId=arn, TagsList=[{"Key": "a"}])
    pages = trail.get_paginator("list_tags").paginate(ResourceIdList=[arn])
    tagged = [one for page in pages for one in page["ResourceTagList"]]
    assert tagged == [{"ResourceId": arn, "TagsList": [{"Key": "b", "Value": "2"}]}]
    listed = [one for page in trail.get_paginator("list_trails").paginate() for one in page["Trails"]]
    assert listed == [{"TrailARN": arn, "Name": "trail", "HomeRegion": "us-east-1"}]
    trail.delete_trail(Name="trail")
    with refused("TrailNotFoundException"):
        trail.get_trail(Name="trail")
    assert trail.describe_trails()["trailList"] == []


def test_selectors_say_what_is_logged(trail):
    """https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html"""
    trail.create_trail(Name="trail", S3BucketName="amzn-s3-demo-bucket")
    (default,) = trail.get_event_selectors(TrailName="trail")["EventSelectors"]
    assert (default["ReadWriteType"], default["IncludeManagementEvents"]) == ("All", True)
    trail.put_event_selectors(TrailName="trail", EventSelectors=[{
        "ReadWriteType": "WriteOnly", "IncludeManagementEvents": True,
        "ExcludeManagementEventSources": ["kms.amazonaws.com"],
    }])
    (changed,) = trail.get_event_selectors(TrailName="trail")["EventSelectors"]
    assert changed["ExcludeManagementEventSources"] == ["kms.amazonaws.com"]
    advanced = [{"Name": "queues", "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::SQS::Queue"]},
    ]}]
    trail.put_event_selectors(TrailName="trail", AdvancedEventSelectors=advanced)
    answer = trail.get_event_selectors(TrailName="trail")
    assert answer["AdvancedEventSelectors"] == advanced
    assert not answer.get("EventSelectors")
    with refused("InvalidEventSelectorsException"):
        trail.put_event_selectors(TrailName="trail", AdvancedEventSelectors=[
            {"Name": "none", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Nothing"]}]},
        ])
    with refused("InsightNotEnabledException"):
        trail.get_insight_selectors(TrailName="trail")


def test_names_and_absent_trails(trail):
    with refused("InvalidTrailNameException"):
        trail.create_trail(Name="a", S3BucketName="amzn-s3-demo-bucket")
    with refused("InvalidTrailNameException"):
        trail.create_trail(Name="192.168.5.4", S3BucketName="amzn-s3-demo-bucket")
    trail.create_trail(Name="trail", S3BucketName="amzn-s3-demo-bucket")
    with refused("TrailAlreadyExistsException"):
        trail.create_trail(Name="trail", S3BucketName="amzn-s3-demo-bucket")
    with refused("TrailNotFoundException"):
        trail.start_logging(Name="absent")
    with refused("InvalidS3BucketNameException"):
        trail.create_trail(Name="other", S3BucketName="Not A Bucket")


def test_keys_that_sign_digests_are_listed(trail):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html"""
    trail.create_trail(Name="trail", S3BucketName="amzn-s3-demo-bucket", EnableLogFileValidation=True)
    trail.start_logging(Name="trail")
    now = datetime.now(timezone.utc)
    pages = trail.get_paginator("list_public_keys").paginate(
        StartTime=now - timedelta(days=1), EndTime=now + timedelta(days=1)
    )
    keys = [key for page in pages for key in page["PublicKeyList"]]
    assert keys
    for key in keys:
        assert key["ValidityStartTime"] < key["ValidityEndTime"]
        try:
            public = load_der_public_key(key["Value"])
        except ValueError:
            # PKCS #1, as AWS has it: wrapped here into what cryptography loads.
            header = bytes.fromhex("300d06092a864886f70d010101050003")
            bits = b"\x00" + key["Value"]
            length = bytes([0x82]) + len(bits).to_bytes(2, "big")
            inner = header[:-1] + b"\x03" + length + bits
            public = load_der_public_key(b"\x30\x82" + len(inner).to_bytes(2, "big") + inner)
        assert isinstance(public, rsa.RSAPublicKey)


def test_the_cli_s_walk_through(aws):
    created = aws(
        "cloudtrail", "create-trail", "--name", "my-trail", "--s3-bucket-name", "amzn-s3-demo-bucket",
        "--is-multi-region-trail",
    )
    assert created["IsMultiRegionTrail"] is True
    aws("cloudtrail", "start-logging", "--name", "my-trail")
    assert aws("cloudtrail", "get-trail-status", "--name", "my-trail")["IsLogging"] is True
    selectors = json.dumps([{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}])
    aws("cloudtrail", "put-event-selectors", "--trail-name", "my-trail", "--event-selectors", selectors)
    found = aws("cloudtrail", "get-event-selectors", "--trail-name", "my-trail")["EventSelectors"]
    assert found[0]["ReadWriteType"] == "ReadOnly"
    aws("cloudtrail", "update-trail", "--name", "my-trail", "--no-is-multi-region-trail")
    described = aws("cloudtrail", "describe-trails")["trailList"]
    assert [(one["Name"], one["IsMultiRegionTrail"]) for one in described] == [("my-trail", False)]
    aws("cloudtrail", "delete-trail", "--name", "my-trail")
    aws("cloudtrail", "get-trail-status", "--name", "my-trail", fails_with="(TrailNotFoundException)")
