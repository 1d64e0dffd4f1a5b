// A database that another program has locked holds up nothing but itself.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openCatalog } from "../../live/runs/open_catalog.ts";
import { SnapshotReader } from "../../store/sqlite/snapshot.ts";
import { eventually } from "../support/eventually.ts";
import { namedRuns } from "../support/named_runs.ts";
import { climateIn, withDirectory } from "./helpers.ts";

/** Locks a database as a program does that is in the midst of a large transaction. */
function lock(path: string): () => void {
  const writer = new DatabaseSync(path);
  writer.exec("PRAGMA cache_size = 2; BEGIN EXCLUSIVE");
  writer.exec("UPDATE task SET task_func_name = 'unsure'; DELETE FROM status");
  return () => {
    writer.exec("ROLLBACK");
    writer.close();
  };
}

Deno.test("locked: a reader asks again and again, and never waits where it holds up others", () =>
  withDirectory(async (directory) => {
    const path = await climateIn(directory);
    const reader = new SnapshotReader(path);
    const letGo = lock(path);
    const reading = reader.run((connection) =>
      Number(connection!.prepare("SELECT count(*) FROM status").rows()[0][0])
    );
    // SQLite by itself would wait for 5 s at each lock, and the reader gives up after 10 s.
    await eventually(
      () => Promise.resolve(reader.statistics.locked >= 5),
      "it does not come back from the lock",
    );
    letGo();
    assert.ok(await reading > 400);
    reader.close();
  }));

Deno.test("locked: the others are listed and opened meanwhile, and it appears when it is free", () =>
  withDirectory(async (directory) => {
    const { error } = console;
    console.error = () => {};
    try {
      const locked = await climateIn(directory, "locked.db");
      const free = join(directory, "free.db");
      await namedRuns(free, [{ id: "run" }]);
      const letGo = lock(locked);
      const catalog = await openCatalog([locked, free]);
      assert.deepStrictEqual(
        (await catalog.workflows()).map(({ workflow }) => workflow.runId),
        ["run"],
      );
      assert.match(catalog.problems[0].why, /locked\.db (has not answered yet|is being written)/);
      assert.equal((await catalog.run("run"))?.run.tasks, 1);
      letGo();
      await eventually(
        async () => (await catalog.workflows()).length === 8,
        "it does not appear",
      );
      assert.equal(catalog.problems.length, 0);
      catalog.close();
    } finally {
      console.error = error;
    }
  }));
