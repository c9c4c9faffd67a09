// Every operation of Parameter Store through the AWS SDK for JavaScript, and through aws-lite, unchanged.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import awsLite from "@aws-lite/client";
import * as liteSsm from "@aws-lite/ssm";
import * as ssm from "@aws-sdk/client-ssm";

import { newAccount, settings, startServer } from "./server.mjs";

let server;
let account;
let client;

before(async () => {
  server = await startServer();
});
after(() => server.stop());
beforeEach(() => {
  account = newAccount();
  client = new ssm.SSMClient(settings(server.endpoint, account));
});
afterEach(() => client.destroy());

/** Sends the command of an operation. */
const call = (operation, input = {}) => client.send(new ssm[`${operation}Command`](input));
const put = (Name, Value, more = {}) => call("PutParameter", { Name, Value, Type: "String", ...more });
const value = async (Name, WithDecryption = false) =>
  (await call("GetParameter", { Name, WithDecryption })).Parameter.Value;
const names = (parameters) => parameters.map(({ Name }) => Name).sort();
const arn = (name) => `arn:aws:ssm:us-east-1:${account}:parameter${name}`;

/** The call must be refused with an error of this class, and with this message if one is given. */
async function refused(promise, name, message) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.name, name);
    assert.equal(error.$metadata.httpStatusCode, 400);
    if (ssm[name]) assert.ok(error instanceof ssm[name]);
    if (message !== undefined) assert.equal(error.message, message);
    return true;
  });
}

test("parameters are put, read, changed and deleted", async () => {
  assert.equal((await put("/app/a", "1", { Description: "d" })).Version, 1);
  assert.equal((await put("/app/a", "2", { Overwrite: true })).Version, 2);
  await put("/app/s", "secret ☃", { Type: "SecureString", Overwrite: false });
  const { Parameter } = await call("GetParameter", { Name: arn("/app/a") });
  assert.ok(Math.abs(Parameter.LastModifiedDate - Date.now()) < 60_000);
  assert.deepEqual([Parameter.Name, Parameter.Value, Parameter.Version], ["/app/a", "2", 2]);
  assert.equal(await value("/app/s", true), "secret ☃");
  assert.notEqual(await value("/app/s"), "secret ☃");
  const read = await call("GetParameters", { Names: ["/app/a", "/app/s", "/none"], WithDecryption: true });
  assert.deepEqual([names(read.Parameters), read.InvalidParameters], [["/app/a", "/app/s"], ["/none"]]);
  const { Parameters: history } = await call("GetParameterHistory", { Name: "/app/a" });
  assert.deepEqual(history.map((version) => version.Value), ["1", "2"]);
  await call("DeleteParameter", { Name: "/app/a" });
  const deleted = await call("DeleteParameters", { Names: ["/app/a", "/app/s"] });
  assert.deepEqual([deleted.DeletedParameters, deleted.InvalidParameters], [["/app/s"], ["/app/a"]]);
  await refused(call("GetParameter", { Name: "/app/a" }), "ParameterNotFound");
});

test("paginators walk paths, descriptions and histories", async () => {
  for (let n = 0; n < 7; n++) await put(`/many/${n}`, String(n));
  for (let n = 0; n < 4; n++) await put("/many/0", String(n), { Overwrite: true });
  const pages = { client, pageSize: 3 };
  const walk = async (paginator) => {
    const found = [];
    for await (const page of paginator) found.push(...page.Parameters);
    return found;
  };
  const wanted = [...Array(7).keys()].map((n) => `/many/${n}`);
  assert.deepEqual(names(await walk(ssm.paginateGetParametersByPath(pages, { Path: "/many" }))), wanted);
  const ParameterFilters = [{ Key: "Name", Option: "BeginsWith", Values: ["/many/"] }];
  assert.deepEqual(names(await walk(ssm.paginateDescribeParameters(pages, { ParameterFilters }))), wanted);
  assert.equal((await walk(ssm.paginateGetParameterHistory(pages, { Name: "/many/0" }))).length, 5);
});

