// Every KMS operation through the AWS SDK for JavaScript.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import * as kms from "@aws-sdk/client-kms";

import { newAccount, settings, startServer } from "./server.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const text = (array) => new TextDecoder().decode(array);

let server;
let account;
let client;

before(async () => {
  server = await startServer();
});
after(() => server.stop());
beforeEach(() => {
  account = newAccount();
  client = new kms.KMSClient(settings(server.endpoint, account));
});
afterEach(() => client.destroy());

/** Sends the command of an operation. */
const call = (operation, input = {}) => client.send(new kms[`${operation}Command`](input));
const newKey = async (input) => (await call("CreateKey", input)).KeyMetadata;

/** The call must be refused with an error of this class, and with this message if one is given. */
async function refused(promise, name, message) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.name, name);
    assert.ok(error.$metadata.httpStatusCode >= 400 && error.$metadata.httpStatusCode < 500);
    if (kms[name]) assert.ok(error instanceof kms[name]);
    if (message !== undefined) assert.equal(error.message, message);
    return true;
  });
}

test("a key is made, described, listed and described anew", async () => {
  const key = await newKey({ Description: "first" });
  assert.equal(key.Arn, `arn:aws:kms:us-east-1:${account}:key/${key.KeyId}`);
  assert.ok(Math.abs(key.CreationDate - Date.now()) < 60_000);
  await call("UpdateKeyDescription", { KeyId: key.KeyId, Description: "second ☃" });
  const described = await call("DescribeKey", { KeyId: key.Arn });
  assert.equal(described.KeyMetadata.Description, "second ☃");
  assert.deepEqual((await call("ListKeys")).Keys, [{ KeyId: key.KeyId, KeyArn: key.Arn }]);
});

test("a key is disabled and enabled", async () => {
  const key = await newKey();
  await call("DisableKey", { KeyId: key.KeyId });
  await refused(
    call("Encrypt", { KeyId: key.KeyId, Plaintext: bytes("x") }),
    "DisabledException",
    `${key.Arn} is disabled.`,
  );
  await call("EnableKey", { KeyId: key.KeyId });
  await call("Encrypt", { KeyId: key.KeyId, Plaintext: bytes("x") });
});

test("a deletion is scheduled and cancelled", async () => {
  const key = await newKey();
  const scheduled = await call("ScheduleKeyDeletion", { KeyId: key.KeyId, PendingWindowInDays: 7 });
  assert.equal(scheduled.KeyState, "PendingDeletion");
  assert.ok(scheduled.DeletionDate > new Date());
  assert.equal((await call("CancelKeyDeletion", { KeyId: key.KeyId })).KeyId, key.Arn);
  assert.equal((await call("DescribeKey", { KeyId: key.KeyId })).KeyMetadata.KeyState, "Disabled");
});

test("an alias is made, listed, moved and deleted", async () => {
  const [first, second] = [await newKey(), await newKey()];
  await call("CreateAlias", { AliasName: "alias/js", TargetKeyId: first.KeyId });
  await refused(call("CreateAlias", { AliasName: "alias/js", TargetKeyId: second.KeyId }), "AlreadyExistsException");
  await call("UpdateAlias", { AliasName: "alias/js", TargetKeyId: second.KeyId });
  const { Aliases } = await call("ListAliases", { KeyId: second.KeyId });
  assert.deepEqual(Aliases.map((alias) => alias.AliasName), ["alias/js"]);
  assert.equal((await call("DescribeKey", { KeyId: "alias/js" })).KeyMetadata.KeyId, second.KeyId);
  await call("DeleteAlias", { AliasName: "alias/js" });
  await refused(call("DescribeKey", { KeyId: "alias/js" }), "NotFoundException");
});

test("tags are put on a key and taken off", async () => {
  const key = await newKey({ Tags: [{ TagKey: "a", TagValue: "1" }] });
  await call("TagResource", { KeyId: key.KeyId, Tags: [{ TagKey: "b", TagValue: "2" }] });
  await call("UntagResource", { KeyId: key.KeyId, TagKeys: ["a"] });
  assert.deepEqual((await call("ListResourceTags", { KeyId: key.KeyId })).Tags, [{ TagKey: "b", TagValue: "2" }]);
});

