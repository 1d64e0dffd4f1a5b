import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../store/open.ts";
import type { ParslDatabase } from "../../store/sqlite/parsl_database.ts";
import { climateIn, listing, readAll, withDirectory } from "./helpers.ts";

Deno.test("a transaction that a dead writer left half done is not seen", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const dead = join(directory, "dead");
    await Deno.mkdir(dead);
    const writer = new DatabaseSync(path);
    writer.exec("PRAGMA cache_size = 2; BEGIN; UPDATE task SET task_func_name = 'torn'");
    writer.exec("DELETE FROM status");
    const copy = join(dead, "monitoring.db");
    await Deno.copyFile(path, copy);
    await Deno.copyFile(`${path}-journal`, `${copy}-journal`);
    const old = new Date(Date.now() - 60_000);
    await Deno.utime(`${copy}-journal`, old, old);
    writer.exec("ROLLBACK");
    writer.close();
    await Deno.chmod(dead, 0o555);
    const before = listing(dead);
    const database = await openDatabase(copy);
    const { runId } = (await database.workflows())[0];
    const { rows } = await readAll(database, runId);
    assert.equal(rows.statuses.length, 426);
    assert.ok(rows.tasks.every((task) => task.app !== "torn"));
    assert.equal((database as ParslDatabase).statistics.repaired, 1);
    database.close();
    assert.deepEqual(listing(dead), before);
    await Deno.chmod(dead, 0o755);
  }));

// Without syncs SQLite marks the journal as valid at once, otherwise just before it is needed.
for (const synchronous of ["FULL", "OFF"]) {
  Deno.test(`rows before a transaction that stays open are read, synchronous ${synchronous}`, () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const writer = new DatabaseSync(path);
      const database = await openDatabase(path) as ParslDatabase;
      const { runId } = (await database.workflows())[0];
      writer.exec(`PRAGMA synchronous = ${synchronous}; BEGIN IMMEDIATE`);
      writer.exec("UPDATE task SET task_func_name = 'unsure'");
      const before = listing(directory);
      const { rows } = await readAll(database, runId);
      assert.equal(rows.tasks.length, 76);
      assert.ok(rows.tasks.every((task) => task.app !== "unsure"));
      const { locked } = database.statistics;
      assert.equal(locked > 0, synchronous === "OFF");
      assert.deepEqual(listing(directory), before);
      writer.exec("COMMIT");
      writer.close();
      const after = await readAll(database, runId);
      assert.ok(after.rows.tasks.every((task) => task.app === "unsure"));
      assert.equal(database.statistics.locked, locked);
      database.close();
    }));
}

for (const shm of [true, false]) {
  Deno.test(`a log of a dead writer is read ${shm ? "with" : "without"} its index`, () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const dead = join(directory, "dead");
      await Deno.mkdir(dead);
      const writer = new DatabaseSync(path);
      writer.exec("PRAGMA journal_mode = WAL; UPDATE task SET task_func_name = 'logged'");
      for (const suffix of shm ? ["", "-wal", "-shm"] : ["", "-wal"]) {
        await Deno.copyFile(path + suffix, join(dead, `monitoring.db${suffix}`));
      }
      writer.close();
      await Deno.chmod(dead, 0o555);
      const before = listing(dead);
      const database = await openDatabase(dead);
      const { runId } = (await database.workflows())[0];
      const { rows } = await readAll(database, runId);
      assert.equal(rows.tasks.length, 76);
      assert.ok(rows.tasks.every((task) => task.app === "logged"));
      database.close();
      assert.deepEqual(listing(dead), before);
      await Deno.chmod(dead, 0o755);
    }));
}

// Each transaction adds a task and its status and moves a counter: a reader must see all or none.
const WRITER = `
import { DatabaseSync } from "node:sqlite";
const [path, mode, runId] = Deno.args;
const db = new DatabaseSync(path);
db.exec("PRAGMA journal_mode = " + mode + "; PRAGMA busy_timeout = 0; PRAGMA cache_size = 5");
const task = db.prepare("INSERT INTO task (task_id, run_id, task_func_name, task_memoize, task_fail_count, task_fail_cost) VALUES (?, ?, 'w', '0', 0, 0)");
const status = db.prepare("INSERT INTO status (task_id, run_id, try_id, task_status_name, timestamp) VALUES (?, ?, 0, 'pending', '2030-01-01 00:00:00')");
const flow = db.prepare("UPDATE workflow SET tasks_completed_count = ? WHERE run_id = ?");
let busy = 0, commits = 0;
// Until its input ends.
let go = true;
(async () => { for await (const _ of Deno.stdin.readable); go = false; })();
while (go) {
  try {
    db.exec("BEGIN");
    for (let i = 0; i < 5; i++) {
      task.run(10000 + commits * 5 + i, runId);
      status.run(10000 + commits * 5 + i, runId);
    }
    flow.run((commits + 1) * 5, runId);
    db.exec("COMMIT");
    commits++;
  } catch (error) {
    busy++;
    console.error(String(error));
    try { db.exec("ROLLBACK"); } catch { /* rolled back already */ }
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
db.close();
console.log(JSON.stringify({ busy, commits }));
`;

for (const mode of ["DELETE", "WAL"]) {
  Deno.test(`a busy writer in mode ${mode} never waits for readers, who see whole commits`, () =>
    withDirectory(async (directory) => {
      const path = await climateIn(directory);
      const script = join(directory, "writer.ts");
      await Deno.writeTextFile(script, WRITER);
      const database = await openDatabase(path) as ParslDatabase;
      const { runId } = (await database.workflows())[0];
      let { watermark } = await readAll(database, runId);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-config", script, path, mode, runId],
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      let running = true;
      const output = child.output().finally(() => running = false);
      /** Reads that found something, while the writer went on. */
      let reads = 0;
      let written = 0;
      const seen = new Set<number>();
      const step = async () => {
        const part = await readAll(database, runId, watermark);
        watermark = part.watermark;
        part.rows.tasks.filter((task) => task.app === "w").forEach((task) => seen.add(task.taskId));
        const fresh = part.rows.statuses.filter((row) => row.taskId >= 10_000);
        written += fresh.length;
        if (fresh.length > 0) reads++;
        assert.equal(fresh.length % 5, 0);
        assert.equal(seen.size, written);
        await sleep(1);
      };
      while (running && reads < 50) await step();
      await child.stdin.close();
      const result = JSON.parse(
        new TextDecoder().decode((await output).stdout),
      ) as { busy: number; commits: number };
      await step();
      assert.equal(result.busy, 0);
      assert.equal(written, result.commits * 5);
      assert.ok(reads >= 50, `the writer ended after ${reads} reads`);
      assert.equal(database.statistics.locked, 0);
      database.close();
    }));
}
