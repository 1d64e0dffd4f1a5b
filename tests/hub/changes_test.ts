import assert from "node:assert/strict";
import { changeOf } from "../../hub/decode/changes.ts";
import type { Message } from "../../hub/decode/message.ts";
import { DateTime, EnumMember, MalformedMessage, type Value } from "../../hub/decode/value.ts";
import { CHANGES, type MessageKind } from "../../parsl/messages.ts";
import type { WrittenCell } from "../../store/writer.ts";
import { recordedMessages, RECORDINGS } from "./recorded.ts";

const TIME = new DateTime("2026-11-23 23:46:24.303277");
const KEY = { task_id: 7, try_id: 1, timestamp: TIME };

function message(kind: MessageKind, fields: Record<string, Value>): Message {
  return { kind, runId: "r", fields: new Map<Value, Value>(Object.entries(fields)) };
}

/** The cells of a change by name. */
function cells(kind: MessageKind, fields: Record<string, Value>): Record<string, WrittenCell> {
  const change = changeOf(message(kind, fields));
  const carried = CHANGES[change.kind];
  assert.deepStrictEqual(change.cells.length, carried.length, "one cell for each name");
  return Object.fromEntries(carried.map(({ name }, index) => [name, change.cells[index]]));
}

/** Why a message is malformed. */
function complaint(kind: MessageKind, fields: Record<string, Value>): string {
  try {
    changeOf(message(kind, fields));
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, `not a MalformedMessage: ${error}`);
    return error.message;
  }
  throw new Error("it was taken");
}

async function recorded(kind: MessageKind): Promise<Record<string, Value>> {
  const found = (await recordedMessages("udp")).find((m) => m.kind === kind)!;
  return Object.fromEntries([...found.fields].map(([name, value]) => [String(name), value]));
}

Deno.test("changes: every recorded message has one", async () => {
  const kinds = new Set<string>();
  for (const name of RECORDINGS) {
    for (const each of await recordedMessages(name)) {
      const change = changeOf(each);
      assert.deepStrictEqual(change.runId, each.runId);
      assert.deepStrictEqual(change.cells[0], each.runId);
      kinds.add(change.kind);
    }
  }
  const parsls = Object.keys(CHANGES).filter((kind) => !/^(?:try-|parsloscope_)/.test(kind));
  assert.deepStrictEqual([...kinds].sort(), parsls.sort());
});

Deno.test("changes: cells are those that SQLite would be given by Python", () => {
  const row = cells("resource", {
    ...KEY,
    psutil_process_pid: 5,
    psutil_cpu_num: 1,
    psutil_process_status: true,
    psutil_process_time_user: 2n ** 60n,
    psutil_process_time_system: NaN,
    psutil_process_disk_read: false,
  });
  assert.deepStrictEqual(row.psutil_cpu_num, "1", "a number in a text column");
  assert.deepStrictEqual(row.psutil_process_status, "1", "a boolean in a text column");
  assert.deepStrictEqual(row.psutil_process_time_user, 2 ** 60, "a large number in a float column");
  assert.deepStrictEqual(row.psutil_process_time_system, null, "not a number");
  assert.deepStrictEqual(row.psutil_process_disk_read, 0, "a boolean in a float column");
  assert.deepStrictEqual(row.timestamp, "2026-11-23 23:46:24.303277");
  assert.deepStrictEqual(row.psutil_process_memory_percent, null, "what is missing");
});

Deno.test("changes: texts may be given as numbers, members and times", async () => {
  const task = await recorded("task");
  assert.deepStrictEqual(cells("task", task).task_memoize, "0");
  const given = {
    ...task,
    task_memoize: true,
    task_stdin: 2n ** 70n,
    task_stdout: TIME,
    task_stderr: new EnumMember("States", 3, "exec_done"),
    task_inputs: 1.5,
  };
  const row = cells("task", given);
  assert.deepStrictEqual(
    [row.task_memoize, row.task_stdin, row.task_stdout, row.task_stderr, row.task_inputs],
    ["1", "1180591620717411303424", TIME.text, "3", 1.5],
  );
});

Deno.test("changes: a message without counts lowers none", async () => {
  const task = await recorded("task");
  delete task.tasks_failed_count;
  delete task.tasks_completed_count;
  const row = cells("task", task);
  assert.deepStrictEqual([row.tasks_failed_count, row.tasks_completed_count], [0, 0]);
});

Deno.test("changes: start and end of a run and of a try", () => {
  const end = { time_completed: TIME };
  assert.deepStrictEqual(changeOf(message("workflow", end)).kind, "workflow-end");
  const start = { python_version: "3.14", time_began: TIME, host: "h", user: "u", rundir: "/r" };
  assert.deepStrictEqual(changeOf(message("workflow", start)).kind, "workflow-start");
  const first = { ...KEY, first_msg: true, last_msg: false, block_id: "0", hostname: "h" };
  assert.deepStrictEqual(changeOf(message("worker", first)).kind, "worker-start");
  const last = { ...KEY, first_msg: false, last_msg: true };
  assert.deepStrictEqual(changeOf(message("worker", last)).kind, "worker-end");
  const neither = { ...KEY, first_msg: false, last_msg: false };
  assert.deepStrictEqual(
    complaint("worker", neither),
    "A worker message is neither the first (first_msg) nor the last (last_msg) of its try.",
  );
});

Deno.test("changes: until 2020 tries had no numbers", () => {
  const sample = { run_id: "r", task_id: 0, timestamp: TIME, psutil_process_pid: 17878 };
  assert.deepStrictEqual(cells("resource", sample).try_id, 0);
  assert.deepStrictEqual(cells("worker", { ...sample, first_msg: true }).try_id, 0);
});

Deno.test("changes: what is missing or wrong is named", async () => {
  const node = await recorded("node");
  const { uid: _, ...nameless } = node;
  assert.deepStrictEqual(complaint("node", nameless), "A node message has no uid.");
  assert.deepStrictEqual(complaint("node", { ...node, uid: null }), "A node message has no uid.");
  assert.deepStrictEqual(
    complaint("node", { ...node, active: 2 }),
    "active of a node message is 2 where true or false belongs.",
  );
  assert.deepStrictEqual(
    complaint("resource", { ...KEY, task_id: "7; --" }),
    'task_id of a resource message is the text "7; --" where a whole number belongs.',
  );
  assert.deepStrictEqual(
    complaint("resource", { ...KEY, task_id: 2n ** 63n }),
    "task_id of a resource message is 9223372036854775808 where a whole number belongs.",
  );
  assert.deepStrictEqual(
    complaint("resource", { ...KEY, try_id: 1.5 }),
    "try_id of a resource message is 1.5 where a whole number belongs.",
  );
  assert.deepStrictEqual(
    complaint("resource", { ...KEY, timestamp: "2026-11-23 23:46:24.303277" }),
    'timestamp of a resource message is the text "2026-11-23 23:46:24.303277" where a time belongs.',
  );
  const task = await recorded("task");
  const wrong: [Value, string][] = [
    [[1], "a list"],
    [new Map(), "a dict"],
    [new Set<Value>(), "a set"],
    [new Uint8Array(1), "bytes"],
    [new EnumMember("States", null, "odd"), "a member of States"],
  ];
  for (const [value, words] of wrong) {
    assert.deepStrictEqual(
      complaint("task", { ...task, task_inputs: value }),
      `task_inputs of a task message is ${words} where text belongs.`,
    );
  }
});
