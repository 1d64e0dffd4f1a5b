import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Signer } from "../../hub/signing/signer.ts";
import { frameOf } from "../../hub/lane/frames.ts";
import { eventually } from "../support/eventually.ts";
import { helloOf, KEY, numbered, TestClient, text } from "./lane_client.ts";
import { withLane } from "./lane_hub.ts";
import { seeded } from "./random.ts";

/** Sends bytes as the first of a connection; the hub has to end it without an answer. */
async function endsAfter(port: number, bytes: Uint8Array): Promise<void> {
  const client = await TestClient.connect(port);
  await client.write(bytes).catch(() => {});
  assert.deepStrictEqual(await client.receive(), null, "the connection is answered");
  client.close();
}

function signed(body: Uint8Array, key = KEY): Uint8Array {
  return frameOf(new Signer(key).sign(body), body);
}

Deno.test("garbage, wrong lengths and wrong keys end a connection, and the lane goes on", () =>
  withLane({}, async (hub) => {
    const hello = helloOf("a");
    const random = seeded(1);
    await endsAfter(hub.port, new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    await endsAfter(hub.port, Uint8Array.fromHex("ffffffff"));
    await endsAfter(hub.port, Uint8Array.fromHex("00000000"));
    await endsAfter(hub.port, Uint8Array.fromHex("03ffffff"));
    await endsAfter(hub.port, new Uint8Array(5000).map(() => random(256)));
    assert.deepStrictEqual(hub.counters.badSignature, 0);
    await endsAfter(hub.port, signed(hello, new Uint8Array(64)));
    await endsAfter(hub.port, frameOf(new Uint8Array(64), hello));
    await endsAfter(hub.port, frameOf(new Signer(KEY).sign(new Uint8Array())));
    await endsAfter(hub.port, frameOf(new Uint8Array([1])));
    assert.deepStrictEqual(hub.counters.badSignature, 4);
    const { client } = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual([hub.taken.length, hub.asked], [0, 1]);
    client.close();
  }));

Deno.test("what is signed but no hello ends a connection", () =>
  withLane({}, async (hub) => {
    const nonce = "n".repeat(32);
    const hellos = [
      [],
      null,
      1,
      {},
      { hello: 2, client: "a" },
      { hello: 2, client: "a", nonce: 5 },
      { hello: 2, client: "a", nonce: "short" },
      { hello: 2, client: "a", nonce: "n".repeat(129) },
      { hello: "2", client: "a", nonce },
      { hello: 2, nonce },
      { hello: 2, client: 5, nonce },
      { hello: 2, client: "", nonce },
      { hello: 2, client: "x".repeat(101), nonce },
      { hello: 2, client: "a\u001b[2J", nonce },
      { hello: 2, client: "a\0b", nonce },
      // What the hub itself sends, sent back to it.
      { hub: "1", database: "x", client: "a", acknowledged: 1 },
      { client: "a", acknowledged: 1 },
    ].map(text);
    hellos.push(
      new TextEncoder().encode('{"hello": 2, "client": "\\ud800", "nonce": "nnnnnnnnnnnnnnnn"}'),
    );
    hellos.push(new Uint8Array([0x7b, 0xff, 0xfe]));
    hellos.push(numbered(1, text({ type: "TASK_INFO", payload: {} })));
    for (const hello of hellos) await endsAfter(hub.port, signed(hello));
    assert.deepStrictEqual(hub.asked, 0);
    const { client } = await TestClient.hello(hub.port, "ü".repeat(100));
    client.close();
  }));

Deno.test("signed bodies without a number end a connection; what came before them counts", () =>
  withLane({}, async (hub) => {
    const bodies = [
      new Uint8Array(7),
      new Uint8Array(8),
      Uint8Array.fromHex("0020000000000000aa"),
      Uint8Array.fromHex("ffffffffffffffff"),
      text({ client: "a", acknowledged: 1 }),
      text({ type: "TASK_INFO", payload: {} }),
      Uint8Array.fromHex("80049500000000000000"),
    ];
    for (const [i, body] of bodies.entries()) {
      const { client } = await TestClient.hello(hub.port, "a");
      await client.message(i + 1, "good");
      await client.send(body);
      assert.deepStrictEqual(await client.receive(), null, `body ${i}`);
      client.close();
    }
    assert.deepStrictEqual(hub.numbers("a"), bodies.map((_, i) => i + 1));
    const { client } = await TestClient.hello(hub.port, "a");
    await client.send(Uint8Array.fromHex("001fffffffffffff"));
    await eventually(() => Promise.resolve(hub.taken.length === bodies.length + 1), "not taken");
    assert.deepStrictEqual(hub.taken.at(-1), { client: "a", sequence: 2 ** 53 - 1, text: "" });
    client.close();
  }));

Deno.test("a wrong signature after the hello ends the connection", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    await client.message(1, "one");
    const forged = client.framed(numbered(2, text("two")));
    forged[forged.length - 1] ^= 1;
    await client.write(forged);
    assert.deepStrictEqual(await client.receive(), null);
    assert.deepStrictEqual([hub.numbers("a"), hub.counters.badSignature], [[1], 1]);
    assert.ok(hub.reports.some((report) => report.includes("not signed")), "nothing is reported");
    client.close();
  }));

