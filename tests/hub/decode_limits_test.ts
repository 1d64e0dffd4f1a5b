// What one message may cost: texts, keys, and what is written of it.

import assert from "node:assert/strict";
import { decodeMessage, readMessages } from "../../hub/decode/message.ts";
import { changesOf } from "../../hub/decode/unfold.ts";
import { decodePickle } from "../../hub/decode/pickle/mod.ts";
import { MalformedMessage } from "../../hub/decode/value.ts";

const MIB = 2 ** 20;

/** The parts, one after the other; texts are latin-1. */
function joined(...parts: (string | number[] | Uint8Array)[]): Uint8Array {
  const all = parts.map((part) =>
    typeof part === "string" ? Uint8Array.from(part, (c) => c.charCodeAt(0)) : Uint8Array.from(part)
  );
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A text again and again, so many bytes of it. */
function repeated(text: string, bytes: number): Uint8Array {
  const unit = joined(text);
  return new Uint8Array(bytes).map((_, i) => unit[i % unit.length]);
}

function refusal(pickle: Uint8Array): string {
  try {
    decodeMessage(pickle);
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, `it throws ${error}`);
    return error.message;
  }
  throw new Error("it is taken");
}

Deno.test("pickle: escapes of both texts of protocol 0 are read as Python reads them", () => {
  const cases: [string, string][] = [
    ["S'a\\n\\t\\\\\\'\\\"\\x41\\101\\7\\q\\400'\n.", "a\n\t\\'\"AA\u0007\\q\0"],
    ["S'\\xc3\\xa9'\n.", "é"],
    ['S"plain"\n.', "plain"],
    ["S ''  \n.", ""],
    ["Vplain \xe9\n.", "plain é"],
    ["V\\u0041\\U0001f600\\\\u0041\\q\\\n.", "A😀\\\\u0041\\q\\"],
    ["V\\ud83d\\ude00\n.", "😀"],
    ["Vhalf \\ud83d\n.", "half \ufffd"],
  ];
  for (const [pickle, text] of cases) assert.equal(decodePickle(joined(pickle)), text, pickle);
  for (const damaged of ["S'\\x4'\n.", "S'\\'\n.", "Sx\n.", "V\\u004\n.", "V\\U00110000\n."]) {
    assert.match(refusal(joined(damaged)), /damaged escape|without quotes/, damaged);
  }
});

Deno.test("pickle: a text of nothing but escapes is read whole up to the limit", () => {
  const escapes = repeated("\\x41", 8 * MIB);
  assert.equal(decodePickle(joined("S'", escapes, "'\n.")), "A".repeat(2 * MIB));
  const units = repeated("\\u0041", 6 * MIB);
  assert.equal(decodePickle(joined("V", units, "\n.")), "A".repeat(MIB));
});

Deno.test("pickle: escapes beyond the limit cost their message, other texts may be as long", () => {
  const size = 16 * MIB + 8;
  const long = repeated("\\x41", size);
  const length = [size & 255, size >> 8 & 255, size >> 16 & 255, size >> 24 & 255];
  for (const body of [joined("S'", long, "'\n."), joined("V", long, "\n.")]) {
    assert.match(refusal(body), /a text of \d+ bytes; 16777216 are/);
  }
  const plain = repeated("a", size);
  assert.match(refusal(joined("c", plain, "\nx\n.")), /^it names a{1,80}\b/);
  assert.match(refusal(joined("(ix\n", plain, "\n.")), /^it names x\.a/);
  for (const opcode of ["X", "T"]) {
    assert.equal(decodePickle(joined("\x80\x04", opcode, length, plain, ".")), "a".repeat(size));
  }
});

/** A pickle of a dict or set of so many keys. */
function table(kind: "dict" | "set", count: number, key: (i: number) => number[]): Uint8Array {
  const items: number[][] = [];
  for (let i = 0; i < count; i++) items.push([...key(i), ...(kind === "dict" ? [0x4e] : [])]);
  const [empty, add] = kind === "dict" ? ["}", "u"] : ["\x8f", "\x90"];
  return joined("\x80\x04", empty, "(", Uint8Array.from(items.flat()), add, ".");
}

/** The opcodes of keys whose place in a hash table anybody can foresee. */
const FORESEEABLE: Record<string, (i: number) => number[]> = {
  integers: (i) => [0x4a, i & 255, i >> 8 & 255, i >> 16, 0],
  floats: (i) => [0x47, 0x3f, 0xf0, 0, 0, 0, i >> 16, i >> 8 & 255, i & 255],
  "long integers": (i) => [0x8a, 9, i & 255, i >> 8 & 255, i >> 16, 0, 0, 0, 0, 0, 1],
  "texts of digits": (i) => [0x8c, 6, ...joined(String(100_000 + i))],
};

for (const [name, key] of Object.entries(FORESEEABLE)) {
  Deno.test(`pickle: ${name} as keys are few enough that no hash table is slow`, () => {
    for (const kind of ["dict", "set"] as const) {
      const taken = decodePickle(table(kind, 4000, key));
      assert.equal((taken as Map<unknown, unknown>).size, 4000);
      assert.equal(refusal(table(kind, 6000, key)), "it has too many values");
    }
  });
}

Deno.test("pickle: ordinary names as keys are not counted as numbers are", () => {
  const named = (i: number) => [0x8c, 7, ...joined(`k${100_000 + i}`)];
  assert.equal((decodePickle(table("dict", 50_000, named)) as Map<unknown, unknown>).size, 50_000);
});

Deno.test("JSON: names of digits are as few", () => {
  const body = (count: number) =>
    joined(JSON.stringify({
      type: "TASK_INFO",
      payload: Object.fromEntries(Array.from({ length: count }, (_, i) => [`${1e6 + i}`, 1])),
    }));
  assert.equal(readValue(body(19_000)), 19_000);
  assert.equal(refusal(body(21_000)), "it has too many numbers as texts");
});

function readValue(body: Uint8Array): number {
  const [, payload] = decodeMessage(body) as [unknown, Map<unknown, unknown>];
  return payload.size;
}

/** The pickle of a list of blocks that all name one run and one status, which is so long. */
function blocks(count: number, status: number): Uint8Array {
  const text = (value: string) => joined("\x8c", [value.length], value);
  const size = [status & 255, status >> 8 & 255, status >> 16 & 255, 0];
  const time = Uint8Array.fromHex("07ea0b19091500000000");
  const one = joined(
    "}(",
    ...["run_id", "status", "timestamp", "executor_label", "job_id", "block_id"].flatMap(
      (name) => [
        text(name),
        name === "status" ? "h\0" : name === "timestamp" ? "h\x01" : text("r"),
      ],
    ),
    "u",
  );
  return joined(
    "\x80\x04X",
    size,
    repeated("x", status),
    "q\x000cdatetime\ndatetime\nC\n",
    time,
    "\x85Rq\x010",
    "K\x04](",
    ...Array.from({ length: count }, () => one),
    "e\x86.",
  );
}

Deno.test("a text that is named again and again is not written again and again", () => {
  const unfold = (
    body: Uint8Array,
  ) => [...changesOf(readMessages(decodeMessage(body)), body.length)];
  assert.equal(unfold(blocks(1000, 20)).length, 1000);
  assert.throws(
    () => unfold(blocks(1000, 60_000)),
    (error: unknown) => error instanceof MalformedMessage && /too much text/.test(error.message),
  );
});
