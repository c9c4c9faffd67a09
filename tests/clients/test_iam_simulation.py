"""SimulatePrincipalPolicy foretells what really happens.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from harness.policies import allow, deny

CALLS: dict[str, Callable] = {
    "kms:ListKeys": lambda user: user.client("kms").list_keys(),
    "kms:ListAliases": lambda user: user.client("kms").list_aliases(),
    "kms:CreateKey": lambda user: user.client("kms").create_key(),
    "kms:GenerateRandom": lambda user: user.client("kms").generate_random(NumberOfBytes=1),
    "iam:GetAccountSummary": lambda user: user.client("iam").get_account_summary(),
    "iam:ListAccountAliases": lambda user: user.client("iam").list_account_aliases(),
}


def happens(call: Callable, user) -> str:
    """What comes of a real call, as the simulator would call it."""
    try:
        call(user)
    except ClientError as error:
        assert error.response["Error"]["Code"].startswith("AccessDenied"), error
        return "explicitDeny" if "explicit deny" in error.response["Error"]["Message"] else "implicitDeny"
    return "allowed"


@pytest.mark.parametrize("statements", [
    [],
    [allow("*")],
    [allow("kms:List*"), deny("kms:ListAliases")],
    [allow(NotAction="kms:*")],
    [allow("*"), deny(NotAction=["kms:ListKeys", "iam:*"])],
    [allow("kms:*", when={"StringEquals": {"aws:username": "simulated"}})],
    [allow("iam:*", "kms:?reateKey", "kms:*Random"), deny("iam:*Aliases")],
], ids=range(7))
@pytest.mark.parametrize("bounded", [False, True])
def test_the_simulator_agrees_with_the_decision(home, statements, bounded):
    boundary = home.policy("boundary", allow("kms:List*", "kms:CreateKey", "iam:*"), deny("iam:GetAccountSummary"))
    user = home.user("simulated", *statements, **({"PermissionsBoundary": boundary} if bounded else {}))
    answer = home.iam.simulate_principal_policy(PolicySourceArn=user.arn, ActionNames=list(CALLS))
    foretold = {result["EvalActionName"]: result["EvalDecision"] for result in answer["EvaluationResults"]}
    assert foretold == {action: happens(call, user) for action, call in CALLS.items()}
    if bounded:
        for result in answer["EvaluationResults"]:
            within = result["EvalActionName"] in (
                "kms:ListKeys", "kms:ListAliases", "kms:CreateKey", "iam:ListAccountAliases"
            )
            detail = result["PermissionsBoundaryDecisionDetail"]
            assert detail["AllowedByPermissionsBoundary"] is within


def test_resources_are_foretold_one_by_one(home):
    ann = home.user("ann", allow("iam:GetUser", on=home.arn_of("user/${aws:username}")))
    bob = home.user("bob")
    (result,) = home.iam.simulate_principal_policy(
        PolicySourceArn=ann.arn, ActionNames=["iam:GetUser"], ResourceArns=[ann.arn, bob.arn]
    )["EvaluationResults"]
    specific = {each["EvalResourceName"]: each["EvalResourceDecision"] for each in result["ResourceSpecificResults"]}
    assert specific == {ann.arn: "allowed", bob.arn: "implicitDeny"}
    for target, decision in specific.items():
        name = target.rpartition("/")[2]
        assert happens(lambda user, name=name: user.client("iam").get_user(UserName=name), ann) == decision


def test_a_service_control_policy_is_foretold(home, other):
    organization = home.organization()
    organization.join(other)
    user = other.user("user", allow("*"))
    organization.attach(other.id, deny("kms:CreateKey"))
    answer = other.iam.simulate_principal_policy(
        PolicySourceArn=user.arn, ActionNames=["kms:CreateKey", "kms:ListKeys"]
    )
    for result in answer["EvaluationResults"]:
        action = result["EvalActionName"]
        assert result["OrganizationsDecisionDetail"]["AllowedByOrganizations"] is (action == "kms:ListKeys")
        assert (result["EvalDecision"] == "allowed") is (happens(CALLS[action], user) == "allowed")