Deno.test("one client's frames do not count when they are played again as another's", () =>
  withLane({}, async (hub) => {
    const { client: alice } = await TestClient.hello(hub.port, "alice");
    const frame = alice.framed(numbered(9, new Uint8Array(20)));
    await alice.write(frame);
    const { client: bob } = await TestClient.hello(hub.port, "bob");
    await bob.write(frame);
    assert.deepStrictEqual(await bob.receive(), null, "the connection is ended");
    await eventually(() => Promise.resolve(hub.counters.badSignature === 1), "not counted");
    assert.deepStrictEqual(hub.taken.map(({ client }) => client), ["alice"]);
    for (const client of [alice, bob]) client.close();
  }));

Deno.test("a frame may be as large as the limit, and no larger", () =>
  withLane({ maxFrame: 100_000 }, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    await client.send(numbered(1, new Uint8Array(100_000 - 64 - 8)));
    await client.send(numbered(2, new Uint8Array(100_000 - 64 - 8 + 1))).catch(() => {});
    assert.deepStrictEqual(await client.receive(), null);
    assert.deepStrictEqual(hub.numbers("a"), [1]);
    client.close();
  }));

Deno.test("a peer that does not say hello in time is closed, however slowly it sends", () =>
  withLane({ helloTimeout: 500 }, async (hub) => {
    const silent = await TestClient.connect(hub.port);
    const slow = await TestClient.connect(hub.port);
    // Where the machine is busy, it may take some attempts to be in time.
    let kept: Awaited<ReturnType<typeof TestClient.hello>> | null = null;
    while (kept === null) kept = await TestClient.hello(hub.port, "kept").catch(() => null);
    const dripping = (async () => {
      for (const byte of signed(helloOf("slow"))) {
        await slow.write(new Uint8Array([byte]));
        await sleep(20);
      }
    })().catch(() => {});
    assert.deepStrictEqual(await silent.receive(), null);
    assert.deepStrictEqual(await slow.receive(), null);
    await dripping;
    await kept.client.message(1, "an idle client stays");
    await eventually(() => Promise.resolve(hub.taken.length === 1), "an idle client is closed");
    for (const client of [silent, slow, kept.client]) client.close();
  }));

Deno.test("connections beyond the limit are closed, and places become free again", () =>
  withLane({ maxConnections: 2 }, async (hub) => {
    const first = await TestClient.hello(hub.port, "a");
    const second = await TestClient.hello(hub.port, "b");
    await endsAfter(hub.port, new Uint8Array());
    first.client.close();
    await eventually(() => Promise.resolve(hub.counters.connections === 1), "still counted");
    const third = await TestClient.hello(hub.port, "c");
    second.client.close();
    third.client.close();
  }));

Deno.test("a client that never reads does not hold others up, nor the end", () =>
  withLane({}, async (hub) => {
    hub.commitOften();
    const deaf = await TestClient.hello(hub.port, "deaf");
    const other = await TestClient.hello(hub.port, "other");
    for (let i = 1; i <= 2000; i++) await deaf.client.message(i, "m");
    await other.client.message(1, "m");
    await other.client.acknowledged(1);
    await eventually(() => Promise.resolve(hub.numbers("deaf").length === 2000), "not taken");
    await hub.end();
    deaf.client.close();
    other.client.close();
  }));

Deno.test("a message that cannot be taken ends its connection and is taken when it comes again", () => {
  let fail = true;
  const taken: number[] = [];
  const take = (_: string, sequence: number) => {
    if (fail) throw new Error("no room");
    taken.push(sequence);
  };
  return withLane({ take }, async (hub) => {
    const first = await TestClient.hello(hub.port, "a");
    await first.client.message(1, "one");
    assert.deepStrictEqual(await first.client.receive(), null);
    fail = false;
    const second = await TestClient.hello(hub.port, "a");
    await second.client.message(1, "one");
    await eventually(() => Promise.resolve(taken.length === 1), "not taken");
    first.client.close();
    second.client.close();
  });
});
