// What our client's workers tell beside Parsl's fields: what a hub makes of it, and what it refuses.

import assert from "node:assert/strict";
import { LONGEST_TRACEBACK } from "../../hub/decode/own_parts.ts";
import { CHANGES } from "../../parsl/messages.ts";
import type { Change } from "../../store/writer.ts";
import { seeded } from "./random.ts";
import * as own from "../support/own_messages.ts";

/** The cells of a change by their columns, without those that are null. */
function cells({ kind, cells }: Change): Record<string, unknown> {
  const named = CHANGES[kind].map(({ name }, at) => [name, cells[at]]);
  return Object.fromEntries(named.filter(([, cell]) => cell !== null));
}

function kinds(changes: readonly Change[]): string[] {
  return changes.map(({ kind }) => kind);
}

const KEY = { run_id: own.RUN, task_id: 0, try_id: 0 };
const NAMED = { hostname: "c1", block_id: "0", pid: 4000, rank: "0", manager: "pool-c1" };
const plain = (time: string) => time.replace("T", " ");

Deno.test("own parts: the begin of a try names its worker", () => {
  const changes = own.changes(own.began(1));
  assert.deepStrictEqual(kinds(changes), ["worker-start", "try-worker"]);
  assert.deepStrictEqual(cells(changes[1]), { ...KEY, ...NAMED, time_began: plain(own.at(1)) });
});

Deno.test("own parts: the end of a try is a status, its totals and what it raised", () => {
  const traceback = { text: "ValueError: 7", cut: 12 };
  const changes = own.changes(own.ended(3, {}, { ended: "raised", traceback }));
  assert.deepStrictEqual(kinds(changes), ["worker-end", "try-totals", "parsloscope_traceback"]);
  const { children_memory_peak_bytes: _, ...totals } = own.TOTALS;
  assert.deepStrictEqual(cells(changes[1]), {
    ...{ ...KEY, ...NAMED, ...totals },
    time_ended: plain(own.at(3)),
    ...{ ended: "raised", scope: "process", memory_peak: "exact", samples_late: 0 },
  });
  assert.deepStrictEqual(cells(changes[2]), { ...KEY, ...traceback });
});

Deno.test("own parts: an end that carries its begin and a sample asks for the rows of both", () => {
  const carried = { began: own.at(1), sample: own.psutil(2, 5000) };
  const changes = own.changes(own.ended(3, {}, carried));
  assert.deepStrictEqual(kinds(changes), ["worker-end", "worker-start", "resource", "try-totals"]);
  const start = { ...KEY, timestamp: plain(own.at(1)), hostname: "c1", block_id: "0" };
  assert.deepStrictEqual(cells(changes[1]), start);
  assert.equal(cells(changes[2]).timestamp, plain(own.at(3)));
  assert.equal(cells(changes[2]).psutil_process_memory_resident, 5000);
  assert.equal(cells(changes[3]).time_began, plain(own.at(1)));
});

Deno.test("own parts: what an app asked for is kept whole, and its numbers by name", () => {
  const requested = { cores: 2, memory: 4096, disk: "much", gpus: 1, priority: 7 };
  const [, request] = own.changes(own.task("launched", 0, {}, { requested, walltime_s: 60 }));
  assert.deepStrictEqual(cells(request), {
    ...KEY,
    specification: JSON.stringify(requested),
    ...{ cores: 2, memory_mb: 4096, gpus: 1, walltime_s: 60 },
  });
});

Deno.test("own parts: a node's message is a sample of it and of each of its GPUs", () => {
  const changes = own.changes(own.node(10, "c1", { load_1m: null }, [own.gpu(0), own.gpu(1)]));
  assert.deepStrictEqual(kinds(changes), [
    ...["parsloscope_node_sample", "parsloscope_gpu_sample", "parsloscope_gpu_sample"],
  ]);
  const sample = cells(changes[0]);
  assert.equal(sample.hostname, "c1");
  assert.equal(sample.cpu_busy, 0.5);
  assert.ok(!("load_1m" in sample), "what is unknown is not 0");
  assert.equal(cells(changes[2]).gpu, 1);
});

Deno.test("own parts: several messages in one ask for what each asks for alone", () => {
  const messages = [
    ...[own.began(1), own.ended(2, {}, { began: own.at(1) })],
    ...[own.node(2), own.ended(3, { task_id: 1 })],
  ];
  const alone = messages.flatMap(own.changes);
  assert.deepStrictEqual(own.changes(own.bundle(messages)), alone);
});

Deno.test("own parts: of several messages in one, one that is wrong costs nothing but itself", () => {
  const wrong = own.ended(2, { task_id: -1 });
  const nested = own.bundle([own.began(1)]);
  const other: own.Told = ["WORKFLOW_INFO", { run_id: own.RUN, time_began: own.at(0) }];
  const good = own.ended(3, { task_id: 1 });
  const found = own.attempt(own.bundle([wrong, nested, other, good]));
  assert.deepStrictEqual(found.changes, own.changes(good));
  assert.match(found.wrong!, /^3 of 4 messages in one: task_id of a worker-end message is -1/);
});

