// Words in the long texts of tasks, as a database finds them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TextField } from "../../parsl/text_field.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import { START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { caseDatabase } from "../support/case_db.ts";
import { CLIMATE_RUN, LARGE_RUN } from "../support/fixtures.ts";
import { CLIMATE, largeIn, readAll, withDirectory } from "./helpers.ts";
import { find } from "./text_search_helpers.ts";

/** What a look at every text of a run says. */
function slowly(path: string, runId: string, field: TextField, word: string): number[] {
  const connection = new DatabaseSync(path, { readOnly: true });
  const columns = field === "error"
    ? "task_fail_history"
    : field === "file"
    ? "task_stdin, task_stdout, task_stderr, task_inputs, task_outputs"
    : `task_${field}`;
  const sql = `SELECT task_id, ${columns} FROM ${field === "error" ? "try" : "task"}` +
    " WHERE run_id = ?";
  const ids = new Set<number>();
  for (const { task_id, ...texts } of connection.prepare(sql).all(runId)) {
    const all = Object.values(texts).map((text) => String(text ?? "").toLowerCase());
    if (all.some((text) => text.includes(word.toLowerCase()))) ids.add(Number(task_id));
  }
  connection.close();
  return [...ids].sort((a, b) => a - b);
}

Deno.test("text search: tasks are found by what people know them by", async () => {
  const catalog = new Catalog([await openDatabase(CLIMATE)]);
  const followed = (await catalog.run(CLIMATE_RUN))!;
  const expected: Record<string, number[]> = {
    "bf.err": [34],
    "BF.ERR": [34],
    "task_0012_wc.stderr": [12],
    "in-0.txt": [4, 12],
    "file:in-0.txt app:wc": [12],
    "stderr:in-0.txt": [],
    "stderr:bf": [34],
    "stdout:bf": [34],
    "stdout:bf.err": [],
    "ValueError": [33, 35, 36, 45, 57],
    "error:ValueError app:always_fails": [33, 57],
    "x=in-join": [45, 57],
    '"this task always fails, x=1"': [33, 35, 36],
    "error:é☃": [37],
    "error:É☃": [37],
    "WorkerLost": [51],
    "file:%": [],
    "file:in_0.txt": [],
    "error:\\": [],
    "stderr:task_logs/0000/task_0031": [31],
  };
  for (const [search, ids] of Object.entries(expected)) {
    assert.deepStrictEqual(await find(followed, search), ids, search);
  }
  catalog.close();
});

Deno.test("text search: every run gives what looking at every text gives", async () => {
  const database = await openDatabase(CLIMATE);
  const words = ["error", "wc", "2026", "%", "_", "'", "\\", "☃", "é", "alps-2026/run2", "task"];
  for (const { runId } of await database.workflows()) {
    const { watermark } = await readAll(database, runId);
    for (const field of ["file", "stdout", "stderr", "error"] as const) {
      for (const text of words) {
        const found = new Set<number>();
        for await (const slice of database.searchTexts(runId, { field, text }, START, watermark)) {
          for (const id of slice.found) found.add(id);
          assert.deepStrictEqual(slice.lost, []);
        }
        const ids = [...found].sort((a, b) => a - b);
        assert.deepStrictEqual(ids, slowly(CLIMATE, runId, field, text), `${field}:${text}`);
      }
    }
  }
  database.close();
});

Deno.test("text search: cases of files in the wild", () =>
  withDirectory(async (directory) => {
    const cut = caseDatabase("blocks-cut", join(directory, "cut.db"));
    const bad = caseDatabase("host-of-failed-try", join(directory, "bad.db"));
    const old = join(directory, "old.db");
    const connection = new DatabaseSync(old);
    connection.exec(
      Deno.readTextFileSync(
        new URL("../fixtures/cases/done-state/case.sql", import.meta.url).pathname,
      ),
    );
    connection.close();
    const catalog = new Catalog(
      await Promise.all([cut, bad, old].map((path) => openDatabase(path))),
    );
    const run = async (id: string) => (await catalog.run(id))!;
    assert.deepStrictEqual(await find(await run("run-cut"), "isr_17"), [0]);
    assert.deepStrictEqual(await find(await run("run-bad"), "bad7"), [0, 1]);
    assert.deepStrictEqual(await find(await run("run-bad"), "error:Input/output"), [0, 1]);
    // Without tries, the history is the task's.
    assert.deepStrictEqual(await find(await run("run-old"), "error:ValueError"), [2]);
    catalog.close();
  }));

Deno.test("text search: a file comes in slices, between which others have their turn", () =>
  withDirectory(async (directory) => {
    const path = await largeIn(directory);
    const database = await openDatabase(path);
    const { watermark } = await readAll(database, LARGE_RUN);
    let turns = 0;
    let asking = true;
    const count = () => {
      turns++;
      if (asking) setImmediate(count);
    };
    setImmediate(count);
    let slices = 0;
    let last = { done: 0, total: 0 };
    const word = { field: "error", text: "no such text" } as const;
    for await (const slice of database.searchTexts(LARGE_RUN, word, START, watermark)) {
      slices++;
      assert.ok(slice.done >= last.done && slice.done <= slice.total);
      assert.deepStrictEqual(slice.found, []);
      last = slice;
      if (slice.done === slice.total) assert.deepStrictEqual(slice.watermark, watermark);
    }
    asking = false;
    assert.ok(slices > 2, `${slices} slices`);
    assert.ok(turns > 0, "others never had their turn");
    assert.equal(last.done, last.total);
    database.close();
  }));
