"""Lists in pages: by hand with markers, and by boto3's paginators."""

import pytest

from harness.aliases import AWS_PREFIX
from harness.errors import refused

KEYS = 7
# More than there can be, with the aliases of AWS's own services.
PAGES_MAX = 200


@pytest.fixture
def keys(kms) -> list[str]:
    """The ids of some keys; the first has as many aliases and tags."""
    ids = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(KEYS)]
    for number in range(KEYS):
        kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=ids[0])
    kms.tag_resource(KeyId=ids[0], Tags=[{"TagKey": f"k{n}", "TagValue": "v"} for n in range(KEYS)])
    return ids


LISTS = {
    "list_keys": ("Keys", "KeyId", lambda ids: {}),
    "list_aliases": ("Aliases", "AliasName", lambda ids: {}),
    "list_aliases of one key": ("Aliases", "AliasName", lambda ids: {"KeyId": ids[0]}),
    "list_resource_tags": ("Tags", "TagKey", lambda ids: {"KeyId": ids[0]}),
}


@pytest.mark.parametrize("limit", [1, 2, 3, KEYS - 1, KEYS, KEYS + 1, 50])
@pytest.mark.parametrize("name", LISTS)
def test_pages_together_hold_everything_once(kms, keys, name, limit):
    member, field, parameters = LISTS[name]
    operation = getattr(kms, name.split()[0])
    seen, marker = [], {}
    for _ in range(PAGES_MAX):
        page = operation(Limit=limit, **parameters(keys), **marker)
        assert len(page[member]) <= limit
        seen += [item[field] for item in page[member]]
        assert page["Truncated"] == ("NextMarker" in page)
        if not page["Truncated"]:
            break
        marker = {"Marker": page["NextMarker"]}
    else:
        raise AssertionError("the pages do not end")
    assert len(set(seen)) == len(seen)
    assert len([name for name in seen if not name.startswith(AWS_PREFIX)]) == KEYS


@pytest.mark.parametrize("name", LISTS)
def test_the_paginators_of_boto3_go_through(kms, keys, name):
    member, field, parameters = LISTS[name]
    pages = kms.get_paginator(name.split()[0]).paginate(**parameters(keys), PaginationConfig={"PageSize": 2})
    seen = [item[field] for page in pages for item in page[member]]
    assert len(set(seen)) == len(seen)
    assert len([name for name in seen if not name.startswith(AWS_PREFIX)]) == KEYS


def test_the_policies_of_a_key_have_a_paginator_too(kms, keys):
    pages = kms.get_paginator("list_key_policies").paginate(KeyId=keys[0])
    assert [name for page in pages for name in page["PolicyNames"]] == ["default"]


def test_a_key_deleted_or_made_between_two_pages_does_not_disturb_the_rest(own_server, account):
    kms = own_server.client("kms", account)
    ids = sorted(kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(KEYS))
    first = kms.list_keys(Limit=3)
    gone = next(key for key in ids if key not in {item["KeyId"] for item in first["Keys"]})
    kms.schedule_key_deletion(KeyId=gone, PendingWindowInDays=7)
    own_server.advance_clock(8 * 24 * 60 * 60)
    kms.create_key()
    seen = {item["KeyId"] for item in first["Keys"]}
    rest = kms.list_keys(Marker=first["NextMarker"])
    seen |= {item["KeyId"] for item in rest["Keys"]}
    assert set(ids) - {gone} <= seen
    assert gone not in seen


@pytest.mark.parametrize("marker", ["x", "AAAA", "not a marker", "ÿ", "=" * 1024])
@pytest.mark.parametrize("name", LISTS)
def test_a_marker_that_was_never_given_is_refused(kms, keys, name, marker):
    _, _, parameters = LISTS[name]
    with refused("InvalidMarkerException"):
        getattr(kms, name.split()[0])(Marker=marker, **parameters(keys))


@pytest.mark.parametrize("limit, constraint", [
    (0, "greater than or equal to 1"), (-5, "greater than or equal to 1"), (1001, "less than or equal to 1000"),
])
@pytest.mark.parametrize("name", ["list_keys", "list_aliases"])
def test_a_limit_outside_its_range_is_refused(server, account, name, limit, constraint):
    unchecked = server.client("kms", account, parameter_validation=False)
    with refused("ValidationException", message=(
        f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
        f"Member must have value {constraint}"
    )):
        getattr(unchecked, name)(Limit=limit)
