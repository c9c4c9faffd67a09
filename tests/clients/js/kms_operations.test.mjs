// Signing, MACs, key pairs, key agreement, import, rotation, grants and replicas through the AWS SDK for JavaScript,
// with Node's own cryptography on the other side.

import assert from "node:assert/strict";
import {
  constants, createHmac, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, privateDecrypt,
  publicEncrypt, randomBytes, sign, verify,
} from "node:crypto";
import { after, afterEach, before, beforeEach, test } from "node:test";

import * as kms from "@aws-sdk/client-kms";

import { newAccount, settings, startServer } from "./server.mjs";

const message = Buffer.from("what is said ☃");

let server;
let account;
let client;

before(async () => {
  server = await startServer();
});
after(() => server.stop());
beforeEach(() => {
  account = newAccount();
  client = new kms.KMS(settings(server.endpoint, account));
});
afterEach(() => client.destroy());

const newKey = async (input) => (await client.createKey(input)).KeyMetadata;
const publicKey = (PublicKey) => createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
const spki = (key) => key.export({ format: "der", type: "spki" });
const pkcs8 = (key) => key.export({ format: "der", type: "pkcs8" });

/** The call must be refused with this error class of the SDK. */
const refused = (promise, name) =>
  assert.rejects(promise, (error) => error instanceof kms[name] && error.$metadata.httpStatusCode === 400);

