// The client in TypeScript, against what is no hub.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { LaneClient } from "../../clients/typescript/mod.ts";

const KEY = Buffer.from("a key for tests, thirty-two bytes");
const ID = "client-1";

function sign(key: Uint8Array, body: Uint8Array): Buffer {
  return createHmac("sha512", key).update(body).digest();
}

/** `length ‖ content`. */
function framed(content: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** What a hub answers that has committed all up to a sequence number. */
function acknowledgement(acknowledged: number): Buffer {
  const body = Buffer.from(JSON.stringify({ client: ID, acknowledged }));
  return framed(Buffer.concat([sign(sign(KEY, Buffer.from(ID)), body), body]));
}

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return { server, port: address.port };
}

async function connected(server: Server): Promise<Socket> {
  const [socket] = await once(server, "connection") as [Socket];
  socket.on("error", () => {});
  return socket;
}

const foreign: Record<string, Buffer> = {
  "a frame shorter than a signature": framed(Buffer.from("no")),
  "an empty frame": framed(Buffer.alloc(0)),
  "a frame with another signature": framed(Buffer.alloc(80)),
};

for (const [what, bytes] of Object.entries(foreign)) {
  Deno.test(`TypeScript client: ${what} ends the connection, and the next one is used`, async () => {
    const { server, port } = await listening();
    const first = connected(server);
    const client = new LaneClient({ port, key: KEY.toString("hex") }, ID);
    client.send("NODE_INFO", {});
    const wrong = await first;
    const second = connected(server);
    const ended = once(wrong, "close");
    wrong.resume();
    wrong.write(bytes);
    await ended;
    const right = await second;
    right.resume();
    right.write(acknowledgement(1));
    await client.close();
    assert.equal(client.acknowledged, 1);
    await new Promise((done) => server.close(done));
  });
}
