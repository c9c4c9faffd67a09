// The AWS Encryption SDK for JavaScript with its KMS keyrings, unchanged.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import {
  AwsKmsMrkAwareSymmetricDiscoveryKeyringNode,
  AwsKmsMrkAwareSymmetricKeyringNode,
  CommitmentPolicy,
  KmsKeyringNode,
  NodeCachingMaterialsManager,
  buildClient,
  getLocalCryptographicMaterialsCache,
} from "@aws-crypto/client-node";
import * as kms from "@aws-sdk/client-kms";

import { newAccount, settings, startServer } from "./server.mjs";

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const encryptionContext = { document: "contract", tenant: "a" };

let server;
let account;
let clients;

before(async () => {
  server = await startServer();
});
after(() => server.stop());
beforeEach(() => {
  account = newAccount();
  clients = new Map();
});

/** This test's client in a region. */
function clientOf(region) {
  if (!clients.has(region)) clients.set(region, new kms.KMS({ ...settings(server.endpoint, account), region }));
  return clients.get(region);
}
const newKey = async (input = {}, region = "us-east-1") =>
  (await clientOf(region).send(new kms.CreateKeyCommand(input))).KeyMetadata;
const counted = (client) => {
  const counts = {};
  client.middlewareStack.add(
    (next, { commandName }) => (args) => {
      counts[commandName] = (counts[commandName] ?? 0) + 1;
      return next(args);
    },
    { step: "initialize" },
  );
  return counts;
};

test("a keyring of a generator and a further key: each of the two opens the message", async () => {
  const [generator, further, stranger] = [await newKey(), await newKey(), await newKey()];
  const clientProvider = clientOf;
  const both = new KmsKeyringNode({ clientProvider, generatorKeyId: generator.Arn, keyIds: [further.Arn] });
  const { result } = await encrypt(both, "secret", { encryptionContext });
  for (const { Arn } of [generator, further]) {
    const { plaintext, messageHeader } = await decrypt(new KmsKeyringNode({ clientProvider, keyIds: [Arn] }), result);
    assert.equal(plaintext.toString(), "secret");
    assert.equal(messageHeader.encryptionContext.tenant, "a");
  }
  await assert.rejects(decrypt(new KmsKeyringNode({ clientProvider, keyIds: [stranger.Arn] }), result));
});

test("a discovery keyring opens only what its filter lets it", async () => {
  const key = await newKey();
  const { result } = await encrypt(new KmsKeyringNode({ clientProvider: clientOf, generatorKeyId: key.Arn }), "secret");
  const discovery = (accountIDs) =>
    new KmsKeyringNode({
      clientProvider: clientOf, discovery: true, discoveryFilter: { accountIDs, partition: "aws" },
    });
  assert.equal((await decrypt(discovery([account]), result)).plaintext.toString(), "secret");
  await assert.rejects(decrypt(discovery([newAccount()]), result));
});

test("a caching materials manager asks KMS for one data key, and to open it once", async () => {
  const key = await newKey();
  const counts = counted(clientOf("us-east-1"));
  const manager = new NodeCachingMaterialsManager({
    backingMaterials: new KmsKeyringNode({ clientProvider: clientOf, generatorKeyId: key.Arn }),
    cache: getLocalCryptographicMaterialsCache(100),
    maxAge: 60_000,
    maxMessagesEncrypted: 100,
  });
  for (const secret of ["first", "second", "third"]) {
    const { result } = await encrypt(manager, secret, { encryptionContext, plaintextLength: secret.length });
    assert.equal((await decrypt(manager, result)).plaintext.toString(), secret);
  }
  assert.equal(counts.GenerateDataKeyCommand, 1);
  assert.ok((counts.DecryptCommand ?? 0) <= 3);
});

test("what a multi-Region key encrypted in one region its replica opens in another", async () => {
  const primary = await newKey({ MultiRegion: true });
  await clientOf("us-east-1").send(
    new kms.ReplicateKeyCommand({ KeyId: primary.KeyId, ReplicaRegion: "eu-west-1" }),
  );
  const replica = primary.Arn.replace("us-east-1", "eu-west-1");
  const keyring = (region, keyId) => new AwsKmsMrkAwareSymmetricKeyringNode({ client: clientOf(region), keyId });
  const { result } = await encrypt(keyring("us-east-1", primary.Arn), "secret", { encryptionContext });
  assert.equal((await decrypt(keyring("eu-west-1", replica), result)).plaintext.toString(), "secret");

  const discovery = new AwsKmsMrkAwareSymmetricDiscoveryKeyringNode({
    client: clientOf("eu-west-1"), discoveryFilter: { accountIDs: [account], partition: "aws" },
  });
  assert.equal((await decrypt(discovery, result)).plaintext.toString(), "secret");
  const elsewhere = new AwsKmsMrkAwareSymmetricDiscoveryKeyringNode({ client: clientOf("ap-south-1") });
  await assert.rejects(decrypt(elsewhere, result));
});
