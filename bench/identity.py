"""Encrypt by a role's session with a permissions boundary, in an account with a service control policy, beside the
administrator's own."""

import json
import time

import aws
from measured import cpu, latencies, median_ratio, rate

KEYS = 10
RATIO_MIN = 0.9
IAM, STS = "2010-05-08", "2011-06-15"
ACCOUNT_SECONDS_MAX = 30


def statement(effect, action, **more):
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


# What limits the session: the account's service control policy and the role's boundary; and what the role may do.
SERVICE_CONTROL = policy(
    statement("Deny", ["organizations:LeaveOrganization", "kms:ScheduleKeyDeletion"]),
    statement("Deny", "*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}))
BOUNDARY = policy(statement("Allow", ["kms:*", "sts:*"]))
PERMISSIONS = policy(
    statement("Allow", ["kms:CreateKey", "kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"]))


def measure(bench):
    with bench.alcazar("identity") as server:
        session = limited_session(server)
        tool, limited = bench.tool, server.directory / "limited"
        tool.prepare(server, KEYS)
        tool.prepare(server, KEYS, fixture=limited, credentials=session)
        pairs = [
            (tool.load("encrypt", server, limited, session, bench.plan),
             tool.load("encrypt", server, server.fixture, server.credentials, bench.plan))
            for _ in range(bench.plan.rounds)
        ]
    ours, administrators = zip(*pairs, strict=True)
    ratio = median_ratio(ours, administrators, "requests_per_second")
    bench.line("Encrypt by a role's session with a boundary and a service control policy, against the administrator's: "
               "rate; server CPU a request",
               f"{rate(ours)}; {cpu(ours)}", f"{rate(administrators)}; {cpu(administrators)}", f"{ratio:.0%}",
               f"≥ {RATIO_MIN:.0%}", ratio >= RATIO_MIN)
    bench.line("… latency p50 / p99", latencies(ours), latencies(administrators), "")


def limited_session(server):
    """An organization with one more account, limited by a service control policy, and a session of a role in it."""
    administrator = server.credentials

    def organizations(operation, **parameters):
        target = f"AWSOrganizationsV20161128.{operation}"
        # An operation that answers nothing has an empty body.
        return json.loads(aws.call(server, administrator, "organizations", target, parameters) or "{}")

    organizations("CreateOrganization", FeatureSet="ALL")
    root = organizations("ListRoots")["Roots"][0]["Id"]
    organizations("EnablePolicyType", RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    account = new_account(organizations)
    made = organizations("CreatePolicy", Name="limits", Description="", Type="SERVICE_CONTROL_POLICY",
                         Content=SERVICE_CONTROL)
    organizations("AttachPolicy", PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=account)

    # Root users cannot assume roles.
    user = new_user(server, administrator)
    access = assume(server, user, f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole")
    boundary = aws.element(
        aws.call(server, access, "iam", "CreatePolicy", {"PolicyName": "boundary", "PolicyDocument": BOUNDARY}, IAM),
        "Arn")
    trust = json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}})
    role = aws.element(aws.call(server, access, "iam", "CreateRole", {
        "RoleName": "encrypts", "AssumeRolePolicyDocument": trust, "PermissionsBoundary": boundary}, IAM), "Arn")
    aws.call(server, access, "iam", "PutRolePolicy", {
        "RoleName": "encrypts", "PolicyName": "keys", "PolicyDocument": PERMISSIONS}, IAM)
    return assume(server, access, role)


def new_user(server, administrator):
    """A user who may do everything; its credentials."""
    def iam(action, **parameters):
        return aws.call(server, administrator, "iam", action, {"UserName": "bench", **parameters}, IAM)

    iam("CreateUser")
    iam("AttachUserPolicy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    key = iam("CreateAccessKey")
    return aws.element(key, "AccessKeyId"), aws.element(key, "SecretAccessKey")


def new_account(organizations):
    status = organizations("CreateAccount", Email="bench@example.com", AccountName="bench")["CreateAccountStatus"]
    until = time.monotonic() + ACCOUNT_SECONDS_MAX
    while status["State"] == "IN_PROGRESS" and time.monotonic() < until:
        time.sleep(0.1)
        found = organizations("DescribeCreateAccountStatus", CreateAccountRequestId=status["Id"])
        status = found["CreateAccountStatus"]
    return status["AccountId"]


def assume(server, credentials, role_arn):
    answer = aws.call(server, credentials, "sts", "AssumeRole",
                      {"RoleArn": role_arn, "RoleSessionName": "bench"}, STS)
    return tuple(aws.element(answer, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