test("versions have labels, and parameters tags", async () => {
  await put("/a", "1");
  await put("/a", "2", { Overwrite: true });
  const labelled = await call("LabelParameterVersion", { Name: "/a", ParameterVersion: 1, Labels: ["old", "1"] });
  assert.deepEqual(labelled.InvalidLabels, ["1"]);
  assert.equal(await value("/a:old"), "1");
  const gone = await call("UnlabelParameterVersion", { Name: "/a", ParameterVersion: 1, Labels: ["old"] });
  assert.deepEqual(gone.RemovedLabels, ["old"]);
  await refused(call("GetParameter", { Name: "/a:old" }), "ParameterVersionNotFound");
  const of = { ResourceType: "Parameter", ResourceId: "/a" };
  await call("AddTagsToResource", { ...of, Tags: [{ Key: "team", Value: "red" }, { Key: "more", Value: "" }] });
  await call("RemoveTagsFromResource", { ...of, TagKeys: ["more"] });
  assert.deepEqual((await call("ListTagsForResource", of)).TagList, [{ Key: "team", Value: "red" }]);
});

test("parameters are shared, and the account has settings", async () => {
  await put("/a", "1", { Tier: "Advanced" });
  const other = newAccount();
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow", Principal: { AWS: `arn:aws:iam::${other}:root` },
      Action: ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"], Resource: arn("/a"),
    }],
  });
  const theirs = new ssm.SSMClient(settings(server.endpoint, other));
  const read = () => theirs.send(new ssm.GetParameterCommand({ Name: arn("/a") }));
  await refused(read(), "AccessDeniedException");
  const { PolicyId, PolicyHash } = await call("PutResourcePolicy", { ResourceArn: arn("/a"), Policy });
  assert.equal((await read()).Parameter.Value, "1");
  assert.equal((await call("GetResourcePolicies", { ResourceArn: arn("/a") })).Policies[0].PolicyId, PolicyId);
  await call("DeleteResourcePolicy", { ResourceArn: arn("/a"), PolicyId, PolicyHash });
  await refused(read(), "AccessDeniedException");
  theirs.destroy();
  const SettingId = "/ssm/parameter-store/default-parameter-tier";
  await call("UpdateServiceSetting", { SettingId, SettingValue: "Advanced" });
  assert.equal((await put("/b", "1")).Tier, "Advanced");
  assert.equal((await call("GetServiceSetting", { SettingId })).ServiceSetting.Status, "Customized");
  assert.equal((await call("ResetServiceSetting", { SettingId })).ServiceSetting.SettingValue, "Standard");
});

test("errors are of their classes, with their texts", async () => {
  await put("/a", "1");
  await refused(
    put("/a", "2"),
    "ParameterAlreadyExists",
    "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  );
  await refused(
    call("GetParametersByPath", { Path: "/a", NextToken: "x" }), "InvalidNextToken", "The following token is invalid: x.",
  );
  await refused(call("PutParameter", { Name: "/b", Value: "1" }), "ValidationException");
  await refused(call("ListTagsForResource", { ResourceType: "Parameter", ResourceId: "/b" }), "InvalidResourceId");
});

test("aws-lite reads and writes parameters", async () => {
  const lite = await awsLite({
    accessKeyId: account, secretAccessKey: "test", region: "us-east-1", endpoint: server.endpoint, plugins: [liteSsm],
    retries: 0,
  });
  const made = await lite.SSM.PutParameter({
    Name: "/lite/a", Value: "1", Type: "String", Tier: "Advanced", Description: "d",
  });
  assert.deepEqual([made.Version, made.Tier], [1, "Advanced"]);
  await lite.SSM.PutParameter({ Name: "/lite/s", Value: "secret", Type: "SecureString" });
  for (let n = 0; n < 12; n++) await put(`/lite/deep/${n}`, String(n));
  const { Parameter } = await lite.SSM.GetParameter({ Name: "/lite/s", WithDecryption: true });
  assert.equal(Parameter.Value, "secret");
  const read = await lite.SSM.GetParameters({ Names: ["/lite/a", "/none"] });
  assert.deepEqual([names(read.Parameters), read.InvalidParameters], [["/lite/a"], ["/none"]]);
  const all = await lite.SSM.GetParametersByPath({ Path: "/lite", Recursive: true, paginate: true });
  assert.equal(all.Parameters.length, 14);
  await lite.SSM.DeleteParameter({ Name: "/lite/a" });
  const gone = await lite.SSM.DeleteParameters({ Names: ["/lite/s", "/lite/a"] });
  assert.deepEqual([gone.DeletedParameters, gone.InvalidParameters], [["/lite/s"], ["/lite/a"]]);
  await assert.rejects(lite.SSM.GetParameter({ Name: "/lite/a" }), (error) => {
    assert.deepEqual([error.statusCode, error.code], [400, "ParameterNotFound"]);
    return true;
  });
});
