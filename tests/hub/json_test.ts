import assert from "node:assert/strict";
import { decodeJson } from "../../hub/decode/json.ts";
import { decodeMessage } from "../../hub/decode/message.ts";
import { DateTime, MalformedMessage, type Value } from "../../hub/decode/value.ts";
import { parseRepr, plain } from "../support/python_repr.ts";
import { recordings } from "../support/recordings.ts";

const encoder = new TextEncoder();

function decode(text: string): Value {
  return decodeJson(encoder.encode(text));
}

/** A member of the payload of a task message with this JSON for it. */
function member(name: string, json: string): Value {
  const message = decode(`{"type":"TASK_INFO","payload":{${JSON.stringify(name)}:${json}}}`);
  assert.ok(Array.isArray(message) && message[1] instanceof Map, "not a pair");
  return message[1].get(name) as Value;
}

function fails(text: string, part: string): void {
  try {
    decode(text);
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, `it threw ${error}`);
    assert.ok(error.message.includes(part), `expected ${part} in: ${error.message}`);
    return;
  }
  throw new Error(`it was decoded: ${text.slice(0, 100)}`);
}

function failsTime(json: string, part: string): void {
  fails(`{"type":"TASK_INFO","payload":{"timestamp":${json}}}`, part);
}

/** A value as a program that is not Python would send it. */
function toJson(value: Value): unknown {
  if (value instanceof DateTime) return value.text.replace(" ", "T");
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [k, toJson(v)]));
  if (Array.isArray(value)) return value.map(toJson);
  return value;
}

Deno.test("json: the recorded messages of a run, sent as JSON, are the same", () => {
  let compared = 0;
  for (const { file, repr } of recordings()) {
    if (!file.startsWith("messages-") || repr.includes("<States.")) continue;
    const value = parseRepr(repr);
    assert.ok(Array.isArray(value), "not a pair");
    const type = /MessageType\.(\w+)/.exec(repr)![1];
    const text = JSON.stringify({ type, payload: toJson(value[1]) });
    assert.deepStrictEqual(plain(decodeMessage(encoder.encode(text))), plain(value), file);
    compared++;
  }
  assert.ok(compared > 1500, `${compared} compared`);
});

Deno.test("json: times are texts without a zone or seconds", () => {
  const text = (json: string) => (member("timestamp", json) as DateTime).text;
  assert.deepStrictEqual(text('"2026-11-24T01:02:03.456789"'), "2026-11-24 01:02:03.456789");
  assert.deepStrictEqual(text('"2026-11-24 01:02:03.456789"'), "2026-11-24 01:02:03.456789");
  assert.deepStrictEqual(text('"2026-11-24T01:02:03"'), "2026-11-24 01:02:03.000000");
  assert.deepStrictEqual(text('"2026-11-24T01:02"'), "2026-11-24 01:02:00.000000");
  assert.deepStrictEqual(text('"2026-11-24T01:02:03.5"'), "2026-11-24 01:02:03.500000");
  assert.deepStrictEqual(text('"2026-11-24T01:02:03.123456789"'), "2026-11-24 01:02:03.123456");
  const local = new Date(2026, 10, 24, 1, 2, 3).getTime() / 1000;
  assert.deepStrictEqual(text(`${local}`), "2026-11-24 01:02:03.000000");
  assert.deepStrictEqual(text(`${local}.836702`), "2026-11-24 01:02:03.836702");
  assert.deepStrictEqual(text(`${local}.9999999`), "2026-11-24 01:02:04.000000");
  assert.deepStrictEqual(member("timestamp", "null"), null);
  assert.deepStrictEqual(member("task_try_time_launched", "null"), null);
  assert.ok(member("last_heartbeat", "0") instanceof DateTime, "last_heartbeat");
  // Not the name of a time.
  assert.deepStrictEqual(member("task_stdout", '"2026-11-24T01:02:03"'), "2026-11-24T01:02:03");
});

Deno.test("json: times that are not local times are malformed, with the reason", () => {
  failsTime('"2026-11-24T01:02:03Z"', "zone");
  failsTime('"2026-11-24T01:02:03.5+02:00"', "zone");
  failsTime('"2026-11-24T01:02:03-0500"', "zone");
  failsTime('"yesterday"', "timestamp");
  failsTime('"2026-11-24"', "YYYY-MM-DD");
  failsTime('"2026-11-24T01:02:03 or so"', "YYYY-MM-DD");
  failsTime('"2026-02-30T01:02:03"', "date");
  failsTime('"2026-02-28T24:00:00"', "time of day");
  failsTime("1e300", "date");
  failsTime("1e14", "date");
  failsTime("true", "seconds");
  failsTime("[]", "seconds");
  failsTime("12345678901234567890", "seconds");
});

Deno.test("json: integers beyond 2^53 stay exact", () => {
  assert.ok(member("n", "9007199254740993") === 9007199254740993n, "2^53 + 1");
  assert.ok(
    member("n", "-123456789012345678901234567890") === -123456789012345678901234567890n,
    "-",
  );
  assert.deepStrictEqual(member("n", "9007199254740991"), 9007199254740991);
  assert.deepStrictEqual(member("n", "1795479218.8367020000000"), 1795479218.836702);
  assert.deepStrictEqual(member("n", "[1.5, true, null]"), [1.5, true, null]);
  assert.deepStrictEqual(member("n", '"9007199254740993"'), "9007199254740993");
  fails(`{"type":"TASK_INFO","payload":{"n":${"9".repeat(5000)}}}`, "digits");
});

Deno.test("json: a payload of blocks may be a list; a type may be its number", () => {
  const blocks = decode('{"type":"BLOCK_INFO","payload":[{"run_id":"a"},{"run_id":"b"}]}');
  assert.deepStrictEqual(plain(blocks), [
    { enum: ["MessageType", 4, "BLOCK_INFO"] },
    [{ dict: [["run_id", "a"]] }, { dict: [["run_id", "b"]] }],
  ]);
  assert.deepStrictEqual(
    plain(decode('{"payload":{"a":{"__proto__":[1,{"b":2}]}},"type":5}')),
    [
      { enum: ["MessageType", 5, "WORKER_TASK_INFO"] },
      { dict: [["a", { dict: [["__proto__", [1, { dict: [["b", 2]] }]]] }]] },
    ],
  );
});

Deno.test("json: everything else is malformed", () => {
  fails("", "JSON");
  fails("{", "JSON");
  fails("[]", "object");
  fails("null", "object");
  fails("{}", "missing");
  fails('{"type":"TASK_INFO"}', "payload");
  fails('{"type":"TASK_INFO","payload":5}', "payload");
  fails('{"type":"BLOCK_INFO","payload":[5]}', "payload");
  fails('{"type":"constructor","payload":{}}', "constructor");
  fails('{"type":6,"payload":{}}', "6");
  fails('{"type":12345678901234567890,"payload":{}}', "12345678901234567890");
  fails('{"type":"TASK_INFO","payload":{"a":NaN}}', "JSON");
  fails(`{"type":"TASK_INFO","payload":{"a":${"[".repeat(64)}${"]".repeat(64)}}}`, "deep");
  fails(`{"a":${"[".repeat(1_000_000)}`, "deep");
  fails(`{"a":[${"0,".repeat(1_100_000)}0]}`, "too many");
  try {
    decodeJson(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]));
    throw new Error("decoded");
  } catch (error) {
    assert.ok(error instanceof MalformedMessage && error.message.includes("UTF-8"), String(error));
  }
});
