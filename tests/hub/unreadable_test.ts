// What the hub takes, its reader reads; what that could not read is refused, with the reason.
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { changeOf } from "../../hub/decode/changes.ts";
import { type Message, readMessages } from "../../hub/decode/message.ts";
import { Ingest } from "../../hub/ingest/ingest.ts";
import { Ledger } from "../../hub/ingest/ledger.ts";
import { Quarantine } from "../../hub/ingest/quarantine.ts";
import { DateTime, MalformedMessage, type Value } from "../../hub/decode/value.ts";
import { Run } from "../../model/run/run.ts";
import { START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { openWriter } from "../../store/open_writer.ts";
import { CHANGES } from "../../parsl/messages.ts";
import type { Change } from "../../store/writer.ts";
import { withDirectory } from "../store/helpers.ts";
import { tablesOf } from "../export/format_support.ts";
import { recordedMessages } from "./recorded.ts";

const HOSTILE: Value[] = [
  null,
  2n ** 63n - 1n,
  2n ** 63n,
  2 ** 31,
  -1,
  1.5,
  1e308,
  Infinity,
  NaN,
  "a\0b",
  "\ud800",
  new Uint8Array([0, 255]),
  new DateTime("0001-01-01 00:00:00.000000"),
  new DateTime("9999-12-31 23:59:59.999999"),
];

/** One message of each kind of change, of one task of a run. */
async function messages(): Promise<Message[]> {
  const all = await recordedMessages("htex");
  const taken = new Map<string, Message>();
  for (const message of all) {
    const key = changeOf(message).kind;
    const own = message.fields.get("task_id") ?? 0;
    if (own === 0 && !taken.has(key)) taken.set(key, message);
  }
  return [...taken.values()];
}

function complaint(change: () => void): string {
  try {
    change();
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, String(error));
    return error.message;
  }
  return "";
}

function withField(message: Message, name: string, value: Value, runId = message.runId): Message {
  const fields = new Map(message.fields);
  fields.set("run_id", runId);
  fields.set(name, value);
  return { ...message, runId, fields };
}

/** What is taken of all that a message could be with one field hostile, each in a run of its own. */
function takenOf(message: Message): Change[] {
  const taken: Change[] = [];
  for (const { name } of CHANGES[changeOf(message).kind].slice(1)) {
    for (const [i, value] of HOSTILE.entries()) {
      try {
        taken.push(changeOf(withField(message, name, value, `${name} ${i}`)));
      } catch (error) {
        assert.ok(error instanceof MalformedMessage, String(error));
      }
    }
  }
  return taken;
}

const base = await messages();

for (const message of base) {
  const { kind } = changeOf(message);
  Deno.test(`unreadable: each field of a ${kind} message is refused, or read as what it is`, () =>
    withDirectory(async (directory) => {
      const path = join(directory, "monitoring.db");
      const changes = takenOf(message);
      const writer = await openWriter(path, { synchronous: "normal" });
      assert.deepStrictEqual(await writer.write(changes), []);
      await writer.close();
      const database = await openDatabase(path);
      const workflows = new Map((await database.workflows()).map((w) => [w.runId, w]));
      for (const { runId, cells, kind } of changes) {
        const run = new Run(workflows.get(runId)!);
        for await (const { rows, skipped } of database.read(runId, START)) {
          assert.equal(skipped, 0, runId);
          run.fold(rows);
        }
        const held = [...(await tablesOf(database.tables(runId))).values()]
          .flatMap(({ rows }) => rows.flat());
        for (const cell of cells) {
          const isText = typeof cell === "string" && cell !== "" && cell.isWellFormed();
          // What an end says of the beginning is not written.
          if (!isText || /^(workflow-end|worker-.*)$/.test(kind)) continue;
          assert.ok(held.includes(cell), `${runId}: ${JSON.stringify(cell)}`);
        }
      }
      database.close();
    }));
}

