// A development server for the tests of one file, and clients for it.

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const BINARY =
  process.env.ALCAZAR_BIN ?? fileURLToPath(new URL("../../../target/debug/alcazar", import.meta.url));
const START_MILLISECONDS_MAX = 30_000;

/** A port on loopback that nothing listened on a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts a server that keeps nothing, and returns its endpoint and a way to end it. */
export async function startServer() {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(BINARY, ["serve", "--dev", "--listen", `127.0.0.1:${port}`], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const deadline = Date.now() + START_MILLISECONDS_MAX;
  while (Date.now() < deadline && child.exitCode === null) {
    try {
      if ((await fetch(`${endpoint}/_alcazar/health`)).ok) return { endpoint, stop };
    } catch {
      await sleep(5);
    }
  }
  await stop();
  throw new Error("the server did not answer");
}

/** The id of an account that no other test uses; it is also its administrator's access key. */
export function newAccount() {
  return String(randomInt(1, 2 ** 39)).padStart(12, "0");
}

/** The settings of a client of `account` that tries once. */
export function settings(endpoint, account, secret = "test") {
  return {
    endpoint,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: account, secretAccessKey: secret },
  };
}
