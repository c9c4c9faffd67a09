"""Every paginator and waiter that boto3 has for KMS."""

import json

import boto3
import pytest

from harness.server import REGION

ITEMS = 5
MODEL = boto3.Session().client("kms", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
PAGINATED = sorted(name for name in MODEL.meta.method_to_api_mapping if MODEL.can_paginate(name))
RESULTS = {
    "describe_custom_key_stores": "CustomKeyStores",
    "list_aliases": "Aliases",
    "list_grants": "Grants",
    "list_key_policies": "PolicyNames",
    "list_key_rotations": "Rotations",
    "list_keys": "Keys",
    "list_resource_tags": "Tags",
    "list_retirable_grants": "Grants",
}


@pytest.fixture(scope="module")
def key(shared_kms) -> dict:
    """A key with some of all that is listed; its account has some keys more."""
    made = [shared_kms.create_key()["KeyMetadata"] for _ in range(ITEMS)][0]
    principal = f"arn:aws:iam::{made['AWSAccountId']}:root"
    for number in range(ITEMS):
        shared_kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=made["KeyId"])
        shared_kms.rotate_key_on_demand(KeyId=made["KeyId"])
        shared_kms.create_grant(
            KeyId=made["KeyId"], GranteePrincipal=principal, RetiringPrincipal=principal,
            Operations=["Encrypt"], Name=f"grant-{number}",
        )
    shared_kms.tag_resource(KeyId=made["KeyId"], Tags=[{"TagKey": f"k{n}", "TagValue": "v"} for n in range(ITEMS)])
    return made


def parameters(operation: str, key: dict) -> dict:
    """What the operation wants to be told."""
    if operation == "list_retirable_grants":
        return {"RetiringPrincipal": f"arn:aws:iam::{key['AWSAccountId']}:root"}
    return {} if operation in ("describe_custom_key_stores", "list_keys") else {"KeyId": key["KeyId"]}


@pytest.mark.parametrize("size", [1, 2, ITEMS, 50])
@pytest.mark.parametrize("operation", PAGINATED)
def test_a_paginator_goes_through_everything_once(shared_kms, key, operation, size):
    pages = shared_kms.get_paginator(operation).paginate(
        **parameters(operation, key), PaginationConfig={"PageSize": size}
    )
    listed = [page[RESULTS[operation]] for page in pages]
    items = [item for page in listed for item in page]
    assert all(len(page) <= size for page in listed)
    expected = {"describe_custom_key_stores": 0, "list_key_policies": 1}.get(operation, ITEMS)
    assert len(items) == expected
    assert len({json.dumps(item, default=str, sort_keys=True) for item in items}) == expected


@pytest.mark.parametrize("operation", sorted(set(PAGINATED) - {"describe_custom_key_stores", "list_key_policies"}))
def test_a_paginator_goes_on_where_it_was_left(shared_kms, key, operation):
    paginator = shared_kms.get_paginator(operation)
    how = {**parameters(operation, key)}
    first = paginator.paginate(**how, PaginationConfig={"PageSize": 2, "MaxItems": 3}).build_full_result()
    rest = paginator.paginate(
        **how, PaginationConfig={"PageSize": 2, "StartingToken": first["NextToken"]}
    ).build_full_result()
    items = first[RESULTS[operation]] + rest[RESULTS[operation]]
    assert len(first[RESULTS[operation]]) == 3
    assert len({json.dumps(item, default=str, sort_keys=True) for item in items}) == len(items) == ITEMS


def test_every_paginator_is_tested_and_there_is_no_waiter():
    assert PAGINATED == sorted(RESULTS)
    assert MODEL.waiter_names == []
