// The life of a Realtime game through the JavaScript SDK, with a player over the `ws` package.
// Usage: node story.mjs ENDPOINT ACCESS_KEY SECRET, with NODE_PATH-like resolution from .tools/npm.

import assert from "node:assert";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.HOIST_NPM, "package.json"));
const gamelift = require("@aws-sdk/client-gamelift");
const WebSocket = require("ws");

const [endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2);
const client = new gamelift.GameLiftClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId, secretAccessKey },
  maxAttempts: 1,
});
const call = (name, input) => client.send(new gamelift[`${name}Command`](input));

async function until(what, look) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`gave up waiting for ${what}`);
}

async function refused(name, input, code) {
  await assert.rejects(call(name, input), (error) => {
    assert.strictEqual(error.name, code);
    return true;
  });
}

// A stored (uncompressed) zip with one file: enough of the format for a script.
function zipOf(name, text) {
  const data = Buffer.from(text);
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  crc = ~crc >>> 0;
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt32LE(crc, 10);
  head.writeUInt32LE(data.length, 14);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), data]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), head, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

// Logs in with the bytes of a LOGIN packet and answers the success flag.
function login(host, port, playerSessionId) {
  const id = Buffer.from(playerSessionId);
  const inner = Buffer.concat([Buffer.from([0x0a, id.length]), id, Buffer.from([0x10, 2])]);
  const server = Buffer.from("18ffffffffffffffffff013001", "hex");
  const packet = Buffer.concat([server, Buffer.from([0xf2, 0x01, inner.length]), inner]);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}:${port}/`);
    socket.on("error", reject);
    socket.on("open", () => socket.send(Buffer.concat([Buffer.from([packet.length]), packet])));
    socket.on("message", (data) => resolve({ socket, ok: data.includes(Buffer.from([0x08, 0x01])) }));
  });
}

const script = (await call("CreateScript", {
  Name: "node story",
  ZipFile: zipOf("main.js", "exports.ssExports = { init() {} };"),
})).Script;
assert.match(script.ScriptArn, /^arn:aws:gamelift:us-east-1:\d{12}:script\/script-/);
assert(script.CreationTime instanceof Date && Math.abs(script.CreationTime - Date.now()) < 600_000);

const fleet = (await call("CreateFleet", {
  Name: "node story",
  ScriptId: script.ScriptId,
  EC2InstanceType: "c5.large",
  RuntimeConfiguration: { ServerProcesses: [{ LaunchPath: "main.js", ConcurrentExecutions: 2 }] },
})).FleetAttributes;
await until("the fleet", async () => {
  const [now] = (await call("DescribeFleetAttributes", { FleetIds: [fleet.FleetId] })).FleetAttributes;
  assert.notStrictEqual(now.Status, "ERROR");
  return now.Status === "ACTIVE";
});
await refused("CreateGameSession", { FleetId: "fleet-00000000", MaximumPlayerSessionCount: 2 }, "NotFoundException");
const input = { FleetId: fleet.FleetId, MaximumPlayerSessionCount: 2, IdempotencyToken: "once" };
const created = (await call("CreateGameSession", input)).GameSession;
const again = (await call("CreateGameSession", input)).GameSession;
assert.strictEqual(again.GameSessionId, created.GameSessionId);
await refused("CreateGameSession", { ...input, MaximumPlayerSessionCount: 3 }, "IdempotentParameterMismatchException");
const session = await until("the session", async () => {
  const [now] = (await call("DescribeGameSessions", { GameSessionId: created.GameSessionId })).GameSessions;
  return now.Status === "ACTIVE" && now;
});
const seats = (await call("CreatePlayerSessions", { GameSessionId: session.GameSessionId, PlayerIds: ["amy", "bob"] })).PlayerSessions;
await refused("CreatePlayerSession", { GameSessionId: session.GameSessionId, PlayerId: "cleo" }, "GameSessionFullException");
const player = await login(seats[0].IpAddress, seats[0].Port, seats[0].PlayerSessionId);
assert(player.ok);
await until("the player", async () => {
  const [seat] = (await call("DescribePlayerSessions", { PlayerSessionId: seats[0].PlayerSessionId })).PlayerSessions;
  return seat.Status === "ACTIVE";
});
player.socket.close();
await call("TerminateGameSession", { GameSessionId: session.GameSessionId, TerminationMode: "FORCE_TERMINATE" });
await until("the end", async () => {
  const [now] = (await call("DescribeGameSessions", { GameSessionId: session.GameSessionId })).GameSessions;
  return now.Status === "TERMINATED";
});
await call("DeleteFleet", { FleetId: fleet.FleetId });
console.log("done");