/** Imports material with the wrapping algorithm that short material takes. */
async function importMaterial(KeyId, material, more = { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" }) {
  const given = await client.getParametersForImport({
    KeyId, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048",
  });
  const key = { key: publicKey(given.PublicKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  return client.importKeyMaterial({
    KeyId, ImportToken: given.ImportToken, EncryptedKeyMaterial: publicEncrypt(key, material), ...more,
  });
}

for (const [KeySpec, SigningAlgorithm, hash, how] of [
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_384", "sha384", {}],
  ["RSA_2048", "RSASSA_PSS_SHA_256", "sha256", { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
  ["ECC_NIST_P384", "ECDSA_SHA_384", "sha384", {}],
  ["ECC_SECG_P256K1", "ECDSA_SHA_256", "sha256", {}],
  ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512", null, {}],
]) {
  test(`a signature of ${KeySpec} with ${SigningAlgorithm} verifies here and there`, async () => {
    const { KeyId } = await newKey({ KeySpec, KeyUsage: "SIGN_VERIFY" });
    const input = { KeyId, SigningAlgorithm, Message: message, MessageType: "RAW" };
    const { Signature } = await client.sign(input);
    const key = publicKey((await client.getPublicKey({ KeyId })).PublicKey);
    assert.ok(verify(hash, message, { key, ...how }, Signature));
    assert.equal((await client.verify({ ...input, Signature })).SignatureValid, true);
    await refused(client.verify({ ...input, Message: Buffer.from("x"), Signature }), "KMSInvalidSignatureException");
  });
}

test("a key made by Node signs there and verifies here", async () => {
  const { privateKey, publicKey: theirs } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { KeyId } = await newKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY", Origin: "EXTERNAL" });
  await importMaterial(KeyId, pkcs8(privateKey));
  assert.deepEqual(Buffer.from((await client.getPublicKey({ KeyId })).PublicKey), spki(theirs));
  const input = { KeyId, SigningAlgorithm: "ECDSA_SHA_256", Message: message };
  const Signature = sign("sha256", message, privateKey);
  assert.equal((await client.verify({ ...input, Signature })).SignatureValid, true);
});

test("an imported HMAC key gives Node's MACs, until its material is deleted", async () => {
  const material = randomBytes(48);
  const { KeyId } = await newKey({ KeySpec: "HMAC_384", KeyUsage: "GENERATE_VERIFY_MAC", Origin: "EXTERNAL" });
  await importMaterial(KeyId, material, { ValidTo: new Date(Date.now() + 86_400_000) });
  const input = { KeyId, MacAlgorithm: "HMAC_SHA_384", Message: message };
  const { Mac } = await client.generateMac(input);
  assert.deepEqual(Buffer.from(Mac), createHmac("sha384", material).update(message).digest());
  assert.equal((await client.verifyMac({ ...input, Mac })).MacValid, true);
  await refused(client.verifyMac({ ...input, Mac: Mac.slice(1) }), "KMSInvalidMacException");
  await client.deleteImportedKeyMaterial({ KeyId });
  await refused(client.generateMac(input), "KMSInvalidStateException");
});

test("what Node encrypts with an RSA key's public half decrypts here", async () => {
  const { KeyId } = await newKey({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
  const key = publicKey((await client.getPublicKey({ KeyId })).PublicKey);
  for (const bits of [1, 256]) {
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: `sha${bits}` };
    const CiphertextBlob = publicEncrypt({ key, ...padding }, message);
    const EncryptionAlgorithm = `RSAES_OAEP_SHA_${bits}`;
    const opened = await client.decrypt({ KeyId, EncryptionAlgorithm, CiphertextBlob });
    assert.deepEqual(Buffer.from(opened.Plaintext), message);
  }
});

test("a data key pair works in Node", async () => {
  const { KeyId } = await newKey({});
  const pair = await client.generateDataKeyPair({ KeyId, KeyPairSpec: "RSA_2048" });
  const privateKey = createPrivateKey({ key: Buffer.from(pair.PrivateKeyPlaintext), format: "der", type: "pkcs8" });
  assert.deepEqual(spki(createPublicKey(privateKey)), Buffer.from(pair.PublicKey));
  assert.deepEqual(privateDecrypt(privateKey, publicEncrypt(publicKey(pair.PublicKey), message)), message);
  const { Plaintext } = await client.decrypt({ CiphertextBlob: pair.PrivateKeyCiphertextBlob });
  assert.deepEqual(Plaintext, pair.PrivateKeyPlaintext);
  const sealed = await client.generateDataKeyPairWithoutPlaintext({ KeyId, KeyPairSpec: "ECC_NIST_P256" });
  assert.equal(sealed.PrivateKeyPlaintext, undefined);
});

test("Node and KMS agree on a secret", async () => {
  const { KeyId } = await newKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
  const theirs = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ours = publicKey((await client.getPublicKey({ KeyId })).PublicKey);
  const { SharedSecret } = await client.deriveSharedSecret({
    KeyId, KeyAgreementAlgorithm: "ECDH", PublicKey: spki(theirs.publicKey),
  });
  const expected = diffieHellman({ privateKey: theirs.privateKey, publicKey: ours });
  assert.deepEqual(Buffer.from(SharedSecret), expected);
});

test("a secret is encapsulated and decapsulated", async () => {
  const { KeyId } = await newKey({ KeySpec: "ML_KEM_768", KeyUsage: "ENCAPSULATE_DECAPSULATE" });
  const EncapsulationAlgorithm = "ML_KEM";
  const { SharedSecret, SharedSecretCiphertextBlob } = await client.encapsulate({ KeyId, EncapsulationAlgorithm });
  const opened = await client.decapsulate({ KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob });
  assert.deepEqual(opened.SharedSecret, SharedSecret);
});

test("a key rotates by itself and on demand, and its rotations are listed", async () => {
  const { KeyId } = await newKey({});
  const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext: message });
  await client.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
  const status = await client.getKeyRotationStatus({ KeyId });
  assert.equal(status.RotationPeriodInDays, 90);
  assert.ok(status.NextRotationDate > new Date());
  for (let number = 0; number < 3; number += 1) await client.rotateKeyOnDemand({ KeyId });
  const rotations = [];
  for await (const page of kms.paginateListKeyRotations({ client, pageSize: 2 }, { KeyId })) {
    assert.ok(page.Rotations.length <= 2);
    rotations.push(...page.Rotations);
  }
  assert.deepEqual(rotations.map((rotation) => rotation.RotationType), Array(3).fill("ON_DEMAND"));
  assert.deepEqual(Buffer.from((await client.decrypt({ CiphertextBlob })).Plaintext), message);
  await client.disableKeyRotation({ KeyId });
  assert.equal((await client.getKeyRotationStatus({ KeyId })).KeyRotationEnabled, false);
});

test("grants are made, listed by key and by who may retire them, retired and revoked", async () => {
  const { KeyId } = await newKey({});
  const principal = `arn:aws:iam::${account}:root`;
  const grant = { KeyId, GranteePrincipal: principal, RetiringPrincipal: principal, Operations: ["Decrypt"] };
  const made = [];
  for (let number = 0; number < 5; number += 1) {
    made.push(await client.createGrant({ ...grant, Name: `grant-${number}` }));
  }
  const again = await client.createGrant({ ...grant, Name: "grant-0" });
  assert.equal(again.GrantId, made[0].GrantId);
  const listed = async (pages) => {
    const found = [];
    for await (const page of pages) found.push(...page.Grants.map((one) => one.GrantId));
    return found.sort();
  };
  const ids = made.map((one) => one.GrantId).sort();
  assert.deepEqual(await listed(kms.paginateListGrants({ client, pageSize: 2 }, { KeyId })), ids);
  const retirable = kms.paginateListRetirableGrants({ client, pageSize: 2 }, { RetiringPrincipal: principal });
  assert.deepEqual(await listed(retirable), ids);
  await client.retireGrant({ GrantToken: made[1].GrantToken });
  await client.revokeGrant({ KeyId, GrantId: made[2].GrantId });
  const left = [made[0], made[3], made[4]].map((one) => one.GrantId).sort();
  assert.deepEqual(await listed(kms.paginateListGrants({ client }, { KeyId })), left);
  await refused(client.revokeGrant({ KeyId, GrantId: made[2].GrantId }), "NotFoundException");
});

test("the other paginators go through all pages", async () => {
  const { KeyId } = await newKey({ Tags: ["a", "b", "c"].map((TagKey) => ({ TagKey, TagValue: "v" })) });
  for (const name of ["a", "b", "c"]) await client.createAlias({ AliasName: `alias/${name}`, TargetKeyId: KeyId });
  for (const [pages, member, expected] of [
    [kms.paginateListResourceTags({ client, pageSize: 1 }, { KeyId }), "Tags", 3],
    [kms.paginateListAliases({ client, pageSize: 1 }, { KeyId }), "Aliases", 3],
    [kms.paginateListKeyPolicies({ client, pageSize: 1 }, { KeyId }), "PolicyNames", 1],
    [kms.paginateDescribeCustomKeyStores({ client, pageSize: 1 }, {}), "CustomKeyStores", 0],
  ]) {
    let count = 0;
    for await (const page of pages) {
      assert.ok(page[member].length <= 1);
      count += page[member].length;
    }
    assert.equal(count, expected, member);
  }
});

test("a replica opens what its primary sealed, and becomes the primary", async () => {
  const primary = await newKey({ MultiRegion: true });
  const { KeyId } = primary;
  const { ReplicaKeyMetadata } = await client.replicateKey({ KeyId, ReplicaRegion: "eu-west-1" });
  assert.equal(ReplicaKeyMetadata.KeyId, KeyId);
  const there = new kms.KMS({ ...settings(server.endpoint, account), region: "eu-west-1" });
  const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext: message });
  const opened = await there.decrypt({ KeyId, CiphertextBlob });
  assert.deepEqual(Buffer.from(opened.Plaintext), message);
  assert.equal(opened.KeyId, ReplicaKeyMetadata.Arn);
  await client.updatePrimaryRegion({ KeyId, PrimaryRegion: "eu-west-1" });
  const { KeyMetadata } = await there.describeKey({ KeyId });
  assert.equal(KeyMetadata.MultiRegionConfiguration.MultiRegionKeyType, "PRIMARY");
  there.destroy();
});
