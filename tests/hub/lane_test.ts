import assert from "node:assert/strict";
import { LONGEST_TEST_MESSAGE, sendAll } from "./lane_load.ts";
import { numbered, TestClient, text } from "./lane_client.ts";
import { type LaneHub, withLane } from "./lane_hub.ts";
import { eventually, PATIENCE } from "../support/eventually.ts";
import { seeded } from "./random.ts";

/**
 * Lets the lane read what was sent to it before: it greets some new clients, one after the other,
 * which came later than that.
 */
async function turns(hub: LaneHub): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const { client } = await TestClient.hello(hub.port, crypto.randomUUID());
    client.close();
  }
}

Deno.test("a client says hello, sends, and hears what is committed", () =>
  withLane({}, async (hub) => {
    hub.database.set("a", 4);
    const { client, answer } = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual(answer, {
      hub: "1.2.3",
      database: "runinfo/monitoring.db",
      client: "a",
      acknowledged: 4,
    });
    await client.message(5, "five");
    await client.message(9, "nine");
    await eventually(() => Promise.resolve(hub.taken.length === 2), "not taken");
    assert.deepStrictEqual(hub.taken, [
      { client: "a", sequence: 5, text: "five" },
      { client: "a", sequence: 9, text: "nine" },
    ]);
    hub.lane.committed("a", 5);
    assert.deepStrictEqual(await client.receive(), { client: "a", acknowledged: 5 });
    hub.lane.committed("a", 9);
    assert.deepStrictEqual(await client.receive(), { client: "a", acknowledged: 9 });
    assert.deepStrictEqual([hub.counters.received, hub.counters.connections, hub.lane.waiting], [
      2,
      1,
      0,
    ]);
    client.close();
    await eventually(() => Promise.resolve(hub.counters.connections === 0), "still connected");
  }));

Deno.test("several commits are acknowledged with one frame", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    for (let i = 1; i <= 50; i++) await client.message(i, "m");
    await eventually(() => Promise.resolve(hub.taken.length === 50), "not taken");
    for (let i = 1; i <= 50; i++) hub.lane.committed("a", i);
    assert.deepStrictEqual(await client.receive(), { client: "a", acknowledged: 50 });
    client.close();
  }));

Deno.test("a commit during the acknowledgement of another is told too", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    for (let i = 1; i <= 50; i++) await client.message(i, "m");
    await eventually(() => Promise.resolve(hub.taken.length === 50), "not taken");
    for (let i = 1; i <= 50; i++) {
      hub.lane.committed("a", i);
      await Promise.resolve();
    }
    await client.acknowledged(50);
    client.close();
  }));

Deno.test("a commit gives back the bytes of what it covers, and of no more", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    for (let i = 1; i <= 3; i++) await client.message(i, "x".repeat(100_000));
    await eventually(() => Promise.resolve(hub.taken.length === 3), "not taken");
    const waiting = [hub.lane.waiting];
    for (let i = 1; i <= 3; i++) {
      hub.lane.committed("a", i);
      waiting.push(hub.lane.waiting);
    }
    const messages = waiting.map((bytes) => Math.floor(bytes / 100_000));
    assert.deepStrictEqual([messages, waiting[3]], [[3, 2, 1, 0], 0]);
    client.close();
  }));

Deno.test("what comes again is counted and not taken, and acknowledged when it is committed", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    for (const sequence of [1, 2, 2, 1]) await client.message(sequence, `${sequence}`);
    await eventually(() => Promise.resolve(hub.counters.duplicates === 2), "not counted");
    assert.deepStrictEqual(hub.numbers("a"), [1, 2]);
    hub.commit();
    assert.deepStrictEqual(await client.receive(), { client: "a", acknowledged: 2 });
    await client.message(1, "again");
    assert.deepStrictEqual(await client.receive(), { client: "a", acknowledged: 2 });
    assert.deepStrictEqual(hub.numbers("a"), [1, 2]);
    client.close();
  }));

Deno.test("numbers that go back are not taken", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    for (const sequence of [3, 1, 2, 4, 2 ** 40, 5]) await client.message(sequence, "m");
    await eventually(() => Promise.resolve(hub.counters.duplicates === 3), "not counted");
    assert.deepStrictEqual(hub.numbers("a"), [3, 4, 2 ** 40]);
    client.close();
  }));

