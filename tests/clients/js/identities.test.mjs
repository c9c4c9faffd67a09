// IAM and role sessions through the AWS SDK for JavaScript, whose credential providers assume the roles themselves.
//
// Source: https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
  paginateListUsers,
  waitUntilUserExists,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

import { newAccount, settings, startServer } from "./server.mjs";

let server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** An IAM client of an account's root user. */
function administrator(account) {
  return new IAMClient(settings(server.endpoint, account));
}

/** A policy of one statement. */
function policy(statement) {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

/** The credentials of a new user. */
async function newUser(iam, UserName) {
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    arn: User.Arn,
    credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey },
  };
}

/** The ARN of a new role that `principal` may assume, under a condition or without, to read all there is. */
async function newRole(iam, RoleName, principal, Condition) {
  const AssumeRolePolicyDocument = policy({ Principal: { AWS: principal }, Action: "sts:AssumeRole", Condition });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return Role.Arn;
}

/** Settings with which clients assume a role when they need credentials. */
function assuming(masterCredentials, params) {
  const { endpoint, region, maxAttempts } = settings(server.endpoint, "unused");
  const clientConfig = { endpoint, region };
  return { endpoint, region, maxAttempts, credentials: fromTemporaryCredentials({ masterCredentials, params, clientConfig }) };
}

test("a client assumes a role by itself, and may do what the role may", async () => {
  const account = newAccount();
  const iam = administrator(account);
  const user = await newUser(iam, "deployer");
  const RoleArn = await newRole(iam, "Reader", user.arn);
  const config = assuming(user.credentials, { RoleArn, RoleSessionName: "js" });

  const identity = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Arn, `arn:aws:sts::${account}:assumed-role/Reader/js`);
  const reader = new IAMClient(config);
  assert.equal((await reader.send(new ListUsersCommand({}))).Users.length, 1);
  await assert.rejects(reader.send(new CreateUserCommand({ UserName: "more" })), (error) => {
    assert.equal(error.name, "AccessDenied");
    assert.equal(error.$metadata.httpStatusCode, 403);
    assert.equal(
      error.message,
      `User: ${identity.Arn} is not authorized to perform: iam:CreateUser on resource: ` +
        `arn:aws:iam::${account}:user/more because no identity-based policy allows the iam:CreateUser action`,
    );
    return true;
  });
});

test("a role that wants an external id is assumed with it alone", async () => {
  const [account, deputyAccount] = [newAccount(), newAccount()];
  const deputies = administrator(deputyAccount);
  const deputy = await newUser(deputies, "deputy");
  const condition = { StringEquals: { "sts:ExternalId": "12345" } };
  const RoleArn = await newRole(administrator(account), "Customer", deputy.arn, condition);
  const PolicyDocument = policy({ Action: "sts:AssumeRole", Resource: RoleArn });
  await deputies.send(new PutUserPolicyCommand({ UserName: "deputy", PolicyName: "assume", PolicyDocument }));

  const config = assuming(deputy.credentials, { RoleArn, RoleSessionName: "js", ExternalId: "12345" });
  await new IAMClient(config).send(new GetRoleCommand({ RoleName: "Customer" }));
  const wrong = assuming(deputy.credentials, { RoleArn, RoleSessionName: "js", ExternalId: "67890" });
  await assert.rejects(new STSClient(wrong).send(new GetCallerIdentityCommand({})), (error) => {
    assert.equal(error.name, "AccessDenied");
    assert.equal(
      error.message,
      `User: ${deputy.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    );
    return true;
  });
});

test("waiters, paginators and modelled errors work", async () => {
  const iam = administrator(newAccount());
  for (const UserName of ["a", "b", "c"]) await iam.send(new CreateUserCommand({ UserName }));
  await waitUntilUserExists({ client: iam, maxWaitTime: 10 }, { UserName: "c" });
  const names = [];
  for await (const page of paginateListUsers({ client: iam, pageSize: 2 }, {})) {
    names.push(...page.Users.map((user) => user.UserName));
  }
  assert.deepEqual(names, ["a", "b", "c"]);
  await iam.send(new DeleteUserCommand({ UserName: "c" }));
  await assert.rejects(iam.send(new GetUserCommand({ UserName: "c" })), (error) => {
    assert.equal(error.name, "NoSuchEntityException");
    assert.equal(error.message, "The user with name c cannot be found.");
    return true;
  });
});