Deno.test("own parts: what is wrong with them leaves Parsl's own fields as they are", () => {
  const wrong: own.Payload[] = [
    { ended: "vanished" },
    { scope: 7 },
    { memory_peak: "guessed" },
    { totals: [1, 2] },
    { totals: { ...own.TOTALS, cpu_user_s: -1 } },
    { totals: { ...own.TOTALS, memory_peak_bytes: "much" } },
    { worker: "me" },
    { worker: { ...own.worker(), pid: -3 } },
    { worker: { ...own.worker(), host: "x".repeat(2000) } },
    { worker: { ...own.worker(), manager: "a\0b" } },
    { sample: 1 },
    { ended: null },
    { samples_late: -1 },
  ];
  for (const part of wrong) {
    const { changes, wrong } = own.attempt(own.ended(3, {}, part));
    assert.equal(changes[0].kind, "worker-end", JSON.stringify(part));
    assert.ok(!kinds(changes).includes("try-totals"), JSON.stringify(part));
    assert.notEqual(wrong, null, JSON.stringify(part));
  }
  const traceback = [{ text: 1 }, { text: "x", cut: -1 }, { text: "x", cut: 0.5 }, "x"];
  for (const each of traceback) {
    const { changes, wrong } = own.attempt(own.ended(3, {}, { ended: "raised", traceback: each }));
    assert.deepStrictEqual(kinds(changes), ["worker-end", "try-totals"]);
    assert.match(wrong!, /traceback/);
  }
  const [type, payload] = own.ended(3);
  const strange = own.attempt([type, { ...payload, parsloscope: "x" }]);
  assert.deepStrictEqual(kinds(strange.changes), ["worker-end"]);
  assert.match(strange.wrong!, /no dict/);
});

Deno.test("own parts: a long traceback keeps both its ends, and says what was left out", () => {
  const text = `begin${"x".repeat(LONGEST_TRACEBACK)}\0end`;
  const message = own.ended(3, {}, { ended: "raised", traceback: { text, cut: 10 } });
  const kept = cells(own.changes(message)[2]);
  assert.equal(kept.cut, 10 + 9);
  assert.match(String(kept.text), /^beginx+\n…\nx+␀end$/);
});

Deno.test("own parts: too many messages, GPUs and characters are refused", () => {
  const many = own.attempt(own.bundle(new Array(5000).fill(own.began(1))));
  assert.deepStrictEqual([many.changes.length, many.wrong], [0, "it carries too many messages"]);
  const gpus = own.attempt(own.node(1, "c1", {}, new Array(300).fill(own.gpu(0))));
  assert.deepStrictEqual(kinds(gpus.changes), ["parsloscope_node_sample"]);
  const asked = { requested: { notes: "x".repeat(9000) }, walltime_s: null };
  const request = own.attempt(own.task("launched", 0, {}, asked));
  assert.deepStrictEqual(kinds(request.changes), ["task"]);
  assert.match(request.wrong!, /more than 8192 characters/);
  const missing = own.attempt(own.node(1, "c1", { cpu_busy: "x" }));
  assert.equal(missing.changes.length, 0);
});

Deno.test("own parts: messages of tasks travel together, and each is taken as if it came alone", () => {
  const asked = { requested: { cores: 2 }, walltime_s: 60 };
  const messages = [
    own.task("pending", 0),
    own.task("launched", 1, {}, asked),
    own.began(1),
    own.task("exec_done", 3),
  ];
  const together = own.changes(own.bundle(messages));
  assert.deepStrictEqual(together, messages.flatMap((message) => own.changes(message)));
  // One that is damaged costs the others nothing; one that carries others is refused.
  const [type, payload] = own.task("launched", 1);
  for (const bad of [[type, { ...payload, task_id: "x" }] as own.Told, own.bundle(messages)]) {
    const { changes, wrong } = own.attempt(own.bundle([messages[0], bad, messages[3]]));
    assert.deepStrictEqual(changes, own.changes(own.bundle([messages[0], messages[3]])));
    assert.match(wrong!, /^1 of 3 messages in one/);
  }
});

/** Values that stand where others belong. */
const STRANGE = [null, -1, 0.5, 1e308, 2 ** 60, "", "x\0y", [], {}, [[]], true, "9".repeat(3000)];

/** Replaces one value at some depth of a message, or takes it away. */
function damage(value: unknown, below: (n: number) => number): unknown {
  if (typeof value !== "object" || value === null || below(5) === 0) {
    return STRANGE[below(STRANGE.length)];
  }
  if (Array.isArray(value)) {
    const at = below(value.length);
    return value.map((each, i) => i === at ? damage(each, below) : each);
  }
  const names = Object.keys(value);
  const name = names[below(names.length)];
  const members = { ...value as own.Payload, [name]: damage((value as own.Payload)[name], below) };
  if (below(6) === 0) delete members[name];
  return members;
}

Deno.test("own parts: however they are damaged, they are taken or malformed, and nothing else", () => {
  const below = seeded(14);
  const whole: own.Told[] = [
    own.began(1),
    own.ended(3, {}, {
      began: own.at(1),
      sample: own.psutil(1, 5),
      traceback: { text: "E", cut: 0 },
    }),
    own.task("launched", 0, {}, { requested: { cores: 2, more: [1, { a: "b" }] }, walltime_s: 1 }),
    own.node(4, "c1", {}, [own.gpu(0)]),
  ];
  whole.push(own.bundle(whole));
  let wrong = 0;
  for (let i = 0; i < 5000; i++) {
    const [type, payload] = whole[i % whole.length];
    const damaged = damage(payload, below);
    // `attempt` throws what is no MalformedMessage.
    const found = own.attempt([type, damaged as own.Payload]);
    if (found.wrong !== null) wrong++;
    for (const { kind, cells } of found.changes) {
      const texts = cells.filter((cell) => typeof cell === "string");
      assert.ok(texts.every((cell) => !cell.includes("\0")), kind);
    }
  }
  assert.ok(wrong > 1000 && wrong < 4900, `${wrong} of 5000`);
});

Deno.test("own parts: a message of a task that pretends to carry others is itself", () => {
  const [type, payload] = own.task("launched", 0, {}, { messages: [[5, {}]] });
  assert.deepStrictEqual(kinds(own.changes([type, payload])), ["task"]);
});
