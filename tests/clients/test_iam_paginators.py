"""Every list of IAM and Organizations comes in pages, which boto3's paginators walk through.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html (Marker, MaxItems, IsTruncated)
"""

import pytest

from harness.identities import Account
from harness.policies import allow, policy, trust

COUNT = 5
TRUST = policy(trust("*"))


@pytest.fixture(scope="module")
def filled(server, new_account) -> Account:
    """An account with five of everything."""
    home = Account(server, new_account())
    iam = home.iam
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.create_instance_profile(InstanceProfileName="i")
    document = policy(allow("kms:ListKeys"))
    for n in range(COUNT):
        iam.create_user(UserName=f"user-{n}")
        iam.create_group(GroupName=f"group-{n}")
        iam.create_role(RoleName=f"role-{n}", AssumeRolePolicyDocument=TRUST)
        iam.create_instance_profile(InstanceProfileName=f"profile-{n}")
        iam.create_virtual_mfa_device(VirtualMFADeviceName=f"device-{n}")
        arn = home.policy(f"policy-{n}", allow("kms:ListKeys"))
        iam.add_user_to_group(GroupName="g", UserName=f"user-{n}")
        iam.add_user_to_group(GroupName=f"group-{n}", UserName="u")
        for kind in ("user", "group", "role"):
            holder = {f"{kind.title()}Name": kind[0]}
            getattr(iam, f"put_{kind}_policy")(**holder, PolicyName=f"inline-{n}", PolicyDocument=document)
            getattr(iam, f"attach_{kind}_policy")(**holder, PolicyArn=arn)
            getattr(iam, f"attach_{kind}_policy")(
                **{f"{kind.title()}Name": f"{kind}-{n}"}, PolicyArn=home.arn_of("policy/policy-0")
            )
        for kind, name in (("user", "UserName"), ("role", "RoleName")):
            getattr(iam, f"tag_{kind}")(**{name: kind[0]}, Tags=[{"Key": f"tag-{n}", "Value": "v"}])
    for n in range(COUNT - 1):
        iam.create_policy_version(PolicyArn=home.arn_of("policy/policy-0"), PolicyDocument=document)
    return home


@pytest.mark.parametrize(("operation", "result", "parameters", "count"), [
    ("list_users", "Users", {}, COUNT + 1),
    ("list_groups", "Groups", {}, COUNT + 1),
    ("list_roles", "Roles", {}, COUNT + 1),
    ("list_instance_profiles", "InstanceProfiles", {}, COUNT + 1),
    ("list_policies", "Policies", {"Scope": "Local"}, COUNT),
    ("list_policy_versions", "Versions", {"PolicyArn": "policy-0"}, COUNT),
    ("list_virtual_mfa_devices", "VirtualMFADevices", {}, COUNT),
    ("get_group", "Users", {"GroupName": "g"}, COUNT),
    ("list_groups_for_user", "Groups", {"UserName": "u"}, COUNT),
    ("list_user_policies", "PolicyNames", {"UserName": "u"}, COUNT),
    ("list_group_policies", "PolicyNames", {"GroupName": "g"}, COUNT),
    ("list_role_policies", "PolicyNames", {"RoleName": "r"}, COUNT),
    ("list_attached_user_policies", "AttachedPolicies", {"UserName": "u"}, COUNT),
    ("list_attached_group_policies", "AttachedPolicies", {"GroupName": "g"}, COUNT),
    ("list_attached_role_policies", "AttachedPolicies", {"RoleName": "r"}, COUNT),
    ("list_user_tags", "Tags", {"UserName": "u"}, COUNT),
])
def test_pages_of_two_have_together_what_one_page_has(filled, operation, result, parameters, count):
    if "PolicyArn" in parameters:
        parameters = {"PolicyArn": filled.arn_of(f"policy/{parameters['PolicyArn']}")}
    pages = list(filled.iam.get_paginator(operation).paginate(**parameters, PaginationConfig={"PageSize": 2}))
    assert [len(page[result]) for page in pages[:-1]] == [2] * (len(pages) - 1)
    assert len(pages) == -(-count // 2)
    whole = getattr(filled.iam, operation)(**parameters)
    assert whole["IsTruncated"] is False and "Marker" not in whole
    assert [item for page in pages for item in page[result]] == whole[result]
    assert len(whole[result]) == count


def test_entities_of_a_policy_come_in_pages_of_all_three_kinds(filled):
    arn = filled.arn_of("policy/policy-0")
    pages = filled.iam.get_paginator("list_entities_for_policy").paginate(
        PolicyArn=arn, PaginationConfig={"PageSize": 4}
    )
    found = {"PolicyGroups": 0, "PolicyUsers": 0, "PolicyRoles": 0}
    for page in pages:
        assert sum(len(page[kind]) for kind in found) <= 4
        for kind in found:
            found[kind] += len(page[kind])
    assert found == {kind: COUNT + 1 for kind in found}


def test_the_details_of_an_account_come_in_pages(filled):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html"""
    def names(size):
        pages = filled.iam.get_paginator("get_account_authorization_details").paginate(
            Filter=["User", "Group", "Role", "LocalManagedPolicy"], PaginationConfig={"PageSize": size}
        )
        return sorted(
            item.get("UserName") or item.get("GroupName") or item.get("RoleName") or item["PolicyName"]
            for page in pages
            for kind in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
            for item in page[kind]
        )

    assert len(names(1000)) == 3 * (COUNT + 1) + COUNT
    assert names(3) == names(1000)


def test_accounts_and_units_of_an_organization_come_in_pages(home, new_account):
    organization = home.organization()
    for n in range(3):
        organization.unit(f"unit-{n}")
        organization.join(Account(home.server, new_account()))
    size = {"PaginationConfig": {"PageSize": 2}}
    units = organization.api.get_paginator("list_organizational_units_for_parent").paginate(
        ParentId=organization.root_id, **size
    )
    assert sorted(unit["Name"] for page in units for unit in page["OrganizationalUnits"]) == [
        "unit-0", "unit-1", "unit-2"
    ]
    accounts = organization.api.get_paginator("list_accounts").paginate(**size)
    assert sum(len(page["Accounts"]) for page in accounts) == 4
