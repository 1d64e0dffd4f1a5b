import assert from "node:assert/strict";
import { type Patch, patch } from "../../live/broadcast/patch.ts";
import { Broadcast, type BroadcastSource, type Content } from "../../live/broadcast/broadcast.ts";
import { eventually } from "../support/eventually.ts";

interface Counter {
  count: number;
  rest: { name: string; text: string }[];
}

/** A source whose content is set by the test. */
class Given implements BroadcastSource {
  view: Counter = { count: 0, rest: [{ name: "long", text: "x".repeat(5000) }] };
  final = false;
  gone = false;
  loads = 0;
  watchers = 0;
  #changed = () => {};

  watch(changed: () => void): () => void {
    this.watchers++;
    this.#changed = changed;
    return () => this.watchers--;
  }

  load(): Promise<Content | null> {
    this.loads++;
    const { view, final } = this;
    return Promise.resolve(this.gone ? null : { view, loading: null, final });
  }

  set(change: Partial<Counter>): void {
    this.view = { ...this.view, ...change };
    this.#changed();
  }
}

/** A subscriber that keeps what it is told. */
class Reader {
  view: Counter | null = null;
  whole = 0;
  bytes: number[] = [];
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly done: Promise<void>;

  constructor(broadcast: Broadcast) {
    this.#reader = broadcast.subscribe().getReader();
    this.done = this.#read();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return;
      this.bytes.push(value.byteLength);
      const text = new TextDecoder().decode(value);
      if (text.startsWith("event: end")) this.ended = true;
      if (!text.startsWith("data: ")) continue;
      const message = JSON.parse(text.slice(6)) as { view?: Counter; patch?: Patch };
      if (message.view) {
        this.whole++;
        this.view = message.view;
      } else if (message.patch) {
        this.view = patch(this.view, message.patch) as Counter;
      }
    }
  }

  async leave(): Promise<void> {
    await this.#reader.cancel();
    await this.done;
  }
}

Deno.test("broadcast: one making of the view serves fifty subscribers, who get what changed", async () => {
  const source = new Given();
  let closed = 0;
  const broadcast = new Broadcast(source, () => closed++);
  const readers = Array.from({ length: 50 }, () => new Reader(broadcast));
  await eventually(() => Promise.resolve(readers.every((r) => r.view !== null)), "nothing came");
  assert.equal(source.watchers, 1);
  for (let count = 1; count <= 3; count++) {
    source.set({ count });
    await eventually(
      () => Promise.resolve(readers.every((r) => r.view?.count === count)),
      "the change did not come",
    );
  }
  assert.equal(source.loads, 4);
  assert.equal(broadcast.loads, 4);
  for (const reader of readers) {
    assert.equal(reader.whole, 1);
    assert.deepEqual(reader.view, source.view);
    assert.ok(reader.bytes[0] > 5000);
    assert.ok(reader.bytes.slice(1).every((bytes) => bytes < 60), String(reader.bytes));
  }
  const late = new Reader(broadcast);
  await eventually(() => Promise.resolve(late.view?.count === 3), "the late one got nothing");
  assert.equal(source.loads, 4, "a late subscriber gets what is there");
  await Promise.all([late, ...readers].map((reader) => reader.leave()));
  assert.equal(closed, 1);
  assert.equal(source.watchers, 0);
});

Deno.test("broadcast: changes that come in a rush are sent together", async () => {
  const source = new Given();
  const broadcast = new Broadcast(source, () => {});
  const reader = new Reader(broadcast);
  await eventually(() => Promise.resolve(reader.view !== null), "nothing came");
  let count = 0;
  for (let rush = 1; rush <= 3; rush++) {
    const before = source.loads;
    for (let n = 0; n < 50; n++) {
      source.set({ count: ++count });
      await Promise.resolve();
    }
    await eventually(() => Promise.resolve(reader.view?.count === count), "the last did not come");
    // One may have been under way with the first of them.
    assert.ok(source.loads - before <= 2, `${source.loads - before} times made for 50 changes`);
  }
  await reader.leave();
});

Deno.test("broadcast: who does not read gets the whole later, and nothing piles up", async () => {
  const source = new Given();
  const broadcast = new Broadcast(source, () => {}, Infinity);
  const stalled = broadcast.subscribe().getReader();
  const reader = new Reader(broadcast);
  await eventually(() => Promise.resolve(reader.view !== null), "nothing came");
  const rows = (n: number) =>
    Array.from({ length: 20 }, (_, i) => ({ name: `${n}.${i}`, text: String(n).repeat(1000) }));
  for (let count = 1; count <= 8; count++) {
    source.set({ count, rest: rows(count) });
    await eventually(() => Promise.resolve(reader.view?.count === count), "it did not come");
  }
  const seen: { view?: Counter; size: number }[] = [];
  const read = async () => {
    const { value } = await stalled.read();
    const text = new TextDecoder().decode(value);
    seen.push({ ...JSON.parse(text.slice(6)), size: value!.byteLength });
  };
  while (seen.length === 0 || seen.at(-1)?.view?.count !== 8) await read();
  const waiting = seen.slice(0, -1).reduce((sum, { size }) => sum + size, 0);
  assert.ok(waiting < 100_000, `${waiting} bytes waited`);
  assert.ok(seen.length < 8, `${seen.length} messages`);
  assert.deepEqual(seen.at(-1)?.view, source.view);
  source.set({ count: 9 });
  await read();
  assert.equal(seen.at(-1)?.view, undefined, "then it gets what changes again");
  await stalled.cancel();
  await reader.leave();
});

Deno.test("broadcast: the end is told when there is nothing any more", async () => {
  const source = new Given();
  let closed = 0;
  const broadcast = new Broadcast(source, () => closed++);
  const reader = new Reader(broadcast);
  await eventually(() => Promise.resolve(reader.view !== null), "nothing came");
  source.gone = true;
  source.set({ count: 1 });
  await reader.done;
  assert.ok(reader.ended);
  assert.equal(closed, 1);
  assert.equal(source.watchers, 0);
});
