// Many clients, and clients that send half a frame: memory and connections of the lane are bounded.

import assert from "node:assert/strict";
import { FrameSplitter } from "../../hub/lane/frames.ts";
import { FrameRooms, PartialFrame } from "../../hub/lane/partial.ts";
import { Room } from "../../hub/lane/room.ts";
import { eventually } from "../support/eventually.ts";
import { numbered, TestClient } from "./lane_client.ts";
import { withLane } from "./lane_hub.ts";

const MIB = 2 ** 20;

/** A frame of a message of so many bytes. */
function large(client: TestClient, bytes: number): Uint8Array {
  return client.framed(numbered(1, new Uint8Array(bytes)));
}

Deno.test("room: whoever finds too little waits in turn, and may give up", async () => {
  const room = new Room(10);
  const granted: string[] = [];
  let giveUp = () => {};
  const take = (name: string, bytes: number) =>
    room.take(bytes, (stop) => giveUp = stop).then((ok) => granted.push(`${name} ${ok}`));
  await take("a", 6);
  const b = take("b", 8);
  const stop = giveUp;
  const c = take("c", 2);
  assert.equal(room.tryTake(1), false, "it overtakes those who wait");
  assert.equal(room.isShort, true);
  stop();
  await Promise.all([b, c]);
  assert.deepEqual(granted, ["a true", "b false", "c true"]);
  room.give(8);
  assert.deepEqual([room.tryTake(10), room.tryTake(1)], [true, false]);
  const d = take("d", 1);
  room.close();
  await Promise.all([d, take("e", 0)]);
  assert.deepEqual(granted.slice(3), ["d false", "e false"]);
});

Deno.test("frames that have come in part share a bounded memory, whatever they announce", async () => {
  const rooms = new FrameRooms(64 * MIB);
  const announce = (bytes: number) => {
    const splitter = new FrameSplitter();
    const partial = new PartialFrame(rooms, splitter);
    const start = async () => {
      const room = await partial.room();
      new DataView(room!.buffer, room!.byteOffset).setUint32(0, bytes);
      partial.filled(4);
    };
    return { start, partial, splitter };
  };
  const [first, second] = [announce(64 * MIB), announce(64 * MIB)];
  await first.start();
  await second.start();
  assert.ok(await first.partial.room() !== null);
  let granted: Uint8Array | null | undefined;
  const waiting = second.partial.room().then((room) => granted = room);
  const small = announce(30_000);
  await small.start();
  assert.ok(await small.partial.room() !== null, "a small frame waits for a large one");
  assert.equal(granted, undefined, "there is room for two of the largest");
  first.partial.end();
  await waiting;
  assert.ok(granted, "nobody's turn comes");
  // Many small ones are bounded too: 512 of 64 KiB.
  const many = Array.from({ length: 600 }, () => announce(60_000));
  let reading = 0;
  const rooms600 = many.map(async ({ start, partial }) => {
    await start();
    if (await partial.room() !== null) reading++;
  });
  await eventually(() => Promise.resolve(reading > 500), "few may read");
  assert.ok(reading < 520, `${reading} may read`);
  rooms.close();
  await Promise.all(rooms600);
});

Deno.test("half a frame that stands still is given up, counted, and comes again whole", () =>
  withLane({ frameSilence: 200 }, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    const frame = large(client, 3 * MIB);
    await client.write(frame.subarray(0, MIB));
    assert.equal(await client.receive(), null, "it is waited for for ever");
    assert.equal(hub.counters.unfinished, 1);
    assert.ok(hub.reports.some((report) => /not finished in time/.test(report)));
    const again = await TestClient.hello(hub.port, "a");
    assert.equal(again.answer.acknowledged, 0);
    await again.client.write(frame);
    await eventually(() => Promise.resolve(hub.taken.length === 1), "not taken");
    for (const one of [client, again.client]) one.close();
  }));

Deno.test("who holds memory that others wait for has to get on", () =>
  withLane({ maxFrame: 40 * MIB, frameSilence: 600_000, frameLateness: -60_000 }, async (hub) => {
    const { client: slow } = await TestClient.hello(hub.port, "slow");
    await slow.write(large(slow, 40 * MIB - 100).subarray(0, 100_000));
    const { client: good } = await TestClient.hello(hub.port, "good");
    hub.commitOften();
    await good.write(large(good, 39 * MIB));
    await good.acknowledged(1);
    assert.deepEqual(hub.numbers("good"), [1]);
    assert.ok(hub.counters.unfinished >= 1, "the slow one is still there");
    for (const one of [slow, good]) one.close();
  }));

Deno.test("who has said nothing makes room for those who come, and is counted", () =>
  withLane({ maxConnections: 8 }, async (hub) => {
    const silent: TestClient[] = [];
    for (let i = 0; i < 20; i++) silent.push(await TestClient.connect(hub.port));
    const clients = [];
    for (let i = 0; i < 7; i++) clients.push((await TestClient.hello(hub.port, `c${i}`)).client);
    for (let i = 0; i < 20; i++) silent.push(await TestClient.connect(hub.port));
    hub.commitOften();
    for (const client of clients) await client.message(1, "m");
    for (const client of clients) await client.acknowledged(1);
    await eventually(() => Promise.resolve(hub.counters.connections <= 8), "too many stay");
    await eventually(() => Promise.resolve(hub.counters.turnedAway >= 32), "not counted");
    for (const client of [...silent, ...clients]) client.close();
  }));