Deno.test("a frame that came by another connection of the client is not taken again", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    const recorded = client.framed(numbered(1, text("first")));
    await client.write(recorded);
    await eventually(() => Promise.resolve(hub.taken.length === 1), "not taken");
    client.close();
    const again = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual(again.answer.acknowledged, 0, "what is not committed is acknowledged");
    await again.client.write(recorded);
    await again.client.message(2, "second");
    await eventually(() => Promise.resolve(hub.taken.length === 2), "not taken");
    assert.deepStrictEqual([hub.numbers("a"), hub.counters.duplicates], [[1, 2], 1]);
    // Recorded frames are nothing without a greeting.
    const thief = await TestClient.connect(hub.port);
    await thief.write(recorded);
    assert.deepStrictEqual(await thief.receive(), null);
    again.client.close();
    thief.close();
  }));

Deno.test("the newer connection of a client wins", () =>
  withLane({}, async (hub) => {
    const old = await TestClient.hello(hub.port, "a");
    await old.client.message(1, "one");
    await old.client.message(2, "two");
    await eventually(() => Promise.resolve(hub.taken.length === 2), "not taken");
    hub.lane.committed("a", 1);
    const young = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual(young.answer.acknowledged, 1);
    assert.deepStrictEqual((await old.client.receive())?.acknowledged, 1);
    assert.deepStrictEqual(await old.client.receive(), null);
    await young.client.message(2, "two");
    await young.client.message(3, "three");
    await eventually(() => Promise.resolve(hub.taken.length === 3), "not taken");
    hub.lane.committed("a", 3);
    await young.client.acknowledged(3);
    assert.deepStrictEqual(hub.numbers("a"), [1, 2, 3]);
    await eventually(() => Promise.resolve(hub.counters.connections === 1), "the old one stays");
    old.client.close();
    young.client.close();
  }));

Deno.test("clients that say hello at the same time share one state", () => {
  let answerAll = () => {};
  const asked = new Promise<void>((resolve) => answerAll = resolve);
  return withLane({ acknowledged: () => asked.then(() => 7) }, async (hub) => {
    const hellos = Array.from({ length: 5 }, () => TestClient.challenged(hub.port, "a"));
    const challenged = await Promise.all(hellos);
    const clients = challenged.map(({ client }) => client);
    let { bytes } = hub.counters;
    for (const { client, challenge } of challenged) {
      const proof = client.framed(text({ proof: challenge }));
      await client.write(proof);
      // The length before a frame is not counted.
      bytes += proof.length - 4;
    }
    await eventually(() => Promise.resolve(hub.counters.bytes === bytes), "not all have come");
    answerAll();
    const answers = await Promise.all(clients.map((client) => client.receive()));
    assert.ok(answers.some((answer) => answer?.acknowledged === 7), "no hello is answered");
    assert.deepStrictEqual(hub.lane.clients, 1);
    await eventually(() => Promise.resolve(hub.counters.connections === 1), "several stay");
    for (const client of clients) client.close();
  });
});

Deno.test("a hello waits while the database cannot tell how far the client is", () => {
  let times = 0;
  const acknowledged = () =>
    ++times < 3 ? Promise.reject(new Error("database is locked")) : Promise.resolve(11);
  return withLane({ acknowledged }, async (hub) => {
    const { client, answer } = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual([answer.acknowledged, times], [11, 3]);
    assert.ok(hub.reports[0].includes("database is locked"), "nothing is reported");
    client.close();
  });
});

Deno.test("a connection that ends inside a frame leaves nothing behind", () =>
  withLane({}, async (hub) => {
    const first = await TestClient.hello(hub.port, "a");
    await first.client.message(1, "one");
    const frame = first.client.framed(numbered(2, text("two")));
    await first.client.write(frame.subarray(0, frame.length - 3));
    first.client.close();
    const second = await TestClient.hello(hub.port, "a");
    await second.client.write(frame);
    await second.client.message(3, "three");
    await eventually(() => Promise.resolve(hub.taken.length === 3), "not taken");
    assert.deepStrictEqual(hub.numbers("a"), [1, 2, 3]);
    second.client.close();
  }));

