import assert from "node:assert/strict";
import { BadFrame, frameOf, FrameSplitter } from "../../hub/lane/frames.ts";
import { seeded } from "./random.ts";

/** Feeds bytes in pieces of the given sizes, as far as the splitter has room for them. */
function feed(splitter: FrameSplitter, bytes: Uint8Array, piece: () => number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const room = splitter.room();
    assert.ok(room.length > 0, "the splitter has no room");
    const count = Math.min(room.length, piece(), bytes.length - at);
    room.set(bytes.subarray(at, at + count));
    frames.push(...splitter.filled(count));
    at += count;
  }
  return frames;
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function throwsBadFrame(run: () => void): boolean {
  try {
    run();
  } catch (error) {
    return error instanceof BadFrame;
  }
  return false;
}

Deno.test("frames are the same wherever the stream is cut", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const bodies = Array.from({ length: 60 }, () => {
      const size = [1, 3, 40, 700, 5000, 70_000, 200_000][random(7)];
      return new Uint8Array(1 + random(size)).map(() => random(256));
    });
    const stream = joined(bodies.map((body) => frameOf(body)));
    const largest = [1, 7, 1500, 65_536, 1 << 20][seed % 5];
    const cut = largest === 1 ? () => 64 : () => 1 + random(largest);
    const frames = feed(new FrameSplitter(), stream, cut);
    assert.deepStrictEqual(frames.length, bodies.length, `seed ${seed}`);
    for (let i = 0; i < bodies.length; i++) {
      assert.ok(frames[i].toHex() === bodies[i].toHex(), `seed ${seed}: frame ${i} differs`);
    }
  }
});

Deno.test("frames come one byte at a time", () => {
  const bodies = [new Uint8Array([7]), new Uint8Array(300).fill(1), new Uint8Array(5000).fill(2)];
  const splitter = new FrameSplitter();
  const frames = feed(splitter, joined(bodies.map((body) => frameOf(body))), () => 1);
  assert.deepStrictEqual(frames.map((frame) => frame.toHex()), bodies.map((body) => body.toHex()));
  assert.deepStrictEqual(splitter.held, 0);
});

Deno.test("given frames keep their bytes while more comes", () => {
  const splitter = new FrameSplitter();
  const [first] = feed(splitter, frameOf(new Uint8Array(100).fill(5)), () => 104);
  feed(splitter, frameOf(new Uint8Array(4000).fill(9)), () => 5000);
  assert.ok(first.every((byte) => byte === 5), "the first frame was overwritten");
});

Deno.test("a length of 0, above the limit, or of 4 GiB is refused at once", () => {
  for (const prefix of ["00000000", "04000001", "ffffffff", "80000000"]) {
    const splitter = new FrameSplitter();
    const refused = throwsBadFrame(() => feed(splitter, Uint8Array.fromHex(prefix), () => 1));
    assert.ok(refused, `a length of ${prefix} is accepted`);
  }
  assert.deepStrictEqual(
    feed(new FrameSplitter(), Uint8Array.fromHex("04000000"), () => 4).length,
    0,
  );
});

Deno.test("frames before a wrong length are given before it is refused", () => {
  const splitter = new FrameSplitter();
  const room = splitter.room();
  room.set(joined([frameOf(new Uint8Array([1])), Uint8Array.fromHex("ffffffff")]));
  assert.deepStrictEqual(splitter.filled(9).length, 1);
  assert.ok(throwsBadFrame(() => splitter.room()), "the wrong length is accepted");
});

Deno.test("memory grows with what came, not with the length that was announced", () => {
  const splitter = new FrameSplitter();
  splitter.room().set(Uint8Array.fromHex("04000000"));
  splitter.filled(4);
  assert.ok(splitter.room().length <= 65_536, "a frame that was only announced takes memory");
});

/** How many bytes are copied from one array to another meanwhile. */
function copied(run: () => void): number {
  let bytes = 0;
  const bytesOf = Uint8Array.prototype;
  const { set, copyWithin, slice } = bytesOf;
  bytesOf.set = function (source, at) {
    bytes += source.length;
    set.call(this, source, at);
  };
  bytesOf.copyWithin = function (target, start, end) {
    bytes += (end ?? this.length) - start;
    return copyWithin.call(this, target, start, end) as typeof this;
  };
  bytesOf.slice = function (start, end) {
    const part = slice.call(this, start, end);
    bytes += part.length;
    return part;
  };
  try {
    run();
  } finally {
    // They are inherited.
    for (const name of ["set", "copyWithin", "slice"] as const) {
      delete (bytesOf as Partial<typeof bytesOf>)[name];
    }
  }
  return bytes;
}

Deno.test("of a large frame in small pieces each byte is copied a few times", () => {
  for (const size of [1 << 20, 1 << 25]) {
    const frame = frameOf(new Uint8Array(size));
    const bytes = copied(() => {
      assert.deepStrictEqual(feed(new FrameSplitter(), frame, () => 1000).length, 1);
    });
    // Once by feeding it; copying all that came at each piece would be hundreds of times.
    assert.ok(bytes >= size && bytes < 4 * size, `${bytes} bytes copied of ${size}`);
  }
});
