import assert from "node:assert/strict";
import { decodeMessage, type Message, readMessages } from "../../hub/decode/message.ts";
import { MESSAGE_TYPE } from "../../hub/decode/pickle/enums.ts";
import { MalformedMessage, type Value } from "../../hub/decode/value.ts";
import { recordings } from "../support/recordings.ts";

const RUN = "11111111-2222-3333-4444-000000000005";

function dict(entries: Record<string, Value>): Map<Value, Value> {
  return new Map(Object.entries({ run_id: RUN, ...entries }));
}

function kinds(value: Value): string[] {
  return readMessages(value).map(({ kind }) => kind);
}

function fails(value: Value, part: string): void {
  try {
    readMessages(value);
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, `it threw ${error}`);
    assert.ok(error.message.includes(part), `expected ${part} in: ${error.message}`);
    return;
  }
  throw new Error("it was read");
}

/** How many messages of each kind a recording holds. */
function counts(file: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const recorded of recordings()) {
    if (!recorded.file.startsWith(file)) continue;
    for (const { kind, runId, fields } of readMessages(decodeMessage(recorded.body))) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      assert.ok(fields.get("run_id") === runId, "run_id");
    }
  }
  return counts;
}

const type = MESSAGE_TYPE.ofName.bind(MESSAGE_TYPE);
const first = dict({ task_id: 0, try_id: 0, first_msg: true, last_msg: false });
const last = dict({ task_id: 0, try_id: 0, first_msg: false, last_msg: true });
const sample = dict({ psutil_process_pid: 7, first_msg: false, last_msg: false });
const task = dict({ task_func_name: "f", task_id: 0 });

Deno.test("message: the recordings of every generation", () => {
  const told = (file: string, pattern: RegExp) =>
    recordings().filter((r) => r.file.startsWith(file) && pattern.test(r.repr)).length;
  for (
    const file of ["datagrams-W2", "datagrams-W3", "datagrams-W4", "datagrams-W5", "datagrams-W6"]
  ) {
    const got = counts(file);
    const samples = told(file, /'psutil_process_pid'/);
    const edges = told(file, /'(?:first|last)_msg': True/);
    assert.ok(samples > 0 && edges > 0, file);
    assert.deepStrictEqual(got, { worker: edges, resource: samples }, file);
  }
});

Deno.test("message: of 2019 and 2020, samples that also say that the task runs", () => {
  const got = counts("datagrams-W1");
  const starts =
    recordings().filter(({ file, repr }) =>
      file.startsWith("datagrams-W1") && repr.includes("'first_msg': True")
    ).length;
  assert.ok(starts > 0, "no starts");
  assert.deepStrictEqual(got, { worker: starts, resource: 8 });
});

Deno.test("message: the recorded runs hold what their types say", () => {
  const types = {
    TASK_INFO: "task",
    RESOURCE_INFO: "resource",
    WORKFLOW_INFO: "workflow",
    NODE_INFO: "node",
    WORKER_TASK_INFO: "worker",
  };
  for (const file of ["messages-die", "messages-htex", "messages-mul", "messages-thr"]) {
    const got = counts(file);
    const recorded = recordings().filter((r) => r.file.startsWith(file));
    for (const [name, kind] of Object.entries(types)) {
      const count = recorded.filter(({ repr }) => repr.startsWith(`(<MessageType.${name}:`)).length;
      assert.deepStrictEqual(got[kind] ?? 0, count, `${file} ${kind}`);
    }
    const blocks = recorded.filter(({ repr }) => repr.startsWith("(<MessageType.BLOCK_INFO:"))
      .reduce((sum, { repr }) => sum + repr.split("'executor_label'").length - 1, 0);
    assert.deepStrictEqual(got.block ?? 0, blocks, `${file} block`);
  }
});

Deno.test("message: shapes of all generations", () => {
  assert.deepStrictEqual(kinds([0, 1795479306, type("TASK_INFO"), sample]), ["resource"]);
  assert.deepStrictEqual(kinds([0, 1795479306, type("TASK_INFO"), task]), ["task"]);
  assert.deepStrictEqual(kinds([0, 1795479306, sample]), ["resource"]);
  assert.deepStrictEqual(kinds([0, 1795479306, first]), ["worker"]);
  assert.deepStrictEqual(kinds([0, 1795479306, [type("RESOURCE_INFO"), sample]]), ["resource"]);
  assert.deepStrictEqual(kinds(sample), ["resource"]);
  assert.deepStrictEqual(kinds(last), ["worker"]);
  assert.deepStrictEqual(kinds([type("RESOURCE_INFO"), first]), ["worker"]);
  assert.deepStrictEqual(kinds([type("RESOURCE_INFO"), sample]), ["resource"]);
  assert.deepStrictEqual(kinds([type("WORKER_TASK_INFO"), last]), ["worker"]);
  assert.deepStrictEqual(kinds([[type("TASK_INFO"), task], "NA"]), ["task"]);
  assert.deepStrictEqual(kinds([first, "NA"]), ["worker"]);
  assert.deepStrictEqual(kinds([0, task]), ["task"]);
  assert.deepStrictEqual(kinds([4, [dict({}), dict({})]]), ["block", "block"]);
  assert.deepStrictEqual(kinds([MESSAGE_TYPE.ofValue(2), dict({})]), ["workflow"]);
  assert.deepStrictEqual(kinds([3, dict({ uid: "a" })]), ["node"]);
  const both = dict({ psutil_process_pid: 7, first_msg: true });
  const messages: Message[] = readMessages([type("RESOURCE_INFO"), both]);
  assert.deepStrictEqual(messages.map(({ kind, runId }) => [kind, runId]), [["worker", RUN], [
    "resource",
    RUN,
  ]]);
});

Deno.test("message: everything else is malformed, with what was expected", () => {
  const shapes: Value[] = [null, 5, "text", [], [5], [1, 2, 3, 4, 5], [null, task], new Set()];
  for (const shape of shapes) fails(shape, "expected");
  fails([6, task], "pair");
  fails([true, task], "pair");
  fails([0.5, task], "pair");
  fails([-1, task], "pair");
  fails([0, 1, [task, task]], "pair");
  fails([MESSAGE_TYPE.ofValue(17), task], "17");
  fails([type("OTHER_INFO"), task], "OTHER_INFO");
  fails([type("TASK_INFO"), null], "dict");
  fails([type("TASK_INFO"), [task]], "dict");
  fails([type("BLOCK_INFO"), [task, 5]], "blocks");
  fails(dict({ first_msg: false }), "expected the start");
  fails([type("TASK_INFO"), new Map([["task_func_name", "f"]])], "run_id");
  for (const run of ["", 5, null, "x".repeat(257)]) {
    fails([type("TASK_INFO"), dict({ run_id: run })], "run_id");
    fails([type("BLOCK_INFO"), [dict({}), dict({ run_id: run })]], "run_id");
  }
  assert.deepStrictEqual(readMessages([0, dict({ run_id: "x".repeat(256) })]).length, 1);
});

Deno.test("message: a body is JSON or a pickle by its first byte", () => {
  const json = `{"type":"TASK_INFO","payload":{"run_id":"${RUN}","task_func_name":"f"}}`;
  assert.deepStrictEqual(kinds(decodeMessage(new TextEncoder().encode(json))), ["task"]);
  for (const body of [new Uint8Array(), new Uint8Array([0x5b, 0x5d])]) {
    try {
      decodeMessage(body);
      throw new Error("decoded");
    } catch (error) {
      assert.ok(error instanceof MalformedMessage, String(error));
    }
  }
});