Deno.test("reading stops while too much waits for its commit, and nothing is lost", () => {
  const maxWaiting = 200_000;
  return withLane({ maxWaiting }, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    const message = "x".repeat(50_000);
    const sending = (async () => {
      for (let i = 1; i <= 400; i++) await client.message(i, message);
    })();
    await eventually(() => Promise.resolve(hub.lane.waiting >= maxWaiting), "it is never full");
    const held = hub.taken.length;
    assert.ok(hub.lane.waiting < 2 * maxWaiting, `${hub.lane.waiting} bytes wait`);
    const other = await TestClient.hello(hub.port, "b");
    assert.deepStrictEqual(
      other.answer.acknowledged,
      0,
      "a hello is not answered while reading stops",
    );
    await turns(hub);
    assert.deepStrictEqual(hub.taken.length, held);
    hub.commitOften();
    await client.acknowledged(400);
    await sending;
    assert.deepStrictEqual(hub.numbers("a"), Array.from({ length: 400 }, (_, i) => i + 1));
    assert.deepStrictEqual(hub.lane.waiting, 0);
    client.close();
    other.client.close();
  });
});

Deno.test("pause and resume hold clients back", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    hub.lane.pause();
    // What the connection was waiting for when it was told to pause may still come.
    await client.message(1, "one");
    await turns(hub);
    await client.message(2, "two");
    await turns(hub);
    assert.ok(!hub.numbers("a").includes(2), "a message was taken during the pause");
    hub.lane.resume();
    await eventually(() => Promise.resolve(hub.taken.length === 2), "not taken");
    client.close();
  }));

Deno.test("a client is forgotten when it is gone and all of it is committed", () =>
  withLane({ forgetAfter: 40 }, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    await client.message(1, "one");
    await eventually(() => Promise.resolve(hub.taken.length === 1), "not taken");
    client.close();
    /** A client that came later has been forgotten, so this one's time is over too. */
    const isDue = async (later: string) => {
      (await TestClient.hello(hub.port, later)).client.close();
      await eventually(() => Promise.resolve(hub.lane.clients <= 1), "nobody is forgotten");
    };
    await isDue("b");
    const back = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual(hub.asked, 2, "forgotten before its commit");
    back.client.close();
    hub.commit();
    await eventually(() => Promise.resolve(hub.lane.clients === 0), "remembered for ever");
    const again = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual([again.answer.acknowledged, hub.asked], [1, 3]);
    await isDue("c");
    const newer = await TestClient.hello(hub.port, "a");
    assert.deepStrictEqual(hub.asked, 4, "forgotten while it is connected");
    for (const { client } of [again, newer]) client.close();
  }));

Deno.test("the end: what is committed is acknowledged, what comes late is not taken", () =>
  withLane({}, async (hub) => {
    const { client } = await TestClient.hello(hub.port, "a");
    await client.message(1, "one");
    await eventually(() => Promise.resolve(hub.taken.length === 1), "not taken");
    hub.lane.stop();
    await client.message(2, "two");
    hub.commit();
    const finished = hub.lane.finish(PATIENCE);
    await client.acknowledged(1);
    assert.deepStrictEqual(await client.receive(), null);
    client.close();
    await finished;
    assert.deepStrictEqual([hub.numbers("a"), hub.counters.connections], [[1], 0]);
    const refused = await TestClient.connect(hub.port).then(() => false, () => true);
    assert.ok(refused, "it still accepts connections");
  }));

Deno.test("fifty clients at once, in pieces of any size: everything once and in order", () =>
  withLane({ maxWaiting: 300_000 }, async (hub) => {
    hub.commitOften();
    await Promise.all(Array.from({ length: 50 }, (_, i) => sendAll(hub, `c${i}`, 100, seeded(i))));
    for (let i = 0; i < 50; i++) {
      assert.deepStrictEqual(
        hub.numbers(`c${i}`),
        Array.from({ length: 100 }, (_, n) => n + 1),
        `c${i}`,
      );
    }
    for (const { client, sequence, text } of hub.taken) {
      assert.ok(
        text.startsWith(`${client}/${sequence}/`),
        `${client} ${sequence} has another text`,
      );
      assert.ok(text.length <= LONGEST_TEST_MESSAGE, "a message was joined to another");
    }
    assert.deepStrictEqual([hub.counters.received, hub.lane.waiting], [5000, 0]);
  }));

Deno.test("a proof and what follows it may come in one piece", () =>
  withLane({}, async (hub) => {
    const { client, challenge } = await TestClient.challenged(hub.port, "a");
    const proof = client.framed(text({ proof: challenge }));
    const message = client.framed(numbered(1, new Uint8Array(10_000)));
    const both = new Uint8Array(proof.length + message.length);
    both.set(proof);
    both.set(message, proof.length);
    await client.write(both);
    assert.deepStrictEqual((await client.receive())?.acknowledged, 0);
    await eventually(() => Promise.resolve(hub.taken.length === 1), "not taken");
    client.close();
  }));
