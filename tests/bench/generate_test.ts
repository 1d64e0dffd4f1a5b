// Generated databases are as Parsl's own, consistent, and the same for the same seed.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  generate,
  type GenerateOptions,
  type GenerateResult,
} from "../../bench/generate/generate.ts";
import { Run } from "../../model/run/run.ts";
import { stateRank } from "../../parsl/states.ts";
import { START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { climate } from "../support/fixtures.ts";

const TABLES = ["workflow", "task", "try", "node", "block", "status", "resource"];

interface Generated {
  result: GenerateResult;
  database: DatabaseSync;
}

async function withGenerated(
  options: GenerateOptions,
  check: (generated: Generated) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const result = await generate(`${folder}/monitoring.db`, options);
    const database = new DatabaseSync(result.path, { readOnly: true });
    try {
      await check({ result, database });
    } finally {
      database.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function text(database: DatabaseSync, sql: string): string {
  return JSON.stringify(database.prepare(sql).all());
}

function count(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}

/** A digest of every row of every table, in the order in which they stand. */
async function digest(database: DatabaseSync): Promise<string> {
  const all = TABLES.map((table) =>
    text(database, `SELECT rowid, * FROM "${table}" ORDER BY rowid`)
  );
  const bytes = new TextEncoder().encode(all.join("\n"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

Deno.test("generate: the same seed gives the same rows, another seed others", async () => {
  const digests: string[] = [];
  for (const seed of [7, 7, 8]) {
    await withGenerated({ tasks: 2000, seed }, async ({ database }) => {
      digests.push(await digest(database));
    });
  }
  assert.deepStrictEqual(digests[1], digests[0]);
  assert.ok(digests[2] !== digests[0], "the seed does nothing");
});

Deno.test("generate: the file is as Parsl's, to the types of the values", async () => {
  const fixture = await climate();
  const recorded = new DatabaseSync(fixture.path, { readOnly: true });
  try {
    await withGenerated({ tasks: 2000 }, ({ database }) => {
      const schema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name";
      assert.deepStrictEqual(text(database, schema), text(recorded, schema));
      for (const pragma of ["journal_mode", "page_size", "encoding", "user_version"]) {
        assert.deepStrictEqual(
          text(database, `PRAGMA ${pragma}`),
          text(recorded, `PRAGMA ${pragma}`),
        );
      }
      assert.deepStrictEqual(
        text(database, "PRAGMA integrity_check"),
        '[{"integrity_check":"ok"}]',
      );
      for (const table of TABLES) {
        for (const { name } of recorded.prepare(`PRAGMA table_info("${table}")`).all()) {
          const types = `SELECT DISTINCT typeof("${name}") AS type FROM "${table}"`;
          const known = recorded.prepare(types).all().map(({ type }) => type);
          for (const { type } of database.prepare(types).all()) {
            assert.ok(known.includes(type), `${table}.${name} has a value of type ${type}`);
          }
        }
      }
      const times = "length(timestamp) = 26 AND timestamp GLOB '????-??-?? ??:??:??.??????'";
      for (const table of ["status", "resource", "node", "block"]) {
        assert.ok(count(database, `SELECT count(*) FROM ${table}`) > 0, `${table} is empty`);
        assert.deepStrictEqual(
          count(database, `SELECT count(*) FROM ${table} WHERE NOT (${times})`),
          0,
        );
      }
    });
  } finally {
    recorded.close();
    await fixture.remove();
  }
});

/**
 * What must hold of any run. When it was cut, a worker's last messages may not have come though
 * those of the submit process about the same try have.
 */
function checkTimeline(database: DatabaseSync, isCut = false): void {
  const tasks = new Map<number, { depends: number[]; invoked: string }>();
  for (const row of database.prepare("SELECT * FROM task ORDER BY rowid").all()) {
    const id = Number(row.task_id);
    const depends = row.task_depends === "" ? [] : String(row.task_depends).split(",").map(Number);
    for (const other of depends) {
      assert.ok(other < id && tasks.has(other), `task ${id} depends on ${other}`);
    }
    tasks.set(id, { depends, invoked: String(row.task_time_invoked) });
  }
  const steps = new Map<string, { state: string; time: string }[]>();
  const over = new Map<number, string>();
  for (const row of database.prepare("SELECT * FROM status ORDER BY rowid").all()) {
    const key = `${row.task_id}/${row.try_id}`;
    const [state, time] = [String(row.task_status_name), String(row.timestamp)];
    steps.set(key, [...steps.get(key) ?? [], { state, time }]);
    if (["exec_done", "memo_done", "failed", "dep_fail"].includes(state)) {
      assert.ok(!over.has(Number(row.task_id)), `task ${row.task_id} ended twice`);
      over.set(Number(row.task_id), time);
    }
  }
  const legal = new Set([
    "pending",
    "pending launched",
    "pending launched running",
    "pending launched running running_ended",
    "pending launched running running_ended joining",
    "pending memo_done",
    "pending dep_fail",
  ]);
  for (const end of ["exec_done", "failed", "fail_retryable"]) {
    legal.add(`pending launched running running_ended ${end}`);
    legal.add(`pending launched running running_ended joining ${end}`);
    // The manager was lost.
    if (end !== "exec_done") legal.add(`pending launched running ${end}`);
  }
  if (isCut) {
    for (const states of [...legal]) {
      legal.add(states.replace(" running_ended", ""));
      legal.add(states.replace(" running ", " "));
      legal.add(states.replace(" running running_ended", ""));
    }
  }
  for (const [key, rows] of steps) {
    rows.sort((a, b) => stateRank(a.state) - stateRank(b.state));
    const states = rows.map(({ state }) => state).join(" ");
    assert.ok(legal.has(states), `try ${key} went ${states}`);
    rows.reduce((a, b) => {
      assert.ok(a.time <= b.time, `try ${key} was ${b.state} before ${a.state}`);
      return b;
    });
    const task = Number(key.split("/")[0]);
    const launched = rows.find(({ state }) => state === "launched");
    for (const other of tasks.get(task)?.depends ?? []) {
      if (launched === undefined) break;
      const end = over.get(other);
      assert.ok(
        end !== undefined && end <= launched.time,
        `task ${task} did not wait for ${other}`,
      );
    }
  }
  const mistaken = "SELECT count(*) FROM resource r JOIN try t USING (run_id, task_id, try_id) " +
    "WHERE r.timestamp < t.task_try_time_running OR t.block_id IS NULL";
  assert.deepStrictEqual(count(database, mistaken), 0, "samples outside of their tries");
}

/** What our own reader makes of a file. */
async function fold(path: string, runId: string): Promise<Run> {
  const database = await openDatabase(path);
  try {
    const workflow = (await database.workflows()).find((row) => row.runId === runId);
    assert.ok(workflow !== undefined, "the run is not there");
    const run = new Run(workflow);
    for await (const slice of database.read(runId, START)) run.fold(slice.rows);
    return run;
  } finally {
    database.close();
  }
}

function sorted(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Compares the summary of a run with the file, as SQL and as our own reader see it. */
async function checkSummary({ result, database }: Generated, index: number): Promise<Run> {
  const summary = result.runs[index];
  const of = `WHERE run_id = '${summary.runId}'`;
  const rows = (table: string) => count(database, `SELECT count(*) FROM "${table}" ${of}`);
  assert.deepStrictEqual(
    ["task", "try", "status", "resource", "node", "block"].map(rows),
    [
      summary.tasks,
      summary.tries,
      summary.statuses,
      summary.resources,
      summary.nodes,
      summary.blocks,
    ],
    "rows",
  );
  const workflow = database.prepare(`SELECT * FROM workflow ${of}`).get();
  assert.deepStrictEqual(workflow?.tasks_completed_count, summary.completed);
  assert.deepStrictEqual(workflow?.tasks_failed_count, summary.failed);
  const ended = (state: string) =>
    count(database, `SELECT count(*) FROM status ${of} AND task_status_name = '${state}'`);
  assert.deepStrictEqual([ended("exec_done"), ended("failed")], [
    summary.completed,
    summary.failed,
  ]);

  const run = await fold(result.path, summary.runId);
  const states: Record<string, number> = {};
  const apps: Record<string, number> = {};
  for (let task = 0; task < run.tasks; task++) {
    const app = run.apps.at(run.taskApp.data[task]) ?? "none";
    states[run.stateOf(task)] = (states[run.stateOf(task)] ?? 0) + 1;
    apps[app] = (apps[app] ?? 0) + 1;
  }
  assert.deepStrictEqual(sorted(states), sorted(summary.states), "states");
  assert.deepStrictEqual(sorted(apps), sorted(summary.apps), "apps");
  assert.deepStrictEqual(run.events, summary.statuses, "folded statuses");
  return run;
}

Deno.test("generate: a finished run of stages is consistent and has all that happens", async () => {
  await withGenerated({ tasks: 6000, seed: 3 }, async (generated) => {
    const { database, result } = generated;
    checkTimeline(database);
    const run = await checkSummary(generated, 0);
    assert.deepStrictEqual(run.tasks, 6000);
    assert.deepStrictEqual(
      Object.keys(result.runs[0].states).sort(),
      ["dep_fail", "exec_done", "failed", "memo_done"],
    );
    assert.ok(run.workflow.completed !== null, "the run has no end");
    const has = (what: string, sql: string) =>
      assert.ok(count(database, `SELECT count(*) FROM ${sql}`) > 0, `no ${what}`);
    has(
      "retries that succeed",
      "task WHERE task_fail_count = 1 AND task_id IN " +
        "(SELECT task_id FROM status WHERE task_status_name = 'exec_done')",
    );
    has("joins", "try WHERE task_joins LIKE '%,%' AND task_executor = '_parsl_internal'");
    has("long failures", "try WHERE length(task_fail_history) > 1000");
    has("lost managers", "try WHERE task_fail_history LIKE 'ManagerLost(b%'");
    has("failed dependencies", "try WHERE task_fail_history LIKE 'DependencyError([(%'");
    has("managers that left", "node WHERE active = 0");
    has("blocks that ended", "block WHERE status = 'COMPLETED'");
    has(
      "shared hashes",
      "(SELECT task_hashsum FROM task WHERE task_hashsum NOT NULL " +
        "GROUP BY 1 HAVING count(*) > 1)",
    );
    const less = "SELECT count(*) FROM (SELECT psutil_process_time_user - lag(" +
      "psutil_process_time_user) OVER (PARTITION BY task_id, try_id ORDER BY timestamp) AS more " +
      "FROM resource) WHERE more < 0";
    assert.deepStrictEqual(count(database, less), 0, "CPU time that went down");
    const crowded = "SELECT max(busy) FROM (SELECT count(*) AS busy FROM try a JOIN try b ON " +
      "a.hostname = b.hostname AND a.block_id = b.block_id AND a.task_executor = b.task_executor " +
      "AND a.task_try_time_running < b.task_try_time_running " +
      "AND a.task_try_time_returned > b.task_try_time_running " +
      "WHERE a.block_id NOT NULL GROUP BY b.rowid)";
    // A result takes up to some milliseconds to come back from a worker that is free by then.
    const workers = count(database, "SELECT max(worker_count) FROM node");
    assert.ok(count(database, crowded) <= workers + 1, "more tries at a time than workers");
  });
});

Deno.test("generate: several runs, the last one unfinished", async () => {
  await withGenerated({ tasks: 1500, runs: 2, running: 0.5, seed: 5 }, async (generated) => {
    const first = await checkSummary(generated, 0);
    const run = await checkSummary(generated, 1);
    assert.ok(first.workflow.completed !== null, "the first run has no end");
    assert.deepStrictEqual(run.workflow.completed, null);
    assert.ok((first.workflow.completed ?? 0) < run.began, "the runs overlap");
    const { states, duration } = generated.result.runs[1];
    assert.ok(states.running > 0 && states.exec_done > 0, "nothing runs");
    assert.ok(run.end - run.began <= duration * 1000, "rows after the cut");
    assert.deepStrictEqual(new Set(generated.result.runs.map(({ runId }) => runId)).size, 2);
  });
  await withGenerated({ tasks: 1500, running: 0.5, seed: 5 }, ({ database }) => {
    checkTimeline(database, true);
    const early =
      "SELECT count(*) FROM task WHERE task_time_returned NOT NULL AND task_id NOT IN " +
      "(SELECT task_id FROM status WHERE task_status_name IN " +
      "('exec_done', 'memo_done', 'failed', 'dep_fail'))";
    assert.deepStrictEqual(count(database, early), 0, "tasks that returned before their end");
  });
});

Deno.test("generate: shapes", async () => {
  const depends = (database: DatabaseSync) =>
    database.prepare("SELECT task_depends AS text FROM task ORDER BY task_id").all()
      .map(({ text }) => text === "" ? [] : String(text).split(",").map(Number));
  const ids = Array.from({ length: 400 }, (_, task) => task);
  const expected: Record<string, (all: number[][]) => boolean> = {
    chain: (all) => all.every((some, task) => some.join() === (task === 0 ? "" : `${task - 1}`)),
    independent: (all) => all.every((some) => some.length === 0),
    random: (all) => all.every((some) => some.length <= 3) && all.flat().length > 400,
    wide: (all) =>
      all.slice(1, -1).every((some) => some.join() === "0") &&
      all[399].join() === ids.slice(0, -1).join(),
  };
  for (const shape of ["chain", "independent", "random", "wide"] as const) {
    await withGenerated({ tasks: 400, shape }, async (generated) => {
      const all = depends(generated.database);
      assert.deepStrictEqual(all.length, 400, shape);
      assert.ok(expected[shape](all), `${shape} is not of its shape`);
      checkTimeline(generated.database);
      await checkSummary(generated, 0);
    });
  }
});

Deno.test("generate: with indexes the file is as the hub writes it", async () => {
  await withGenerated({ tasks: 300, indexes: true }, async (generated) => {
    const names = "SELECT name FROM sqlite_master WHERE name LIKE 'parsloscope_%' ORDER BY name";
    const found = generated.database.prepare(names).all().map(({ name }) => name);
    for (const name of ["parsloscope_client", "parsloscope_status", "parsloscope_node"]) {
      assert.ok(found.includes(name), `${name} is not there`);
    }
    assert.deepStrictEqual(
      text(generated.database, "PRAGMA journal_mode"),
      '[{"journal_mode":"wal"}]',
    );
    await checkSummary(generated, 0);
  });
});

Deno.test("generate: any number of tasks, and nothing is overwritten", async () => {
  for (const tasks of [1, 2, 3, 10, 25, 26, 27, 61]) {
    await withGenerated({ tasks }, async (generated) => {
      assert.deepStrictEqual((await checkSummary(generated, 0)).tasks, tasks);
      const again = await generate(generated.result.path, { tasks }).catch((error) => error);
      assert.ok(again instanceof Deno.errors.AlreadyExists, "a file was overwritten");
    });
  }
});
