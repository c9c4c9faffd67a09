"""Accounts, users, roles and sessions, as the examples of AWS's guides have them, each with its clients."""

import json
from dataclasses import dataclass
from datetime import datetime

from harness.policies import policy
from harness.server import REGION, Server


@dataclass(frozen=True)
class Caller:
    """Somebody with credentials."""

    server: Server
    arn: str
    access_key: str
    secret: str = "test"
    token: str | None = None
    expires: datetime | None = None
    packed: int | None = None

    @property
    def account(self) -> str:
        """Whose caller it is."""
        return self.arn.split(":")[4]

    @property
    def name(self) -> str:
        """The last part of its ARN."""
        return self.arn.rpartition("/")[2]

    def client(self, service: str, region: str = REGION, **settings: object):
        """A boto3 client with its credentials."""
        return self.server.client(service, self.access_key, self.secret, region, self.token, **settings)

    def assume(self, role_arn: str, session: str = "session", **more: object) -> "Caller":
        """A session of a role."""
        answer = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session, **more)
        return self.session(answer["AssumedRoleUser"]["Arn"], answer)

    def session(self, arn: str, answer: dict) -> "Caller":
        """Whoever has the credentials that STS answered with."""
        found = answer["Credentials"]
        return Caller(
            self.server, arn, found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"],
            found["Expiration"], answer.get("PackedPolicySize"),
        )


class Account:
    """An account of a development server, in which its root user makes what an example needs."""

    def __init__(self, server: Server, account_id: str) -> None:
        self.server = server
        self.id = account_id
        self.root = Caller(server, f"arn:aws:iam::{account_id}:root", account_id)
        self.iam = self.root.client("iam")

    @property
    def arn(self) -> str:
        """The account as a principal of policies."""
        return self.root.arn

    def arn_of(self, resource: str) -> str:
        """The ARN of an IAM resource of this account."""
        return f"arn:aws:iam::{self.id}:{resource}"

    def user(self, name: str, *statements: dict, **more: object) -> Caller:
        """A new user with an access key, and these statements as its inline policy."""
        user = self.iam.create_user(UserName=name, **more)["User"]
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=policy(*statements))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return Caller(self.server, user["Arn"], key["AccessKeyId"], key["SecretAccessKey"])

    def role(self, name: str, trusted: dict | list[dict], *statements: dict, **more: object) -> str:
        """The ARN of a new role with this trust policy, and these statements as its inline policy."""
        trusted = trusted if isinstance(trusted, list) else [trusted]
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(*trusted), **more)["Role"]
        if statements:
            self.iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy(*statements))
        return role["Arn"]

    def policy(self, name: str, *statements: dict) -> str:
        """The ARN of a new managed policy."""
        return self.iam.create_policy(PolicyName=name, PolicyDocument=policy(*statements))["Policy"]["Arn"]

    def key(self, *statements: dict, **more: object) -> str:
        """The ARN of a new KMS key, with these statements as its key policy, or the default one."""
        if statements:
            # AWS's check that the writer keeps its access is not what the examples are about.
            more |= {"Policy": policy(*statements), "BypassPolicyLockoutSafetyCheck": True}
        return self.root.client("kms").create_key(**more)["KeyMetadata"]["Arn"]

    def organization(self) -> "Organization":
        """A new organization with all features, which this account manages."""
        return Organization(self)


class Organization:
    """An organization with its control policies switched on."""

    def __init__(self, management: Account) -> None:
        self.management = management
        self.api = management.root.client("organizations")
        self.id = self.api.create_organization(FeatureSet="ALL")["Organization"]["Id"]
        self.root_id = self.api.list_roots()["Roots"][0]["Id"]
        for policy_type in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
            self.api.enable_policy_type(RootId=self.root_id, PolicyType=policy_type)

    def unit(self, name: str, parent: str = "") -> str:
        """The id of a new organizational unit."""
        made = self.api.create_organizational_unit(ParentId=parent or self.root_id, Name=name)
        return made["OrganizationalUnit"]["Id"]

    def join(self, account: Account, parent: str = "") -> Account:
        """Takes an account in, by an invitation that it accepts."""
        invited = self.api.invite_account_to_organization(Target={"Id": account.id, "Type": "ACCOUNT"})
        account.root.client("organizations").accept_handshake(HandshakeId=invited["Handshake"]["Id"])
        if parent:
            self.api.move_account(AccountId=account.id, SourceParentId=self.root_id, DestinationParentId=parent)
        return account

    def attach(self, target: str, *statements: dict, policy_type: str = "SERVICE_CONTROL_POLICY") -> str:
        """The id of a new control policy, attached to the root, a unit or an account."""
        name = f"policy-{len(self.api.list_policies(Filter=policy_type)['Policies'])}"
        made = self.api.create_policy(
            Content=policy(*statements), Name=name, Description="an example", Type=policy_type
        )
        policy_id = made["Policy"]["PolicySummary"]["Id"]
        self.api.attach_policy(PolicyId=policy_id, TargetId=target)
        return policy_id


def document(text: str | dict) -> dict:
    """A policy as IAM answers it, which botocore has decoded already where it knows of it."""
    return json.loads(text) if isinstance(text, str) else text