test("a policy is read, written and listed", async () => {
  const key = await newKey();
  const { Policy } = await call("GetKeyPolicy", { KeyId: key.KeyId });
  const changed = JSON.stringify({ ...JSON.parse(Policy), Id: "changed" });
  await call("PutKeyPolicy", { KeyId: key.KeyId, Policy: changed });
  assert.equal(JSON.parse((await call("GetKeyPolicy", { KeyId: key.KeyId })).Policy).Id, "changed");
  assert.deepEqual((await call("ListKeyPolicies", { KeyId: key.KeyId })).PolicyNames, ["default"]);
  await refused(call("PutKeyPolicy", { KeyId: key.KeyId, Policy: "{" }), "MalformedPolicyDocumentException");
});

test("what is encrypted is decrypted, and moved to another key", async () => {
  const [key, other] = [await newKey(), await newKey()];
  const EncryptionContext = { tenant: "a", purpose: "☃" };
  const encrypted = await call("Encrypt", { KeyId: key.KeyId, Plaintext: bytes("secret"), EncryptionContext });
  assert.ok(encrypted.CiphertextBlob instanceof Uint8Array);
  const decrypted = await call("Decrypt", { CiphertextBlob: encrypted.CiphertextBlob, EncryptionContext });
  assert.equal(text(decrypted.Plaintext), "secret");
  assert.equal(decrypted.KeyId, key.Arn);
  await refused(call("Decrypt", { CiphertextBlob: encrypted.CiphertextBlob }), "InvalidCiphertextException");
  const moved = await call("ReEncrypt", {
    CiphertextBlob: encrypted.CiphertextBlob,
    SourceEncryptionContext: EncryptionContext,
    DestinationKeyId: other.KeyId,
  });
  assert.equal(moved.KeyId, other.Arn);
  assert.equal(text((await call("Decrypt", { CiphertextBlob: moved.CiphertextBlob })).Plaintext), "secret");
});

test("data keys and random bytes have their sizes", async () => {
  const key = await newKey();
  const made = await call("GenerateDataKey", { KeyId: key.KeyId, KeySpec: "AES_256" });
  assert.equal(made.Plaintext.length, 32);
  assert.deepEqual((await call("Decrypt", { CiphertextBlob: made.CiphertextBlob })).Plaintext, made.Plaintext);
  const sealed = await call("GenerateDataKeyWithoutPlaintext", { KeyId: key.KeyId, NumberOfBytes: 64 });
  assert.equal(sealed.Plaintext, undefined);
  assert.equal((await call("Decrypt", { CiphertextBlob: sealed.CiphertextBlob })).Plaintext.length, 64);
  assert.equal((await call("GenerateRandom", { NumberOfBytes: 1024 })).Plaintext.length, 1024);
});

test("a dry run says that it was one", async () => {
  const key = await newKey();
  await refused(
    call("GenerateDataKey", { KeyId: key.KeyId, KeySpec: "AES_256", DryRun: true }),
    "DryRunOperationException",
  );
});

test("paginators go through all pages", async () => {
  for (let number = 0; number < 5; number += 1) await newKey();
  const seen = new Set();
  for await (const page of kms.paginateListKeys({ client, pageSize: 2 }, {})) {
    assert.ok(page.Keys.length <= 2);
    page.Keys.forEach((key) => seen.add(key.KeyId));
  }
  assert.equal(seen.size, 5);
});

test("errors have their classes and messages", async () => {
  await refused(call("DescribeKey", { KeyId: "nothing" }), "NotFoundException", "Invalid keyId 'nothing'");
  await refused(call("GenerateRandom", { NumberOfBytes: 1025 }), "ValidationException");
  const stranger = new kms.KMSClient(settings(server.endpoint, account, "wrong"));
  await refused(stranger.send(new kms.ListKeysCommand({})), "InvalidSignatureException");
  stranger.destroy();
});

test("many calls at once are all answered", async () => {
  const key = await newKey();
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, number) => {
      const { CiphertextBlob } = await call("Encrypt", { KeyId: key.KeyId, Plaintext: bytes(`secret ${number}`) });
      return text((await call("Decrypt", { CiphertextBlob })).Plaintext);
    }),
  );
  assert.deepEqual(answers, Array.from({ length: 200 }, (_, number) => `secret ${number}`));
});
