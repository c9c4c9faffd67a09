// Clients that sign with KMS keys, unchanged: they make their own AWS client, and find the server by the environment.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";

import * as kms from "@aws-sdk/client-kms";
import { AwsKmsSigner as EthereumSigner } from "@cuonghx.gu-tech/ethers-aws-kms-signer";
import { getAddressFromPublicKey } from "@solana/addresses";
import { AwsKmsSigner as SolanaSigner } from "@solana/keychain-aws-kms";
import { Transaction, getAddress, keccak256, parseEther, verifyMessage, verifyTypedData } from "ethers";

import { newAccount, settings, startServer } from "./server.mjs";

let server;
let client;
let config;

before(async () => {
  server = await startServer();
  process.env.AWS_ENDPOINT_URL_KMS = server.endpoint;
});
after(() => server.stop());
beforeEach(() => {
  const account = newAccount();
  client = new kms.KMSClient(settings(server.endpoint, account));
  config = { region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" } };
});

/** A signing key with what GetPublicKey says of it. */
async function signingKey(KeySpec) {
  const { KeyMetadata } = await client.send(new kms.CreateKeyCommand({ KeySpec, KeyUsage: "SIGN_VERIFY" }));
  return client.send(new kms.GetPublicKeyCommand({ KeyId: KeyMetadata.KeyId }));
}

test("@solana/keychain-aws-kms signs messages and transactions with an Ed25519 key", async () => {
  const { KeyId, PublicKey } = await signingKey("ECC_NIST_EDWARDS25519");
  const imported = await crypto.subtle.importKey("spki", PublicKey, "Ed25519", true, ["verify"]);
  const address = await getAddressFromPublicKey(imported);
  const signer = new SolanaSigner({ ...config, keyId: KeyId, publicKey: address });
  assert.equal(await signer.isAvailable(), true);

  const contents = ["first", "second ☃"].map((text) => new TextEncoder().encode(text));
  const signed = await signer.signMessages(contents.map((content) => ({ content, signatures: {} })));
  const transactions = await signer.signTransactions(contents.map((messageBytes) => ({ messageBytes, signatures: {} })));
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  for (const signatures of [signed, transactions]) {
    contents.forEach((content, number) => {
      assert.ok(verify(null, content, key, signatures[number][address]));
      assert.ok(!verify(null, contents[1 - number], key, signatures[number][address]));
    });
  }
});

test("@solana/keychain-aws-kms finds out that a key is not for it", async () => {
  const { KeyId } = await signingKey("ECC_NIST_P256");
  const signer = new SolanaSigner({ ...config, keyId: KeyId, publicKey: "11111111111111111111111111111111" });
  assert.equal(await signer.isAvailable(), false);
  await assert.rejects(signer.signMessages([{ content: new Uint8Array([1]), signatures: {} }]));
});

test("ethers-aws-kms-signer signs messages, typed data and transactions that ethers recovers the address of", async () => {
  const { KeyId, PublicKey } = await signingKey("ECC_SECG_P256K1");
  const signer = new EthereumSigner({ ...config, keyId: KeyId });
  const point = Buffer.from(PublicKey).subarray(-64);
  const address = getAddress(`0x${keccak256(point).slice(-40)}`);
  assert.equal(getAddress(await signer.getAddress()), address);

  // Low s and the recovery id are the signer's work: more than one signature shows both of its branches.
  for (let number = 0; number < 8; number += 1) {
    assert.equal(verifyMessage(`message ${number}`, await signer.signMessage(`message ${number}`)), address);
  }
  const domain = { name: "Shop", version: "1", chainId: 1 };
  const types = { Order: [{ name: "item", type: "string" }, { name: "count", type: "uint256" }] };
  const order = { item: "bread", count: 3 };
  assert.equal(verifyTypedData(domain, types, order, await signer.signTypedData(domain, types, order)), address);

  const transaction = {
    type: 2, chainId: 1, nonce: 7, to: address, value: parseEther("1"),
    gasLimit: 21_000, maxFeePerGas: 30_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n,
  };
  // The signer compares `from` with its address in another case, so it has to be left to the signature.
  const sent = Transaction.from(await signer.signTransaction({ ...transaction, from: null }));
  assert.equal(sent.from, address);
  assert.equal(sent.nonce, 7);
});