Deno.test("unreadable: the reason names the field, what it is, and what belongs there", () => {
  const [task, sample, node] = ["task", "resource", "node"].map((kind) =>
    base.find((message) => message.kind === kind)!
  );
  const why = (message: Message, name: string, value: Value) =>
    complaint(() => changeOf(withField(message, name, value)));
  const whole = "a whole number from 0 to 2147483647 belongs.";
  assert.equal(
    why(task, "task_id", 2 ** 31),
    `task_id of a task message is 2147483648 where ${whole}`,
  );
  assert.equal(why(task, "try_id", -1), `try_id of a task message is -1 where ${whole}`);
  assert.equal(
    why(node, "worker_count", 2n ** 40n),
    `worker_count of a node message is 1099511627776 where ${whole}`,
  );
  assert.equal(
    why(sample, "psutil_process_memory_resident", Infinity),
    "psutil_process_memory_resident of a resource message is Infinity where a number from 0 to 2^63 belongs.",
  );
  assert.equal(
    why(task, "task_fail_cost", -Infinity),
    "task_fail_cost of a task message is -Infinity where a finite number belongs.",
  );
  assert.equal(
    why(task, "task_stdout", "a\0b"),
    'task_stdout of a task message is the text "a\\u0000b" where text without a NUL belongs.',
  );
});

Deno.test("unreadable: a file that has a number too large to be read is written on", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const changes = base.map((message) => changeOf(message));
    const first = await openWriter(path, { synchronous: "normal" });
    await first.write(changes);
    await first.close();
    const database = new DatabaseSync(path);
    database.exec("UPDATE status SET timestamp = 1152921504606846976 WHERE rowid = 1");
    database.exec(
      "INSERT INTO node SELECT 9223372036854775807, run_id, hostname, uid, block_id, cpu_count, " +
        "total_memory, active, 3000000000000000000, python_v, timestamp, last_heartbeat FROM node",
    );
    database.close();
    const writer = await openWriter(path, { synchronous: "normal" });
    assert.deepStrictEqual(await writer.write(changes), []);
    await writer.tend();
    await writer.close();
  }));

Deno.test("unreadable: the id of a run must be one that pages and readers find", () => {
  const [type, payload] = [0, new Map<Value, Value>([["task_func_name", "f"]])];
  const why = (runId: Value) =>
    complaint(() => readMessages([type, new Map([...payload, ["run_id", runId]])]));
  assert.match(why("a\0b"), /NUL/);
  assert.match(why("\ud800"), /half a character/);
  assert.match(why(""), /1 to 256 characters/);
  assert.equal(why("ü 100% /:@+"), "");
});

Deno.test("unreadable: refused messages are in quarantine, those beside them in the database", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    const writer = await openWriter(path);
    const quarantine = new Quarantine(`${path}.quarantine.jsonl`);
    const ingest = new Ingest(writer, quarantine, new Ledger(new Map()), () => {});
    const block = (fields: object) =>
      new TextEncoder().encode(JSON.stringify({
        type: "BLOCK_INFO",
        payload: [{
          run_id: "r",
          executor_label: "htex",
          block_id: "0",
          job_id: null,
          timestamp: "2026-01-01T10:00:00",
          status: "RUNNING",
          ...fields,
        }],
      }));
    ingest.takeFrame("client", 1, block({}), Date.now());
    ingest.takeFrame("client", 2, block({ status: "a\0b" }), Date.now());
    ingest.takeFrame("client", 3, block({ block_id: "1" }), Date.now());
    await ingest.drain();
    await writer.close();
    const database = await openDatabase(path);
    const blocks = (await tablesOf(database.tables("r"))).get("block")!.rows;
    assert.equal(blocks.length, 2);
    database.close();
    const kept = (await Deno.readTextFile(`${path}.quarantine.jsonl`)).trimEnd().split("\n");
    assert.equal(kept.length, 1);
    assert.match(JSON.parse(kept[0]).reason, /^status of a block message is .* without a NUL/);
  }));
