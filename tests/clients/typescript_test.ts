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

/** What a hub says to the client, signed with the client's own key. */
function said(what: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(what));
  return framed(Buffer.concat([sign(sign(KEY, Buffer.from(ID)), body), body]));
}

/** The bodies that a client sends; their signatures are looked at by the hub's own tests. */
async function* bodies(socket: Socket): AsyncGenerator<Buffer> {
  let all = Buffer.alloc(0);
  for await (const bytes of socket) {
    all = Buffer.concat([all, bytes]);
    while (all.length >= 4 && all.length >= 4 + all.readUInt32BE(0)) {
      const end = 4 + all.readUInt32BE(0);
      yield all.subarray(4 + 64, end);
      all = all.subarray(end);
    }
  }
}

/** Greets a client as a hub does that has committed all up to a sequence number. */
async function greet(socket: Socket, acknowledged: number): Promise<AsyncGenerator<Buffer>> {
  const sent = bodies(socket);
  const { nonce, client, hello } = JSON.parse(String((await sent.next()).value));
  assert.deepEqual([client, hello], [ID, 2]);
  const challenge = "ab".repeat(32);
  socket.write(said({ hub: "test", client, nonce, challenge }));
  assert.deepEqual(JSON.parse(String((await sent.next()).value)), { proof: challenge });
  socket.write(said({ hub: "test", client, acknowledged }));
  return sent;
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
  "a frame that is longer than an answer": Buffer.from([0, 2, 0, 0]),
  "an answer to another hello": said({ client: ID, nonce: "0".repeat(64), challenge: "1" }),
  "an acknowledgement in the place of a challenge": said({ client: ID, acknowledged: 1 }),
  "a refusal": said({ client: null, refused: "update", acknowledged: "update" }),
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
    await greet(right, 0);
    right.write(said({ client: ID, acknowledged: "update" }));
    right.write(said({ client: ID, acknowledged: 1 }));
    await client.close();
    right.destroy();
    assert.equal(client.acknowledged, 1);
    await new Promise((done) => server.close(done));
  });
}
