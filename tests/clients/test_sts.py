"""STS: who the caller is."""

import urllib.request

import pytest

from harness.raw import RawClient


def test_the_caller_is_the_administrator_of_the_account_that_its_access_key_names(sts, account):
    identity = sts.get_caller_identity()
    assert identity["Account"] == account
    assert identity["Arn"].startswith(f"arn:aws:iam::{account}:")
    assert identity["UserId"]


def test_the_access_key_test_stands_for_account_zero(server):
    assert server.client("sts", "test").get_caller_identity()["Account"] == "000000000000"


@pytest.mark.parametrize("region", ["eu-central-1", "ap-southeast-2"])
def test_the_answer_is_the_same_in_every_region(server, account, region):
    assert server.client("sts", account, region=region).get_caller_identity()["Account"] == account


def test_a_presigned_get_works_without_any_other_credentials(server, sts, account):
    url = sts.generate_presigned_url("get_caller_identity", HttpMethod="GET", ExpiresIn=60)
    with urllib.request.urlopen(url) as response:
        body = response.read().decode()
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/xml")
    assert "GetCallerIdentityResponse" in body
    assert f"<Account>{account}</Account>" in body


def test_the_query_answer_is_the_xml_that_aws_sends(raw_sts: RawClient, account):
    response = raw_sts.query("GetCallerIdentity")
    assert response.status == 200
    text = response.body.decode()
    assert 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"' in text
    for element in ("GetCallerIdentityResponse", "GetCallerIdentityResult", "ResponseMetadata", "RequestId"):
        assert f"<{element}" in text, text
    assert f"<Account>{account}</Account>" in text


def test_the_request_id_in_the_body_is_that_of_the_header(raw_sts: RawClient):
    response = raw_sts.query("GetCallerIdentity")
    assert response.request_id
    assert f"<RequestId>{response.request_id}</RequestId>" in response.body.decode()


def test_an_unknown_action_is_an_invalid_action(raw_sts: RawClient):
    status, code, _ = raw_sts.query("NoSuchAction").query_error()
    assert (status, code) == (400, "InvalidAction")
