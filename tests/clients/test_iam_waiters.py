"""boto3's waiters for IAM end at once when there is what they wait for, and give up when there is not.

Source: https://docs.aws.amazon.com/boto3/latest/reference/services/iam.html#waiters
"""

import threading

import pytest
from botocore.exceptions import WaiterError

from harness.policies import allow, policy, trust

DOCUMENT = policy(allow("kms:ListKeys"))
CASES = [
    ("user_exists", "create_user", {"UserName": "u"}, {"UserName": "u"}),
    ("role_exists", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": policy(trust("*"))}, {"RoleName": "r"}),
    ("instance_profile_exists", "create_instance_profile", {"InstanceProfileName": "i"}, {"InstanceProfileName": "i"}),
    ("policy_exists", "create_policy", {"PolicyName": "p", "PolicyDocument": DOCUMENT}, {"PolicyArn": "policy/p"}),
]


@pytest.mark.parametrize(("waiter", "create", "parameters", "named"), CASES, ids=[case[0] for case in CASES])
def test_a_waiter_waits_until_it_is_there(home, waiter, create, parameters, named):
    if "PolicyArn" in named:
        named = {"PolicyArn": home.arn_of(named["PolicyArn"])}
    wait = home.iam.get_waiter(waiter).wait
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        wait(**named, WaiterConfig={"Delay": 0, "MaxAttempts": 2})
    late = threading.Timer(0.2, lambda: getattr(home.root.client("iam"), create)(**parameters))
    late.start()
    wait(**named, WaiterConfig={"Delay": 0.05, "MaxAttempts": 400})
    late.join()
    wait(**named, WaiterConfig={"Delay": 0, "MaxAttempts": 1})
