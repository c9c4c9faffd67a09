"""Tags on keys.

Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html
"""

import pytest

from harness.errors import refused

TAGS_MAX = 50


def tag(key: str, value: str) -> dict[str, str]:
    """A tag as the API has it."""
    return {"TagKey": key, "TagValue": value}


def tags_of(kms, key: dict) -> dict[str, str]:
    """A key's tags."""
    return {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}


def test_a_key_can_be_made_with_tags(kms):
    key = kms.create_key(Tags=[tag("team", "a"), tag("empty", "")])["KeyMetadata"]
    assert tags_of(kms, key) == {"team": "a", "empty": ""}


def test_a_tag_is_added_changed_and_removed(kms, key):
    assert tags_of(kms, key) == {}
    kms.tag_resource(KeyId=key["KeyId"], Tags=[tag("a", "1"), tag("b", "2")])
    kms.tag_resource(KeyId=key["KeyId"], Tags=[tag("b", "3"), tag("c", "4")])
    assert tags_of(kms, key) == {"a": "1", "b": "3", "c": "4"}
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["a", "c"])
    assert tags_of(kms, key) == {"b": "3"}


def test_removing_a_tag_that_is_not_there_is_no_error(kms, key):
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["absent"])


def test_tag_keys_differ_by_case_and_take_any_letters(kms, key):
    tags = {"Team": "A", "team": "b", "größe": "☃", "a_.:/=+-@ b": "x" * 256, "k" * 128: ""}
    kms.tag_resource(KeyId=key["KeyId"], Tags=[tag(*pair) for pair in tags.items()])
    assert tags_of(kms, key) == tags


def test_a_key_may_have_fifty_tags_and_no_more(kms, key):
    kms.tag_resource(KeyId=key["KeyId"], Tags=[tag(f"k{number}", "v") for number in range(TAGS_MAX)])
    kms.tag_resource(KeyId=key["KeyId"], Tags=[tag("k0", "changed")])
    with refused("LimitExceededException", "TagException"):
        kms.tag_resource(KeyId=key["KeyId"], Tags=[tag("one more", "v")])
    tags = tags_of(kms, key)
    assert len(tags) == TAGS_MAX
    assert tags["k0"] == "changed"


def test_too_many_tags_make_no_key(kms):
    with refused("LimitExceededException", "TagException"):
        kms.create_key(Tags=[tag(f"k{number}", "v") for number in range(TAGS_MAX + 1)])
    assert kms.list_keys()["Keys"] == []


@pytest.mark.parametrize("tags", [
    [tag("twice", "a"), tag("twice", "b")],
    [tag("aws:mine", "a")],
])
def test_duplicate_and_reserved_tag_keys_are_refused(kms, key, tags):
    with refused("TagException"):
        kms.tag_resource(KeyId=key["KeyId"], Tags=tags)
    assert tags_of(kms, key) == {}
    with refused("TagException"):
        kms.create_key(Tags=tags)
    assert len(kms.list_keys()["Keys"]) == 1


@pytest.mark.parametrize("tags, constraint", [
    ([tag("k" * 129, "v")], r"at 'tags\.1\.member\.tagKey' failed to satisfy constraint: "
                            "Member must have length less than or equal to 128"),
    ([tag("k", "v" * 257)], r"at 'tags\.1\.member\.tagValue' failed to satisfy constraint: "
                            "Member must have length less than or equal to 256"),
    ([tag("good", "v"), tag("k", "v" * 257)], r"at 'tags\.2\.member\.tagValue' failed"),
])
def test_tags_too_long_are_refused(kms, key, tags, constraint):
    with refused("ValidationException", matching=constraint):
        kms.tag_resource(KeyId=key["KeyId"], Tags=tags)
    assert tags_of(kms, key) == {}
