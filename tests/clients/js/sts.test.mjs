// STS through the AWS SDK for JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

import { newAccount, settings, startServer } from "./server.mjs";

let server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

test("the caller is the administrator of the account that its access key names", async () => {
  const account = newAccount();
  const client = new STSClient(settings(server.endpoint, account));
  const identity = await client.send(new GetCallerIdentityCommand({}));
  assert.equal(identity.Account, account);
  assert.ok(identity.Arn.startsWith(`arn:aws:iam::${account}:`));
  assert.ok(identity.UserId);
  assert.ok(identity.$metadata.requestId);
  client.destroy();
});

test("a wrong secret is refused with the error that STS sends", async () => {
  const client = new STSClient(settings(server.endpoint, newAccount(), "wrong"));
  await assert.rejects(client.send(new GetCallerIdentityCommand({})), (error) => {
    assert.equal(error.name, "SignatureDoesNotMatch");
    assert.equal(error.$metadata.httpStatusCode, 403);
    return true;
  });
  client.destroy();
});
